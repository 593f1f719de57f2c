#include "io/bad_labels.h"

#include <algorithm>

#include "io/message.h"
#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

constexpr size_t kMaxExamples = 5;

}  // namespace

void BadLabels::add_unknown(int64_t row, const std::string& label) {
  if (unknown_++ == 0) first_unknown_ = row;
  const auto known = std::find_if(examples_.begin(), examples_.end(),
                                  [&](const auto& example) { return example.first == label; });
  if (known != examples_.end()) {
    ++known->second;
  } else if (examples_.size() < kMaxExamples) {
    examples_.emplace_back(label, 1);
  } else {
    more_ = true;
  }
}

void BadLabels::refuse(const Part& part, const std::string& classes,
                       const std::string& hint) const {
  const std::string& column = part.labels->name;
  if (unknown_ == 0) {
    throw Error(ErrorCode::kInvalidData,
                count_of(missing_, "label") + (missing_ == 1 ? " is" : " are") +
                    " missing, the first one here; fill in, or leave such rows out with "
                    "--skip-invalid",
                part.location(first_missing_, column));
  }
  std::string shown;
  for (const auto& [label, count] : examples_) {
    if (!shown.empty()) shown += ", ";
    shown += quoted_text(label);
    if (count > 1) shown += " (" + std::to_string(count) + " times)";
  }
  if (more_) shown += ", …";
  throw Error(ErrorCode::kInvalidData,
              count_of(unknown_, "label") + (unknown_ == 1 ? " is" : " are") + " not among " +
                  classes + ", the first one here: " + shown + hint,
              part.location(first_unknown_, column));
}

std::string index_range(int64_t num_classes) {
  return num_classes == 1 ? "the classes (only 0)"
                          : "the classes 0 to " + std::to_string(num_classes - 1);
}

std::string index_hint(int64_t smallest, int64_t largest, int64_t num_classes) {
  if (smallest == 1 && largest == num_classes) {
    return "; the labels seem to count from 1, but must count from 0: subtract 1";
  }
  return kSkipLabelsHint;
}

}  // namespace labelsieve::io
