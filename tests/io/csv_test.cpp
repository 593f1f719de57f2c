// CSV and TSV: cells, quoting, separators, columns, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iterator>
#include <random>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CsvTest : public TextFileTest {
 protected:
  CsvTest() : TextFileTest("data.csv") {}
};

TEST_F(CsvTest, ReadsNamedColumns) {
  const Dataset data = read(
      "id,label,p_cat,p_dog,text\n"
      "x1,cat,0.75,0.25,a cat\n"
      "x2,dog,0.5,0.5,a dog\n");
  EXPECT_THAT(labels_of(data), ElementsAre(0, 1));
  EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0.5, 0.5));
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(data.ids, ElementsAre("x1", "x2"));
  EXPECT_THAT(data.text, ElementsAre("a cat", "a dog"));
  EXPECT_THAT(data.source_lines, ElementsAre(2, 3));
  EXPECT_THAT(data.notes, IsEmpty());
  EXPECT_EQ(data.labels_file, dir_.path("data.csv"));
}

TEST_F(CsvTest, DetectsSeparatorsLineEndsAndByteOrderMark) {
  for (const std::string text :
       {"label;p_a;p_b\na;0.75;0.25\nb;0.5;0.5\n", "label\tp_a\tp_b\na\t0.75\t0.25\nb\t0.5\t0.5",
        "label,p_a,p_b\r\na,0.75,0.25\r\nb,0.5,0.5\r\n\r\n\r\n",
        "\xEF\xBB\xBFlabel,p_a,p_b\n\na,0.75,0.25\n\n\nb,0.5,0.5\n\n",
        " label , p_a , p_b \na, 0.75 ,+0.25\nb,\"0.5\", .5 \n"}) {
    const Dataset data = read(text);
    EXPECT_THAT(labels_of(data), ElementsAre(0, 1)) << text;
    EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0.5, 0.5)) << text;
  }
  EXPECT_THAT(error(std::string("\xFF\xFEl\0a\0", 6)), HasSubstr("UTF-16"));
}

TEST_F(CsvTest, TsvIsSeparatedByTabsOnly) {
  const std::string path = dir_.write("data.tsv", "label\tp_a\tp_b\na,b\t0.75\t0.25\n");
  EXPECT_THAT(read_error({.input = path}), HasSubstr("\"a,b\""));
}

TEST_F(CsvTest, ReadsQuotedCells) {
  const Dataset data = read(
      "label,text,p_a,p_b\n"
      "\"a\",\"one\ntwo, \"\"three\"\"\",0.75,\"0.25\"\n"
      "b,in \"the\" middle,0.5,0.5\n"
      "b,\"\",1,0\n");
  EXPECT_THAT(data.text, ElementsAre("one\ntwo, \"three\"", "in \"the\" middle", ""));
  EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1));
  EXPECT_THAT(data.source_lines, ElementsAre(2, 4, 5));
}

TEST_F(CsvTest, ReadsGzip) {
  const std::string text = "label,p_a,p_b\na,0.75,0.25\nb,0.5,0.5\n";
  const std::string path = dir_.write("data.csv.gz", gzipped(text));
  EXPECT_THAT(labels_of(read_dataset({.input = path})), ElementsAre(0, 1));
  // Members one after the other are one file.
  const std::string members =
      dir_.write("two.csv.gz", gzipped(text.substr(0, 20)) + gzipped(text.substr(20)));
  EXPECT_THAT(labels_of(read_dataset({.input = members})), ElementsAre(0, 1));
  const std::string bytes = gzipped(text);
  EXPECT_THAT(read_error({.input = dir_.write("cut.csv.gz", bytes.substr(0, bytes.size() - 9))}),
              HasSubstr("truncated"));
  std::string damaged = bytes;
  damaged[bytes.size() - 6] = static_cast<char>(damaged[bytes.size() - 6] ^ 1);
  EXPECT_THAT(read_error({.input = dir_.write("bad.csv.gz", damaged)}), HasSubstr("damaged"));
}

