// Which columns of a table, or keys of a JSON object, hold what.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/arrays.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// Positions of columns; -1 for what is not there or not wanted.
struct ColumnPlan {
  int64_t label = -1;
  std::vector<int64_t> one_hot;              ///< Sets: columns of zeros and ones, one a class.
  std::vector<std::string> one_hot_classes;  ///< Their classes.
  int64_t id = -1;
  int64_t text = -1;
  std::vector<int64_t> probs;            ///< In the order of the classes.
  std::vector<std::string> class_names;  ///< One per column in `probs`, or empty.
  NameOrigin origin = NameOrigin::kNone;
};

/// Finds the columns by the options and by their usual names (definitions.md §10). Throws
/// Error{kInvalidData} listing the columns when one is missing, stands twice or is ambiguous.
/// `noun` is what the file calls them: "column" or "key".
ColumnPlan plan_columns(const std::vector<std::string>& columns, const std::string& file,
                        std::string_view noun, Wanted wanted, const ReadOptions& options);

}  // namespace labelsieve::io
