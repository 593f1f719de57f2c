#include "io/jsonl_reader.h"

#include <algorithm>

#include "base/parallel.h"
#include "io/column_plan.h"
#include "io/json_rows.h"
#include "io/message.h"
#include "io/number.h"

namespace labelsieve::io {
namespace {

/// Lists of scores come in the order of the scores. Names that end in numbers, such as LABEL_3,
/// tell the model's order; others are sorted, and integer labels say nothing about them.
NameOrigin order_scores(std::vector<std::string>& names) {
  std::vector<std::pair<int64_t, std::string>> numbered;
  const auto number_at = [](const std::string& name) {
    const size_t last = name.find_last_not_of("0123456789");
    return last == std::string::npos ? 0 : last + 1;
  };
  for (const std::string& name : names) {
    const size_t at = number_at(name);
    const auto number = parse_integer(name.substr(at));
    if (number && name.compare(0, at, names[0], 0, number_at(names[0])) == 0) {
      numbered.emplace_back(*number, name);
    }
  }
  std::sort(names.begin(), names.end());
  if (numbered.size() != names.size()) return NameOrigin::kScores;
  std::sort(numbered.begin(), numbered.end());
  for (size_t i = 0; i < names.size(); ++i) {
    if (numbered[i].first != static_cast<int64_t>(i)) return NameOrigin::kScores;
  }
  for (size_t i = 0; i < names.size(); ++i) names[i] = std::move(numbered[i].second);
  return NameOrigin::kKeys;
}

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
    layout_.skip_invalid = options.skip_invalid;
    layout_.any_number = options.logits || options.unchecked;
    find_form();
  }

  JsonLayout take_layout() {
    layout_.class_positions.clear();
    return std::move(layout_);
  }

  /// Of the classes, where the file names them.
  std::vector<std::string> class_names() const { return names_; }
  NameOrigin name_origin() const { return origin_; }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw Error(ErrorCode::kInvalidData, message,
                {.file = layout_.shape.file, .line = line_, .column = layout_.probs_key});
  }

  std::string key_at(int64_t position) const {
    return position < 0 ? std::string() : keys_[static_cast<size_t>(position)];
  }

  void find_form() {
    if (plan_.probs.empty()) return;
    if (plan_.probs.size() > 1) {
      for (const int64_t at : plan_.probs) layout_.class_keys.push_back(key_at(at));
      set_form(JsonForm::kKeys, plan_.class_names, plan_.origin);
      return;
    }
    layout_.probs_key = key_at(plan_.probs[0]);
    const simdjson::dom::element probs = first_[layout_.probs_key].value_unsafe();
    simdjson::dom::object object;
    simdjson::dom::array array;
    if (probs.get_object().get(object) == simdjson::SUCCESS) {
      for (const auto& field : object) layout_.class_keys.emplace_back(field.key);
      set_form(JsonForm::kDictionary, layout_.class_keys, NameOrigin::kKeys);
    } else if (probs.get_array().get(array) == simdjson::SUCCESS) {
      find_form_of_array(array);
    } else if (probs.is_number()) {
      set_form(JsonForm::kNumber, plan_.class_names, plan_.origin);
      layout_.shape.num_probs = 1;
    } else {
      fail("the probabilities are neither a list nor an object of numbers");
    }
    if (layout_.shape.num_probs == 0) fail("there are no probabilities in the first row");
  }

  void find_form_of_array(const simdjson::dom::array& array) {
    const bool scores = array.size() > 0 && array.at(0).is_object();
    if (!scores) {
      layout_.form = JsonForm::kArray;
      layout_.shape.num_probs = static_cast<int64_t>(array.size());
      return;
    }
    for (const simdjson::dom::element item : array) {
      std::string_view name;
      if (item["label"].get_string().get(name) != simdjson::SUCCESS) {
        fail("an element of the list is not {\"label\": name, \"score\": number}");
      }
      layout_.class_keys.emplace_back(name);
    }
    const NameOrigin origin = order_scores(layout_.class_keys);
    set_form(JsonForm::kScores, layout_.class_keys, origin);
  }

  void set_form(JsonForm form, std::vector<std::string> names, NameOrigin origin) {
    layout_.form = form;
    layout_.shape.num_probs = static_cast<int64_t>(layout_.class_keys.size());
    names_ = std::move(names);
    origin_ = origin;
  }

  const simdjson::dom::object& first_;
  int64_t line_;
  std::vector<std::string> keys_;
  ColumnPlan plan_;
  JsonLayout layout_;
  std::vector<std::string> names_;
  NameOrigin origin_ = NameOrigin::kNone;
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
  for (size_t j = 0; j < layout.class_keys.size(); ++j) {
    layout.class_positions.emplace(layout.class_keys[j], static_cast<int64_t>(j));
  }
  Part part = read_rows(text, line_number, layout, options.execution, piece_bytes);
  part.class_names = finder.class_names();
  part.name_origin = finder.name_origin();
  return part;
}

}  // namespace labelsieve::io
