#include "multilabel_input.h"

#include "labelsieve/read_multilabel.h"

namespace labelsieve::cli {
namespace {

/// What the files say beside labels and probabilities; the labels of a Dataset are single ones.
Dataset take_description(MultilabelDataset& data) {
  Dataset description;
  description.pred_probs = {data.pred_probs};
  description.class_names = std::move(data.class_names);
  description.ids = std::move(data.ids);
  description.text = std::move(data.text);
  description.source_lines = std::move(data.source_lines);
  description.labels_file = std::move(data.labels_file);
  description.pred_probs_files = {std::move(data.pred_probs_file)};
  description.num_skipped = data.num_skipped;
  description.notes = std::move(data.notes);
  description.storage = std::move(data.storage);
  return description;
}

int run_on(Context& context, MultilabelInput& input) {
  switch (context.settings.subcommand) {
    case Subcommand::kFind: return run_find(context, input);
    case Subcommand::kScore: return run_score(context, input);
    case Subcommand::kHealth: return run_health(context, input);
    case Subcommand::kJoint: return run_joint(context, input);
    case Subcommand::kInspect: return run_inspect(context, input);
  }
  return kExitError;
}

}  // namespace

MultilabelInput::MultilabelInput(Context& context, MultilabelDataset dataset)
    : Input(context, take_description(dataset)),
      source_(dataset.labels, dataset.pred_probs),
      ignored_(dataset.labels.ignored),
      dtype_(dataset.pred_probs.type),
      separator_(context.settings.multilabel.label_separator) {
  if (separator_.empty()) separator_.push_back('|');
}

bool MultilabelInput::is_example(int64_t row) const {
  return ignored_ == nullptr || ignored_[row] == 0;
}

Cell MultilabelInput::set_cell(const std::vector<int32_t>& labels) const {
  return LabelSet{labels, dataset().class_names, separator_};
}

TableColumn MultilabelInput::set_column(std::string_view title, Style style) const {
  return {std::string(title), Align::kLeft, style};
}

int run_multilabel(Context& context) {
  const Settings& settings = context.settings;
  MultilabelReadOptions options{settings.read, settings.multilabel.label_separator,
                                settings.multilabel.label_columns};
  MultilabelInput input(context, read_multilabel(options));
  try {
    return run_on(context, input);
  } catch (const Error& error) {
    throw input.located(error);
  }
}

}  // namespace labelsieve::cli
