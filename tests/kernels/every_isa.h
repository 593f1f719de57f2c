// A test that runs on every instruction set of this machine.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "kernels/dispatch_probe.h"
#include "kernels/isa.h"

namespace test_support {

class EveryIsa : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(labelsieve::force_isa(GetParam()));
    // Fails where the library would go on with another instruction set.
    ASSERT_EQ(GetParam(), labelsieve::active_isa());
    ASSERT_EQ(GetParam(), dispatched_isa());
  }
  void TearDown() override { labelsieve::force_isa(""); }
};

/// For the suites of tests that derive from it.
#define INSTANTIATE_FOR_EVERY_ISA(Suite)                                                    \
  INSTANTIATE_TEST_SUITE_P(Machine, Suite, testing::ValuesIn(labelsieve::supported_isas()), \
                           [](const auto& chosen) { return chosen.param; })

}  // namespace test_support
