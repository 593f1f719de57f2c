#include "kernels/isa.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cstdlib>

#include "labelsieve/version.h"

namespace labelsieve {
namespace {

/// Calls f(bit) for the supported targets, best (lowest bit) first.
template <class F>
void for_each_target(int64_t targets, const F& f) {
  for (; targets != 0; targets &= targets - 1) f(targets & -targets);
}

/// What force_isa() left in force; 0 for the machine's own choice.
int64_t& forced_targets() {
  static int64_t forced = 0;
  return forced;
}

int64_t machine_targets() {
  hwy::SetSupportedTargetsForTest(0);
  const int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  hwy::SetSupportedTargetsForTest(forced_targets());
  return targets;
}

/// The environment's choice is taken once, before anything is dispatched.
[[maybe_unused]] const bool kForcedByEnvironment = [] {
  const char* name = std::getenv("LABELSIEVE_ISA");
  return name != nullptr && force_isa(name);
}();

}  // namespace

std::vector<std::string> supported_isas() {
  std::vector<std::string> names;
  for_each_target(machine_targets(),
                  [&names](int64_t target) { names.emplace_back(hwy::TargetName(target)); });
  return names;
}

bool force_isa(std::string_view name) {
  int64_t chosen = 0;
  for_each_target(machine_targets(), [&](int64_t target) {
    if (hwy::TargetName(target) == name) chosen = target;
  });
  if (chosen == 0 && !name.empty()) return false;
  forced_targets() = chosen;
  hwy::SetSupportedTargetsForTest(chosen);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return true;
}

std::string_view active_isa() {
  const int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(targets & -targets);
}

}  // namespace labelsieve
