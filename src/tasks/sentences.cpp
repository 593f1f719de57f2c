#include "labelsieve/sentences.h"

#include <algorithm>
#include <string>

#include "labelsieve/error.h"

namespace labelsieve {

Sentences::Sentences(std::span<const int64_t> offsets) : offsets_(offsets) {
  if (offsets.empty() || offsets.front() != 0) {
    throw Error(ErrorCode::kInvalidData,
                "the offsets of sentences begin with 0 and end with the number of tokens");
  }
  const auto wrong = std::adjacent_find(offsets.begin(), offsets.end(), std::greater<>());
  if (wrong != offsets.end()) {
    throw Error(ErrorCode::kInvalidData, "sentence " + std::to_string(wrong - offsets.begin()) +
                                             " ends before it begins; its offsets are " +
                                             std::to_string(wrong[0]) + " and " +
                                             std::to_string(wrong[1]));
  }
}

TokenPosition Sentences::position(int64_t index) const {
  // The last sentence that starts at or before the token; empty ones start where the next does.
  const auto after = std::upper_bound(offsets_.begin(), offsets_.end(), index);
  const int64_t sentence = after - offsets_.begin() - 1;
  return {sentence, index - start(sentence)};
}

std::vector<int64_t> offsets_from_lengths(std::span<const int64_t> lengths) {
  std::vector<int64_t> offsets = {0};
  offsets.reserve(lengths.size() + 1);
  for (const int64_t length : lengths) {
    if (length < 0) {
      throw Error(ErrorCode::kInvalidData, "sentence " + std::to_string(offsets.size() - 1) +
                                               " has the negative length " +
                                               std::to_string(length));
    }
    offsets.push_back(offsets.back() + length);
  }
  return offsets;
}

void check_same_lengths(const Sentences& labels, const Sentences& pred_probs) {
  const int64_t common = std::min(labels.size(), pred_probs.size());
  for (int64_t s = 0; s < common; ++s) {
    if (labels.length(s) == pred_probs.length(s)) continue;
    throw Error(ErrorCode::kInvalidData, "sentence " + std::to_string(s) + " has " +
                                             std::to_string(labels.length(s)) + " labels and " +
                                             std::to_string(pred_probs.length(s)) +
                                             " rows of probabilities; give one row for each label");
  }
  if (labels.size() != pred_probs.size()) {
    throw Error(ErrorCode::kInvalidData,
                "there are " + std::to_string(labels.size()) + " sentences of labels and " +
                    std::to_string(pred_probs.size()) + " of probabilities");
  }
}

}  // namespace labelsieve
