// Accumulators of multi-label counts: any partition, merged in any order, gives what one pass
// gives.
#include <gtest/gtest.h>

#include <algorithm>

#include "labelsieve/count.h"
#include "labelsieve/multilabel_classification.h"
#include "multilabel_data.h"
#include "support/errors.h"

namespace test_support {
namespace {

using labelsieve::ErrorCode;
using labelsieve::MultilabelBlock;
using labelsieve::MultilabelJoint;
using labelsieve::MultilabelJointAccumulator;
using labelsieve::MultilabelThresholdAccumulator;

/// Three accumulators that took the blocks in turn, merged from the last to the first.
template <class Accumulator>
Accumulator merged_from_three(const StoredSets& stored, int64_t block_rows,
                              const Accumulator& empty) {
  SetBlockSource source(stored.ragged(), stored.pred_probs(), block_rows);
  Accumulator parts[3] = {empty, empty, empty};
  size_t turn = 0;
  for (MultilabelBlock block; source.next(block);) parts[turn++ % 3].add(block, {.num_threads = 2});
  Accumulator all = empty;
  for (size_t part = 3; part-- > 0;) all.merge(parts[part]);
  return all;
}

class Accumulators : public testing::TestWithParam<SetKind> {};

TEST_P(Accumulators, AnyPartitionGivesWhatOnePassGives) {
  for (const auto type : {labelsieve::FloatType::kFloat64, labelsieve::FloatType::kFloat32,
                          labelsieve::FloatType::kFloat16}) {
    const SetData data = make_sets(GetParam(), 500, 5, 3, type);
    const StoredSets stored(data);
    auto whole = stored.source();
    const MultilabelJoint expected = labelsieve::multilabel_confident_joint(whole);

    const auto sums = merged_from_three(stored, 37, MultilabelThresholdAccumulator(5));
    EXPECT_EQ(sums.thresholds(), expected.thresholds);
    EXPECT_EQ(sums.label_counts(), expected.label_counts);
    EXPECT_EQ(sums.num_examples(), expected.num_examples);
    EXPECT_EQ(sums, merged_from_three(stored, 500, MultilabelThresholdAccumulator(5)));

    const auto joint = merged_from_three(stored, 41, MultilabelJointAccumulator(sums.thresholds()));
    EXPECT_EQ(joint.counts(), expected.counts);
    EXPECT_EQ(joint.num_off_diagonal(), expected.num_off_diagonal);
    EXPECT_EQ(joint.num_disagreeing(), expected.num_disagreeing);
  }
}

INSTANTIATE_TEST_SUITE_P(Data, Accumulators, testing::ValuesIn(kAllSetKinds),
                         [](const auto& test) { return name(test.param); });

TEST(MultilabelAccumulators, RefuseOthersThatDoNotFit) {
  const StoredSets stored(make_sets(SetKind::kNoisySets, 20, 3, 1));
  auto source = stored.source();
  MultilabelBlock block;
  ASSERT_TRUE(source.next(block));
  MultilabelThresholdAccumulator four(4);
  expect_error(ErrorCode::kInvalidArgument, "4 classes", [&] { four.add(block); });
  expect_error(ErrorCode::kInvalidArgument, "cannot be merged",
               [&] { four.merge(MultilabelThresholdAccumulator(3)); });
  MultilabelJointAccumulator joint({{0.5, 0.5}, {0.5, 0.5}});
  expect_error(ErrorCode::kInvalidArgument, "2 classes", [&] { joint.add(block); });
  expect_error(ErrorCode::kInvalidArgument, "thresholds of the whole dataset",
               [&] { joint.merge(MultilabelJointAccumulator({{0.5, 0.5}, {0.5, 0.25}})); });
}

}  // namespace
}  // namespace test_support
