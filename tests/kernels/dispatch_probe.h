// Which instruction set a dispatched kernel really runs on.
#pragma once

#include <string>

namespace test_support {

/// Dispatches a function the way the kernels do; it answers with the target it was compiled for.
std::string dispatched_isa();

}  // namespace test_support
