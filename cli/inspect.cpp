// labelsieve inspect: what was read, and what looks wrong with it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "input.h"
#include "inspect.h"
#include "labelsieve/diagnose.h"

namespace labelsieve::cli {
namespace {

struct ModelReport {
  std::string file;
  std::string_view dtype;
  Inspection inspection;
  std::vector<Diagnosis> diagnoses;
};

std::vector<ModelReport> inspect_models(const Context& context, const Input& input) {
  const Dataset& dataset = input.dataset();
  std::vector<ModelReport> reports;
  for (size_t m = 0; m < dataset.pred_probs.size(); ++m) {
    MemorySource source(dataset.labels, dataset.pred_probs[m]);
    ModelReport& report = reports.emplace_back();
    report.file = dataset.pred_probs_files[m];
    report.dtype = dtype_of(dataset.pred_probs[m].type);
    report.inspection = inspect(source, context.execution());
    report.diagnoses = diagnose(report.inspection, dataset.class_names);
    for (Diagnosis& more : input.more_diagnoses()) report.diagnoses.push_back(std::move(more));
  }
  return reports;
}

void write_heading(const ModelReport& report, const Input& input, Output& output) {
  const Inspection& seen = report.inspection;
  const auto line = [&](std::string_view name, const std::string& value) {
    output.write(fmt::format("{:<20}{}\n", name, value));
  };
  line("labels", printable(input.dataset().labels_file));
  line("pred_probs", fmt::format("{} ({}, {} x {})", printable(report.file), report.dtype,
                                 seen.num_rows, seen.num_classes));
  line(input.unit().plural,
       fmt::format("{}{}", input.num_examples(),
                   seen.num_ignored > 0 ? fmt::format(" and {} skipped", seen.num_ignored) : ""));
  line("classes", fmt::format("{}{}", seen.num_classes,
                              input.dataset().class_names.empty() ? ", without names" : ""));
  for (const auto& [name, value] : input.facts()) line(name, value);
  line("argmax accuracy", fmt::format("{:.4f}", seen.argmax_accuracy));
  line("row sums", fmt::format("{:.4f} to {:.4f}, mean {:.4f}; {} not within 0.01 of 1",
                               seen.min_row_sum, seen.max_row_sum, seen.mean_row_sum,
                               counted(seen.num_unnormalized_rows, "row", "rows")));
  line("outside [0, 1]", counted(seen.num_outside_unit_interval, "value", "values"));
  line("not finite", counted(seen.num_not_finite, "value", "values"));
}

void write_classes(const Inspection& seen, const Input& input, Output& output) {
  RowWriter rows(output, {{"position", Align::kRight, Style::kDim},
                          input.label_column("class"),
                          {"num_examples", Align::kRight},
                          {"num_predicted", Align::kRight},
                          input.label_column("most_common_prediction")});
  const int64_t listed = std::min(seen.num_classes, kClassesInTable);
  for (int64_t k = 0; k < listed; ++k) {
    const auto at = static_cast<size_t>(k);
    const std::vector<Cell> cells = {k, input.label_cell(k), seen.label_counts[at],
                                     seen.argmax_counts[at],
                                     input.label_cell(seen.most_common_prediction[at])};
    rows.write(cells);
  }
  rows.finish();
  if (listed < seen.num_classes) {
    output.write(
        fmt::format("and {} more classes with --format json\n", seen.num_classes - listed));
  }
}

void write_table(const std::vector<ModelReport>& reports, const Input& input, Output& output) {
  bool is_first = true;
  for (const ModelReport& report : reports) {
    if (!is_first) output.write("\n");
    is_first = false;
    write_heading(report, input, output);
    output.write("\n");
    write_classes(report.inspection, input, output);
    output.write("\n");
    for (const Diagnosis& diagnosis : report.diagnoses) {
      output.write(fmt::format("{}: {}\n", diagnosis.kind, diagnosis.message));
    }
    if (report.diagnoses.empty()) {
      output.write("Nothing looks wrong. Next: labelsieve find lists the label issues.\n");
    }
  }
}

nlohmann::ordered_json to_json(const ModelReport& report, const Input& input) {
  const Inspection& seen = report.inspection;
  nlohmann::ordered_json json;
  json["pred_probs"] = report.file;
  json["dtype"] = report.dtype;
  json["argmax_accuracy"] = seen.argmax_accuracy;
  json["argmax_counts"] = seen.argmax_counts;
  json["most_common_prediction"] = nlohmann::ordered_json::array();
  for (const int32_t label : seen.most_common_prediction) {
    nlohmann::ordered_json name;
    if (label >= 0 && input.dataset().class_names.empty()) name = label;
    if (label >= 0 && !input.dataset().class_names.empty()) name = input.label_text(label);
    json["most_common_prediction"].push_back(std::move(name));
  }
  json["row_sums"]["min"] = seen.min_row_sum;
  json["row_sums"]["max"] = seen.max_row_sum;
  json["row_sums"]["mean"] = seen.mean_row_sum;
  json["num_unnormalized_rows"] = seen.num_unnormalized_rows;
  json["num_outside_unit_interval"] = seen.num_outside_unit_interval;
  json["num_not_finite"] = seen.num_not_finite;
  json["diagnoses"] = nlohmann::ordered_json::array();
  for (const Diagnosis& diagnosis : report.diagnoses) {
    nlohmann::ordered_json entry;
    entry["kind"] = diagnosis.kind;
    entry["message"] = diagnosis.message;
    json["diagnoses"].push_back(std::move(entry));
  }
  return json;
}

void write_json(const Context& context, const std::vector<ModelReport>& reports, const Input& input,
                Output& output) {
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["summary"] = input.summary(context.settings);
  document["notes"] = input.dataset().notes;
  document["label_counts"] = reports.front().inspection.label_counts;
  document["models"] = nlohmann::ordered_json::array();
  for (const ModelReport& report : reports) document["models"].push_back(to_json(report, input));
  output.write(json_text(document) + "\n");
}

}  // namespace

int run_inspect(Context& context, Input& input) {
  const std::vector<ModelReport> reports = inspect_models(context, input);
  context.progress.erase();
  Output output(context.settings.output);
  if (output.format() == Format::kJson) {
    write_json(context, reports, input, output);
  } else {
    write_table(reports, input, output);
  }
  output.commit();
  return kExitClean;
}

}  // namespace labelsieve::cli
