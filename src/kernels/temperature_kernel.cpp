#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/temperature_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                              // IWYU pragma: keep
// After foreach_target:
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <limits>

#include "kernels/dispatch.h"
#include "kernels/temperature_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most eight lanes: the rows' padding holds whole vectors then.
using DoubleTag = hn::CappedTag<double, 8>;

void log_ratios_here(const PaddedRows& rows, double floor) {
  const DoubleTag d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto lowest = hn::Set(d, floor);
  for (int64_t i = 0; i < rows.count; ++i) {
    double* row = rows.row(i);
    for (int64_t k = rows.columns; k < rows.stride(); ++k) row[k] = floor;
    auto maximum = hn::Set(d, -std::numeric_limits<double>::infinity());
    for (int64_t k = 0; k < rows.columns; k += lanes) {
      const auto logs = hn::Log(d, hn::Max(hn::LoadU(d, row + k), lowest));
      maximum = hn::Max(maximum, logs);
      hn::StoreU(logs, d, row + k);
    }
    // No column is below the floor, so the padding never is the only maximum.
    const auto highest = hn::MaxOfLanes(d, maximum);
    for (int64_t k = 0; k < rows.columns; k += lanes) {
      hn::StoreU(hn::Sub(hn::LoadU(d, row + k), highest), d, row + k);
    }
  }
}

LikelihoodSlopes likelihood_slopes_here(const PaddedRows& rows, const int32_t* labels,
                                        double temperature) {
  const DoubleTag d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto beta = hn::Set(d, temperature);
  LikelihoodSlopes slopes;
  for (int64_t i = 0; i < rows.count; ++i) {
    const double* row = rows.row(i);
    auto sum0 = hn::Zero(d);
    auto sum1 = hn::Zero(d);
    auto sum2 = hn::Zero(d);
    for (int64_t k = 0; k < rows.columns; k += lanes) {
      const auto logs = hn::LoadU(d, row + k);
      const auto here = hn::FirstN(d, static_cast<size_t>(rows.columns - k));
      const auto power = hn::IfThenElseZero(here, hn::Exp(d, hn::Mul(beta, logs)));
      const auto moment = hn::Mul(power, logs);
      sum0 = hn::Add(sum0, power);
      sum1 = hn::Add(sum1, moment);
      sum2 = hn::Add(sum2, hn::Mul(moment, logs));
    }
    const double total = hn::GetLane(hn::SumOfLanes(d, sum0));
    const double mean = hn::GetLane(hn::SumOfLanes(d, sum1)) / total;
    const double square = hn::GetLane(hn::SumOfLanes(d, sum2)) / total;
    slopes.gradient += row[labels[i]] - mean;
    slopes.curvature += square - mean * mean;
  }
  return slopes;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(log_ratios_here);
LABELSIEVE_EXPORT(likelihood_slopes_here);

void log_ratios(const PaddedRows& rows, double floor) {
  LABELSIEVE_DISPATCH(log_ratios_here)(rows, floor);
}
LikelihoodSlopes likelihood_slopes(const PaddedRows& rows, const int32_t* labels,
                                   double temperature) {
  return LABELSIEVE_DISPATCH(likelihood_slopes_here)(rows, labels, temperature);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
