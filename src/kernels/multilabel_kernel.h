// Passes over multi-label rows: K probabilities and K label bytes each, every class a problem of
// its own with the probabilities [1 - p, p].
//
// Whatever those problems ask of a class is monotone in p, so it is a comparison of p with a number
// that is found once per class (tasks/multilabel_limits.h).
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// Arrays with one element per column are read in whole vectors: they, and the label bytes behind
/// the last row, go on for this many elements more than there are columns.
inline constexpr int64_t kColumnPadding = 64;

/// Rows of probabilities, and behind each other their rows of label bytes: 1 where the example has
/// the class, else 0.
template <class T>
struct LabelledRows {
  Rows<T> rows;
  const uint8_t* labels = nullptr;
};

/// Rows that may be summed before the sums have to be emptied.
inline constexpr int64_t kMaxSummedRows = 4096;

/// Sums per column of the given side's probability, p or 1 - p: multiples of 2^-40 and, for what is
/// finer, of 2^-80, each exact in double for kMaxSummedRows rows.
struct GivenSums {
  double* high = nullptr;
  double* low = nullptr;
  double* present_high = nullptr;  // the same of the examples that have the class
  double* present_low = nullptr;
  double* num_present = nullptr;
};

/// Adds rows to the sums. False, the sums then being of no use, if an element is no probability.
bool add_given(const LabelledRows<float16>& rows, const GivenSums& sums);
bool add_given(const LabelledRows<float>& rows, const GivenSums& sums);
bool add_given(const LabelledRows<double>& rows, const GivenSums& sums);

/// Numbers that p is compared with.
template <class W>
struct GuessLimits {
  const W* present = nullptr;  // confidently present: p >= present[k]
  const W* absent = nullptr;   // confidently absent: p <= absent[k]
  W given_disagrees = 0;       // a given class disagrees: p <= given_disagrees
  W missing_disagrees = 0;     // a class that is not given disagrees: p >= missing_disagrees
};

/// Counts per column, exact in W for kMaxSummedRows rows.
template <class W>
struct GuessCounts {
  W* present = nullptr;        // examples confidently present
  W* absent = nullptr;         // examples confidently absent
  W* given_present = nullptr;  // the same of the examples that have the class
  W* given_absent = nullptr;
  W* disagreeing = nullptr;
  W* off_diagonal = nullptr;  // disagreeing and confidently of the other side
};

/// Adds rows to the counts. All elements are probabilities.
void count_guesses(const LabelledRows<float16>& rows, const GuessLimits<float>& limits,
                   const GuessCounts<float>& counts);
void count_guesses(const LabelledRows<float>& rows, const GuessLimits<float>& limits,
                   const GuessCounts<float>& counts);
void count_guesses(const LabelledRows<double>& rows, const GuessLimits<double>& limits,
                   const GuessCounts<double>& counts);

/// Positions i · columns + k, ascending, of the labels that are given with p <= given_at_most[k] or
/// not given with p >= missing_at_least[k]. Returns their number; `out` has room for all labels.
int64_t select_labels(const LabelledRows<float16>& rows, const float* given_at_most,
                      const float* missing_at_least, uint32_t* out);
int64_t select_labels(const LabelledRows<float>& rows, const float* given_at_most,
                      const float* missing_at_least, uint32_t* out);
int64_t select_labels(const LabelledRows<double>& rows, const double* given_at_most,
                      const double* missing_at_least, uint32_t* out);

}  // namespace labelsieve
