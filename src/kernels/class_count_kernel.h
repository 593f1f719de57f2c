// Sums and counts by class.
#pragma once

#include <cstdint>

namespace labelsieve {

/// Places that the functions here may write behind what they return.
inline constexpr int64_t kClassPadding = 64;

/// What add_class_sums() adds to, one element per class.
struct ClassSums {
  int64_t* sums = nullptr;  // multiples of kClassSumUnit
  int64_t* counts = nullptr;
};

/// Floats from kSmallestClassSummand to 1 are multiples of it, and 2^25 of them fit in a sum.
inline constexpr double kClassSumUnit = 0x1p-37;
inline constexpr float kSmallestClassSummand = 0x1p-14F;
inline constexpr int64_t kMaxClassSummands = int64_t{1} << 25;

/// Adds probabilities, and their number, to their classes, exactly. Negative classes are passed
/// over. Those too small for the unit are not added: their positions are written to `small`,
/// ascending, and their number returned. `small` has room for count + kClassPadding.
int64_t add_class_sums(const int32_t* classes, const float* probabilities, int64_t count,
                       int64_t num_classes, const ClassSums& out, uint32_t* small);

/// Adds the number of examples whose guess is their given class to `counts`, by class; writes the
/// positions of those that are guessed to be of another to `others`, ascending, and returns their
/// number. Negative guesses are none. `others` has room for count + kClassPadding.
int64_t count_agreeing(const int32_t* given, const int32_t* guesses, int64_t count,
                       int64_t num_classes, int64_t* counts, uint32_t* others);

}  // namespace labelsieve
