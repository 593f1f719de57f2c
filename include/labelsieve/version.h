// The version of the library, and the instruction set it runs on.
#pragma once

#include <string_view>

namespace labelsieve {

inline constexpr std::string_view kVersion = "0.1.0";

/// The instruction set that the kernels use on this machine, such as "AVX3" or "AVX2".
/// The environment variable LABELSIEVE_ISA (a name from supported_isas()) forces another.
std::string_view active_isa();

}  // namespace labelsieve
