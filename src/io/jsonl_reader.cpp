#include "io/jsonl_reader.h"

#include "base/parallel.h"
#include "io/column_plan.h"
#include "io/json_rows.h"

namespace labelsieve::io {
namespace {

/// What the first object of a file says about all of them.
class LayoutFinder {
 public:
  LayoutFinder(const simdjson::dom::object& first, int64_t line, const std::string& file,
               Wanted wanted, const ReadOptions& options)
      : first_(first), line_(line) {
    if (wanted.sets != nullptr && !wanted.sets->columns.empty()) {
      throw Error(
          ErrorCode::kInvalidArgument,
          "--label-columns is for tables; in JSON lines the labels are a list under one key",
          {.file = file});
    }
    for (const auto& field : first) keys_.emplace_back(field.key);
    plan_ = plan_columns(keys_, file, "key", wanted, options);
    layout_.shape.file = file;
    layout_.shape.has_labels = plan_.label >= 0;
    if (wanted.labels && wanted.sets != nullptr) {
      layout_.shape.label_sets = true;
      if (wanted.sets->separator_is_given) layout_.set_separator = wanted.sets->separator;
    }
    layout_.label_key = key_at(plan_.label);
    layout_.shape.label_name = layout_.label_key;
    layout_.id_key = key_at(plan_.id);
    layout_.text_key = key_at(plan_.text);
    layout_.probs.skip_invalid = options.skip_invalid;
    layout_.probs.any_number = options.logits || options.unchecked;
    find_form();
    layout_.shape.num_probs = layout_.probs.num_probs;
  }

  JsonLayout take_layout() { return std::move(layout_); }

  /// Of the classes, where the file names them.
  const NamedClasses& classes() const { return classes_; }

 private:
  std::string key_at(int64_t position) const {
    return position < 0 ? std::string() : keys_[static_cast<size_t>(position)];
  }

  void find_form() {
    if (plan_.probs.empty()) return;
    if (plan_.probs.size() > 1) {
      for (const int64_t at : plan_.probs) layout_.probs.class_keys.push_back(key_at(at));
      layout_.probs.form = JsonForm::kKeys;
      layout_.probs.num_probs = static_cast<int64_t>(plan_.probs.size());
      classes_ = {plan_.class_names, plan_.origin};
      return;
    }
    layout_.probs.key = key_at(plan_.probs[0]);
    const simdjson::dom::element probs = first_[layout_.probs.key].value_unsafe();
    classes_ = find_json_form(probs, layout_.shape.file, line_, layout_.probs);
    if (layout_.probs.form == JsonForm::kNumber) classes_ = {plan_.class_names, plan_.origin};
  }

  const simdjson::dom::object& first_;
  int64_t line_;
  std::vector<std::string> keys_;
  ColumnPlan plan_;
  JsonLayout layout_;
  NamedClasses classes_;
};

/// Parses all pieces into one matrix.
Part read_rows(std::string_view text, int64_t first_line, const JsonLayout& layout,
               const Execution& execution, int64_t piece_bytes) {
  const std::vector<TextPiece> pieces = split_text(text, first_line, piece_bytes, false, execution);
  std::vector<RowBatch> batches = plan_batches(pieces, 0);
  const int64_t slots = num_slots(batches);
  Probabilities probs = make_matrix(slots, layout.shape.num_probs);
  const auto count = static_cast<int64_t>(pieces.size());
  const Stage stage{.name = "reading", .total = slots, .rows_per_piece = slots / count + 1};
  parallel_for(count, execution, stage, [&](int64_t piece, int) {
    const auto at = static_cast<size_t>(piece);
    parse_json_rows(pieces[at], text.data() + text.size(), layout, probs.writable, batches[at]);
  });
  return merge_batches(std::move(batches), layout.shape, std::move(probs), execution.num_threads);
}

}  // namespace

Part read_jsonl(const FileBytes& bytes, const std::string& file, Wanted wanted,
                const ReadOptions& options, int64_t piece_bytes) {
  std::string_view text = without_byte_order_mark(bytes.bytes, file);
  std::string_view rest = text;
  int64_t line_number = 1;
  std::string_view line = take_line(rest);
  for (; is_blank(line); ++line_number) {
    if (rest.empty()) throw Error(ErrorCode::kInvalidData, "there are no rows", {.file = file});
    text = rest;
    line = take_line(rest);
  }
  JsonLineParser parser(file, text.data() + text.size());
  const simdjson::dom::object first = parser.parse(line, line_number);
  LayoutFinder finder(first, line_number, file, wanted, options);
  JsonLayout layout = finder.take_layout();
  layout.probs.index_classes();
  Part part = read_rows(text, line_number, layout, options.execution, piece_bytes);
  part.class_names = finder.classes().names;
  part.name_origin = finder.classes().origin;
  return part;
}

}  // namespace labelsieve::io
