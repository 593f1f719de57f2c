#include "io/conll_reader.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "io/conll_line.h"
#include "io/conll_look.h"
#include "io/label_dictionary.h"
#include "io/message.h"
#include "io/short_line.h"
#include "io/split.h"

namespace labelsieve::io {
namespace {

constexpr int64_t kConlluColumns = 10;
constexpr int64_t kForm = 1;
constexpr int64_t kUpos = 3;
constexpr int64_t kMisc = 9;

/// The value of a key in "Key=Value|Key=Value"; empty if it is not there.
std::string_view misc_value(std::string_view misc, std::string_view key) {
  while (!misc.empty()) {
    const size_t end = std::min(misc.find('|'), misc.size());
    const std::string_view pair = misc.substr(0, end);
    if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
      return pair.substr(key.size() + 1);
    }
    misc.remove_prefix(std::min(end + 1, misc.size()));
  }
  return {};
}

/// What all token readers do with a token.
class TokenCollector {
 public:
  TokenCollector(TokenPart& part, std::string_view text) : part_(part), text_(text) {
    part_.tags.is_text = true;
  }

  /// An empty tag is a missing one.
  void add(std::string_view token, std::string_view tag, int64_t line) {
    part_.tokens.push_back(token);
    part_.lines.push_back(line);
    part_.tags.codes.push_back(tag.empty() ? kMissingLabel : dictionary_.code_of(tag));
    if (part_.tokens.size() == kSample) reserve();
  }

  void finish() { part_.tags.values = dictionary_.take_values(); }

 private:
  static constexpr size_t kSample = 1 << 14;

  /// Room for all tokens, if they go on as they began.
  void reserve() {
    const auto sample_bytes = static_cast<double>(part_.tokens.back().data() - text_.data() + 1);
    const double share = static_cast<double>(text_.size()) / sample_bytes;
    const auto expected = static_cast<size_t>(share * kSample * 1.02) + kSample;
    part_.tokens.reserve(expected);
    part_.tags.codes.reserve(expected);
  }

  TokenPart& part_;
  std::string_view text_;
  LabelDictionary dictionary_;
};

class ConllParser {
 public:
  ConllParser(const std::string& file, TokenFormat format, const TokenReadOptions& options)
      : file_(file), options_(options), tabs_(format == TokenFormat::kTsv) {
    wanted_.token = std::max<int64_t>(options.token_column - 1, 0);
    wanted_.tag = options.tag_column - 1;
  }

  /// Whether the first token has told what all lines look like: pieces are independent from then
  /// on.
  bool is_ready() const { return first_line_ != 0; }

  void parse(const TextPiece& piece, TokenPart& part) {
    std::string_view text(piece.begin, static_cast<size_t>(piece.end - piece.begin));
    TokenCollector collector(part, text);
    for (int64_t number = piece.first_line; !text.empty(); ++number) {
      LineCells cells;
      std::string_view line;
      const bool is_cut = cut_if_short(text, line, cells);
      if (!is_cut) line = next_line(text);
      if (is_blank_line(line) || line == kByteOrderMark) {
        part.end_sentence();
      } else if (is_document_start(line)) {
        part.end_sentence();
        ++part.num_document_starts;
      } else if (options_.comment_prefix.empty() || !line.starts_with(options_.comment_prefix)) {
        if (first_line_ == 0) tabs_ |= line.find('\t') != std::string_view::npos;
        if (!is_cut) cells = tabs_ ? cut_at_tabs(line, wanted_) : cut_at_blanks(line, wanted_);
        parse_token(cells, number, part, collector);
      }
    }
    collector.finish();
  }

 private:
  /// Takes the next line if the quick way can cut it. The first token's line it cannot: that one
  /// tells how to.
  bool cut_if_short(std::string_view& text, std::string_view& line, LineCells& cells) const {
    const bool usual = wanted_.token == 0 && wanted_.tag < 0;
    if (!usual || first_line_ == 0 || text.size() < kShortLineBytes) return false;
    const size_t used = cut_short_line(text.data(), tabs_, line, cells);
    text.remove_prefix(used);
    return used > 0;
  }

