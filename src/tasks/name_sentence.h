// Errors about rows of flattened tokens say which token of which sentence it is.
#pragma once

#include <cstdint>

#include "labelsieve/sentences.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// Throws Error{kInvalidArgument} if the source is known to have another number of tokens.
void check_num_tokens(const Sentences& sentences, int64_t num_rows);

/// To be called in a catch block: rethrows, an Error about a row with its sentence and token.
[[noreturn]] void rethrow_with_sentence(const Sentences& sentences);

/// f(), with such errors.
template <class F>
decltype(auto) naming_sentences(const Sentences& sentences, const F& f) {
  try {
    return f();
  } catch (...) {
    rethrow_with_sentence(sentences);
  }
}

}  // namespace labelsieve
