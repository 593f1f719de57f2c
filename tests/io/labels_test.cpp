// How labels find their classes (definitions.md §10), and how files are put together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LabelsTest : public testing::Test {
 protected:
  /// Labels from a CSV file of one column, and as many rows of uniform probabilities.
  ReadOptions options(const std::vector<std::string>& labels, int64_t columns,
                      std::vector<std::string> class_names = {}) {
    std::string text = "label\n";
    for (const std::string& label : labels) text += label + "\n";
    const std::vector<double> probs(labels.size() * static_cast<size_t>(columns),
                                    1.0 / static_cast<double>(columns));
    return {.labels = dir_.write("y.csv", text),
            .pred_probs = {dir_.write("p.npy", npy_probs(probs, columns))},
            .class_names = std::move(class_names)};
  }
  std::vector<int64_t> indices(const std::vector<std::string>& labels, int64_t columns,
                               std::vector<std::string> class_names = {}) {
    return labels_of(read_dataset(options(labels, columns, std::move(class_names))));
  }
  std::string error(const std::vector<std::string>& labels, int64_t columns,
                    std::vector<std::string> class_names = {}) {
    return read_error(options(labels, columns, std::move(class_names)));
  }
  TempDir dir_;
};

TEST_F(LabelsTest, StringsAreMatchedWithTheNamesGiven) {
  EXPECT_THAT(indices({"dog", "cat", " dog"}, 2, {"dog", "cat"}), ElementsAre(0, 1, 0));
  EXPECT_THAT(error({"dog", "cow", "cat", "cow", "pig"}, 2, {"dog", "cat"}),
              AllOf(HasSubstr("y.csv, line 3, column label: 3 labels are not among the 2 classes "
                              "(dog, cat)"),
                    HasSubstr("\"cow\" (2 times), \"pig\"")));
}

TEST_F(LabelsTest, WithoutNamesStringsAreSorted) {
  const Dataset data = read_dataset(options({"dog", "cat", "dog"}, 2));
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0, 1));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("class order: cat, dog")));
  EXPECT_THAT(
      error({"dog", "cat", "dog"}, 3),
      AllOf(HasSubstr("2 different labels (cat, dog) and 3 columns"), HasSubstr("--class-names")));
}

TEST_F(LabelsTest, IntegersAreIndices) {
  EXPECT_THAT(indices({"1", "0", "2.0"}, 3), ElementsAre(1, 0, 2));
  EXPECT_THAT(read_dataset(options({"1", "0"}, 2)).class_names, IsEmpty());
  EXPECT_THAT(error({"1", "1.5"}, 3), AllOf(HasSubstr("line 3"), HasSubstr("whole number")));
  EXPECT_THAT(error({"1", "3"}, 3), HasSubstr("not among the classes 0 to 2"));
  EXPECT_THAT(error({"1", "2", "3"}, 3), HasSubstr("count from 1"));
}

TEST_F(LabelsTest, IntegersAreNamesFirst) {
  EXPECT_THAT(indices({"1", "0", "1"}, 2, {"1", "0"}), ElementsAre(0, 1, 0));
  EXPECT_THAT(indices({"10", "20"}, 2, {"20", "10"}), ElementsAre(1, 0));
  EXPECT_THAT(indices({"1", "0"}, 2, {"cat", "dog"}), ElementsAre(1, 0));
  // 1 and 2 are names, 0 could only be an index.
  EXPECT_THAT(error({"1", "0", "2"}, 3, {"1", "2", "3"}),
              AllOf(HasSubstr("line 3, column label: some labels are names"), HasSubstr("\"0\"")));
  ReadOptions skipping = options({"1", "0", "2"}, 3, {"1", "2", "3"});
  skipping.skip_invalid = true;
  EXPECT_THAT(read_error(skipping), HasSubstr("some labels are names"));
  EXPECT_THAT(error({"1", "-1"}, 2, {"1", "2"}), HasSubstr("\"-1\""));
}