  void parse_token(const LineCells& cells, int64_t number, TokenPart& part,
                   TokenCollector& collector) {
    if (first_line_ == 0) {
      first_line_ = number;
      columns_ = cells.count;
      check_columns(cells, number);
      if (names_columns(cells)) {
        part.notes.push_back("line " + std::to_string(number) + " of " + file_ +
                             " names the columns and is no token");
        return;
      }
    } else {
      check_columns(cells, number);
    }
    if (cells.token.empty()) fail("the word is empty; write one before the tag", number);
    collector.add(cells.token, cells.tag, number);
  }

  void check_columns(const LineCells& cells, int64_t number) const {
    // A tag column that is given makes lines of different lengths unambiguous.
    const bool fixed = options_.tag_column == 0;
    if (fixed ? cells.count == columns_ && columns_ > std::max<int64_t>(1, wanted_.token)
              : cells.count > std::max(wanted_.token, wanted_.tag)) {
      return;
    }
    refuse_columns(cells, number);
  }

  [[noreturn]] void refuse_columns(const LineCells& cells, int64_t number) const {
    const std::string found = count_of(cells.count, "column");
    const int64_t needed = std::max(wanted_.token, wanted_.tag) + 1;
    if (cells.count < needed) {
      fail("the line has " + found + ", but column " + std::to_string(needed) +
               " is asked for; correct the line or the number of the column",
           number);
    }
    if (number == first_line_) {
      fail("the line has one column, " + quoted_text(cells.token) +
               "; a token file has a word and its tag on each line, apart by a tab or blanks",
           number);
    }
    if (tabs_ && cells.count == 1 && cells.token.find(' ') != std::string_view::npos) {
      fail("the line has blanks and no tab, but the columns of the first one (line " +
               std::to_string(first_line_) + ") are apart by tabs; write tabs here as well",
           number);
    }
    fail("the line has " + found + ", but the first one (line " + std::to_string(first_line_) +
             ") has " + std::to_string(columns_) +
             (cells.count < columns_ ? "; add what is missing, the word or its tag"
                                     : "; a word must not contain the separator") +
             ", or give the number of the tag's column",
         number);
  }

  [[noreturn]] void fail(const std::string& message, int64_t line) const {
    throw Error(ErrorCode::kInvalidData, message, {.file = file_, .line = line});
  }

  const std::string& file_;
  const TokenReadOptions& options_;
  WantedColumns wanted_;
  bool tabs_;
  int64_t first_line_ = 0;  // of the first token, from 1; 0: none yet
  int64_t columns_ = 0;     // that it has
};

class ConlluParser {
 public:
  ConlluParser(const std::string& file, const TokenReadOptions& options)
      : file_(file), key_(options.misc_key) {
    wanted_.token = options.token_column == 0 ? kForm : options.token_column - 1;
    wanted_.tag = options.tag_column == 0 ? kUpos : options.tag_column - 1;
    if (!key_.empty()) wanted_.tag = kMisc;
  }

  static constexpr bool is_ready() { return true; }

  void parse(const TextPiece& piece, TokenPart& part) {
    std::string_view text(piece.begin, static_cast<size_t>(piece.end - piece.begin));
    TokenCollector collector(part, text);
    for (int64_t number = piece.first_line; !text.empty(); ++number) {
      const std::string_view line = next_line(text);
      if (is_blank_line(line)) {
        part.end_sentence();
      } else if (line.front() != '#') {
        parse_word(line, number, collector);
      }
    }
    collector.finish();
  }

 private:
  void parse_word(std::string_view line, int64_t number, TokenCollector& collector) const {
    const LineCells cells = cut_at_tabs(line, wanted_);
    if (cells.count != kConlluColumns) {
      fail("the line has " + count_of(cells.count, "column") +
               " apart by tabs, but CoNLL-U has 10; a file with a word and its tag on each line "
               "is in the format conll",
           number);
    }
    if (is_word(cells.id, number)) {
      if (cells.token.empty())
        fail("the word is empty; CoNLL-U writes _ where it has none", number);
      collector.add(cells.token, tag_of(cells), number);
    }
  }

