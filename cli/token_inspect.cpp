#include "token_inspect.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace labelsieve::cli {
namespace {

void write_table(const TokenInput& input, Output& output) {
  const auto line = [&](std::string_view name, const std::string& value) {
    output.write(fmt::format("{:<20}{}\n", name, value));
  };
  line("labels", printable(input.dataset().labels_file));
  line("pred_probs", "none");
  const int64_t skipped = input.dataset().num_skipped;
  line("tokens", fmt::format("{}{}", input.num_examples(),
                             skipped > 0 ? fmt::format(" and {} skipped", skipped) : ""));
  for (const auto& [name, value] : input.facts()) line(name, value);
  output.write("\n");
  RowWriter rows(output, {{"tag"}, {"num_tokens", Align::kRight}});
  for (const auto& [tag, count] : input.tag_counts()) {
    const std::array<Cell, 2> cells = {std::string_view(tag), count};
    rows.write(cells);
  }
  rows.finish();
  output.write("\n");
  const std::vector<Diagnosis> diagnoses = input.more_diagnoses();
  for (const Diagnosis& diagnosis : diagnoses) {
    output.write(fmt::format("{}: {}\n", diagnosis.kind, diagnosis.message));
  }
  if (diagnoses.empty()) {
    output.write(
        "Nothing looks wrong. Next: labelsieve find --pred-probs FILE lists the label "
        "issues.\n");
  }
}

void write_json(const Context& context, const TokenInput& input, Output& output) {
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["summary"] = input.summary(context.settings);
  document["notes"] = input.dataset().notes;
  document["tag_counts"] = nlohmann::ordered_json::object();
  for (const auto& [tag, count] : input.tag_counts()) document["tag_counts"][tag] = count;
  document["diagnoses"] = nlohmann::ordered_json::array();
  for (const Diagnosis& diagnosis : input.more_diagnoses()) {
    document["diagnoses"].push_back({{"kind", diagnosis.kind}, {"message", diagnosis.message}});
  }
  output.write(json_text(document) + "\n");
}

}  // namespace

int inspect_tags(Context& context, const TokenInput& input) {
  Output output(context.settings.output);
  if (output.format() == Format::kJson) {
    write_json(context, input, output);
  } else {
    write_table(input, output);
  }
  output.commit();
  return kExitClean;
}

}  // namespace labelsieve::cli
