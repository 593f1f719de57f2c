#include "tasks/name_sentence.h"

#include <string>

#include "base/refuse_argument.h"
#include "labelsieve/error.h"

namespace labelsieve {

void check_num_tokens(const Sentences& sentences, int64_t num_rows) {
  if (num_rows < 0 || num_rows == sentences.num_tokens()) return;
  refuse_argument("the sentences have " + std::to_string(sentences.num_tokens()) +
                  " tokens together, there are " + std::to_string(num_rows) +
                  " labels and rows of probabilities");
}

void rethrow_with_sentence(const Sentences& sentences) {
  try {
    throw;
  } catch (const Error& error) {
    const int64_t row = error.location().row;
    if (row < 0 || row >= sentences.num_tokens()) throw;
    const TokenPosition at = sentences.position(row);
    throw Error(error.code(),
                error.message() + " (sentence " + std::to_string(at.sentence) + ", token " +
                    std::to_string(at.token) + ")",
                error.location());
  }
}

}  // namespace labelsieve
