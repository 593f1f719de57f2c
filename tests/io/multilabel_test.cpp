// Sets of labels from every format: lists, cells with separators, zeros and ones; what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/io_files.h"
#include "kernels/label_set_decode.h"
#include "labelsieve/read_multilabel.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The sets as the engine sees them; {-1} for a row that is left out.
std::vector<std::vector<int>> sets_of(const MultilabelDataset& data) {
  std::vector<std::vector<int>> sets;
  const int64_t classes = data.num_classes();
  for (int64_t row = 0; row < data.num_rows(); ++row) {
    std::vector<int> set;
    if (data.labels.ignored != nullptr && data.labels.ignored[row] != 0) {
      sets.push_back({-1});
      continue;
    }
    std::vector<uint8_t> bytes(static_cast<size_t>(classes) + 64);
    decode_label_sets(data.labels, row, nullptr, 1, classes, 0, bytes.data());
    for (int k = 0; k < classes; ++k) {
      if (bytes[static_cast<size_t>(k)] != 0) set.push_back(k);
    }
    sets.push_back(set);
  }
  return sets;
}

std::vector<double> multilabel_probs_of(const MultilabelDataset& data) {
  Dataset plain;
  plain.pred_probs.push_back(data.pred_probs);
  return probs_of(plain);
}

using Set = std::vector<int>;

class MultilabelTest : public testing::Test {
 protected:
  MultilabelDataset read(std::string_view name, const std::string& text,
                         MultilabelReadOptions options = {}) {
    options.common.input = dir_.write(name, text);
    return read_multilabel(options);
  }
  std::string error(std::string_view name, const std::string& text,
                    MultilabelReadOptions options = {}) {
    options.common.input = dir_.write(name, text);
    return message_of([&] { (void)read_multilabel(options); });
  }
  MultilabelReadOptions files(const std::string& labels, const std::string& probs) {
    MultilabelReadOptions options;
    options.common.labels = dir_.write("labels.npy", labels);
    options.common.pred_probs = {dir_.write("probs.npy", probs)};
    return options;
  }
  TempDir dir_;
};

const char* const kLists =
    "{\"id\":\"a\",\"text\":\"A "
    "cat.\",\"labels\":[\"cat\",\"dog\",\"cat\"],\"probs\":[0.9,0.8,0.1]}"
    "\n\n{\"id\":\"b\",\"text\":\"\",\"labels\":[],\"probs\":[0.9,0.9,1]}\n"
    "{\"labels\":[\"emu\"],\"id\":\"c\",\"text\":\"Emu\",\"probs\":[0,0,1]}\n";

TEST_F(MultilabelTest, ReadsLists) {
  const MultilabelDataset data = read("data.jsonl", kLists);
  EXPECT_THAT(sets_of(data), ElementsAre(Set{0, 1}, Set{}, Set{2}));
  EXPECT_THAT(multilabel_probs_of(data), ElementsAre(0.9, 0.8, 0.1, 0.9, 0.9, 1, 0, 0, 1));
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog", "emu"));  // sorted, and said
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("class order: cat, dog, emu")));
  EXPECT_THAT(data.ids, ElementsAre("a", "b", "c"));
  EXPECT_THAT(data.text, ElementsAre("A cat.", "", "Emu"));
  EXPECT_THAT(data.source_lines, ElementsAre(1, 3, 4));
}

TEST_F(MultilabelTest, ReadsListsOfIndicesAndNames) {
  const std::string rest = "\"probs\":{\"x\":0.5,\"y\":0.25}}\n";
  EXPECT_THAT(sets_of(read("i.jsonl", "{\"labels\":[1,0],\"probs\":[0.5,0.25]}\n")),
              ElementsAre(Set{0, 1}));
  const MultilabelDataset named =
      read("n.jsonl", "{\"labels\":[\"y\"]," + rest + "{\"labels\":\"x\"," + rest);
  EXPECT_THAT(sets_of(named), ElementsAre(Set{1}, Set{0}));
  EXPECT_THAT(named.class_names, ElementsAre("x", "y"));
  const MultilabelDataset indices = read("m.jsonl", "{\"labels\":[1]," + rest);
  EXPECT_THAT(sets_of(indices), ElementsAre(Set{1}));
  EXPECT_THAT(indices.notes, ElementsAre(HasSubstr("0 = x, 1 = y")));
}

