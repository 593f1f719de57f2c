// labelsieve inspect for multi-label data: what was read, and what looks wrong with it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "inspect.h"
#include "labelsieve/diagnose_multilabel.h"
#include "multilabel_input.h"

namespace labelsieve::cli {
namespace {

void write_heading(const MultilabelInspection& seen, const MultilabelInput& input, Output& output) {
  const Dataset& dataset = input.dataset();
  const auto line = [&](std::string_view name, const std::string& value) {
    output.write(fmt::format("{:<20}{}\n", name, value));
  };
  line("labels", printable(dataset.labels_file));
  line("pred_probs", fmt::format("{} ({}, {} x {})", printable(dataset.pred_probs_files.front()),
                                 dtype_of(input.dtype()), seen.num_rows, seen.num_classes));
  line("examples",
       fmt::format("{}{}", input.num_examples(),
                   seen.num_ignored > 0 ? fmt::format(" and {} skipped", seen.num_ignored) : ""));
  line("classes",
       fmt::format("{}{}", seen.num_classes, dataset.class_names.empty() ? ", without names" : ""));
  line("labels per example",
       fmt::format("{:.4f} on average, at most {}; {} with none", seen.mean_set_size,
                   seen.max_set_size, input.counted_units(seen.num_empty_sets)));
  line("outside [0, 1]", counted(seen.num_outside_unit_interval, "value", "values"));
  line("not finite", counted(seen.num_not_finite, "value", "values"));
}

void write_classes(const MultilabelInspection& seen, const MultilabelInput& input, Output& output) {
  RowWriter rows(output, {{"position", Align::kRight, Style::kDim},
                          input.label_column("class"),
                          {"num_examples", Align::kRight},
                          {"num_predicted", Align::kRight},
                          {"num_both", Align::kRight},
                          {"mean_prob_given", Align::kRight},
                          {"mean_prob_missing", Align::kRight}});
  const int64_t listed = std::min(seen.num_classes, kClassesInTable);
  for (int64_t k = 0; k < listed; ++k) {
    const auto at = static_cast<size_t>(k);
    const std::vector<Cell> cells = {k,
                                     input.label_cell(k),
                                     seen.label_counts[at],
                                     seen.predicted_counts[at],
                                     seen.agreeing_counts[at],
                                     seen.mean_given[at],
                                     seen.mean_missing[at]};
    rows.write(cells);
  }
  rows.finish();
  if (listed < seen.num_classes) {
    output.write(
        fmt::format("and {} more classes with --format json\n", seen.num_classes - listed));
  }
}

void write_table(const MultilabelInspection& seen, const std::vector<Diagnosis>& diagnoses,
                 const MultilabelInput& input, Output& output) {
  write_heading(seen, input, output);
  output.write("\n");
  write_classes(seen, input, output);
  output.write("\n");
  for (const Diagnosis& diagnosis : diagnoses) {
    output.write(fmt::format("{}: {}\n", diagnosis.kind, diagnosis.message));
  }
  if (diagnoses.empty()) {
    output.write("Nothing looks wrong. Next: labelsieve find lists the label issues.\n");
  }
}

void write_json(const Context& context, const MultilabelInspection& seen,
                const std::vector<Diagnosis>& diagnoses, const MultilabelInput& input,
                Output& output) {
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["summary"] = input.summary(context.settings);
  document["notes"] = input.dataset().notes;
  document["pred_probs"] = input.dataset().pred_probs_files.front();
  document["dtype"] = dtype_of(input.dtype());
  document["label_counts"] = seen.label_counts;
  document["predicted_counts"] = seen.predicted_counts;
  document["agreeing_counts"] = seen.agreeing_counts;
  document["mean_prob_given"] = seen.mean_given;
  document["mean_prob_missing"] = seen.mean_missing;
  document["labels_per_example"]["mean"] = seen.mean_set_size;
  document["labels_per_example"]["max"] = seen.max_set_size;
  document["num_empty_sets"] = seen.num_empty_sets;
  document["num_normalized_rows"] = seen.num_normalized_rows;
  document["num_outside_unit_interval"] = seen.num_outside_unit_interval;
  document["num_not_finite"] = seen.num_not_finite;
  document["diagnoses"] = nlohmann::ordered_json::array();
  for (const Diagnosis& diagnosis : diagnoses) {
    nlohmann::ordered_json entry;
    entry["kind"] = diagnosis.kind;
    entry["message"] = diagnosis.message;
    document["diagnoses"].push_back(std::move(entry));
  }
  output.write(json_text(document) + "\n");
}

}  // namespace

int run_inspect(Context& context, MultilabelInput& input) {
  const MultilabelInspection seen = inspect(input.source(), context.execution());
  const std::vector<Diagnosis> diagnoses = diagnose(seen, input.dataset().class_names);
  context.progress.erase();
  Output output(context.settings.output);
  if (output.format() == Format::kJson) {
    write_json(context, seen, diagnoses, input, output);
  } else {
    write_table(seen, diagnoses, input, output);
  }
  output.commit();
  return kExitClean;
}

}  // namespace labelsieve::cli
