// What the properties are tried on.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <string>
#include <vector>

#include "reference/compare.h"
#include "support/data.h"

namespace test_support {

/// A dataset of any kind and type, of up to 400 examples and 40 classes.
inline Data any_data() {
  const auto kind =
      *rc::gen::elementOf(std::vector<Kind>(std::begin(kAllKinds), std::end(kAllKinds)));
  const auto type = *rc::gen::elementOf(std::vector<labelsieve::FloatType>(
      std::begin(reference::kAllFloatTypes), std::end(reference::kAllFloatTypes)));
  const auto examples = *rc::gen::inRange<int64_t>(1, 400);
  const auto classes = *rc::gen::inRange<int64_t>(1, 40);
  const auto seed = *rc::gen::arbitrary<uint64_t>();
  return rounded_to(type, make_data(kind, examples, classes, seed));
}

/// Tries a property; one that fails is shown with the smallest case that rapidcheck finds.
inline void check(const std::string& text, const std::function<void()>& property) {
  EXPECT_TRUE(rc::check(text, property));
}

}  // namespace test_support
