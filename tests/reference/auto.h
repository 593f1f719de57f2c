// The naive oracle of the automatic method: docs/definitions.md §9 word for word, in double
// precision, with dense matrices. It shares no code with the engine.
#pragma once

#include "reference/reference.h"

namespace reference {

struct Auto {
  double temperature = 1;
  double expected_disagreement = 0;
  Table corrections;            // K×K: given, rival
  Vector log_odds;              // of every example
  std::vector<int64_t> rivals;  // of every example
  std::vector<uint8_t> mask;
  double expected = 0;
  double low = 0;
  double high = 0;
};

double fitted_temperature(const Data& data);

/// Everything that follows from a temperature. K > 1.
Auto automatic(const Data& data, double temperature);

}  // namespace reference