TEST_F(CsvTest, ReadsVectorColumns) {
  const Dataset data = read(
      "label,probs\n"
      "1,\"[0.75, 0.25]\"\n"
      "0,\"[ 0.5 \n 0.5]\"\n"
      "0,[1e-3 0.999]\n");
  EXPECT_THAT(probs_of(data), ElementsAre(0.75, 0.25, 0.5, 0.5, 1e-3, 0.999));
  EXPECT_THAT(data.class_names, IsEmpty());
  EXPECT_THAT(read("label,mine\n0,\"[0.75, 0.25]\"\n", {.prob_columns = {"mine"}}).num_classes(),
              2);
  EXPECT_THAT(
      error("label,probs\n0,\"[0.5,0.5]\"\n1,\"[0.5,0.25,0.25]\"\n"),
      AllOf(HasSubstr("line 3, column probs"), HasSubstr("expected 2"), HasSubstr("found 3")));
  for (const char* vector : {"[0.5,]", "[0.5 x]", "[0.5", "[]", "[0.1-0.2]", "[,]"}) {
    EXPECT_THAT(error("label,probs\n0,\"[0.5,0.5]\"\n1,\"" + std::string(vector) + "\"\n"),
                HasSubstr("not a list of numbers"))
        << vector;
  }
  EXPECT_THAT(error("label,probs\n0,\"[0.5,0.5]\"\n1,\n"), HasSubstr("missing"));
}

TEST_F(CsvTest, TakesColumnsThatAreNamed) {
  const std::string text =
      "key,gold,x,y2,note\n"
      "k1,a,0.75,0.25,n1\n"
      "k2,b,0.5,0.5,n2\n";
  const Dataset data = read(text, {.label_column = "gold",
                                   .prob_columns = {"y2", "x"},
                                   .id_column = "key",
                                   .text_column = "note",
                                   .class_names = {"b", "a"}});
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0));
  EXPECT_THAT(probs_of(data), ElementsAre(0.25, 0.75, 0.5, 0.5));
  EXPECT_THAT(data.ids, ElementsAre("k1", "k2"));
  EXPECT_THAT(data.text, ElementsAre("n1", "n2"));
}

TEST_F(CsvTest, ListsTheColumnsWhenOneIsMissing) {
  const std::string text = "a,b\n1,2\n";
  EXPECT_THAT(error(text), AllOf(HasSubstr("no column of labels"), HasSubstr("a, b"),
                                 HasSubstr("--label-column")));
  EXPECT_THAT(error(text, {.label_column = "c"}),
              HasSubstr("no column \"c\"; the columns are a, b"));
  EXPECT_THAT(error(text, {.label_column = "a"}), HasSubstr("no columns of probabilities"));
  EXPECT_THAT(error(text, {.label_column = "a", .prob_columns = {"b", "z"}}),
              HasSubstr("no column \"z\""));
  EXPECT_THAT(error(text, {.label_column = "a", .prob_columns = {"b", "b"}}), HasSubstr("twice"));
  EXPECT_THAT(error("label,p_a,p_b\na,1,0\n", {.id_column = "key"}),
              HasSubstr("no column \"key\""));
  EXPECT_THAT(error("label,p_a,p_b\na,1,0\n", {.text_column = "t"}), HasSubstr("no column \"t\""));
  EXPECT_THAT(error("label,label,p_a,p_b\n"), HasSubstr("\"label\" stands twice"));
  EXPECT_THAT(error("label,p_a,p_a\na,1,0\n"), HasSubstr("\"a\" stands twice"));
  EXPECT_THAT(error("label,p_a,prob_b\na,1,0\n"), HasSubstr("some with prob_"));
}

TEST_F(CsvTest, RecognisesNamesInOtherCase) {
  EXPECT_THAT(labels_of(read("ID,Label,p_a,p_b\nx,a,1,0\n")), ElementsAre(0));
}

