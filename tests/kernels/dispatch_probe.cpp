#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/dispatch_probe.cpp"
#include "kernels/dispatch_probe.h"

#include <hwy/foreach_target.h>  // includes this file once per target

#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace test_support {
namespace HWY_NAMESPACE {

int64_t compiled_target() { return HWY_TARGET; }

}  // namespace HWY_NAMESPACE
}  // namespace test_support
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace test_support {

LABELSIEVE_EXPORT(compiled_target);

std::string dispatched_isa() { return hwy::TargetName(LABELSIEVE_DISPATCH(compiled_target)()); }

}  // namespace test_support
#endif
