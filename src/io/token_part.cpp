#include "io/token_part.h"

#include <iterator>
#include <utility>

#include "io/labels.h"

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

class Merger {
 public:
  explicit Merger(size_t num_tokens) {
    whole_.tokens.reserve(num_tokens);
    whole_.lines.reserve(num_tokens);
    whole_.tags.codes.reserve(num_tokens);
    whole_.tags.is_text = true;
  }

  /// Appends a piece to those before it; its memory is given back.
  void add(TokenPart piece) {
    if (piece.begins_sentence) whole_.end_sentence();
    const int64_t before = whole_.num_tokens();
    for (size_t s = 1; s < piece.offsets.size(); ++s) {
      whole_.offsets.push_back(before + piece.offsets[s]);
    }
    for (const int64_t token : piece.invalid) whole_.invalid.push_back(before + token);
    append(whole_.tokens, piece.tokens);
    append(whole_.lines, piece.lines);
    append(whole_.ids, piece.ids);
    append(whole_.texts, piece.texts);
    append(whole_.ranges, piece.ranges);
    const std::vector<int32_t> code_of_piece = codes_of(piece.tags.values, tags_);
    for (const int32_t code : piece.tags.codes) {
      whole_.tags.codes.push_back(code < 0 ? code : code_of_piece[static_cast<size_t>(code)]);
    }
    if (piece.spans) add_spans(*piece.spans);
    whole_.num_cut_spans += piece.num_cut_spans;
    if (whole_.first_cut_line == 0) whole_.first_cut_line = piece.first_cut_line;
    whole_.num_document_starts += piece.num_document_starts;
    append(whole_.notes, piece.notes);
  }

  TokenPart take() {
    whole_.end_sentence();
    whole_.tags.values = tags_.take_values();
    if (whole_.spans) whole_.spans->types = types_.take_values();
    return std::move(whole_);
  }

 private:
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

  TokenPart whole_;
  LabelDictionary tags_;
  LabelDictionary types_;
};

}  // namespace

TokenPart merge_token_parts(std::vector<TokenPart> pieces) {
  size_t num_tokens = 0;
  for (const TokenPart& piece : pieces) num_tokens += piece.tokens.size();
  Merger merger(num_tokens);
  for (TokenPart& piece : pieces) merger.add(std::exchange(piece, {}));
  return merger.take();
}

}  // namespace labelsieve::io
