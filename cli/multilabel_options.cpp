#include "multilabel_options.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "labelsieve/names.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// An option of one aggregator, given beside another, would change nothing.
void check_belongs(const Arguments& arguments, std::string_view flag_name, Pooling needed,
                   Pooling chosen) {
  if (!arguments.has(flag_name) || needed == chosen) return;
  refuse_value(flag_name, fmt::format("belongs to --aggregator {}, not {}", to_string(needed),
                                      to_string(chosen)));
}

PoolingOptions make_pooling(const Arguments& arguments) {
  PoolingOptions pooling;
  if (arguments.has("--aggregator")) {
    const std::string& word = arguments.value("--aggregator");
    const auto chosen = pooling_from(word);
    if (!chosen || *chosen == Pooling::kCustom) {
      refuse_value("--aggregator",
                   fmt::format("\"{}\" is not one of {}", word,
                               joined(split_choices(flag("--aggregator").choices))));
    }
    pooling.pooling = *chosen;
  }
  check_belongs(arguments, "--alpha", Pooling::kExponentialMovingAverage, pooling.pooling);
  check_belongs(arguments, "--softmin-temperature", Pooling::kSoftmin, pooling.pooling);
  if (arguments.has("--alpha")) {
    const std::string& value = arguments.value("--alpha");
    pooling.alpha =
        value == "auto" ? std::nullopt : std::optional(parse_number("--alpha", value, 0, 1));
  }
  if (arguments.has("--softmin-temperature")) {
    const std::string& value = arguments.value("--softmin-temperature");
    pooling.temperature = value == "inf" ? kInfinity
                                         : parse_number("--softmin-temperature", value, 0,
                                                        std::numeric_limits<double>::max());
  }
  return pooling;
}

}  // namespace

MultilabelSettings make_multilabel_settings(const Arguments& arguments) {
  MultilabelSettings settings;
  settings.label_separator = arguments.value("--label-separator");
  if (arguments.has("--label-separator") && settings.label_separator.empty()) {
    refuse_value("--label-separator", "the separator is empty; give the text between two labels");
  }
  for (const std::string& list : arguments.values("--label-columns")) {
    for (std::string& column : split_list(list)) {
      settings.label_columns.push_back(std::move(column));
    }
  }
  settings.per_class = arguments.has("--per-class");
  settings.pooling = make_pooling(arguments);
  return settings;
}

void multilabel_options_to_json(const MultilabelSettings& settings, bool takes_pooling,
                                nlohmann::ordered_json& options) {
  if (!takes_pooling) return;
  const PoolingOptions& pooling = settings.pooling;
  options["per_class"] = settings.per_class;
  options["aggregator"] = to_string(pooling.pooling);
  if (pooling.pooling == Pooling::kExponentialMovingAverage) {
    options["alpha"] = nullptr;
    if (pooling.alpha) options["alpha"] = *pooling.alpha;
  }
  if (pooling.pooling == Pooling::kSoftmin) options["softmin_temperature"] = pooling.temperature;
}

}  // namespace labelsieve::cli
