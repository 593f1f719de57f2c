// Comparisons of the engine's results with the oracle's, with messages that say where they differ.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "labelsieve/sparse_matrix.h"
#include "reference/reference.h"
#include "support/data.h"

namespace reference {

/// A kind of data and a number of classes: what most of these tests run over.
using Case = std::tuple<test_support::Kind, int>;

inline test_support::Data make_case(const Case& chosen) {
  const auto [kind, num_classes] = chosen;
  const int64_t examples = num_classes > 100 ? 1500 : 600;
  return test_support::make_data(kind, examples, num_classes,
                                 static_cast<uint64_t>(1000 * num_classes));
}

inline std::string case_name(const testing::TestParamInfo<Case>& info) {
  return test_support::name(std::get<0>(info.param)) + "_K" +
         std::to_string(std::get<1>(info.param));
}

/// All kinds of data at K = 1, 2, 3, 10 and 17, and those that differ there at K = 64, 65 (where
/// margins are no longer kept) and 1000.
inline std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const test_support::Kind kind : test_support::kAllKinds) {
    for (const int num_classes : {1, 2, 3, 10, 17}) cases.emplace_back(kind, num_classes);
  }
  for (const test_support::Kind kind :
       {test_support::Kind::kNoisy, test_support::Kind::kTied, test_support::Kind::kMissingClass}) {
    for (const int num_classes : {64, 65, 1000}) cases.emplace_back(kind, num_classes);
  }
  return cases;
}

inline constexpr labelsieve::FloatType kAllFloatTypes[] = {labelsieve::FloatType::kFloat16,
                                                           labelsieve::FloatType::kFloat32,
                                                           labelsieve::FloatType::kFloat64};

/// Equal within `tolerance`; NaN equals NaN.
inline testing::AssertionResult near(const std::vector<double>& expected,
                                     const std::vector<double>& actual, double tolerance) {
  if (expected.size() != actual.size()) {
    return testing::AssertionFailure() << actual.size() << " values instead of " << expected.size();
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    const bool both_nan = std::isnan(expected[i]) && std::isnan(actual[i]);
    if (!both_nan && !(std::abs(expected[i] - actual[i]) <= tolerance)) {
      return testing::AssertionFailure() << "value " << i << " is " << actual[i] << " instead of "
                                         << expected[i] << ", tolerance " << tolerance;
    }
  }
  return testing::AssertionSuccess();
}

template <class T>
std::vector<T> flat(const std::vector<std::vector<T>>& rows) {
  std::vector<T> all;
  for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
  return all;
}

inline testing::AssertionResult same_counts(const Counts& expected,
                                            const labelsieve::SparseMatrix<int64_t>& actual) {
  const std::vector<int64_t> dense = actual.to_dense();
  const std::vector<int64_t> wanted = flat(expected);
  if (dense.size() != wanted.size()) return testing::AssertionFailure() << "sizes differ";
  for (size_t e = 0; e < wanted.size(); ++e) {
    if (dense[e] != wanted[e]) {
      return testing::AssertionFailure()
             << "entry [" << e / expected.size() << ", " << e % expected.size() << "] is "
             << dense[e] << " instead of " << wanted[e];
    }
  }
  return testing::AssertionSuccess();
}

inline testing::AssertionResult same_mask(const std::vector<uint8_t>& expected,
                                          const std::vector<uint8_t>& actual) {
  if (expected.size() != actual.size()) return testing::AssertionFailure() << "sizes differ";
  auto failure = testing::AssertionFailure();
  for (size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] != 0 && actual[i] == 0) failure << i << " is not flagged; ";
    if (expected[i] == 0 && actual[i] != 0) failure << i << " is wrongly flagged; ";
  }
  return expected == actual ? testing::AssertionSuccess() : failure;
}

}  // namespace reference
