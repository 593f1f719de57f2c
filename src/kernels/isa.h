// The instruction sets of this machine, and a way to force one.
#pragma once

#include <hwy/targets.h>

#include <string>
#include <string_view>
#include <vector>

namespace labelsieve {

/// Names of the instruction sets that the kernels were compiled for and this machine has, best
/// first.
std::vector<std::string> supported_isas();

/// Makes all kernels use one of supported_isas(); an empty name goes back to the best. Returns
/// false for any other name. Not for use while kernels run.
bool force_isa(std::string_view name);

/// What kernels use, as dispatch.h wants it: active_isa() of labelsieve/version.h.
const hwy::ChosenTarget& chosen_target();

}  // namespace labelsieve
