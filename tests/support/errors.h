// Expecting labelsieve::Error, with what it says and where.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "labelsieve/error.h"

namespace test_support {

/// The Error that `action` throws; a test failure and nothing when it throws none.
template <class Action>
std::optional<labelsieve::Error> error_of(const Action& action) {
  try {
    action();
  } catch (const labelsieve::Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return std::nullopt;
}

/// `action` throws an Error with this code, and its text contains `part`.
template <class Action>
void expect_error(labelsieve::ErrorCode code, const std::string& part, const Action& action) {
  const auto error = error_of(action);
  if (!error) return;
  EXPECT_EQ(code, error->code()) << error->what();
  EXPECT_THAT(error->what(), testing::HasSubstr(part));
  EXPECT_THAT(error->what(), testing::Not(testing::HasSubstr("\n")));
}

}  // namespace test_support