TEST_F(MultilabelTest, SplitsStringsInJsonOnlyWhereASeparatorIsGiven) {
  const std::string text = "{\"labels\":\"x|y\",\"probs\":{\"x\":0.5,\"y\":0.25,\"x|y\":0}}\n";
  EXPECT_THAT(sets_of(read("a.jsonl", text)), ElementsAre(Set{2}));
  EXPECT_THAT(sets_of(read("a.jsonl", text, {.label_separator = "|"})), ElementsAre(Set{0, 1}));
}

TEST_F(MultilabelTest, MissingListsAreRefusedAndEmptyOnesAreNot) {
  const std::string good = "{\"labels\":[],\"probs\":[1,0]}\n";
  for (const char* bad : {"{\"labels\":null,\"probs\":[1,0]}\n", "{\"probs\":[1,0]}\n",
                          "{\"labels\":\"NA\",\"probs\":[1,0]}\n"}) {
    EXPECT_THAT(error("a.jsonl", good + good + bad + bad),
                AllOf(HasSubstr("a.jsonl, line 3, column labels: 2 sets of labels are missing"),
                      HasSubstr("empty set")))
        << bad;
    EXPECT_THAT(sets_of(read("a.jsonl", good + bad, {.common = {.skip_invalid = true}})),
                ElementsAre(Set{}, Set{-1}))
        << bad;
  }
}

TEST_F(MultilabelTest, RefusesWhatIsNoLabel) {
  for (const char* bad : {"[null]", "[[0]]", "[true]", "{\"x\":1}", "[\"\"]", "[\" \"]", "true"}) {
    const std::string text =
        std::string("{\"labels\":[0],\"probs\":[1,0]}\n{\"labels\":") + bad + ",\"probs\":[1,0]}\n";
    EXPECT_THAT(error("a.jsonl", text),
                HasSubstr("a.jsonl, line 2, column labels: the set of labels holds"))
        << bad;
    const MultilabelDataset skipped = read("a.jsonl", text, {.common = {.skip_invalid = true}});
    EXPECT_THAT(sets_of(skipped), ElementsAre(Set{0}, Set{-1})) << bad;
    EXPECT_EQ(skipped.num_skipped, 1) << bad;
  }
}

TEST_F(MultilabelTest, RefusesLabelsInNoClass) {
  EXPECT_THAT(error("a.jsonl",
                    "{\"labels\":[0,1],\"probs\":[1,0]}\n{\"labels\":[0,2,2],\"probs\":[1,0]}\n"),
              AllOf(HasSubstr("line 2, column labels: 2 labels are not among the classes 0 to 1"),
                    HasSubstr("\"2\" (2 times)")));
  EXPECT_THAT(error("a.csv", "labels,p_a,p_b\na,0,1\n\na|c,0,1\n"),
              HasSubstr("a.csv, line 4, column labels: 1 label is not among the 2 classes (a, b)"));
  EXPECT_THAT(sets_of(read("a.csv", "labels,p_a,p_b\na,0,1\na|c,0,1\n",
                           {.common = {.skip_invalid = true}})),
              ElementsAre(Set{0}, Set{-1}));
  EXPECT_THAT(error("a.csv", "labels,probs\na|b,\"[0,1,0]\"\n"),
              HasSubstr("2 different labels (a, b) and 3 columns of probabilities"));
}

TEST_F(MultilabelTest, ReadsCellsWithSeparators) {
  const MultilabelDataset data =
      read("a.csv", "id,tags,p_a,p_b,p_a b\nx, b | a b ,0,1,0.5\ny,,1,0,0\nz,\"a\",1,0,0\n",
           {.common = {.label_column = "tags"}});
  EXPECT_THAT(sets_of(data), ElementsAre(Set{1, 2}, Set{}, Set{0}));
  EXPECT_THAT(data.class_names, ElementsAre("a", "b", "a b"));
  EXPECT_THAT(sets_of(read("a.tsv", "labels\tp_a\tp_b\nb, a\t0\t1\n", {.label_separator = ","})),
              ElementsAre(Set{0, 1}));
  EXPECT_THAT(sets_of(read("a.csv", "labels,p_a,p_b\nb and a,0,1\n", {.label_separator = "and"})),
              ElementsAre(Set{0, 1}));
}

TEST_F(MultilabelTest, WordsForMissingAreLabelsWhereAClassHasThatName) {
  EXPECT_THAT(error("a.csv", "labels,p_a,p_b\na,0,1\nNA,0,1\nnull,1,0\n"),
              HasSubstr("a.csv, line 3, column labels: 2 sets of labels are missing"));
  const MultilabelDataset skipped = read("a.csv", "labels,probs\na|b,\"[0,1]\"\n NA ,\"[0,1]\"\n",
                                         {.common = {.skip_invalid = true}});
  EXPECT_THAT(sets_of(skipped), ElementsAre(Set{0, 1}, Set{-1}));
  EXPECT_THAT(skipped.class_names, ElementsAre("a", "b"));
  EXPECT_THAT(sets_of(read("a.csv", "labels,p_a,p_NA\nNA,0,1\na|NA,0,1\n")),
              ElementsAre(Set{1}, Set{0, 1}));
}

