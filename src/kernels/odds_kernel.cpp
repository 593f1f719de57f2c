#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/odds_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                       // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include <algorithm>

#include "kernels/compress-inl.h"
#include "kernels/dispatch.h"
#include "kernels/label_decode.h"
#include "kernels/odds_kernel.h"
#include "labelsieve/auto_model.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Every number is read and worked out, also those of ignored rows, which may never have been
/// written: without branches, the compiler makes vectors of it.
template <class W>
HWY_INLINE void write_odds(const RowSummaries& rows, const W* self_confidence,
                           const int32_t* labels, int64_t count, float* odds) {
  constexpr auto kLeastOwn = static_cast<float>(kAutoProbabilityFloor);
  // Copies: what is written may be any of these, for all the compiler knows.
  const uint16_t* const maximum = rows.maximum;
  const uint16_t* const argmax = rows.argmax;
  const uint8_t* const second = rows.second;
  for (int64_t i = 0; i < count; ++i) {
    const int first = maximum[i];
    const int next = last_code(second[i]);
    const bool is_top = (argmax[i] == labels[i]) & (argmax[i] != kClassNotHeld);
    const auto own = static_cast<float>(self_confidence[i]);
    const float most = most_of_code(is_top ? next : first) / (own > kLeastOwn ? own : kLeastOwn);
    odds[i] = labels[i] == kIgnored ? 0.0F : most;
  }
}

void write_odds_f32(const RowSummaries& rows, const float* self_confidence, const int32_t* labels,
                    int64_t count, float* odds) {
  write_odds(rows, self_confidence, labels, count, odds);
}
void write_odds_f64(const RowSummaries& rows, const double* self_confidence, const int32_t* labels,
                    int64_t count, float* odds) {
  write_odds(rows, self_confidence, labels, count, odds);
}

int64_t select(const float* odds, const int32_t* labels, int64_t count, const float* least_odds,
               int64_t num_classes, uint32_t* positions) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> integers;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const bool fits_vector = num_classes <= lanes;
  HWY_ALIGN float some[hn::MaxLanes(d)] = {};
  std::copy_n(least_odds, fits_vector ? num_classes : 0, some);
  const auto table = hn::Load(d, some);
  int64_t found = 0;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    if (!fits_vector) {
      for (int64_t lane = 0; lane < lanes; ++lane) {
        some[lane] = least_odds[HWY_MAX(labels[i + lane], 0)];
      }
    }
    const auto classes = hn::Max(hn::LoadU(integers, labels + i), hn::Zero(integers));
    const auto least = fits_vector ? hn::TableLookupLanes(table, hn::IndicesFromVec(d, classes))
                                   : hn::Load(d, some);
    found += store_positions(d, i, hn::Gt(hn::LoadU(d, odds + i), least), positions + found);
  }
  for (; i < count; ++i) {
    positions[found] = static_cast<uint32_t>(i);
    found += odds[i] > least_odds[HWY_MAX(labels[i], 0)] ? 1 : 0;
  }
  return found;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(write_odds_f32);
LABELSIEVE_EXPORT(write_odds_f64);
LABELSIEVE_EXPORT(select);

void write_most_odds(const RowSummaries& rows, const float* self_confidence, const int32_t* labels,
                     int64_t count, float* odds) {
  LABELSIEVE_DISPATCH(write_odds_f32)(rows, self_confidence, labels, count, odds);
}
void write_most_odds(const RowSummaries& rows, const double* self_confidence, const int32_t* labels,
                     int64_t count, float* odds) {
  LABELSIEVE_DISPATCH(write_odds_f64)(rows, self_confidence, labels, count, odds);
}

int64_t select_by_odds(const float* odds, const int32_t* labels, int64_t count,
                       const float* least_odds, int64_t num_classes, uint32_t* positions) {
  return LABELSIEVE_DISPATCH(select)(odds, labels, count, least_odds, num_classes, positions);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
