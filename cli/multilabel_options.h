// What only multi-label data has among the settings.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "labelsieve/multilabel_classification.h"
#include "parse.h"

namespace labelsieve::cli {

struct MultilabelSettings {
  std::string label_separator;  ///< Empty: the reader's default.
  std::vector<std::string> label_columns;
  bool per_class = false;
  PoolingOptions pooling;
};

/// Throws Error{kInvalidArgument} for values that make no sense.
MultilabelSettings make_multilabel_settings(const Arguments& arguments);

/// Adds every option that changes the answer, under the names of the flags.
void multilabel_options_to_json(const MultilabelSettings& settings, bool takes_pooling,
                                nlohmann::ordered_json& options);

}  // namespace labelsieve::cli