TEST_F(MultilabelTest, RefusesEmptyLabelsBetweenSeparators) {
  for (const char* cell : {"a|", "|a", "a||b", "|"}) {
    EXPECT_THAT(error("a.csv", std::string("labels,p_a,p_b\na,0,1\n") + cell + ",0,1\n"),
                AllOf(HasSubstr("a.csv, line 3, column labels"), HasSubstr("is empty")))
        << cell;
  }
  EXPECT_THAT(error("a.jsonl", "{\"labels\":\"a||b\",\"probs\":{\"a\":1,\"b\":0}}\n",
                    {.label_separator = "|"}),
              AllOf(HasSubstr("a.jsonl, line 1, column labels"), HasSubstr("is empty")));
}

TEST_F(MultilabelTest, ReadsColumnsOfZerosAndOnes) {
  const std::string rows = "1,0,0.5,0.25\n0.0,TRUE,1,0\n0, 0 ,0,0\n";
  for (const char* prefix : {"label_", "y_"}) {
    const std::string p(prefix);
    const MultilabelDataset data = read("a.csv", p + "a," + p + "b,p_a,p_b\n" + rows);
    EXPECT_THAT(sets_of(data), ElementsAre(Set{0}, Set{1}, Set{}));
    EXPECT_THAT(data.class_names, ElementsAre("a", "b"));
  }
  // In another order than the probabilities.
  EXPECT_THAT(sets_of(read("a.csv", "y_a,y_b,p_b,p_a\n" + rows)),
              ElementsAre(Set{1}, Set{0}, Set{}));
  // Names for probabilities that have none, also of classes that nobody has.
  const MultilabelDataset vectors = read("a.csv", "y_a,y_b,probs\n1,0,\"[0.5,0.25]\"\n");
  EXPECT_THAT(sets_of(vectors), ElementsAre(Set{0}));
  EXPECT_THAT(vectors.class_names, ElementsAre("a", "b"));
}

TEST_F(MultilabelTest, ColumnsThatAreListedGoByPositionWhereNamesDiffer) {
  const std::string text = "is_a,is_b,p_x,p_y\n1,0,0.5,0.25\n0,1,1,0\n";
  const MultilabelDataset data = read("a.csv", text, {.label_columns = {"is_b", "is_a"}});
  EXPECT_THAT(sets_of(data), ElementsAre(Set{1}, Set{0}));
  EXPECT_THAT(data.class_names, ElementsAre("x", "y"));
  EXPECT_THAT(error("a.csv", "y_a,y_b,p_x,p_y\n1,0,0.5,0.25\n"),
              HasSubstr("the columns of labels (a, b) are not the classes (x, y)"));
  EXPECT_THAT(error("a.csv", "y_a,y_x,p_x,p_y\n1,0,0.5,0.25\n", {.label_columns = {"y_a", "y_x"}}),
              HasSubstr("are not the classes"));
  EXPECT_THAT(error("a.csv", "y_a,p_x,p_y\n1,0.5,0.25\n"),
              HasSubstr("1 column of labels (a) and 2 columns of probabilities"));
  EXPECT_THAT(error("a.csv", text, {.label_columns = {"is_a", "is_a"}}), HasSubstr("twice"));
  EXPECT_THAT(error("a.csv", text, {.label_columns = {"is_c"}}),
              HasSubstr("there is no column \"is_c\""));
  EXPECT_THAT(error("a.jsonl", kLists, {.label_columns = {"a"}}), HasSubstr("is for tables"));
}

TEST_F(MultilabelTest, RefusesOtherCellsThanZeroAndOne) {
  for (const char* cell : {"2", "-1", "0.5", "", "yes", "NA"}) {
    const std::string text = std::string("y_a,y_b,p_a,p_b\n0,1,0,1\n1,") + cell + ",0,1\n";
    EXPECT_THAT(error("a.csv", text), HasSubstr("a.csv, line 3, column y_b: ")) << cell;
    EXPECT_THAT(sets_of(read("a.csv", text, {.common = {.skip_invalid = true}})),
                ElementsAre(Set{1}, Set{-1}))
        << cell;
  }
}

