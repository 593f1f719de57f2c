// Every filter with every option against the oracle; and the same answer whatever the layout, the
// width of the labels, the blocks and the threads.
#include <gtest/gtest.h>

#include "labelsieve/filter.h"
#include "labelsieve/names.h"
#include "reference/compare.h"
#include "support/options.h"
#include "support/sources.h"

namespace {

using labelsieve::Collision;
using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::IntType;
using reference::FilterChoice;
using reference::same_mask;
using test_support::Data;
using test_support::Layout;
using test_support::Stored;

bool prunes(FilterBy filter_by) {
  return filter_by == FilterBy::kPruneByNoiseRate || filter_by == FilterBy::kPruneByClass ||
         filter_by == FilterBy::kBoth;
}

labelsieve::FilterOptions options_of(const FilterChoice& choice) {
  labelsieve::FilterOptions options;
  options.filter_by = choice.filter_by;
  options.frac_noise = choice.frac_noise;
  options.min_examples_per_class = choice.min_examples_per_class;
  options.num_to_remove_per_class = choice.num_to_remove_per_class;
  options.collision = choice.collision;
  if (choice.joint) {
    options.confident_joint = labelsieve::SparseMatrix<double>::from_dense(
        reference::flat(*choice.joint), static_cast<int64_t>(choice.joint->size()));
  }
  options.thresholds = choice.thresholds;
  return options;
}

void expect_oracle(const Data& data, const FilterChoice& choice) {
  SCOPED_TRACE(std::string(labelsieve::to_string(choice.filter_by)) + ", " +
               test_support::name(data.type));
  const Stored stored(data);
  labelsieve::MemorySource source = stored.source();
  const labelsieve::LabelIssues issues = labelsieve::find_label_issues(source, options_of(choice));
  const std::vector<uint8_t> expected = reference::label_issues(data, choice);
  EXPECT_TRUE(same_mask(expected, issues.mask));
  EXPECT_EQ(std::count(expected.begin(), expected.end(), 1), issues.num_issues);
}

class Filters : public testing::TestWithParam<reference::Case> {};
INSTANTIATE_TEST_SUITE_P(Data, Filters, testing::ValuesIn(reference::all_cases()),
                         reference::case_name);

TEST_P(Filters, DefaultsEqualTheOracle) {
  for (const FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    for (const FilterBy filter_by : test_support::kAllFilters) {
      expect_oracle(data, {.filter_by = filter_by});
    }
  }
}

TEST_P(Filters, OptionsEqualTheOracle) {
  const Data data = reference::make_case(GetParam());
  for (const FilterBy filter_by : test_support::kAllFilters) {
    expect_oracle(data, {.filter_by = filter_by, .collision = Collision::kConfidentArgmax});
    expect_oracle(data,
                  {.filter_by = filter_by,
                   .thresholds = reference::Vector(static_cast<size_t>(data.num_classes), 0.3)});
    if (!prunes(filter_by)) continue;
    for (const double frac_noise : {0.0, 0.3, 0.5, 0.99}) {
      expect_oracle(data, {.filter_by = filter_by, .frac_noise = frac_noise});
    }
    for (const int64_t keep : {0, 5, 60, 100000}) {
      expect_oracle(data, {.filter_by = filter_by, .min_examples_per_class = keep});
    }
    expect_oracle(data, {.filter_by = filter_by, .frac_noise = 0.7, .min_examples_per_class = 20});
  }
}

TEST_P(Filters, NumToRemoveEqualsTheOracle) {
  const Data data = reference::make_case(GetParam());
  std::vector<int64_t> per_class;
  for (int64_t k = 0; k < data.num_classes; ++k) per_class.push_back(k % 4);
  for (const FilterBy filter_by :
       {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass, FilterBy::kBoth}) {
    for (const std::vector<int64_t>& remove :
         {std::vector<int64_t>{0}, std::vector<int64_t>{3}, per_class}) {
      expect_oracle(data, {.filter_by = filter_by, .num_to_remove_per_class = remove});
    }
  }
}

TEST_P(Filters, GivenJointIsUsedAsItIs) {
  const Data data = reference::make_case(GetParam());
  reference::Table raw = reference::to_table(
      reference::confident_joint(data, reference::thresholds(data), Collision::kRowArgmax));
  reference::Table weights = raw;
  for (size_t j = 0; j < weights.size(); ++j) {
    for (double& value : weights[j]) value *= 0.37 + 0.001 * static_cast<double>(j % 50);
  }
  for (const reference::Table& joint : {raw, weights}) {
    for (const FilterBy filter_by :
         {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass, FilterBy::kBoth}) {
      expect_oracle(data, {.filter_by = filter_by, .joint = joint});
      expect_oracle(data, {.filter_by = filter_by, .frac_noise = 0.6, .joint = joint});
    }
  }
}

/// Runs the default filter on `source` and compares it with the oracle.
void expect_default_mask(labelsieve::Source& source, const std::vector<uint8_t>& expected,
                         int threads = 0) {
  labelsieve::FilterOptions options;
  options.execution.num_threads = threads;
  EXPECT_TRUE(same_mask(expected, labelsieve::find_label_issues(source, options).mask));
}

TEST_P(Filters, EveryLayoutGivesTheSame) {
  for (const FloatType type : reference::kAllFloatTypes) {
    if (std::get<1>(GetParam()) > 100 && type == FloatType::kFloat64) continue;  // only slow
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const std::vector<uint8_t> expected = reference::label_issues(data, {});
    for (const Layout layout : test_support::kAllLayouts) {
      SCOPED_TRACE(test_support::name(type) + ", " + test_support::name(layout));
      const Stored stored(data, layout);
      labelsieve::MemorySource source = stored.source();
      expect_default_mask(source, expected);
      test_support::BlockSource blocks = stored.blocks(100);
      expect_default_mask(blocks, expected);
    }
  }
}

TEST_P(Filters, EveryLabelWidthGivesTheSame) {
  const Data data = reference::make_case(GetParam());
  const std::vector<uint8_t> expected = reference::label_issues(data, {});
  const test_support::StoredMatrix matrix(data);
  for (const IntType type :
       {IntType::kInt8, IntType::kInt16, IntType::kInt32, IntType::kInt64, IntType::kUInt8,
        IntType::kUInt16, IntType::kUInt32, IntType::kUInt64}) {
    if (data.num_classes > 100 && size_of(type) == 1) continue;  // the labels do not fit
    for (const bool byte_swapped : {false, true}) {
      for (const int64_t stride : {1, 3}) {
        SCOPED_TRACE("type " + std::to_string(static_cast<int>(type)));
        const test_support::StoredLabels labels(data.labels, type, stride, byte_swapped);
        labelsieve::MemorySource source(labels.view(), matrix.view());
        expect_default_mask(source, expected);
      }
    }
  }
}

TEST_P(Filters, EveryBlockSizeAndThreadCountGivesTheSame) {
  const Data data = test_support::rounded_to(FloatType::kFloat32, reference::make_case(GetParam()));
  const std::vector<uint8_t> expected = reference::label_issues(data, {});
  const Stored stored(data);
  for (const int threads : {1, 2, 3, 8}) {
    labelsieve::MemorySource whole = stored.source();
    expect_default_mask(whole, expected, threads);
    for (const int64_t rows : {1, 7, 64, 100000}) {
      SCOPED_TRACE(std::to_string(threads) + " threads, blocks of " + std::to_string(rows));
      test_support::BlockSource blocks = stored.blocks(rows);
      expect_default_mask(blocks, expected, threads);
    }
  }
}

}  // namespace
