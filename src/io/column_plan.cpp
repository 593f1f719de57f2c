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
    plan_.label = find(options_.label_column, kLabelColumns, true);
    // A table of one column has nothing else to offer.
    if (plan_.label < 0 && columns_.size() == 1) plan_.label = 0;
    if (plan_.label < 0) {
      fail("there is no " + std::string(noun_) + " of labels; name it with --label-column");
    }
  }

  void plan_probabilities() {
    if (!options_.prob_columns.empty()) {
      use_named_columns();
      return;
    }
    const std::vector<int64_t> prefixed = prefixed_columns();
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

  /// Columns named p_<class>, or prob_<class>.
  std::vector<int64_t> prefixed_columns() const {
    std::vector<int64_t> found;
    std::string_view used;
    for (const std::string_view prefix : kPrefixes) {
      for (size_t i = 0; i < columns_.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        if (at == plan_.label || at == plan_.id || at == plan_.text) continue;
        if (!columns_[i].starts_with(prefix) || columns_[i].size() == prefix.size()) continue;
        if (!used.empty() && used != prefix) {
          fail("some " + std::string(noun_) +
               "s begin with p_ and some with prob_; name those of the probabilities with "
               "--prob-columns");
        }
        used = prefix;
        found.push_back(at);
      }
    }
    return found;
  }

  void use_columns(const std::vector<int64_t>& positions) {
    plan_.probs = positions;
    for (const std::string_view prefix : kPrefixes) {
      const bool all = std::all_of(positions.begin(), positions.end(), [&](int64_t at) {
        const std::string& name = columns_[static_cast<size_t>(at)];
        return name.starts_with(prefix) && name.size() > prefix.size();
      });
      if (!all) continue;
      for (const int64_t at : positions) {
        plan_.class_names.push_back(columns_[static_cast<size_t>(at)].substr(prefix.size()));
      }
      plan_.origin = NameOrigin::kColumns;
      return;
    }
    for (const int64_t at : positions) {
      plan_.class_names.push_back(columns_[static_cast<size_t>(at)]);
    }
    plan_.origin = NameOrigin::kPlainColumns;
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
