#include "input.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "labelsieve/ensemble.h"
#include "labelsieve/version.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

/// Above this share of agreement with the given labels, a model has usually seen them.
constexpr double kInSampleAccuracy = 0.995;

/// So few examples may well agree by chance.
constexpr int64_t kFewExamples = 20;

}  // namespace

Input::Input(Context& context, Dataset dataset, Unit unit, int64_t num_ignored)
    : dataset_(std::move(dataset)), unit_(unit), num_ignored_(num_ignored) {
  context.progress.erase();
  for (const std::string& note : dataset_.notes) context.messages.note(note);
}

void Input::open_source(const Context& context) {
  if (!is_ensemble()) {
    source_ = std::make_unique<MemorySource>(dataset_.labels, dataset_.pred_probs.front());
    return;
  }
  EnsembleOptions options = context.settings.ensemble;
  options.execution = context.execution();
  weights_ = ensemble_weights(dataset_.labels, dataset_.pred_probs, options);
  source_ = std::make_unique<AveragedSource>(dataset_.labels, dataset_.pred_probs, weights_);
}

Error Input::located(const Error& error) const {
  ErrorLocation location = error.location();
  if (error.code() != ErrorCode::kInvalidData || location.row < 0 || !location.file.empty()) {
    return error;
  }
  if (!has_pred_probs()) return error;
  location.file = dataset_.pred_probs_files.front();
  if (!is_ensemble()) return {error.code(), error.message(), location};
  for (size_t m = 0; m < dataset_.pred_probs.size(); ++m) {
    try {
      MemorySource source(dataset_.labels, dataset_.pred_probs[m]);
      confident_joint(source);
    } catch (const Error& in_model) {
      location = in_model.location();
      location.file = dataset_.pred_probs_files[m];
      return {in_model.code(), in_model.message(), location};
    }
  }
  return error;
}

int64_t Input::num_classes() const {
  return has_pred_probs() ? dataset_.num_classes()
                          : static_cast<int64_t>(dataset_.class_names.size());
}

std::string Input::counted_units(int64_t count) const {
  return counted(count, unit_.singular, unit_.plural);
}

Cell Input::label_cell(int64_t label) const {
  if (label < 0) return std::monostate{};
  if (dataset_.class_names.empty()) return label;
  return std::string_view(dataset_.class_names[static_cast<size_t>(label)]);
}

std::string Input::label_text(int64_t label) const {
  if (label < 0) return "-";
  if (dataset_.class_names.empty()) return fmt::to_string(label);
  return dataset_.class_names[static_cast<size_t>(label)];
}

int64_t Input::find_class(std::string_view text) const {
  for (size_t k = 0; k < dataset_.class_names.size(); ++k) {
    if (dataset_.class_names[k] == text) return static_cast<int64_t>(k);
  }
  const std::optional<int64_t> number = integer_from(text);
  return number && *number >= 0 && *number < num_classes() ? *number : -1;
}

TableColumn Input::label_column(std::string_view title, Style style) const {
  return {std::string(title), dataset_.class_names.empty() ? Align::kRight : Align::kLeft, style};
}

nlohmann::ordered_json Input::summary(const Settings& settings) const {
  nlohmann::ordered_json summary;
  summary["command"] = info(settings.subcommand).name;
  summary["version"] = kVersion;
  summary["inputs"]["labels"] = dataset_.labels_file;
  summary["inputs"]["pred_probs"] = dataset_.pred_probs_files;
  summary["options"] = options_to_json(settings);
  summary["num_examples"] = num_examples();
  summary["num_skipped"] = dataset_.num_skipped;
  summary["num_classes"] = num_classes();
  summary["class_names"] = nullptr;
  if (!dataset_.class_names.empty()) summary["class_names"] = dataset_.class_names;
  if (!weights_.empty()) summary["ensemble_weights"] = weights_;
  return summary;
}

void warn_about_data(const Context& context, const Input& input, const ConfidentJoint& joint) {
  const int64_t num_examples =
      std::accumulate(joint.label_counts.begin(), joint.label_counts.end(), int64_t{0});
  if (joint.num_unnormalized_rows > 0) {
    context.messages.warning(
        fmt::format("the probabilities of {} of {} do not add up to 1; see labelsieve inspect",
                    joint.num_unnormalized_rows, input.counted_units(num_examples)));
  }
  const double accuracy =
      1 - static_cast<double>(joint.num_disagreeing) / static_cast<double>(num_examples);
  if (joint.label_counts.size() > 1 && num_examples >= kFewExamples &&
      accuracy > kInSampleAccuracy) {
    context.messages.warning(fmt::format(
        "the model agrees with {:.2f} % of the given labels: these probabilities look in-sample; "
        "use out-of-sample ones, for example from cross-validation",
        accuracy * 100));
  }
}

void say_written(const Context& context, std::string_view summary_line) {
  const std::string& file = context.settings.output.file;
  if (!file.empty()) context.messages.plain(fmt::format("{} Written to {}.", summary_line, file));
}

std::string counted(int64_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

}  // namespace labelsieve::cli
