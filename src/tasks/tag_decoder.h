// The most probable sequence of tags that a scheme allows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/tag_scheme.h"

namespace labelsieve {

/// Viterbi's algorithm over the classes, in time O(tokens · K): what may precede a class depends
/// only on its type. Products, scaled at each token, so that the result is the same on every
/// machine; ties go to the lower class. Probabilities count as 1e-12 at least, and a step that the
/// scheme does not allow as 1e-100, so that there always is a sequence. One for each thread.
class TagDecoder {
 public:
  explicit TagDecoder(const TagSet& tags);

  /// Forgets the tokens.
  void start();

  /// The next token, with `num_classes()` probabilities.
  template <class T>
  void add(const T* pred_probs);

  /// The labels of all tokens since start(); valid until then.
  std::span<const int32_t> finish();

 private:
  struct Best {
    double value = -1;
    int32_t label = 0;
  };

  void step();

  const TagSet& tags_;
  std::vector<int32_t> group_;  // per class: its type if it needs one of it before, else -1
  std::vector<std::vector<int32_t>> before_type_;  // per type: the classes that can precede
  std::vector<double> values_;       // per class: of the best sequence that ends in it
  std::vector<double> next_values_;  // in: probabilities of the token
  std::vector<Best> best_of_type_;
  std::vector<int32_t> back_;  // per token and class: the label before
  std::vector<int32_t> path_;
  int64_t num_tokens_ = 0;
};

}  // namespace labelsieve