TEST_F(LabelsTest, IntegerArraysFollowTheSameRules) {
  const std::string probs = dir_.write("p.npy", npy_probs({0.5, 0.5, 0.5, 0.5}, 2));
  const auto read = [&](const std::vector<int64_t>& labels, std::vector<std::string> names) {
    return labels_of(read_dataset({.labels = dir_.write("y.npy", npy_labels(labels)),
                                   .pred_probs = {probs},
                                   .class_names = std::move(names)}));
  };
  EXPECT_THAT(read({1, 0}, {"cat", "dog"}), ElementsAre(1, 0));
  EXPECT_THAT(read({1, 0}, {"0", "1"}), ElementsAre(1, 0));
  EXPECT_THAT(read({1, 0}, {"1", "0"}), ElementsAre(0, 1));
  EXPECT_THAT(read({7, 5}, {"5", "7"}), ElementsAre(1, 0));
  EXPECT_THAT(message_of([&] { read({1, 2}, {"2", "3"}); }),
              AllOf(HasSubstr("y.npy, row 0"), HasSubstr("some labels are names")));
}

TEST_F(LabelsTest, ClassNamesAreChecked) {
  EXPECT_THAT(error({"a", "b"}, 2, {"a", "a"}), HasSubstr("\"a\" stands twice"));
  EXPECT_THAT(error({"a", "b"}, 2, {"a", ""}), HasSubstr("empty"));
  EXPECT_THAT(error({"a", "b"}, 2, {"a", "b", "c"}),
              HasSubstr("3 class names (a, b, c) and 2 col"));
}

TEST_F(LabelsTest, NamesGivenReorderColumnsOfTheSameNames) {
  const std::string table = dir_.write("d.csv", "label,p_cat,p_dog\ncat,0.75,0.25\n");
  const Dataset data = read_dataset({.input = table, .class_names = {"dog", "cat"}});
  EXPECT_THAT(data.class_names, ElementsAre("dog", "cat"));
  EXPECT_THAT(probs_of(data), ElementsAre(0.25, 0.75));
  EXPECT_THAT(labels_of(data), ElementsAre(1));
  const Dataset renamed = read_dataset(
      {.input = dir_.write("e.csv", "label,p_0,p_1\nx,0.75,0.25\n"), .class_names = {"x", "y"}});
  EXPECT_THAT(renamed.class_names, ElementsAre("x", "y"));
  EXPECT_THAT(labels_of(renamed), ElementsAre(0));
  EXPECT_THAT(read_error({.input = table, .class_names = {"dog", "cow"}}),
              AllOf(HasSubstr("(cat, dog)"), HasSubstr("dog, cow")));
}

TEST_F(LabelsTest, IntegersBesideNamedColumnsAreIndicesAndThatIsSaid) {
  const Dataset data =
      read_dataset({.input = dir_.write("d.csv", "label,p_cat,p_dog\n1,0.75,0.25\n")});
  EXPECT_THAT(labels_of(data), ElementsAre(1));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("0 = cat, 1 = dog")));
  const Dataset digits =
      read_dataset({.input = dir_.write("e.csv", "label,p_1,p_0\n1,0.75,0.25\n")});
  EXPECT_THAT(labels_of(digits), ElementsAre(0));
}

TEST_F(LabelsTest, PlainColumnsAreNamesOnlyIfTheLabelsSaySo) {
  const auto read = [&](const std::string& text) {
    return read_dataset({.input = dir_.write("d.csv", text), .prob_columns = {"dog", "cat"}});
  };
  const Dataset named = read("label,dog,cat\ncat,1,0\ndog,1,0\n");
  EXPECT_THAT(named.class_names, ElementsAre("dog", "cat"));
  EXPECT_THAT(labels_of(named), ElementsAre(1, 0));
  const Dataset other = read("label,dog,cat\nb,1,0\na,1,0\n");
  EXPECT_THAT(other.class_names, ElementsAre("a", "b"));
  const Dataset integers = read("label,dog,cat\n1,1,0\n0,1,0\n");
  EXPECT_THAT(integers.class_names, IsEmpty());
  EXPECT_THAT(labels_of(integers), ElementsAre(1, 0));
}

TEST_F(LabelsTest, LabelsMayComeFromATableBesideAnArray) {
  const std::string labels = dir_.write("y.csv", "id,text,label\n7,one,b\n8,two,a\n");
  const std::string probs = dir_.write("p.npy", npy_probs({0.75, 0.25, 0.5, 0.5}, 2));
  const Dataset data = read_dataset({.labels = labels, .pred_probs = {probs}});
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0));
  EXPECT_THAT(data.ids, ElementsAre("7", "8"));
  EXPECT_THAT(data.text, ElementsAre("one", "two"));
  EXPECT_EQ(data.labels_file, labels);
  EXPECT_THAT(data.pred_probs_files, ElementsAre(probs));
}

}  // namespace
}  // namespace labelsieve::test
