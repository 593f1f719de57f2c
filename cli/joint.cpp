// labelsieve joint: thresholds, joints, noise matrices, prior.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "input.h"
#include "labelsieve/latent.h"
#include "matrix_text.h"

namespace labelsieve::cli {
namespace {

constexpr int64_t kLargestMatrixInTable = 20;
constexpr size_t kEntriesInTable = 20;

JointEstimates estimate(const Context& context, Input& input) {
  ConfidentJointOptions options;
  options.collision = context.settings.filter.collision;
  options.execution = context.execution();
  JointEstimates estimates;
  estimates.joint = confident_joint(input.source(), options);
  estimates.estimated_joint = estimate_joint(estimates.joint.calibrated);
  estimates.latent = estimate_latent(
      estimates.joint.calibrated.mapped<double>([](int64_t n) { return static_cast<double>(n); }),
      estimates.joint.label_counts);
  estimates.num_label_issues = num_label_issues(estimates.estimated_joint, input.num_examples());
  return estimates;
}

void write_classes(const JointEstimates& estimates, const Input& input, Output& output) {
  RowWriter rows(output, {input.label_column("class"),
                          {"num_examples", Align::kRight},
                          {"threshold", Align::kRight},
                          {"prior", Align::kRight}});
  for (int64_t k = 0; k < input.num_classes(); ++k) {
    const auto at = static_cast<size_t>(k);
    const int64_t count = estimates.joint.label_counts[at];
    const std::vector<Cell> cells = {
        input.label_cell(k), count,
        count > 0 ? Cell(estimates.joint.thresholds[at]) : Cell(std::monostate{}),
        estimates.latent.prior[at]};
    rows.write(cells);
  }
  rows.finish();
}

template <class T>
void write_matrix(std::string_view title, std::string_view corner, const SparseMatrix<T>& matrix,
                  const Input& input, Output& output) {
  constexpr int kWidestTitle = 16;
  output.write(fmt::format("\n{}\n\n", title));
  std::vector<TableColumn> columns = {input.label_column(corner)};
  for (int64_t k = 0; k < matrix.size; ++k) {
    columns.push_back({shortened(printable(input.label_text(k)), kWidestTitle), Align::kRight});
  }
  RowWriter rows(output, std::move(columns));
  std::vector<Cell> cells;
  for (int64_t row = 0; row < matrix.size; ++row) {
    cells.assign({input.label_cell(row)});
    for (int64_t column = 0; column < matrix.size; ++column) {
      cells.emplace_back(matrix.at(row, column));
    }
    rows.write(cells);
  }
  rows.finish();
}

void write_matrices(const JointEstimates& estimates, const Input& input, Output& output) {
  write_matrix("Confident joint: examples by given label (rows) and confident guess (columns)",
               "given", estimates.joint.counts, input, output);
  write_matrix(
      "Calibrated confident joint: examples by given label (rows) and true label (columns)",
      "given", estimates.joint.calibrated, input, output);
  write_matrix("Estimated joint P(given, true)", "given", estimates.estimated_joint, input, output);
  write_matrix("Noise matrix P(given | true): rows given, columns true", "given",
               estimates.latent.noise_matrix, input, output);
  write_matrix("Inverse noise matrix P(true | given): rows true, columns given", "true",
               estimates.latent.inverse_noise_matrix, input, output);
}

void write_rows(const std::vector<JointEntry>& entries, const Input& input, Output& output) {
  RowWriter rows(output, {input.label_column("given_label"),
                          input.label_column("true_label"),
                          {"confident_joint", Align::kRight},
                          {"calibrated_confident_joint", Align::kRight},
                          {"estimated_joint", Align::kRight},
                          {"noise_matrix", Align::kRight},
                          {"inverse_noise_matrix", Align::kRight}});
  for (const JointEntry& entry : entries) {
    const std::vector<Cell> cells = {input.label_cell(entry.given),
                                     input.label_cell(entry.truth),
                                     entry.count,
                                     entry.calibrated,
                                     entry.probability,
                                     entry.noise,
                                     entry.inverse_noise};
    rows.write(cells);
  }
  rows.finish();
}

void write_largest_entries(const JointEstimates& estimates, const Input& input, Output& output) {
  std::vector<JointEntry> entries = joint_entries(estimates);
  std::erase_if(entries, [](const JointEntry& entry) {
    return entry.given == entry.truth || entry.calibrated == 0;
  });
  std::stable_sort(entries.begin(), entries.end(), [](const JointEntry& a, const JointEntry& b) {
    return a.calibrated > b.calibrated;
  });
  const size_t num_all = entries.size();
  entries.resize(std::min(num_all, kEntriesInTable));
  output.write(
      fmt::format("The largest {} of {} entries off the diagonal\n\n", entries.size(), num_all));
  write_rows(entries, input, output);
}

std::string summary_line(const JointEstimates& estimates, const Input& input) {
  return fmt::format("Estimated number of wrong labels: {} of {} ({} counted off the diagonal).",
                     estimates.num_label_issues, input.counted_units(),
                     estimates.joint.num_off_diagonal);
}

void write_table(const Context& context, const JointEstimates& estimates, const Input& input,
                 Output& output) {
  const bool is_small = input.num_classes() <= kLargestMatrixInTable;
  if (is_small) {
    write_classes(estimates, input, output);
    write_matrices(estimates, input, output);
  } else {
    write_largest_entries(estimates, input, output);
  }
  output.write(fmt::format("\n{}\n", summary_line(estimates, input)));
  if (!context.messages.quiet()) {
    output.write(is_small ? "Next: labelsieve find lists the examples behind these numbers.\n"
                          : "Next: --format json writes all thresholds and matrices, --format csv "
                            "all entries.\n");
  }
}

void write_json(const Context& context, const JointEstimates& estimates, const Input& input,
                Output& output) {
  output.write("{\"schema_version\":1,\n\"summary\":");
  output.write(json_text(input.summary(context.settings)));
  output.write(fmt::format(
      ",\n\"num_label_issues\":{},\n\"off_diagonal\":{},\n\"off_diagonal_calibrated\":{}",
      estimates.num_label_issues, estimates.joint.num_off_diagonal, estimates.num_label_issues));
  write_json_estimates(estimates, output);
  output.write("}\n");
}

}  // namespace

int run_joint(Context& context, Input& input) {
  const JointEstimates estimates = estimate(context, input);
  context.progress.erase();
  warn_about_data(context, input, estimates.joint);
  Output output(context.settings.output);
  switch (output.format()) {
    case Format::kTable: write_table(context, estimates, input, output); break;
    case Format::kJson: write_json(context, estimates, input, output); break;
    default: write_rows(joint_entries(estimates), input, output);
  }
  output.commit();
  say_written(context, summary_line(estimates, input));
  return kExitClean;
}

}  // namespace labelsieve::cli