TEST_F(MultilabelTest, ReadsMatricesOfEveryType) {
  const std::string probs = npy_probs({0.5, 0.25, 1, 0, 0, 0.75}, 2);
  const std::vector<std::vector<int>> expected = {{0}, {1}, {}};
  const std::string shape = "(3, 2)";
  const auto sets = [&](const std::string& labels) {
    return sets_of(read_multilabel(files(labels, probs)));
  };
  EXPECT_EQ(sets(npy_bytes("|b1", shape, raw<uint8_t>({1, 0, 0, 1, 0, 0}))), expected);
  EXPECT_EQ(sets(npy_bytes("|i1", shape, raw<int8_t>({1, 0, 0, 1, 0, 0}))), expected);
  EXPECT_EQ(sets(npy_bytes("<i8", shape, raw<int64_t>({1, 0, 0, 1, 0, 0}))), expected);
  EXPECT_EQ(sets(npy_bytes(">i2", shape, raw_swapped<int16_t>({1, 0, 0, 1, 0, 0}))), expected);
  EXPECT_EQ(sets(npy_bytes("<u4", shape, raw<uint32_t>({1, 0, 0, 0, 1, 0}), true)), expected);
  EXPECT_EQ(sets(npy_bytes("<f8", shape, raw<double>({1, 0, 0, 1, 0, 0}))), expected);
  EXPECT_EQ(sets(npy_bytes("<f4", shape, raw<float>({1, 0, 0, 0, 1, 0}), true)), expected);
  EXPECT_EQ(sets(npy_bytes("<U3", "(3,)", raw<uint32_t>({'0', 0, 0, '1', 0, 0, 0, 0, 0}))),
            expected);
}

TEST_F(MultilabelTest, ReadsOneColumn) {
  const std::string probs = npy_bytes("<f8", "(3,)", raw<double>({0.5, 0.25, 1}));
  const MultilabelDataset data =
      read_multilabel(files(npy_bytes("<i8", "(3,)", raw<int64_t>({1, 0, 1})), probs));
  EXPECT_EQ(data.num_classes(), 1);
  EXPECT_THAT(sets_of(data), ElementsAre(Set{0}, Set{}, Set{0}));
}

