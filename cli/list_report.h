// A list of results in every format: rows, and around them what the format asks for.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "rows.h"

namespace labelsieve::cli {

struct ListReport {
  std::string_view key;                 ///< Of the rows in JSON, such as "issues".
  nlohmann::ordered_json summary = {};  ///< In JSON.
  std::vector<TableColumn> columns = {};
  int64_t num_rows = 0;
  std::function<void(RowWriter&)> write_rows = {};
  std::string summary_line = {};  ///< Below a table.
  std::string next_step = {};     ///< Below that.
};

/// Writes all of it where the settings say. Throws Error{kIo}.
void write_list(const Context& context, const ListReport& report);

}  // namespace labelsieve::cli
