#include "io/token_part.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/huge_pages.h"
#include "base/parallel.h"
#include "io/label_dictionary.h"

namespace labelsieve::io {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// The codes in a dictionary of texts that a piece numbered on its own.
std::vector<int32_t> codes_of(const std::vector<std::string>& values, LabelDictionary& dictionary) {
  std::vector<int32_t> codes;
  codes.reserve(values.size());
  for (const std::string& value : values) codes.push_back(dictionary.code_of(value));
  return codes;
}

/// Puts together all that is small beside the tokens; they follow at once, by fill_tokens().
class Merger {
 public:
  void add(TokenPart& piece) {
    if (piece.begins_sentence) end_sentence();
    for (size_t s = 1; s < piece.offsets.size(); ++s) {
      whole_.offsets.push_back(num_tokens_ + piece.offsets[s]);
    }
    for (const int64_t token : piece.invalid) whole_.invalid.push_back(num_tokens_ + token);
    num_tokens_ += piece.num_tokens();
    whole_.lines.append(piece.lines);
    append(whole_.ids, piece.ids);
    append(whole_.texts, piece.texts);
    append(whole_.ranges, piece.ranges);
    tag_codes_.push_back(codes_of(piece.tags.values, tags_));
    if (piece.spans) add_spans(*piece.spans);
    whole_.num_cut_spans += piece.num_cut_spans;
    if (whole_.first_cut_line == 0) whole_.first_cut_line = piece.first_cut_line;
    whole_.num_document_starts += piece.num_document_starts;
    append(whole_.notes, piece.notes);
  }

  TokenPart take(std::vector<TokenPart>& pieces, const Execution& execution) {
    end_sentence();
    whole_.tags.is_text = true;
    whole_.tags.values = tags_.take_values();
    if (whole_.spans) whole_.spans->types = types_.take_values();
    fill_tokens(pieces, execution);
    return std::move(whole_);
  }

 private:
  void end_sentence() {
    if (num_tokens_ > whole_.offsets.back()) whole_.offsets.push_back(num_tokens_);
  }

  /// Words and tags side by side, each on pages of their own. Spans have no tags.
  void fill_tokens(std::vector<TokenPart>& pieces, const Execution& execution) {
    const auto size = static_cast<size_t>(num_tokens_);
    const Execution silent{.num_threads = size < kManyTokens ? 1 : execution.num_threads};
    parallel_for(2, silent, {.name = "reading"}, [&](int64_t what, int) {
      if (what == 0) reserve_huge_pages(whole_.tokens, size);
      if (what == 1 && !whole_.spans) reserve_huge_pages(whole_.tags.codes, size);
      for (size_t p = 0; p < pieces.size(); ++p) {
        if (what == 0) append(whole_.tokens, pieces[p].tokens);
        if (what == 1) append_codes(pieces[p].tags.codes, tag_codes_[p]);
      }
    });
  }

  void append_codes(const std::vector<int32_t>& codes, const std::vector<int32_t>& code_of_piece) {
    std::vector<int32_t>& all = whole_.tags.codes;
    const size_t first = all.size();
    all.resize(first + codes.size());
    std::transform(
        codes.begin(), codes.end(), all.begin() + static_cast<std::ptrdiff_t>(first),
        [&](int32_t code) { return code < 0 ? code : code_of_piece[static_cast<size_t>(code)]; });
  }

  void add_spans(SpanColumn& piece) {
    if (!whole_.spans) whole_.spans.emplace();
    SpanColumn& whole = *whole_.spans;
    const auto before = static_cast<int64_t>(whole.spans.size());
    for (size_t s = 1; s < piece.offsets.size(); ++s) {
      whole.offsets.push_back(before + piece.offsets[s]);
    }
    const std::vector<int32_t> type_of_piece = codes_of(piece.types, types_);
    for (Span span : piece.spans) {
      span.type = type_of_piece[static_cast<size_t>(span.type)];
      whole.spans.push_back(span);
    }
    append(whole.is_missing, piece.is_missing);
  }

  static constexpr size_t kManyTokens = size_t{1} << 16;  // fewer are not worth a thread

  TokenPart whole_;
  int64_t num_tokens_ = 0;
  std::vector<std::vector<int32_t>> tag_codes_;  // of each piece's own codes
  LabelDictionary tags_;
  LabelDictionary types_;
};

}  // namespace

TokenPart merge_token_parts(std::vector<TokenPart> pieces, const Execution& execution) {
  Merger merger;
  for (TokenPart& piece : pieces) merger.add(piece);
  return merger.take(pieces, execution);
}

}  // namespace labelsieve::io
