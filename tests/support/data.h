// Datasets for the tests: made from a seed, of every kind that has ever broken such code.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "reference/reference.h"

namespace test_support {

using reference::Data;

enum class Kind {
  kNoisy,         ///< A fair model, one label in eight flipped to a neighbouring class.
  kRandom,        ///< Labels and probabilities have nothing to do with each other.
  kTied,          ///< Probabilities are multiples of 1/8: ties everywhere.
  kImbalanced,    ///< Most examples are of class 0, some classes have one or two.
  kMissingClass,  ///< Every third class has no example.
  kSaturated,     ///< Zeros and ones.
  kUniform,       ///< All rows the same.
};

inline constexpr Kind kAllKinds[] = {Kind::kNoisy,      Kind::kRandom,       Kind::kTied,
                                     Kind::kImbalanced, Kind::kMissingClass, Kind::kSaturated,
                                     Kind::kUniform};

std::string name(Kind kind);
inline void PrintTo(Kind kind, std::ostream* out) { *out << name(kind); }  // for GoogleTest
std::string name(labelsieve::FloatType type);

/// The same data for the same arguments, on every machine.
Data make_data(Kind kind, int64_t num_examples, int64_t num_classes, uint64_t seed);

/// The same data with each probability rounded to what `type` can hold.
Data rounded_to(labelsieve::FloatType type, Data data);

/// The examples at `indices`, in that order.
Data selected(const Data& data, const std::vector<int64_t>& indices);

}  // namespace test_support
