// labelsieve joint for multi-label data: thresholds and joints of every class.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "labelsieve/count.h"
#include "labelsieve/multilabel_count.h"
#include "multilabel_issues.h"

namespace labelsieve::cli {
namespace {

struct Estimates {
  MultilabelJoint joint;
  std::vector<BinaryMatrix<double>> estimated;
  int64_t num_issues = 0;     // off the diagonals of the calibrated joints
  int64_t num_confident = 0;  // counted off the diagonals
};

Estimates estimate(const Context& context, MultilabelInput& input) {
  Estimates estimates;
  estimates.joint = multilabel_confident_joint(
      input.source(), {.thresholds = {}, .execution = context.execution()});
  estimates.estimated = estimate_multilabel_joint(estimates.joint.calibrated);
  for (const BinaryMatrix<int64_t>& matrix : estimates.joint.calibrated) {
    estimates.num_issues += matrix[0][1] + matrix[1][0];
  }
  for (const int64_t count : estimates.joint.num_off_diagonal) estimates.num_confident += count;
  return estimates;
}

Cell threshold_cell(const MultilabelJoint& joint, size_t k, size_t side) {
  return joint.label_counts[k][side] > 0 ? Cell(joint.thresholds[k][side]) : Cell(std::monostate{});
}

/// One row a class: what people want to know.
void write_classes(const Estimates& estimates, const MultilabelInput& input, Output& output) {
  RowWriter rows(output, {input.label_column("class"),
                          {"num_examples", Align::kRight},
                          {"threshold_absent", Align::kRight},
                          {"threshold_present", Align::kRight},
                          {"estimated_wrongly_given", Align::kRight, Style::kBad},
                          {"estimated_wrongly_missing", Align::kRight, Style::kGood}});
  for (int64_t k = 0; k < input.num_classes(); ++k) {
    const auto at = static_cast<size_t>(k);
    const BinaryMatrix<int64_t>& calibrated = estimates.joint.calibrated[at];
    const std::vector<Cell> cells = {input.label_cell(k),
                                     estimates.joint.label_counts[at][1],
                                     threshold_cell(estimates.joint, at, 0),
                                     threshold_cell(estimates.joint, at, 1),
                                     calibrated[1][0],
                                     calibrated[0][1]};
    rows.write(cells);
  }
  rows.finish();
}

/// Four rows a class: all matrices.
void write_rows(const Estimates& estimates, const MultilabelInput& input, Output& output) {
  RowWriter rows(output, {input.label_column("class"),
                          {"given"},
                          {"true"},
                          {"confident_joint", Align::kRight},
                          {"calibrated_confident_joint", Align::kRight},
                          {"estimated_joint", Align::kRight}});
  for (int64_t k = 0; k < input.num_classes(); ++k) {
    const auto at = static_cast<size_t>(k);
    for (size_t given = 0; given < 2; ++given) {
      for (size_t truth = 0; truth < 2; ++truth) {
        const std::vector<Cell> cells = {input.label_cell(k),
                                         given == 1,
                                         truth == 1,
                                         estimates.joint.counts[at][given][truth],
                                         estimates.joint.calibrated[at][given][truth],
                                         estimates.estimated[at][given][truth]};
        rows.write(cells);
      }
    }
  }
  rows.finish();
}

std::string summary_line(const Estimates& estimates, const MultilabelInput& input) {
  const int64_t labels = input.num_examples() * input.num_classes();
  return fmt::format(
      "Estimated number of wrong labels: {} of {}, one for each class of {} ({} counted off the "
      "diagonals).",
      estimates.num_issues, counted(labels, "label", "labels"), input.counted_units(),
      estimates.num_confident);
}

void write_json(const Context& context, const Estimates& estimates, const MultilabelInput& input,
                Output& output) {
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["summary"] = input.summary(context.settings);
  document["num_label_issues"] = estimates.num_issues;
  document["off_diagonal"] = estimates.num_confident;
  document["off_diagonal_calibrated"] = estimates.num_issues;
  auto& thresholds = document["thresholds"] = nlohmann::ordered_json::array();
  for (size_t k = 0; k < estimates.joint.thresholds.size(); ++k) {
    nlohmann::ordered_json pair = nlohmann::ordered_json::array();
    for (size_t side = 0; side < 2; ++side) {
      pair.emplace_back(nullptr);
      if (estimates.joint.label_counts[k][side] > 0)
        pair[side] = estimates.joint.thresholds[k][side];
    }
    thresholds.push_back(std::move(pair));
  }
  document["label_counts"] = estimates.joint.label_counts;
  document["confident_joint"] = estimates.joint.counts;
  document["calibrated_confident_joint"] = estimates.joint.calibrated;
  document["estimated_joint"] = estimates.estimated;
  output.write(json_text(document) + "\n");
}

}  // namespace

int run_joint(Context& context, MultilabelInput& input) {
  const Estimates estimates = estimate(context, input);
  context.progress.erase();
  warn_about_multilabel_data(context, estimates.joint);
  Output output(context.settings.output);
  switch (output.format()) {
    case Format::kTable:
      write_classes(estimates, input, output);
      output.write(fmt::format("\n{}\n", summary_line(estimates, input)));
      if (!context.messages.quiet()) {
        output.write("Next: labelsieve find lists the examples behind these numbers.\n");
      }
      break;
    case Format::kJson: write_json(context, estimates, input, output); break;
    default: write_rows(estimates, input, output);
  }
  output.commit();
  say_written(context, summary_line(estimates, input));
  return kExitClean;
}

}  // namespace labelsieve::cli
