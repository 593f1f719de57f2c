#include "io/column_plan.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "io/message.h"

namespace labelsieve::io {
namespace {

constexpr std::array<std::string_view, 6> kLabelColumns = {"label",  "given_label", "labels",
                                                           "target", "y",           "class"};
constexpr std::array<std::string_view, 1> kIdColumns = {"id"};
constexpr std::array<std::string_view, 1> kTextColumns = {"text"};
constexpr std::array<std::string_view, 8> kProbColumns = {
    "pred_probs", "probs", "probabilities", "predicted_probabilities",
    "scores",     "prob",  "proba",         "p"};
constexpr std::array<std::string_view, 2> kPrefixes = {"p_", "prob_"};
constexpr std::array<std::string_view, 2> kOneHotPrefixes = {"label_", "y_"};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

class Planner {
 public:
  Planner(const std::vector<std::string>& columns, const std::string& file, std::string_view noun,
          Wanted wanted, const ReadOptions& options)
      : columns_(columns), file_(file), noun_(noun), wanted_(wanted), options_(options) {}

  ColumnPlan plan() {
    // Beside the labels a named column must be there; a model's file may do without it.
    plan_.id = find(options_.id_column, kIdColumns, wanted_.labels);
    plan_.text = find(options_.text_column, kTextColumns, wanted_.labels);
    if (wanted_.labels) plan_labels();
    if (wanted_.pred_probs) plan_probabilities();
    return std::move(plan_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw Error(ErrorCode::kInvalidData,
                message + "; the " + std::string(noun_) + "s are " + list_of(columns_),
                {.file = file_});
  }

  /// The position of a name, -1 if it is not there.
  int64_t position(std::string_view name, bool ignore_case = false) const {
    int64_t found = -1;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const bool equal = ignore_case ? equal_ignoring_case(columns_[i], name) : columns_[i] == name;
      if (!equal) continue;
      if (found >= 0) fail("the " + std::string(noun_) + " " + quoted_text(name) + " stands twice");
      found = static_cast<int64_t>(i);
    }
    return found;
  }

  int64_t find(const std::string& named, std::span<const std::string_view> usual,
               bool required) const {
    if (!named.empty()) {
      const int64_t found = position(named);
      if (found < 0 && required) {
        fail("there is no " + std::string(noun_) + " " + quoted_text(named));
      }
      return found;
    }
    for (const bool ignore_case : {false, true}) {
      for (const std::string_view name : usual) {
        const int64_t found = position(name, ignore_case);
        if (found >= 0) return found;
      }
    }
    return -1;
  }

  void plan_labels() {
    if (wanted_.sets != nullptr && plan_one_hot()) return;
    plan_.label = find(options_.label_column, kLabelColumns, true);
    // A table of one column has nothing else to offer.
    if (plan_.label < 0 && columns_.size() == 1) plan_.label = 0;
    if (plan_.label < 0) {
      fail("there is no " + std::string(noun_) + " of labels; name it with --label-column" +
           (wanted_.sets != nullptr ? ", or columns of zeros and ones with --label-columns" : ""));
    }
  }

  /// Columns of zeros and ones: those that are named, else, where there is no column of labels,
  /// label_<class> or y_<class>. False where there are none.
  bool plan_one_hot() {
    const std::vector<std::string>& named = wanted_.sets->columns;
    for (const std::string& name : named) {
      const int64_t found = position(name);
      if (found < 0) fail("there is no " + std::string(noun_) + " " + quoted_text(name));
      if (std::find(plan_.one_hot.begin(), plan_.one_hot.end(), found) != plan_.one_hot.end()) {
        fail("--label-columns names " + quoted_text(name) + " twice");
      }
      plan_.one_hot.push_back(found);
    }
    if (named.empty()) {
      if (noun_ != "column") return false;
      if (!options_.label_column.empty() || find({}, kLabelColumns, false) >= 0) return false;
      plan_.one_hot = prefixed_columns(kOneHotPrefixes,
                                       "name those of the labels with "
                                       "--label-columns");
    }
    plan_.one_hot_classes = names_without_prefix(plan_.one_hot, kOneHotPrefixes);
    return !plan_.one_hot.empty();
  }

