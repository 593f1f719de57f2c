#include "kernels/isa.h"

#include <hwy/highway.h>

#include <cstdint>
#include <cstdlib>

#include "labelsieve/version.h"

namespace labelsieve {
namespace {

/// The instruction sets of the processor among those that the kernels were compiled for, as bits.
int64_t machine_targets() {
  int64_t targets = HWY_STATIC_TARGET | HWY_SCALAR | HWY_EMU128;
#if HWY_ARCH_X86
  __builtin_cpu_init();
  const bool ssse3 = __builtin_cpu_supports("ssse3");
  const bool sse4 = ssse3 && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2") &&
                    __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("aes");
  const bool avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("f16c") && __builtin_cpu_supports("lzcnt") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  if (ssse3) targets |= HWY_SSSE3;
  if (sse4) targets |= HWY_SSE4;
  if (avx2) targets |= HWY_AVX2;
  if (avx3) targets |= HWY_AVX3;
#endif
  return targets & HWY_TARGETS;
}

/// Calls f(bit) for the supported targets, best (lowest bit) first.
template <class F>
void for_each_target(int64_t targets, const F& f) {
  for (; targets != 0; targets &= targets - 1) f(targets & -targets);
}

/// The one of that name, 0 for none.
int64_t target_named(std::string_view name) {
  int64_t named = 0;
  for_each_target(machine_targets(), [&](int64_t target) {
    if (hwy::TargetName(target) == name) named = target;
  });
  return named;
}

/// What the kernels use.
class Choice {
 public:
  Choice() {
    const char* name = std::getenv("LABELSIEVE_ISA");
    choose(name == nullptr ? 0 : target_named(name));
  }

  /// 0 for the best.
  void choose(int64_t target) {
    targets_ = target != 0 ? target : machine_targets();
    chosen_.Update(targets_);
  }

  int64_t best() const { return targets_ & -targets_; }
  const hwy::ChosenTarget& chosen() const { return chosen_; }

 private:
  int64_t targets_ = 0;
  hwy::ChosenTarget chosen_;
};

Choice& choice() {
  static Choice the_choice;
  return the_choice;
}

}  // namespace

std::vector<std::string> supported_isas() {
  std::vector<std::string> names;
  for_each_target(machine_targets(),
                  [&names](int64_t target) { names.emplace_back(hwy::TargetName(target)); });
  return names;
}

bool force_isa(std::string_view name) {
  const int64_t target = target_named(name);
  if (target == 0 && !name.empty()) return false;
  choice().choose(target);
  return true;
}

std::string_view active_isa() { return hwy::TargetName(choice().best()); }

const hwy::ChosenTarget& chosen_target() { return choice().chosen(); }

}  // namespace labelsieve
