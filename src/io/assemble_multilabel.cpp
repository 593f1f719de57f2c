#include "io/assemble_multilabel.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "io/assemble.h"
#include "io/label_sets.h"
#include "io/labels.h"
#include "io/message.h"
#include "io/probabilities.h"

namespace labelsieve::io {
namespace {

void convert_probabilities(Part& model, const ReadOptions& options) {
  if (options.logits) {
    apply_sigmoid(model, options.skip_invalid, options.execution);
  } else if (model.pred_probs->writable == nullptr && options.skip_invalid) {
    mark_invalid_rows(model, options.execution);
  }
}

size_t count_known(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  return static_cast<size_t>(std::count_if(names.begin(), names.end(), [&](const auto& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  }));
}

/// Columns of zeros and ones give the classes their names where nothing better does; else they must
/// have the same names, or, where the user listed them, go by their position.
void match_one_hot(LabelColumn& column, const std::string& file, int64_t num_classes, bool listed,
                   ChosenNames& chosen) {
  const std::vector<std::string>& own = column.one_hot_classes;
  if (own.empty()) return;
  check_class_names(own, file);
  if (static_cast<int64_t>(own.size()) != num_classes) {
    throw Error(ErrorCode::kInvalidData,
                count_of(static_cast<int64_t>(own.size()), "column") + " of labels (" +
                    list_of(own) + ") and " + count_of(num_classes, "column") +
                    " of probabilities; both need one for each class",
                {.file = file});
  }
  const size_t known = count_known(own, chosen.names);
  if (known == own.size()) return;
  if (chosen.names.empty() || (chosen.origin == NameOrigin::kPlainColumns && known == 0)) {
    chosen = {.names = own, .origin = NameOrigin::kColumns};
    return;
  }
  if (known > 0 || !listed) {
    throw Error(ErrorCode::kInvalidData,
                "the columns of labels (" + list_of(own) + ") are not the classes (" +
                    list_of(chosen.names) +
                    "); use the same names, or list the columns in the order of the classes with "
                    "--label-columns",
                {.file = file});
  }
  for (std::string& value : column.values) {
    value =
        chosen.names[static_cast<size_t>(std::find(own.begin(), own.end(), value) - own.begin())];
  }
}

/// Marks the rows that are left out.
void leave_out(MultilabelDataset& data, std::vector<uint8_t> invalid) {
  data.num_skipped = std::count(invalid.begin(), invalid.end(), uint8_t{1});
  if (data.num_skipped == 0) return;
  if (data.num_skipped == data.num_rows()) {
    throw Error(ErrorCode::kInvalidData,
                "every row has invalid labels or invalid probabilities, so that nothing is left; "
                "without --skip-invalid the first fault is named",
                {.file = data.labels_file});
  }
  auto marks = std::make_shared<const std::vector<uint8_t>>(std::move(invalid));
  data.labels.ignored = marks->data();
  data.storage.push_back(std::move(marks));
}

}  // namespace

SetForm set_form_of(const MultilabelReadOptions& options) {
  SetForm form;
  form.separator_is_given = !options.label_separator.empty();
  if (form.separator_is_given) form.separator = options.label_separator;
  form.columns = options.label_columns;
  return form;
}

MultilabelDataset assemble_multilabel(Part labels, Part* model,
                                      const MultilabelReadOptions& options) {
  const ReadOptions& common = options.common;
  std::vector<Part> models;
  models.push_back(model == nullptr ? split_model(labels) : std::move(*model));
  Part& only = models.front();
  if (!labels.ids.empty() && !only.ids.empty()) join_by_id(labels, only);
  check_lengths(labels, only);
  convert_probabilities(only, common);
  ChosenNames chosen = choose_names(labels, models, common);
  align_columns(only, chosen);
  check_shapes(models, chosen);
  const int64_t num_classes = only.pred_probs->view.columns;
  match_one_hot(*labels.labels, labels.file, num_classes, !options.label_columns.empty(), chosen);

  ResolvedSets resolved = resolve_label_sets(labels, num_classes, chosen.names, chosen.origin,
                                             common.skip_invalid, common.execution);
  MultilabelDataset data;
  data.labels_file = labels.file;
  data.pred_probs_file = only.file;
  data.labels = resolved.sets;
  data.pred_probs = only.pred_probs->view;
  data.class_names = std::move(resolved.class_names);
  data.notes = std::move(resolved.notes);
  data.storage = std::move(resolved.owners);
  data.storage.push_back(std::move(only.pred_probs->owner));
  data.ids = labels.ids.empty() ? std::move(only.ids) : std::move(labels.ids);
  data.text = labels.text.empty() ? std::move(only.text) : std::move(labels.text);
  data.source_lines = labels.lines.empty() ? std::move(only.lines) : std::move(labels.lines);
  check_named_columns(data.ids, data.text, common);
  add_marks(resolved.invalid, labels.invalid);
  add_marks(resolved.invalid, only.invalid);
  leave_out(data, std::move(resolved.invalid));
  return data;
}

}  // namespace labelsieve::io
