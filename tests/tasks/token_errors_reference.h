// The automatic token scores, naively: definitions.md §11 in double precision with maps, for IOB2.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tasks/corpus.h"

namespace tasks_test {

struct ReferenceErrors {
  std::vector<double> errors;  // s
  std::vector<double> label_quality;
  std::vector<double> sentence_quality;
  std::vector<uint8_t> mask;
  double expected_errors = 0;
};

/// `names` in IOB2 with both sides of every type, no label ignored, words that are one form only
/// when equal.
ReferenceErrors reference_token_errors(const Corpus& corpus, const std::vector<std::string>& names,
                                       const std::vector<std::string>& words,
                                       const std::vector<int64_t>& documents);

}  // namespace tasks_test