  /// Ranges such as 1-2 are written out as the words behind them; empty nodes such as 1.1 are no
  /// words of the text.
  bool is_word(std::string_view id, int64_t number) const {
    const size_t digits = std::min(id.find_first_not_of("0123456789"), id.size());
    const bool begins_well = digits > 0;
    if (begins_well && digits == id.size()) return true;
    const bool is_pair = begins_well && (id[digits] == '-' || id[digits] == '.') &&
                         digits + 1 < id.size() &&
                         id.find_first_not_of("0123456789", digits + 1) == std::string_view::npos;
    if (!is_pair) {
      fail("the ID " + quoted_text(id) +
               " is neither a number (1) nor a range (1-2) nor an empty " + "node (1.1)",
           number);
    }
    return false;
  }

  /// "_" stands for nothing.
  std::string_view tag_of(const LineCells& cells) const {
    const std::string_view tag = key_.empty() ? cells.tag : misc_value(cells.tag, key_);
    return tag == "_" ? std::string_view() : tag;
  }

  [[noreturn]] void fail(const std::string& message, int64_t line) const {
    throw Error(ErrorCode::kInvalidData, message, {.file = file_, .line = line});
  }

  const std::string& file_;
  std::string_view key_;
  WantedColumns wanted_;
};

void check_options(TokenFormat format, const TokenReadOptions& options) {
  const bool conllu = format == TokenFormat::kConllu;
  if (!options.token_key.empty() || !options.tag_key.empty() || !options.span_key.empty()) {
    refuse_argument("keys are those of JSON lines; give the numbers of columns instead");
  }
  if (options.token_column < 0 || options.tag_column < 0) {
    refuse_argument("the columns of words and tags are counted from 1");
  }
  if (conllu && std::max(options.token_column, options.tag_column) > kConlluColumns) {
    refuse_argument("CoNLL-U has 10 columns; give a column from 1 to 10");
  }
  if (options.misc_key.empty()) return;
  if (!conllu) {
    refuse_argument(
        "only CoNLL-U has the column MISC; give the number of the tag's column instead");
  }
  if (options.tag_column != 0) {
    refuse_argument("the tag is either in a column or under a key of MISC; give one of the two");
  }
}

template <class Parser>
TokenPart parse_text(std::string_view text, Parser parser, const Execution& execution,
                     int64_t piece_bytes) {
  const std::vector<TextPiece> pieces = split_text(text, 1, piece_bytes, false, execution);
  std::vector<TokenPart> parts(pieces.size());
  size_t first = 0;
  for (; first < pieces.size() && !parser.is_ready(); ++first) {
    parser.parse(pieces[first], parts[first]);
  }
  parallel_for(static_cast<int64_t>(pieces.size() - first), execution, {.name = "reading"},
               [&](int64_t piece, int) {
                 const size_t at = first + static_cast<size_t>(piece);
                 Parser own = parser;
                 own.parse(pieces[at], parts[at]);
               });
  return merge_token_parts(std::move(parts), execution);
}

}  // namespace

TokenPart read_conll(const FileBytes& bytes, const std::string& file, TokenFormat format,
                     const TokenReadOptions& options, int64_t piece_bytes) {
  check_options(format, options);
  const std::string_view text = without_byte_order_mark(bytes.bytes, file);
  const Execution& execution = options.execution;
  const bool conllu = format == TokenFormat::kConllu;
  TokenPart part =
      conllu ? parse_text(text, ConlluParser(file, options), execution, piece_bytes)
             : parse_text(text, ConllParser(file, format, options), execution, piece_bytes);
  part.file = file;
  part.owner = bytes.owner;
  part.tags.name = options.misc_key;
  if (part.tokens.empty()) {
    throw Error(ErrorCode::kInvalidData,
                "there is no sentence in the file; a token file has a word and its tag on each "
                "line, and a blank line behind each sentence",
                {.file = file});
  }
  return part;
}

}  // namespace labelsieve::io