TEST_F(MultilabelTest, RefusesMatricesOfOtherNumbers) {
  const std::string probs = npy_probs({0.5, 0.25, 1, 0}, 2);
  const std::string twos = npy_bytes("<i8", "(2, 2)", raw<int64_t>({1, 0, 0, 2}));
  MultilabelReadOptions options = files(twos, probs);
  const auto message = [&] { return message_of([&] { (void)read_multilabel(options); }); };
  EXPECT_THAT(message(), HasSubstr("labels.npy, row 1, column 1: 2 stands in the matrix"));
  options.common.skip_invalid = true;
  EXPECT_THAT(sets_of(read_multilabel(options)), ElementsAre(Set{0}, Set{-1}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  options = files(npy_bytes("<f8", "(2, 2)", raw<double>({nan, 0, 0, 1})), probs);
  EXPECT_THAT(message(), HasSubstr("labels.npy, row 0: 1 set of labels is missing"));
  options.common.skip_invalid = true;
  EXPECT_THAT(sets_of(read_multilabel(options)), ElementsAre(Set{-1}, Set{1}));
  options = files(npy_bytes("<f8", "(2, 2)", raw<double>({0.5, 0, 0, 1})), probs);
  EXPECT_THAT(message(), HasSubstr("labels.npy, row 0, column 0"));
  options = files(npy_bytes("<i8", "(2, 3)", raw<int64_t>({1, 0, 0, 0, 0, 0})), probs);
  EXPECT_THAT(message(), HasSubstr("the matrix of labels has 3 columns and the probabilities have "
                                   "2"));
  options = files(npy_bytes("<i8", "(3, 2)", raw<int64_t>({1, 0, 0, 0, 0, 0})), probs);
  EXPECT_THAT(message(), HasSubstr("labels.npy has 3 rows"));
  options = files(npy_bytes("<c8", "(2, 2)", raw<double>({1, 0, 0, 0})), probs);
  EXPECT_THAT(message(), HasSubstr("labels need to be zeros and ones"));
}

TEST_F(MultilabelTest, ReadsArchives) {
  const std::string path = dir_.path("a.npz");
  write_npz(path,
            {{"labels.npy", npy_bytes("|b1", "(2, 2)", raw<uint8_t>({1, 0, 0, 1}))},
             {"pred_probs.npy", npy_probs({0.5, 0.25, 1, 0}, 2)}},
            0);
  EXPECT_THAT(sets_of(read_multilabel({.common = {.input = path}})), ElementsAre(Set{0}, Set{1}));
}

TEST_F(MultilabelTest, JoinsById) {
  MultilabelReadOptions options;
  options.common.labels = dir_.write("l.jsonl",
                                     "{\"id\":\"a\",\"labels\":[\"y\"]}\n"
                                     "{\"id\":\"b\",\"labels\":[]}\n");
  options.common.pred_probs = {dir_.write("p.csv", "id,p_x,p_y\nb,0,0.25\na,1,0.5\n")};
  const MultilabelDataset data = read_multilabel(options);
  EXPECT_THAT(sets_of(data), ElementsAre(Set{1}, Set{}));
  EXPECT_THAT(multilabel_probs_of(data), ElementsAre(1, 0.5, 0, 0.25));
}

TEST_F(MultilabelTest, TakesTheSigmoidOfLogits) {
  const MultilabelDataset data =
      read("a.csv", "labels,p_a,p_b\na,0,-1000\n", {.common = {.logits = true}});
  EXPECT_THAT(multilabel_probs_of(data), ElementsAre(0.5, 0));
  EXPECT_THAT(error("a.csv", "labels,p_a,p_b\na,3,0\n"), HasSubstr("--logits"));
  EXPECT_THAT(sets_of(read("a.csv", "labels,p_a,p_b\na,0,1\nb,nan,0\n",
                           {.common = {.logits = true, .skip_invalid = true}})),
              ElementsAre(Set{0}, Set{-1}));
}

TEST_F(MultilabelTest, RefusesOptionsThatDoNotFit) {
  const auto refused = [](const MultilabelReadOptions& options) {
    return message_of([&] { (void)read_multilabel(options); });
  };
  EXPECT_THAT(refused({}), HasSubstr("there are no labels"));
  EXPECT_THAT(refused({.common = {.labels = "a"}}), HasSubstr("there are no probabilities"));
  EXPECT_THAT(refused({.common = {.input = "a", .labels = "b"}}), HasSubstr("not both"));
  EXPECT_THAT(refused({.common = {.labels = "a", .pred_probs = {"b", "c"}}}),
              HasSubstr("takes one model"));
  EXPECT_THAT(refused({.common = {.input = "a", .label_column = "x"}, .label_columns = {"y"}}),
              HasSubstr("either --label-column"));
  EXPECT_THAT(refused({.common = {.input = "a"}, .label_separator = "|", .label_columns = {"y"}}),
              HasSubstr("--label-separator"));
}

TEST_F(MultilabelTest, AllRowsInvalidIsAnError) {
  EXPECT_THAT(error("a.csv", "labels,p_a,p_b\nc,0,1\n", {.common = {.skip_invalid = true}}),
              HasSubstr("nothing is left"));
}

TEST_F(MultilabelTest, KnowsFilesOfSetsByTheirBeginning) {
  const auto looks = [&](std::string_view name, const std::string& bytes) {
    return looks_multilabel({.input = dir_.write(name, bytes)});
  };
  EXPECT_TRUE(looks("a.jsonl", kLists));
  EXPECT_TRUE(looks("b.jsonl", "\n{\"labels\":[],\"probs\":[1]}"));
  EXPECT_TRUE(looks("a.jsonl.gz", gzipped(kLists)));
  EXPECT_FALSE(looks("a.jsonl", "{\"label\":\"a\",\"probs\":[1]}\n"));
  EXPECT_FALSE(looks("a.jsonl", "{\"tokens\":[\"A\"],\"labels\":[0],\"probs\":[[1]]}\n"));
  EXPECT_FALSE(looks("a.jsonl", "no JSON"));
  EXPECT_FALSE(looks("a.jsonl", ""));
  EXPECT_TRUE(looks("a.csv", "label_a,label_b,p_a,p_b\n"));
  EXPECT_FALSE(looks("a.csv", "label,label_b,p_a,p_b\n"));
  EXPECT_FALSE(looks("a.csv", "label,p_a,p_b\n"));
  EXPECT_TRUE(looks("a.npy", npy_bytes("|b1", "(1, 2)", raw<uint8_t>({1, 0}))));
  EXPECT_FALSE(looks("a.npy", npy_labels({0, 1})));
  EXPECT_FALSE(looks("a.npy", npy_bytes("<i8", "(1, 1)", raw<int64_t>({1}))));
  EXPECT_FALSE(looks_multilabel({.input = "-"}));
  EXPECT_FALSE(looks_multilabel({.input = dir_.path("absent.jsonl")}));
}

}  // namespace
}  // namespace labelsieve::test
