#include <string_view>
#include <unordered_map>

#include "io/assemble.h"
#include "io/message.h"
#include "io/probabilities.h"

namespace labelsieve::io {
namespace {

using RowsById = std::unordered_map<std::string_view, int64_t>;

RowsById index_ids(const Part& part) {
  RowsById rows;
  rows.reserve(part.ids.size());
  for (size_t i = 0; i < part.ids.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (part.ids[i].empty()) {
      throw Error(ErrorCode::kInvalidData, "the id is missing; the files are joined by it",
                  part.location(row));
    }
    const auto [first, is_new] = rows.emplace(part.ids[i], row);
    if (!is_new) {
      const ErrorLocation where = part.location(first->second);
      const bool text = where.line >= 0;
      throw Error(ErrorCode::kInvalidData,
                  "the id " + quoted_text(part.ids[i]) + " stands already in " +
                      (text ? "line " : "row ") + std::to_string(text ? where.line : where.row) +
                      "; ids that join files must differ",
                  part.location(row));
    }
  }
  return rows;
}

/// "3 ids are not in b.csv ("x1", "x2", …)", or nothing when all are there.
std::string describe_absent(const Part& part, const RowsById& rows, const std::string& file) {
  constexpr int64_t kShown = 3;
  int64_t absent = 0;
  std::string examples;
  for (const std::string& id : part.ids) {
    if (rows.contains(id)) continue;
    if (++absent <= kShown) examples += (absent > 1 ? ", " : "") + quoted_text(id);
  }
  if (absent == 0) return {};
  if (absent > kShown) examples += ", …";
  return count_of(absent, "id") + " of " + part.file + (absent == 1 ? " is" : " are") + " not in " +
         file + " (" + examples + ")";
}

}  // namespace

void join_by_id(const Part& labels, Part& model) {
  const RowsById label_rows = index_ids(labels);
  const RowsById model_rows = index_ids(model);
  const std::string missing = describe_absent(labels, model_rows, model.file);
  const std::string extra = describe_absent(model, label_rows, labels.file);
  if (!missing.empty() || !extra.empty()) {
    throw Error(ErrorCode::kInvalidData, missing + (missing.empty() || extra.empty() ? "" : "; ") +
                                             extra + "; both files must have the same ids");
  }
  std::vector<int64_t> order;
  order.reserve(labels.ids.size());
  bool in_order = true;
  for (const std::string& id : labels.ids) {
    order.push_back(model_rows.at(id));
    in_order &= order.back() == static_cast<int64_t>(order.size()) - 1;
  }
  if (!in_order) reorder_rows(model, order);
}

}  // namespace labelsieve::io
