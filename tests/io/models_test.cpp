// Joining files by id, ensembles, logits, and the binary problem.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointwise;

class ModelsTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    return dir_.write(name, text);
  }
  TempDir dir_;
};

TEST_F(ModelsTest, TablesAreJoinedById) {
  const std::string labels = file("y.csv", "id,label\na,1\nb,0\nc,1\n");
  const std::string probs =
      file("p.jsonl",
           "{\"id\":\"c\",\"probs\":[0.125,0.875]}\n{\"id\":\"a\",\"probs\":[0.75,0.25]}\n"
           "{\"id\":\"b\",\"probs\":[0.5,0.5]}\n");
  const Dataset data = read_dataset({.labels = labels, .pred_probs = {probs}});
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0, 1));
  EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0.5, 0.5, 0.125, 0.875));
  EXPECT_THAT(data.ids, ElementsAre("a", "b", "c"));
}

TEST_F(ModelsTest, JoiningKeepsWhatIsInvalidWithItsRow) {
  const std::string labels = file("y.csv", "id,label\na,1\nb,0\nc,1\n");
  const std::string probs = file("p.csv", "id,p_0,p_1\nc,x,1\na,1,0\nb,1,0\n");
  const Dataset data =
      read_dataset({.labels = labels, .pred_probs = {probs}, .skip_invalid = true});
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0, -1));
}

TEST_F(ModelsTest, IdsMustMatch) {
  const std::string labels = file("y.csv", "id,label\na,1\nb,0\nc,1\n");
  const auto error = [&](const std::string& ids) {
    std::string text = "id,p_0,p_1\n";
    for (const char id : ids) text += std::string(1, id) + ",1,0\n";
    return read_error({.labels = labels, .pred_probs = {file("p.csv", text)}});
  };
  EXPECT_THAT(error("ab"), AllOf(HasSubstr("1 id of "), HasSubstr("y.csv is not in "),
                                 HasSubstr("p.csv (\"c\")")));
  EXPECT_THAT(error("abcxyzw"), AllOf(HasSubstr("4 ids of "), HasSubstr("p.csv are not in "),
                                      HasSubstr("(\"x\", \"y\", \"z\", …)")));
  EXPECT_THAT(error("xyz"), AllOf(HasSubstr("3 ids of "), HasSubstr("; 3 ids of ")));
  EXPECT_THAT(error("abca"), HasSubstr("p.csv, line 5: the id \"a\" stands already in line 2"));
  EXPECT_THAT(read_error({.labels = file("z.csv", "id,label\n,1\nb,0\n"),
                          .pred_probs = {file("q.csv", "id,p_0,p_1\n,1,0\nb,1,0\n")}}),
              HasSubstr("z.csv, line 2: the id is missing"));
}

TEST_F(ModelsTest, WithoutIdsRowsGoByPosition) {
  const std::string labels = file("y.csv", "id,label\na,1\nb,0\n");
  const std::string probs = file("p.csv", "p_0,p_1\n0.75,0.25\n0.5,0.5\n");
  const Dataset data = read_dataset({.labels = labels, .pred_probs = {probs}});
  EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0.5, 0.5));
  EXPECT_THAT(data.ids, ElementsAre("a", "b"));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {file("q.csv", "p_0,p_1\n1,0\n")}}),
              AllOf(HasSubstr("y.csv has 2 rows"), HasSubstr("q.csv has 1")));
}

TEST_F(ModelsTest, NamedIdColumnMustBeSomewhere) {
  const std::string labels = file("y.npy", npy_labels({1, 0}));
  const std::string probs = file("p.csv", "key,p_0,p_1\nk1,1,0\nk2,0,1\n");
  EXPECT_THAT(read_dataset({.labels = labels, .pred_probs = {probs}, .id_column = "key"}).ids,
              ElementsAre("k1", "k2"));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {probs}, .id_column = "none"}),
              HasSubstr("no file has a column \"none\""));
}

TEST_F(ModelsTest, EnsemblesShareTheirClasses) {
  const std::string labels = file("y.csv", "label\ncat\ndog\n");
  const std::string first = file("a.csv", "p_cat,p_dog\n0.75,0.25\n0.5,0.5\n");
  const std::string second = file("b.csv", "p_dog,p_cat\n0.125,0.875\n1,0\n");
  const std::string third = file("c.npy", npy_probs({0, 1, 1, 0}, 2));
  const Dataset data = read_dataset({.labels = labels, .pred_probs = {first, second, third}});
  ASSERT_EQ(data.pred_probs.size(), 3u);
  EXPECT_THAT(probs_of(data, 0), ElementsAre(0.75, 0.25, 0.5, 0.5));
  EXPECT_THAT(probs_of(data, 1), ElementsAre(0.875, 0.125, 0, 1));
  EXPECT_THAT(probs_of(data, 2), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  const std::string other = file("d.csv", "p_cat,p_cow\n1,0\n1,0\n");
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {first, other}}),
              AllOf(HasSubstr("d.csv"), HasSubstr("cat, cow"), HasSubstr("cat, dog")));
  const std::string wide = file("e.npy", npy_probs({0, 1, 0, 1, 0, 0}, 3));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {third, wide}}),
              AllOf(HasSubstr("2 columns"), HasSubstr("3; the models")));
}

