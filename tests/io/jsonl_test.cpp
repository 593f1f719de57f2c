// JSON lines: every form of probabilities, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JsonlTest : public TextFileTest {
 protected:
  JsonlTest() : TextFileTest("data.jsonl") {}
};

TEST_F(JsonlTest, ReadsArrays) {
  const Dataset data = read(
      "\n{\"id\": 7, \"text\": \"a\\ncat\", \"label\": 1, \"probs\": [0.75, 0.25], \"x\": {}}\n"
      "  \r\n"
      "{\"probs\": [0, 1], \"label\": 0, \"id\": \"b\", \"text\": null}");
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0));
  EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0, 1));
  EXPECT_THAT(data.ids, ElementsAre("7", "b"));
  EXPECT_THAT(data.text, ElementsAre("a\ncat", ""));
  EXPECT_THAT(data.source_lines, ElementsAre(2, 4));
  EXPECT_THAT(data.class_names, IsEmpty());
}

TEST_F(JsonlTest, RecognisesTheUsualKeys) {
  for (const std::string key : {"probs", "pred_probs", "probabilities"}) {
    EXPECT_THAT(probs_of(read("{\"label\":0,\"" + key + "\":[0.5,0.5]}\n")), ElementsAre(0.5, 0.5));
  }
  EXPECT_THAT(labels_of(read("{\"gold\":1,\"mine\":[0.5,0.5],\"probs\":[1,0]}\n",
                             {.label_column = "gold", .prob_columns = {"mine"}})),
              ElementsAre(1));
}

TEST_F(JsonlTest, ReadsDictionariesInTheOrderOfTheFirstRow) {
  const Dataset data = read(
      "{\"label\":\"pos\",\"probs\":{\"pos\":0.75,\"neg\":0.25}}\n"
      "{\"label\":\"neg\",\"probs\":{\"neg\":0.5,\"pos\":0.5}}\n"
      "{\"label\":\"neg\",\"probs\":{\"neg\":1,\"pos\":0}}\n");
  EXPECT_THAT(data.class_names, ElementsAre("pos", "neg"));
  EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1));
  EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0.5, 0.5, 0, 1));
}

TEST_F(JsonlTest, ReadsScoresInAnyOrder) {
  const Dataset data = read(
      "{\"label\":\"pos\",\"scores\":[{\"label\":\"pos\",\"score\":0.75},"
      "{\"label\":\"neg\",\"score\":0.25}]}\n"
      "{\"label\":\"neg\",\"scores\":[{\"score\":1,\"label\":\"neg\"},"
      "{\"label\":\"pos\",\"score\":0}]}\n");
  EXPECT_THAT(data.class_names, ElementsAre("neg", "pos"));
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0));
  EXPECT_THAT(probs_of(data), ElementsAre(0.25, 0.75, 1, 0));
}

TEST_F(JsonlTest, NumberedScoresTellTheOrderOfIntegerLabels) {
  std::string scores;
  for (const int i : {10, 2, 0, 1, 3, 4, 5, 6, 7, 8, 9}) {
    if (!scores.empty()) scores += ",";
    scores +=
        "{\"label\":\"LABEL_" + std::to_string(i) + "\",\"score\":0." + std::to_string(i) + "}";
  }
  const Dataset data = read("{\"label\":10,\"scores\":[" + scores + "]}\n");
  EXPECT_THAT(labels_of(data), ElementsAre(10));
  EXPECT_EQ(data.class_names[2], "LABEL_2");
  EXPECT_EQ(probs_of(data)[10], 0.1);
  EXPECT_EQ(probs_of(data)[9], 0.9);
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("0 = LABEL_0, 1 = LABEL_1")));
  EXPECT_THAT(error("{\"label\":1,\"scores\":[{\"label\":\"a\",\"score\":1},"
                    "{\"label\":\"b\",\"score\":0}]}\n"),
              AllOf(HasSubstr("no order"), HasSubstr("--class-names")));
  EXPECT_THAT(labels_of(read("{\"label\":1,\"scores\":[{\"label\":\"a\",\"score\":1},"
                             "{\"label\":\"b\",\"score\":0}]}\n",
                             {.class_names = {"b", "a"}})),
              ElementsAre(1));
}