TEST_F(CsvTest, RefusesRaggedRows) {
  const std::string start = "label,p_a,p_b\na,1,0\n";
  EXPECT_THAT(error(start + "b,1\n"),
              AllOf(HasSubstr("data.csv, line 3: expected 3 cells"), HasSubstr("found 2")));
  EXPECT_THAT(error(start + "b,1,0,0\n"),
              HasSubstr("line 3: expected 3 cells as in the header, found 4"));
  EXPECT_THAT(error(start + "b,1,0,\n"), HasSubstr("found 4"));
  EXPECT_THAT(error(start + "b\n", {.skip_invalid = true}), HasSubstr("found 1"));
  EXPECT_THAT(error(start + "\"b,1,0\nb,1,0\n"),
              AllOf(HasSubstr("line 3"), HasSubstr("never ends")));
  EXPECT_THAT(error("label,\"p_a\n"), HasSubstr("header never ends"));
}

TEST_F(CsvTest, RefusesRaggedRowsOfPlainFractions) {
  for (int columns = 2; columns < 40; ++columns) {
    std::string header = "label";
    std::string numbers;
    for (int k = 0; k < columns; ++k) {
      header += ",p_" + std::to_string(k);
      numbers += ",0.0" + std::to_string(1000 + k);
    }
    const std::string start = header + "\na" + numbers + "\n";
    const std::string wanted = "line 3: expected " + std::to_string(columns + 1) + " cells";
    const std::string less = numbers.substr(0, numbers.size() - 8);
    EXPECT_THAT(error(start + "b" + less + "\nb" + numbers + "\n"),
                AllOf(HasSubstr(wanted), HasSubstr("found " + std::to_string(columns))));
    EXPECT_THAT(error(start + "b" + numbers + ",0.25\nb" + numbers + "\n"),
                AllOf(HasSubstr(wanted), HasSubstr("found " + std::to_string(columns + 2))));
  }
}

// Between plain fractions, which are read in pairs, stands every other form.
TEST_F(CsvTest, ReadsNumbersInAllForms) {
  std::mt19937_64 random(5);
  const std::string others[] = {"1",
                                "0",
                                "1.0",
                                "0.0",
                                "1e-5",
                                "9.5e-05",
                                "\"0.125\"",
                                " 0.375 ",
                                "+0.625",
                                ".875",
                                "0.",
                                "0.12345678901234567",
                                "0.9007199254740993"};
  for (const char* const line_end : {"\n", "\r\n"}) {
    for (const int columns : {2, 3, 10, 15, 16, 17, 33, 70}) {
      std::string text = "label";
      for (int k = 0; k < columns; ++k) text += ",p_" + std::to_string(k);
      text += line_end;
      std::vector<double> expected;
      for (int row = 0; row < 30; ++row) {
        text += "0";
        for (int k = 0; k < columns; ++k) {
          std::string cell = "0.";
          for (uint64_t digits = 1 + random() % 16; digits > 0; --digits) {
            cell += static_cast<char>('0' + random() % 10);
          }
          if (random() % 6 == 0) cell = others[random() % std::size(others)];
          text += "," + cell;
          expected.push_back(std::strtod(cell.c_str() + (cell[0] == '"' ? 1 : 0), nullptr));
        }
        text += line_end;
      }
      EXPECT_EQ(expected, probs_of(read(text, {.unchecked = true}))) << columns;
    }
  }
}

TEST_F(CsvTest, NamesLineAndColumnOfBadNumbers) {
  const std::string start = "label,p_a,p_b\na,1,0\n";
  EXPECT_THAT(error(start + "b,abc,0\n"),
              HasSubstr("data.csv, line 3, column p_a: \"abc\" is not a number"));
  EXPECT_THAT(error(start + "b,0.5,\n"),
              HasSubstr("line 3, column p_b: the probability is missing"));
  EXPECT_THAT(error(start + "b,0.5x,0.5\n"), HasSubstr("\"0.5x\" is not a number"));
  EXPECT_THAT(error(start + "b,1e,0.5\n"), HasSubstr("\"1e\" is not a number"));
  EXPECT_THAT(error("label;p_a;p_b\na;0,5;0,5\n"), HasSubstr("write a decimal point"));
  EXPECT_THAT(error(start + "b,nan,0.5\n"),
              HasSubstr("line 3, column p_a: the probability is nan"));
  EXPECT_THAT(error(start + "b,0.5,inf\n"), HasSubstr("the probability is inf"));
  EXPECT_THAT(error(start + "b,-2,3.5\n"),
              AllOf(HasSubstr("-2.000000 is outside [0, 1]"), HasSubstr("--logits")));
  EXPECT_EQ(read(start + "b,-0.0000005,1.0000005\n").num_rows(), 2);
}