TEST_F(ModelsTest, LogitsBecomeProbabilities) {
  const std::string labels = file("y.npy", npy_labels({0, 1}));
  const std::vector<double> logits = {1000, 1001, -3, 2};
  const double p = 1 / (1 + std::exp(1.0));
  const double q = 1 / (1 + std::exp(5.0));
  const std::vector<double> expected = {p, 1 - p, q, 1 - q};
  for (const std::string& path :
       {file("p.npy", npy_probs(logits, 2)), file("p.csv", "p_0,p_1\n1000,1001\n-3,2\n")}) {
    const Dataset data = read_dataset({.labels = labels, .pred_probs = {path}, .logits = true});
    EXPECT_THAT(probs_of(data), Pointwise(DoubleNear(1e-15), expected));
    EXPECT_EQ(data.pred_probs[0].type, FloatType::kFloat64);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  const Dataset masked =
      read_dataset({.labels = labels,
                    .pred_probs = {file("m.npy", npy_probs({0, -infinity, -1000, 1000}, 2))},
                    .logits = true});
  EXPECT_THAT(probs_of(masked), ElementsAre(1, 0, 0, 1));
}

TEST_F(ModelsTest, LogitsWithoutSoftmaxAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string labels = file("y.npy", npy_labels({0, 1, 1}));
  for (const double bad : {nan, infinity}) {
    const std::string path = file("p.npy", npy_probs({0, 1, bad, 1, 0, 0}, 2));
    EXPECT_THAT(read_error({.labels = labels, .pred_probs = {path}, .logits = true}),
                AllOf(HasSubstr("p.npy, row 1"), HasSubstr("softmax")));
    EXPECT_THAT(
        labels_of(read_dataset(
            {.labels = labels, .pred_probs = {path}, .logits = true, .skip_invalid = true})),
        ElementsAre(0, -1, 1));
  }
}

TEST_F(ModelsTest, OneColumnIsTheBinaryProblem) {
  const std::string labels = file("y.npy", npy_labels({0, 1}));
  for (const char* shape : {"(2,)", "(2, 1)"}) {
    const std::string path = file("p.npy", npy_bytes("<f4", shape, raw<float>({0.25F, 1.0F})));
    const Dataset data = read_dataset({.labels = labels, .pred_probs = {path}});
    EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0, 1));
    EXPECT_THAT(data.notes, ElementsAre(HasSubstr("one column of probabilities")));
  }
  const std::string logits = file("l.npy", npy_bytes("<f8", "(2,)", raw<double>({0, 1000})));
  EXPECT_THAT(probs_of(read_dataset({.labels = labels, .pred_probs = {logits}, .logits = true})),
              ElementsAre(0.5, 0.5, 0, 1));
  const std::string outside = file("o.npy", npy_bytes("<f8", "(2,)", raw<double>({0.5, 1.5})));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {outside}}),
              AllOf(HasSubstr("o.npy, row 1"), HasSubstr("--logits")));
  EXPECT_THAT(
      labels_of(read_dataset({.labels = labels, .pred_probs = {outside}, .skip_invalid = true})),
      ElementsAre(0, -1));
  EXPECT_THAT(
      probs_of(read_dataset({.labels = labels, .pred_probs = {outside}, .unchecked = true})),
      ElementsAre(0.5, 0.5, -0.5, 1.5));
}

TEST_F(ModelsTest, TheNameOfOneColumnIsItsClass) {
  const auto read = [&](const std::string& text, std::vector<std::string> names = {}) {
    return read_dataset({.input = file("d.csv", text), .class_names = std::move(names)});
  };
  const Dataset words = read("label,p_spam\nspam,0.75\nham,0.25\n");
  EXPECT_THAT(words.class_names, ElementsAre("ham", "spam"));
  EXPECT_THAT(labels_of(words), ElementsAre(1, 0));
  EXPECT_THAT(probs_of(words), ElementsAre(0.25, 0.75, 0.75, 0.25));
  // p_0 is the probability of 0, which therefore becomes the second class.
  const Dataset digits = read("label,p_0\n1,0.75\n0,0.25\n");
  EXPECT_THAT(digits.class_names, ElementsAre("1", "0"));
  EXPECT_THAT(labels_of(digits), ElementsAre(0, 1));
  const Dataset indices = read("label,p_spam\n1,0.75\n0,0.25\n");
  EXPECT_THAT(indices.class_names, ElementsAre("not spam", "spam"));
  EXPECT_THAT(labels_of(indices), ElementsAre(1, 0));
  const Dataset given = read("label,p_spam\nspam,0.75\nham,0.25\n", {"spam", "ham"});
  EXPECT_THAT(given.class_names, ElementsAre("spam", "ham"));
  EXPECT_THAT(probs_of(given), ElementsAre(0.75, 0.25, 0.25, 0.75));
  EXPECT_THAT(labels_of(given), ElementsAre(0, 1));
  const Dataset unnamed = read("label,prob\nb,0.75\na,0.25\n");
  EXPECT_THAT(unnamed.class_names, ElementsAre("a", "b"));
  EXPECT_THAT(message_of([&] { read("label,p_spam\nx,0.75\ny,0.25\n"); }),
              HasSubstr("not among the 2 classes (not spam, spam)"));
  EXPECT_THAT(probs_of(read_dataset({.input = file("d.jsonl", "{\"label\":1,\"prob\":0.75}\n")})),
              ElementsAre(0.25, 0.75));
}

}  // namespace
}  // namespace labelsieve::test
