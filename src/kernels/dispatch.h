// Calls a kernel in its version for the instruction set in use.
//
// HWY_EXPORT and HWY_DYNAMIC_DISPATCH would do, if they did not need Highway's shared library: it
// measures the processor's clock when it is loaded, which is most of the start of a program. All
// else is in Highway's headers.
#pragma once

#include <hwy/highway.h>

#include "kernels/isa.h"

#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0  // compiled for one instruction set

#define LABELSIEVE_EXPORT(KERNEL) static_assert(true)
#define LABELSIEVE_DISPATCH(KERNEL) HWY_STATIC_DISPATCH(KERNEL)

#else

/// Defines the table of a kernel's versions, where the kernel's namespace encloses them all.
#define LABELSIEVE_EXPORT(KERNEL)                                             \
  static decltype(&HWY_STATIC_DISPATCH(KERNEL)) const KERNEL##_versions[] = { \
      nullptr, HWY_CHOOSE_TARGET_LIST(KERNEL), HWY_CHOOSE_FALLBACK(KERNEL)}

/// The version to call.
#define LABELSIEVE_DISPATCH(KERNEL) (*KERNEL##_versions[labelsieve::chosen_target().GetIndex()])

#endif
