#include "labelsieve/read_multilabel.h"

#include <algorithm>

#include "base/crew.h"
#include "base/refuse_argument.h"
#include "io/assemble_multilabel.h"
#include "io/check_files.h"
#include "io/column_plan.h"
#include "io/delimited.h"
#include "io/json_rows.h"
#include "io/number.h"
#include "io/read_part.h"
#include "io/split.h"

namespace labelsieve {
namespace {

void check_options(const MultilabelReadOptions& options) {
  const ReadOptions& common = options.common;
  io::check_files(common);
  if (common.pred_probs.size() > 1) {
    refuse_argument(
        "multi-label data takes one model; average the probabilities of several beforehand");
  }
  if (!options.label_columns.empty() && !common.label_column.empty()) {
    refuse_argument(
        "give either --label-column, for one column of sets, or --label-columns, for one column "
        "for each class");
  }
  if (!options.label_columns.empty() && !options.label_separator.empty()) {
    refuse_argument(
        "--label-separator is for one column of sets; columns of zeros and ones need none");
  }
}

bool json_looks_multilabel(std::string_view text, const ReadOptions& options) {
  const io::Wanted labels{.labels = true};
  text = io::without_byte_order_mark(text, {});
  std::string_view line;
  while (!text.empty() && io::is_blank(line)) line = io::take_line(text);
  const std::string file;
  io::JsonLineParser parser(file, text.data() + text.size());
  const simdjson::dom::object first = parser.parse(line, 1);
  std::vector<std::string> keys;
  for (const auto& field : first) keys.emplace_back(field.key);
  const io::ColumnPlan plan = io::plan_columns(keys, {}, "key", labels, options);
  const auto is_token_key = [](const std::string& key) {
    return key == "tokens" || key == "words";
  };
  if (std::any_of(keys.begin(), keys.end(), is_token_key)) return false;
  return first[keys[static_cast<size_t>(plan.label)]].is_array();
}

bool table_looks_multilabel(std::string_view text, bool tabs, const ReadOptions& options) {
  text = io::without_byte_order_mark(text, {});
  io::CellReader cells(text.data(), text.data() + text.size(),
                       tabs ? '\t' : io::detect_separator(text), 1);
  std::vector<std::string> columns;
  do {
    columns.emplace_back(io::trimmed(cells.next()));
  } while (!cells.record_ended());
  const io::SetForm form;
  const io::Wanted sets{.labels = true, .sets = &form};
  return !io::plan_columns(columns, {}, "column", sets, options).one_hot.empty();
}

bool array_looks_multilabel(const io::FileBytes& bytes, const std::string& file) {
  const io::NpyArray array = io::parse_npy(bytes, file);
  return array.shape.size() == 2 && array.shape[1] > 1 &&
         (io::is_int_array(array) || array.kind == 'b');
}

bool file_looks_multilabel(const std::string& path, const ReadOptions& options) {
  InputFormat format = options.input.empty() ? InputFormat::kAuto : options.input_format;
  if (format == InputFormat::kAuto) format = io::format_of(path);
  if (format == InputFormat::kNpz) return false;
  io::FileBytes bytes = io::open_file(path);
  if (format == InputFormat::kNpy) return array_looks_multilabel(bytes, path);
  if (io::is_gzip(bytes.bytes)) bytes = io::gunzip_beginning(bytes, path);
  return format == InputFormat::kJsonl
             ? json_looks_multilabel(bytes.bytes, options)
             : table_looks_multilabel(bytes.bytes, format == InputFormat::kTsv, options);
}

}  // namespace

MultilabelDataset read_multilabel(const MultilabelReadOptions& options) {
  const CrewScope scope;
  check_options(options);
  const ReadOptions& common = options.common;
  const io::SetForm form = io::set_form_of(options);
  if (!common.input.empty()) {
    const io::Wanted both{.labels = true, .pred_probs = true, .sets = &form};
    return io::assemble_multilabel(io::read_part(common.input, both, common), nullptr, options);
  }
  io::Part labels = io::read_part(common.labels, {.labels = true, .sets = &form}, common);
  io::Part model = io::read_part(common.pred_probs.front(), {.pred_probs = true}, common);
  return io::assemble_multilabel(std::move(labels), &model, options);
}

bool looks_multilabel(const ReadOptions& options) {
  const std::string& path = options.input.empty() ? options.labels : options.input;
  if (path.empty() || path == "-") return false;
  try {
    return file_looks_multilabel(path, options);
  } catch (const Error&) {
    return false;  // whoever reads the file says what is wrong with it
  }
}

}  // namespace labelsieve
