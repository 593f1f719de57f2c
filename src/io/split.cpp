#include "io/split.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/parallel.h"
#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

/// How often a byte occurs. Counters of one byte each let the compiler use vector instructions.
int64_t count_byte(const char* begin, const char* end, char byte) {
  constexpr int64_t kLanes = 64;
  constexpr int64_t kRounds = 255;  // no counter overflows before it is added up
  int64_t count = 0;
  while (end - begin >= kLanes) {
    const int64_t rounds = std::min(kRounds, (end - begin) / kLanes);
    uint8_t lanes[kLanes] = {};
    for (int64_t round = 0; round < rounds; ++round, begin += kLanes) {
      for (int64_t lane = 0; lane < kLanes; ++lane) {
        lanes[lane] = static_cast<uint8_t>(lanes[lane] + (begin[lane] == byte ? 1 : 0));
      }
    }
    for (const uint8_t lane : lanes) count += lane;
  }
  return count + std::count(begin, end, byte);
}

struct Counts {
  int64_t lines = 0;
  int64_t quotes = 0;
};

/// Newlines and, where they are asked for, quotes.
Counts count_both(const char* begin, const char* end, bool quotes) {
  constexpr int64_t kChunk = int64_t{1} << 14;  // the second look finds it in the nearest cache
  Counts counts;
  while (begin != end) {
    const char* const stop = begin + std::min(kChunk, end - begin);
    counts.lines += count_byte(begin, stop, '\n');
    // Most text has none, which is found out faster than how many.
    if (quotes && std::memchr(begin, '"', static_cast<size_t>(stop - begin)) != nullptr) {
      counts.quotes += count_byte(begin, stop, '"');
    }
    begin = stop;
  }
  return counts;
}

std::vector<Counts> count_pieces(std::string_view text, int64_t piece_bytes, bool quotes,
                                 const Execution& execution) {
  const auto size = static_cast<int64_t>(text.size());
  const int64_t pieces = (size + piece_bytes - 1) / piece_bytes;
  std::vector<Counts> counts(static_cast<size_t>(pieces));
  Execution silent{.num_threads = execution.num_threads};
  parallel_for(pieces, silent, {.name = "reading"}, [&](int64_t piece, int) {
    const char* begin = text.data() + piece * piece_bytes;
    const char* end = text.data() + std::min(size, (piece + 1) * piece_bytes);
    counts[static_cast<size_t>(piece)] = count_both(begin, end, quotes);
  });
  return counts;
}

/// The first record that begins in [from, end); null if there is none.
const char* find_record(const char* from, const char* end, bool in_quotes, bool quotes) {
  if (!quotes) {
    const auto* newline =
        static_cast<const char*>(std::memchr(from, '\n', static_cast<size_t>(end - from)));
    return newline == nullptr ? nullptr : newline + 1;
  }
  for (; from != end; ++from) {
    if (*from == '"') in_quotes = !in_quotes;
    if (*from == '\n' && !in_quotes) return from + 1;
  }
  return nullptr;
}

}  // namespace

std::vector<TextPiece> split_text(std::string_view text, int64_t first_line, int64_t piece_bytes,
                                  bool quotes, const Execution& execution) {
  std::vector<TextPiece> pieces;
  if (text.empty()) return pieces;
  const std::vector<Counts> counts = count_pieces(text, piece_bytes, quotes, execution);
  const char* const end = text.data() + text.size();
  pieces.push_back({text.data(), end, first_line, 0});
  int64_t line = first_line;
  int64_t quotes_before = 0;
  for (size_t i = 0; i + 1 < counts.size(); ++i) {
    line += counts[i].lines;
    quotes_before += counts[i].quotes;
    const char* boundary = text.data() + static_cast<int64_t>(i + 1) * piece_bytes;
    const char* limit = boundary + std::min<int64_t>(piece_bytes, end - boundary);
    const char* start = find_record(boundary, limit, quotes_before % 2 != 0, quotes);
    if (start == nullptr || start == end) continue;
    pieces.back().end = start;
    pieces.push_back({start, end, line + count_byte(boundary, start, '\n'), 0});
  }
  for (size_t i = 0; i + 1 < pieces.size(); ++i) {
    pieces[i].num_lines = pieces[i + 1].first_line - pieces[i].first_line;
  }
  TextPiece& last = pieces.back();
  last.num_lines = count_byte(last.begin, last.end, '\n') + (end[-1] == '\n' ? 0 : 1);
  return pieces;
}

std::string_view without_byte_order_mark(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) return text.substr(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(ErrorCode::kInvalidData, "the text is UTF-16; save the file as UTF-8",
                {.file = file});
  }
  return text;
}

}  // namespace labelsieve::io
