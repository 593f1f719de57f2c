// Labels to classes, in every integer type and on every instruction set.
#include "kernels/label_decode.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include "kernels/isa.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

constexpr int64_t kNumClasses = 7;

/// What should come of a label; nothing where it is refused.
std::optional<int32_t> expected_of(int64_t label, std::optional<int64_t> ignored) {
  if (ignored && label == *ignored) return kIgnored;
  if (label < 0 || label >= kNumClasses) return std::nullopt;
  return static_cast<int32_t>(label);
}

template <class T>
class LabelDecode : public testing::Test {
 protected:
  void TearDown() override { force_isa(""); }

  /// Labels 0..6 with `odd` at one place, all in order and then every third.
  static void check(size_t size, size_t place, T odd, std::optional<int64_t> ignored) {
    std::vector<T> labels(size);
    for (size_t i = 0; i < size; ++i) labels[i] = static_cast<T>((i * 5) % kNumClasses);
    labels[place] = odd;
    LabelsView view(labels.data(), static_cast<int64_t>(size));
    view.ignore_label = ignored;
    std::vector<uint32_t> rows(size);
    std::iota(rows.begin(), rows.end(), 0U);
    check_rows(labels, rows, ignored, [&](int32_t* out) {
      decode_labels(view, 0, static_cast<int64_t>(size), kNumClasses, 100, out);
    });
    std::vector<uint32_t> thirds;
    for (size_t i = place % 3; i < size; i += 3) thirds.push_back(static_cast<uint32_t>(i));
    check_rows(labels, thirds, ignored,
               [&](int32_t* out) { decode_labels(view, thirds, kNumClasses, 100, out); });
  }

 private:
  template <class Decode>
  static void check_rows(const std::vector<T>& labels, const std::vector<uint32_t>& rows,
                         std::optional<int64_t> ignored, const Decode& decode) {
    std::vector<int32_t> expected;
    std::optional<int64_t> refused;
    for (const uint32_t row : rows) {
      const auto one = expected_of(static_cast<int64_t>(labels[row]), ignored);
      if (!one && !refused) refused = 100 + int64_t{row};
      expected.push_back(one.value_or(0));
    }
    std::vector<int32_t> out(rows.size());
    try {
      decode(out.data());
      EXPECT_FALSE(refused);
      EXPECT_EQ(expected, out);
    } catch (const Error& error) {
      EXPECT_EQ(refused, error.location().row);
    }
  }
};

using Types = testing::Types<int8_t, int16_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t>;
TYPED_TEST_SUITE(LabelDecode, Types);

TYPED_TEST(LabelDecode, IgnoresAndRefusesWhatALoopDoes) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const auto& isa : supported_isas()) {
    force_isa(isa);
    for (const size_t size : {1U, 5U, 16U, 17U, 100U}) {
      for (const size_t place : {size_t{0}, size / 2, size - 1}) {
        for (const TypeParam odd : {TypeParam{0}, TypeParam{6}, TypeParam{7}, Limits::lowest(),
                                    Limits::max(), static_cast<TypeParam>(-100)}) {
          for (const auto ignored : {std::optional<int64_t>(), std::optional<int64_t>(-100),
                                     std::optional<int64_t>(0), std::optional<int64_t>(6)}) {
            this->check(size, place, odd, ignored);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace labelsieve