  void plan_probabilities() {
    if (!options_.prob_columns.empty()) {
      use_named_columns();
      return;
    }
    const std::vector<int64_t> prefixed =
        prefixed_columns(kPrefixes, "name those of the probabilities with --prob-columns");
    const int64_t single = find({}, kProbColumns, false);
    if (prefixed.size() > 1 || (prefixed.size() == 1 && single < 0)) {
      use_columns(prefixed);
    } else if (single >= 0 && single != plan_.label) {
      plan_.probs = {single};
    } else {
      fail("there are no " + std::string(noun_) +
           "s of probabilities; name them p_<class>, or with --prob-columns");
    }
  }

  void use_named_columns() {
    std::vector<int64_t> positions;
    for (const std::string& name : options_.prob_columns) {
      const int64_t found = position(name);
      if (found < 0) fail("there is no " + std::string(noun_) + " " + quoted_text(name));
      if (std::find(positions.begin(), positions.end(), found) != positions.end()) {
        fail("--prob-columns names " + quoted_text(name) + " twice");
      }
      positions.push_back(found);
    }
    use_columns(positions);
  }

  /// Columns whose names begin with one of the prefixes, such as p_<class> or prob_<class>. `hint`
  /// says what to do where both are used.
  std::vector<int64_t> prefixed_columns(std::span<const std::string_view> prefixes,
                                        const std::string& hint) const {
    std::vector<int64_t> found;
    std::string_view used;
    for (const std::string_view prefix : prefixes) {
      for (size_t i = 0; i < columns_.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        if (at == plan_.label || at == plan_.id || at == plan_.text) continue;
        if (!columns_[i].starts_with(prefix) || columns_[i].size() == prefix.size()) continue;
        if (!used.empty() && used != prefix) {
          fail("some " + std::string(noun_) + "s begin with " + std::string(used) +
               " and some with " + std::string(prefix) + "; " + hint);
        }
        used = prefix;
        found.push_back(at);
      }
    }
    return found;
  }

  /// The prefix that all these columns have; empty where there is none.
  std::string_view common_prefix(const std::vector<int64_t>& positions,
                                 std::span<const std::string_view> prefixes) const {
    for (const std::string_view prefix : prefixes) {
      const bool all = std::all_of(positions.begin(), positions.end(), [&](int64_t at) {
        const std::string& name = columns_[static_cast<size_t>(at)];
        return name.starts_with(prefix) && name.size() > prefix.size();
      });
      if (all) return prefix;
    }
    return {};
  }

  /// The names of columns, without the prefix that all of them have.
  std::vector<std::string> names_without_prefix(const std::vector<int64_t>& positions,
                                                std::span<const std::string_view> prefixes) const {
    const size_t prefix = common_prefix(positions, prefixes).size();
    std::vector<std::string> names;
    for (const int64_t at : positions) {
      names.push_back(columns_[static_cast<size_t>(at)].substr(prefix));
    }
    return names;
  }

  void use_columns(const std::vector<int64_t>& positions) {
    plan_.probs = positions;
    plan_.class_names = names_without_prefix(positions, kPrefixes);
    plan_.origin = common_prefix(positions, kPrefixes).empty() ? NameOrigin::kPlainColumns
                                                               : NameOrigin::kColumns;
  }

  const std::vector<std::string>& columns_;
  const std::string& file_;
  std::string_view noun_;
  Wanted wanted_;
  const ReadOptions& options_;
  ColumnPlan plan_;
};

}  // namespace

ColumnPlan plan_columns(const std::vector<std::string>& columns, const std::string& file,
                        std::string_view noun, Wanted wanted, const ReadOptions& options) {
  return Planner(columns, file, noun, wanted, options).plan();
}

}  // namespace labelsieve::io
