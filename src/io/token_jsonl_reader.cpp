#include "io/token_jsonl_reader.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/parallel.h"
#include "io/json_rows.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

/// The objects of a text, one after another.
class ObjectReader {
 public:
  ObjectReader(std::string_view text, const std::string& file)
      : parser_(file, text.data() + text.size()), rest_(text) {}

  /// The next object, valid until the call after; nothing at the end.
  std::optional<simdjson::dom::object> next() {
    while (!rest_.empty()) {
      ++line_;
      const std::string_view line = take_line(rest_);
      if (!is_blank(line)) return parser_.parse(line, line_);
    }
    return std::nullopt;
  }

  int64_t line() const { return line_; }

 private:
  JsonLineParser parser_;
  std::string_view rest_;
  int64_t line_ = 0;
};

/// What the first object says about all, and the first that has probabilities about these.
class LayoutFinder {
 public:
  LayoutFinder(std::string_view text, const std::string& file, TokenWanted wanted,
               const TokenReadOptions& options) {
    ObjectReader objects(text, file);
    std::optional<simdjson::dom::object> object = objects.next();
    if (!object) {
      throw Error(ErrorCode::kInvalidData, "there is no sentence in the file", {.file = file});
    }
    layout_ = plan_token_json(*object, file, wanted, options);
    if (layout_.probs.key.empty()) return;
    simdjson::dom::element probs;
    for (; object; object = objects.next()) {
      if (!first_probabilities(*object, layout_.probs.key, probs)) continue;
      classes_ = find_json_form(probs, file, objects.line(), layout_.probs);
      layout_.probs.index_classes();
      return;
    }
    throw Error(ErrorCode::kInvalidData, "no sentence has a row of probabilities for its tokens",
                {.file = file, .column = layout_.probs.key});
  }

  const TokenJsonLayout& layout() const { return layout_; }
  const NamedClasses& classes() const { return classes_; }

 private:
  TokenJsonLayout layout_;
  NamedClasses classes_;
};

/// The rows of all pieces as one matrix; each piece's memory is given back.
Probabilities merge_rows(std::vector<std::vector<double>>& pieces, int64_t columns,
                         const Execution& execution) {
  std::vector<size_t> starts = {0};
  for (const std::vector<double>& piece : pieces) starts.push_back(starts.back() + piece.size());
  Probabilities matrix = make_matrix(static_cast<int64_t>(starts.back()) / columns, columns);
  Execution silent{.num_threads = execution.num_threads};
  parallel_for(static_cast<int64_t>(pieces.size()), silent, {.name = "reading"},
               [&](int64_t piece, int) {
                 const auto at = static_cast<size_t>(piece);
                 std::copy(pieces[at].begin(), pieces[at].end(), matrix.writable + starts[at]);
                 std::vector<double>().swap(pieces[at]);
               });
  return matrix;
}

void note_cut_spans(TokenPart& part) {
  if (part.num_cut_spans == 0) return;
  part.notes.push_back(count_of(part.num_cut_spans, "span") + " of " + part.file +
                       (part.num_cut_spans == 1 ? " begins or ends" : " begin or end") +
                       " within a token, the first in line " + std::to_string(part.first_cut_line) +
                       "; the whole token is labelled");
}

}  // namespace

TokenPart read_token_jsonl(const FileBytes& bytes, const std::string& file, TokenWanted wanted,
                           const TokenReadOptions& options, int64_t piece_bytes) {
  const std::string_view text = without_byte_order_mark(bytes.bytes, file);
  const LayoutFinder found(text, file, wanted, options);
  const TokenJsonLayout& layout = found.layout();
  const std::vector<TextPiece> pieces = split_text(text, 1, piece_bytes, false, options.execution);
  std::vector<TokenPart> parts(pieces.size());
  std::vector<std::vector<double>> rows(pieces.size());
  parallel_for(static_cast<int64_t>(pieces.size()), options.execution, {.name = "reading"},
               [&](int64_t piece, int) {
                 const auto at = static_cast<size_t>(piece);
                 parse_token_json(pieces[at], text.data() + text.size(), layout, parts[at],
                                  rows[at]);
               });
  auto owners = std::make_shared<std::vector<std::shared_ptr<const void>>>();
  for (TokenPart& part : parts) owners->push_back(std::move(part.owner));
  TokenPart part = merge_token_parts(std::move(parts), options.execution);
  part.owner = std::move(owners);
  part.file = file;
  part.tags.name = layout.tag_key.empty() ? layout.span_key : layout.tag_key;
  if (part.spans) part.spans->name = layout.span_key;
  part.notes.insert(part.notes.begin(), layout.notes.begin(), layout.notes.end());
  note_cut_spans(part);
  if (part.tokens.empty()) {
    throw Error(ErrorCode::kInvalidData, "there is no token in any sentence of the file",
                {.file = file});
  }
  if (layout.probs.form != JsonForm::kNone) {
    part.pred_probs = merge_rows(rows, layout.probs.num_probs, options.execution);
    part.class_names = found.classes().names;
    part.name_origin = found.classes().origin;
  }
  return part;
}

bool holds_token_probabilities(std::string_view text, const std::string& file,
                               const TokenReadOptions& options) {
  text = without_byte_order_mark(text, file);
  ObjectReader objects(text, file);
  const auto object = objects.next();
  if (!object) return false;
  const std::string key = probability_key(*object, options);
  simdjson::dom::element row;
  return !key.empty() && first_probabilities(*object, key, row) && !row.is_number() &&
         !(row.is_object() && row.at_key("score").error() == simdjson::SUCCESS);
}

bool begins_with_sentence(std::string_view text) {
  const std::string file;
  try {
    ObjectReader objects(without_byte_order_mark(text, file), file);
    const auto object = objects.next();
    return object && is_sentence(*object);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace labelsieve::io