TEST_F(JsonlTest, ReadsOneKeyPerClass) {
  const Dataset data = read(
      "{\"label\":\"dog\",\"p_cat\":0.25,\"p_dog\":0.75}\n"
      "{\"p_dog\":0.5,\"p_cat\":0.5,\"label\":\"cat\"}\n");
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(probs_of(data), ElementsAre(0.25, 0.75, 0.5, 0.5));
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0));
}

TEST_F(JsonlTest, IntegerLabelsBesideADictionaryAreIndicesAndThatIsSaid) {
  const Dataset data = read("{\"label\":1,\"probs\":{\"pos\":0.75,\"neg\":0.25}}\n");
  EXPECT_THAT(labels_of(data), ElementsAre(1));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("0 = pos, 1 = neg")));
}

TEST_F(JsonlTest, RefusesDuplicateKeys) {
  EXPECT_THAT(error("{\"label\":0,\"probs\":[1,0],\"label\":1}\n"),
              HasSubstr("line 1: the key \"label\" stands twice"));
  EXPECT_THAT(error("{\"label\":0,\"x\":1,\"probs\":[1,0],\"x\":1}\n"), HasSubstr("stands twice"));
  EXPECT_THAT(error("{\"label\":\"a\",\"probs\":{\"a\":1,\"b\":0,\"a\":1}}\n"),
              HasSubstr("stands twice"));
  EXPECT_THAT(error("{\"label\":\"a\",\"probs\":{\"a\":1,\"b\":0}}\n"
                    "{\"label\":\"a\",\"probs\":{\"a\":1,\"a\":0}}\n"),
              HasSubstr("line 2, column probs: the class \"a\" stands twice"));
}

TEST_F(JsonlTest, RowsMustHaveTheSameClasses) {
  const std::string first = "{\"label\":\"a\",\"probs\":{\"a\":1,\"b\":0}}\n";
  EXPECT_THAT(error(first + "{\"label\":\"a\",\"probs\":{\"a\":1,\"c\":0}}\n"),
              HasSubstr("line 2, column probs: the class \"c\" is not in the first row"));
  EXPECT_THAT(error(first + "{\"label\":\"a\",\"probs\":{\"a\":1}}\n"),
              HasSubstr("the probability of \"b\" is missing"));
  EXPECT_THAT(error(first + "{\"label\":\"a\",\"probs\":[1,0]}\n"),
              HasSubstr("expected an object"));
  EXPECT_THAT(
      error("{\"label\":0,\"probs\":[1,0]}\n{\"label\":0,\"probs\":[1,0,0]}\n"),
      HasSubstr("line 2, column probs: expected 2 probabilities as in the first row, found 3"));
}

TEST_F(JsonlTest, NamesTheLineOfWhatIsNoJson) {
  const std::string first = "{\"label\":0,\"probs\":[1,0]}\n";
  EXPECT_THAT(error(first + "{\"label\":0,\n"),
              HasSubstr("data.jsonl, line 2: the line is no JSON"));
  EXPECT_THAT(error(first + "[1,2]\n"), HasSubstr("line 2: the line is not a JSON object"));
  EXPECT_THAT(error(first + first.substr(0, 20) + "\n"), HasSubstr("line 2"));
  EXPECT_THAT(error("label,p_a\n"), HasSubstr("line 1: the line is no JSON"));
  EXPECT_THAT(error("\n \n"), HasSubstr("no rows"));
  EXPECT_THAT(error(first + "{\"label\":\"\xFF\",\"probs\":[1,0]}\n"), HasSubstr("line 2"));
  EXPECT_THAT(error("{}\n"), HasSubstr("no key of labels"));
  EXPECT_THAT(error("{\"label\":0,\"z\":1}\n"),
              AllOf(HasSubstr("no keys of probabilities"), HasSubstr("label, z")));
  EXPECT_THAT(error("{\"label\":0,\"probs\":[]}\n"), HasSubstr("no probabilities"));
  EXPECT_THAT(error("{\"label\":0,\"probs\":\"x\"}\n"), HasSubstr("neither a list nor an object"));
}

