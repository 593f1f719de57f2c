#include "io/assemble.h"

#include <algorithm>
#include <unordered_map>

#include "io/labels.h"
#include "io/message.h"
#include "io/probabilities.h"

namespace labelsieve::io {

Part split_model(Part& both) {
  Part model{.file = both.file, .rows = both.rows};
  model.pred_probs = std::move(both.pred_probs);
  model.class_names = std::move(both.class_names);
  model.name_origin = both.name_origin;
  model.lines = both.lines;
  both.pred_probs.reset();
  both.class_names.clear();
  return model;
}

void check_lengths(const Part& labels, const Part& model) {
  if (labels.rows == model.rows) return;
  const bool transposed = model.pred_probs->view.columns == labels.rows;
  throw Error(ErrorCode::kInvalidData,
              labels.file + " has " + count_of(labels.rows, "row") + " and " + model.file +
                  " has " + std::to_string(model.rows) +
                  (transposed ? "; the probabilities seem to be transposed"
                              : "; every label needs its row of probabilities"));
}

namespace {

/// The two classes of a single column of probabilities that is named after one of them; empty
/// when the names given to the whole dataset do not mention it.
std::vector<std::string> binary_names(const Part& labels, const std::string& name,
                                      const std::vector<std::string>& given) {
  std::vector<std::string> candidates = given;
  if (given.size() != 2) {
    candidates = distinct_labels(*labels.labels);
  } else if (std::find(given.begin(), given.end(), name) == given.end()) {
    return {};
  }
  std::erase(candidates, name);
  return {candidates.size() == 1 ? candidates.front() : "not " + name, name};
}

/// Turns what the user's file holds into probabilities of at least two classes.
void convert_probabilities(const Part& labels, Part& model, const ReadOptions& options,
                           std::vector<std::string>& notes) {
  const bool array = model.pred_probs->writable == nullptr;
  const bool binary = model.pred_probs->view.columns == 1;
  if (options.logits) {
    apply_softmax(model, options.skip_invalid, options.execution);
  } else if (array && !binary && options.skip_invalid) {
    mark_invalid_rows(model, options.execution);
  }
  if (!binary) return;
  expand_binary(model, options.skip_invalid, options.unchecked, options.execution);
  if (model.class_names.size() == 1) {
    model.class_names = binary_names(labels, model.class_names[0], options.class_names);
  }
  notes.push_back(model.file +
                  " has one column of probabilities: it is read as the probability of the second "
                  "of two classes");
}

}  // namespace

ChosenNames choose_names(const Part& labels, const std::vector<Part>& models,
                         const ReadOptions& options) {
  if (!options.class_names.empty()) {
    check_class_names(options.class_names, {});
    ChosenNames names{.names = options.class_names, .is_explicit = true};
    if (names.names.size() == 1 && models.front().pred_probs->view.columns == 2) {
      names.names = binary_names(labels, options.class_names.front(), {});
    }
    return names;
  }
  // Names of plain columns count only where no model has better ones.
  for (const bool plain : {false, true}) {
    for (const Part& model : models) {
      if (model.class_names.empty()) continue;
      if ((model.name_origin == NameOrigin::kPlainColumns) != plain) continue;
      check_class_names(model.class_names, model.file);
      return {.names = model.class_names, .origin = model.name_origin};
    }
  }
  return {};
}

void align_columns(Part& model, const ChosenNames& chosen) {
  const std::vector<std::string>& own = model.class_names;
  const std::vector<std::string>& names = chosen.names;
  if (own.empty() || names.empty() || own == names) return;
  std::unordered_map<std::string_view, int64_t> positions;
  for (size_t j = 0; j < own.size(); ++j) positions.emplace(own[j], static_cast<int64_t>(j));
  std::vector<int64_t> order;
  for (const std::string& name : names) {
    const auto found = positions.find(name);
    if (found != positions.end()) order.push_back(found->second);
  }
  if (order.size() == names.size() && names.size() == own.size()) {
    reorder_columns(model, order);
    return;
  }
  // Columns without a fixed meaning, or with none of the names, are renamed by their position.
  if (model.name_origin == NameOrigin::kPlainColumns) return;
  if (chosen.is_explicit && order.empty() && model.name_origin != NameOrigin::kScores) return;
  throw Error(ErrorCode::kInvalidData,
              "the classes of the probabilities (" + list_of(own) + ") are not " + "the expected " +
                  list_of(names) + "; use the same names in both places",
              {.file = model.file});
}

void check_shapes(const std::vector<Part>& models, const ChosenNames& chosen) {
  const int64_t columns = models.front().pred_probs->view.columns;
  for (const Part& model : models) {
    const int64_t found = model.pred_probs->view.columns;
    if (found == columns) continue;
    throw Error(ErrorCode::kInvalidData,
                models.front().file + " has " + count_of(columns, "column") +
                    " of probabilities and " + model.file + " has " + std::to_string(found) +
                    "; the models of an ensemble need the same classes");
  }
  const auto named = static_cast<int64_t>(chosen.names.size());
  if (named != 0 && named != columns) {
    throw Error(ErrorCode::kInvalidData,
                count_of(named, "class name") + " (" + list_of(chosen.names) + ") and " +
                    count_of(columns, "column") + " of probabilities; there must be as many",
                {.file = models.front().file});
  }
}

void add_marks(std::vector<uint8_t>& all, const std::vector<uint8_t>& marks) {
  if (all.empty()) {
    all = marks;
  } else {
    for (size_t i = 0; i < marks.size(); ++i) all[i] = static_cast<uint8_t>(all[i] | marks[i]);
  }
}

namespace {

/// Gives the rows that are left out the label -1, in a copy of the labels.
void leave_out(Dataset& data, const std::vector<uint8_t>& invalid) {
  data.num_skipped = std::count(invalid.begin(), invalid.end(), uint8_t{1});
  if (data.num_skipped == 0) return;
  if (data.num_skipped == data.num_rows()) {
    throw Error(ErrorCode::kInvalidData,
                "every row has an invalid label or invalid probabilities, so that nothing is left; "
                "without --skip-invalid the first fault is named",
                {.file = data.labels_file});
  }
  data.labels = replace_labels(data.labels, invalid, data.storage);
  data.labels.ignore_label = -1;
}

}  // namespace

void check_named_columns(const std::vector<std::string>& ids, const std::vector<std::string>& text,
                         const ReadOptions& options) {
  const auto check = [&](const std::string& name, const std::vector<std::string>& found,
                         const char* option) {
    if (name.empty() || !found.empty()) return;
    throw Error(ErrorCode::kInvalidData,
                "no file has a column " + quoted_text(name) + "; correct " + option);
  };
  check(options.id_column, ids, "--id-column");
  check(options.text_column, text, "--text-column");
}

Dataset assemble(Part labels, std::vector<Part> models, const ReadOptions& options) {
  Dataset data;
  data.labels_file = labels.file;
  if (models.empty()) models.push_back(split_model(labels));
  for (Part& model : models) {
    if (!labels.ids.empty() && !model.ids.empty()) join_by_id(labels, model);
    check_lengths(labels, model);
    convert_probabilities(labels, model, options, data.notes);
  }
  const ChosenNames chosen = choose_names(labels, models, options);
  for (Part& model : models) align_columns(model, chosen);
  check_shapes(models, chosen);

  const int64_t num_classes = models.front().pred_probs->view.columns;
  ResolvedLabels resolved = resolve_labels(labels, num_classes, chosen.names, chosen.origin,
                                           options.skip_invalid, options.execution);
  data.labels = resolved.labels;
  data.storage.push_back(std::move(resolved.owner));
  data.class_names = std::move(resolved.class_names);
  std::move(resolved.notes.begin(), resolved.notes.end(), std::back_inserter(data.notes));

  std::vector<uint8_t> invalid = std::move(resolved.invalid);
  add_marks(invalid, labels.invalid);
  data.ids = std::move(labels.ids);
  data.text = std::move(labels.text);
  data.source_lines = std::move(labels.lines);
  for (Part& model : models) {
    add_marks(invalid, model.invalid);
    if (data.ids.empty()) data.ids = std::move(model.ids);
    if (data.text.empty()) data.text = std::move(model.text);
    if (data.source_lines.empty()) data.source_lines = std::move(model.lines);
    data.pred_probs.push_back(model.pred_probs->view);
    data.pred_probs_files.push_back(model.file);
    data.storage.push_back(std::move(model.pred_probs->owner));
  }
  check_named_columns(data.ids, data.text, options);
  leave_out(data, invalid);
  return data;
}

}  // namespace labelsieve::io