TEST_F(CsvTest, ErrorsAreOneLineWhateverTheColumnsAreCalled) {
  EXPECT_THAT(error("label,\"p_a\nb\",p_c\n0,x,0\n"),
              HasSubstr("line 3, column p_a b: \"x\" is not a number"));
}

TEST_F(CsvTest, RefusesTablesWithoutRows) {
  EXPECT_THAT(error(""), HasSubstr("the file is empty"));
  EXPECT_THAT(error("label,p_a,p_b"), HasSubstr("no rows"));
  EXPECT_THAT(error("label,p_a,p_b\n\n\r\n"), HasSubstr("no rows"));
}

TEST_F(CsvTest, MissingLabelsAreAnErrorThatNamesTheLine) {
  EXPECT_THAT(error("label,p_a,p_b\na,1,0\n,1,0\nb,0,1\n ,0,1\n"),
              AllOf(HasSubstr("line 3, column label: 2 labels are missing")));
  // In a table of one column an empty line is an empty cell, except at the end.
  const std::string labels = dir_.write("y.csv", "label\na\n\nb\n\n");
  const std::string probs = dir_.write("p.npy", npy_probs({1, 0, 1, 0, 0, 1}, 2));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {probs}}),
              HasSubstr("y.csv, line 3, column label: 1 label is missing"));
}

TEST_F(CsvTest, SkipsInvalidRows) {
  const Dataset data = read(
      "label,p_a,p_b\n"
      "a,1,0\n"
      ",1,0\n"
      "a,x,0\n"
      "b,,0\n"
      "c,0,1\n"
      "b,2,0\n"
      "b,nan,0\n"
      "b,0,1\n",
      {.class_names = {"a", "b"}, .skip_invalid = true});
  EXPECT_EQ(data.num_skipped, 6);
  EXPECT_THAT(labels_of(data), ElementsAre(0, -1, -1, -1, -1, -1, -1, 1));
  EXPECT_EQ(data.labels.ignore_label, -1);
  EXPECT_THAT(data.source_lines, ElementsAre(2, 3, 4, 5, 6, 7, 8, 9));
  const Dataset vectors =
      read("label,probs\n0,\"[0.5,0.5]\"\n1,\"[1]\"\n1,\n1,\"[0,1]\"\n", {.skip_invalid = true});
  EXPECT_THAT(labels_of(vectors), ElementsAre(0, -1, -1, 1));
}

TEST_F(CsvTest, UncheckedNumbersPass) {
  const Dataset data = read("label,p_a,p_b\na,-3,inf\n", {.unchecked = true});
  EXPECT_EQ(probs_of(data)[0], -3);
}

TEST_F(CsvTest, ReadsStandardInputByFormat) {
  EXPECT_THAT(read_error({.input = "-"}), HasSubstr("--input-format"));
  EXPECT_THAT(read_error({.input = dir_.write("data.txt", "x")}),
              AllOf(HasSubstr("data.txt: "), HasSubstr("--input-format")));
  const std::string text = dir_.write("data.txt", "label,p_a,p_b\nb,0,1\n");
  EXPECT_THAT(labels_of(read_dataset({.input = text, .input_format = InputFormat::kCsv})),
              ElementsAre(1));
}

TEST_F(CsvTest, ChecksTheChoiceOfInputs) {
  EXPECT_THAT(read_error({}), HasSubstr("there are no labels"));
  EXPECT_THAT(read_error({.labels = "y.npy"}), HasSubstr("there are no probabilities"));
  EXPECT_THAT(read_error({.input = "a.csv", .labels = "y.npy"}), HasSubstr("not both"));
  EXPECT_THAT(read_error({.labels = "-", .pred_probs = {"-"}}), HasSubstr("once only"));
}

}  // namespace
}  // namespace labelsieve::test