TEST_F(JsonlTest, NamesBadValues) {
  const std::string first = "{\"label\":0,\"probs\":[1,0]}\n";
  EXPECT_THAT(error(first + "{\"label\":[1],\"probs\":[1,0]}\n"),
              HasSubstr("line 2, column label: the label is neither"));
  EXPECT_THAT(error(first + "{\"label\":null,\"probs\":[1,0]}\n{\"probs\":[1,0]}\n"),
              HasSubstr("line 2, column label: 2 labels are missing"));
  EXPECT_THAT(error(first + "{\"label\":1.5,\"probs\":[1,0]}\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("\"1.5\"")));
  EXPECT_THAT(error(first + "{\"label\":1,\"probs\":[\"x\",0]}\n"),
              HasSubstr("line 2, column probs: \"x\" is not a number"));
  EXPECT_THAT(error(first + "{\"label\":1,\"probs\":[3,-2]}\n"), HasSubstr("--logits"));
  EXPECT_THAT(error(first + "{\"label\":1,\"probs\":[NaN,0]}\n"),
              HasSubstr("line 2, column probs: the probability is missing or not finite"));
  EXPECT_THAT(error(first + "{\"label\":1,\"probs\":null}\n"), HasSubstr("missing"));
  EXPECT_THAT(error(first + "{\"label\":1}\n"), HasSubstr("the probabilities are missing"));
}

TEST_F(JsonlTest, SkipsInvalidRows) {
  const Dataset data = read(
      "{\"label\":0,\"probs\":[1,0]}\n"
      "{\"label\":1,\"probs\":[NaN,-Infinity],\"text\":\"NaN \\\" NaN\"}\n"
      "{\"label\":null,\"probs\":[1,0]}\n"
      "{\"label\":1,\"probs\":[\"x\",0]}\n"
      "{\"label\":7,\"probs\":[1,0]}\n"
      "{\"label\":1}\n"
      "{\"label\":[],\"probs\":[1,0]}\n"
      "{\"label\":1,\"probs\":[1,0,0]}\n"
      "{\"label\":1.0,\"probs\":[0,1]}\n",
      {.skip_invalid = true});
  EXPECT_THAT(labels_of(data), ElementsAre(0, -1, -1, -1, -1, -1, -1, -1, 1));
  EXPECT_EQ(data.num_skipped, 7);
}

TEST_F(JsonlTest, ReadsManyLinesInThreads) {
  std::string text;
  std::vector<double> probs;
  std::vector<int64_t> lines;
  for (int row = 0; row < 120000; ++row) {
    const double p = row % 1000 / 1000.0;
    probs.push_back(p);
    probs.push_back(1 - p);
    if (row % 7 == 0) text += "\n";
    lines.push_back(row + row / 7 + 2);
    text += "{\"label\": \"c" + std::to_string(row % 2) + "\", \"text\": \"row " +
            std::to_string(row) + "\", \"probs\": {\"c0\": " + std::to_string(p) +
            ", \"c1\": " + std::to_string(1 - p) + "}}\n";
  }
  for (const int threads : {1, 3}) {
    ReadOptions options;
    options.execution.num_threads = threads;
    const Dataset data = read(text, options);
    ASSERT_EQ(data.num_rows(), 120000);
    EXPECT_THAT(data.source_lines, testing::ElementsAreArray(lines));
    EXPECT_EQ(data.text[119999], "row 119999");
    const std::vector<double> found = probs_of(data);
    const auto is_near = [](double a, double b) { return std::abs(a - b) < 1e-9; };
    EXPECT_TRUE(std::equal(found.begin(), found.end(), probs.begin(), probs.end(), is_near));
  }
}

TEST_F(JsonlTest, ReadsGzip) {
  const std::string path =
      dir_.write("data.jsonl.gz", gzipped("{\"label\":1,\"probs\":[0.5,0.5]}\n"));
  EXPECT_THAT(labels_of(read_dataset({.input = path})), ElementsAre(1));
}

}  // namespace
}  // namespace labelsieve::test
