// Token files: columns, sentences, document starts, CoNLL-U, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "io/conll_reader.h"
#include "io/io_files.h"
#include "labelsieve/read_tokens.h"
#include "labelsieve/tag_scheme.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kConll2003 =
    "-DOCSTART- -X- -X- O\n"
    "\n"
    "Ada NNP B-NP B-PER\n"
    "wrote VBD B-VP O\n"
    "\n"
    "\n"
    "-DOCSTART- -X- -X- O\n"
    "\n"
    "in IN B-PP O\n"
    "New NNP B-NP B-LOC\n"
    "York NNP I-NP I-LOC\n";

class ConllTest : public testing::Test {
 protected:
  TokenDataset read(const std::string& name, const std::string& text,
                    TokenReadOptions options = {}) {
    options.input = dir_.write(name, text);
    return read_tokens(options);
  }
  std::string error(const std::string& name, const std::string& text,
                    const TokenReadOptions& options = {}) {
    return message_of([&] { read(name, text, options); });
  }
  static std::vector<std::string> tags_of(const TokenDataset& data) {
    std::vector<std::string> tags;
    for (const int32_t code : data.tags) {
      tags.push_back(code < 0 ? "(none)" : data.tag_names[static_cast<size_t>(code)]);
    }
    return tags;
  }
  TempDir dir_;
};

TEST_F(ConllTest, ReadsFourColumns) {
  const TokenDataset data = read("train.conll", kConll2003);
  EXPECT_THAT(data.offsets, ElementsAre(0, 2, 5));
  EXPECT_THAT(data.tokens, ElementsAre("Ada", "wrote", "in", "New", "York"));
  EXPECT_THAT(data.tag_names, ElementsAre("B-PER", "O", "B-LOC", "I-LOC"));
  EXPECT_THAT(data.tags, ElementsAre(0, 1, 1, 2, 3));
  EXPECT_THAT(labels_of(data.examples), ElementsAre(0, 1, 1, 2, 3));
  EXPECT_EQ(data.examples.class_names, data.tag_names);
  EXPECT_THAT(data.examples.source_lines, ElementsAre(3, 4, 9, 10, 11));
  EXPECT_THAT(data.examples.notes, IsEmpty());
  EXPECT_EQ(data.num_document_starts, 2);
  EXPECT_EQ(data.num_sentences(), 2);
  EXPECT_EQ(data.sentences().position(4), (TokenPosition{.sentence = 1, .token = 2}));
  EXPECT_FALSE(data.examples.labels.ignore_label.has_value());
}

TEST_F(ConllTest, WordsOutliveTheFileAndAMove) {
  TokenDataset moved;
  moved = read("train.conll", kConll2003);
  std::filesystem::remove(dir_.path("train.conll"));
  EXPECT_EQ(moved.tokens[4], "York");
}

TEST_F(ConllTest, TwoColumnsApartByAnything) {
  for (const std::string text :
       {"Ada B-PER\nwrote O\n\nhere O\n", "Ada\tB-PER\nwrote\tO\n\nhere\tO",
        "\xEF\xBB\xBF"
        "Ada B-PER\r\nwrote O\r\n\r\nhere O\r\n\r\n",
        " Ada   B-PER \nwrote \t O\n \t \nhere O\n", "\n\nAda\tB-PER \nwrote\tO\n\t\nhere\t O\n"}) {
    const TokenDataset data = read("eng.train", text);
    EXPECT_THAT(data.offsets, ElementsAre(0, 2, 3)) << text;
    EXPECT_THAT(data.tokens, ElementsAre("Ada", "wrote", "here")) << text;
    EXPECT_THAT(tags_of(data), ElementsAre("B-PER", "O", "O")) << text;
  }
}

TEST_F(ConllTest, WordsMayHoldBlanksBetweenTabs) {
  const TokenDataset data = read("a.bio", "New York\tB-LOC\n# \tO\n");
  EXPECT_THAT(data.tokens, ElementsAre("New York", "# "));
  EXPECT_THAT(tags_of(data), ElementsAre("B-LOC", "O"));
}

TEST_F(ConllTest, NumberSignsAndDocumentWordsAreWords) {
  const TokenDataset data = read("a.conll", "#tag O\n# O\n-DOCSTART-s O\n");
  EXPECT_THAT(data.tokens, ElementsAre("#tag", "#", "-DOCSTART-s"));
  EXPECT_EQ(data.num_document_starts, 0);
  TokenReadOptions options;
  options.comment_prefix = "# id";
  EXPECT_THAT(read("b.conll", "# id 1 of 2\n# O\n", options).tokens, ElementsAre("#"));
}

TEST_F(ConllTest, DocumentStartsEndSentencesWhateverTheirColumns) {
  const TokenDataset data = read("a.conll", "-DOCSTART-\na O\n-DOCSTART- O\nb O\n");
  EXPECT_THAT(data.offsets, ElementsAre(0, 1, 2));
  EXPECT_EQ(data.num_document_starts, 2);
}

TEST_F(ConllTest, ColumnsByNumber) {
  TokenReadOptions options;
  options.tag_column = 2;
  EXPECT_THAT(tags_of(read("a.conll", kConll2003, options)),
              ElementsAre("NNP", "VBD", "IN", "NNP", "NNP"));
  options = {.token_column = 2, .tag_column = 1};
  const TokenDataset data = read("a.conll", "O a x y\nO b\n", options);  // CoNLL-2012 differs too
  EXPECT_THAT(data.tokens, ElementsAre("a", "b"));
  EXPECT_THAT(error("b.conll", "O a\nO\n", options),
              AllOf(HasSubstr("b.conll, line 2: "), HasSubstr("1 column, but column 2")));
  EXPECT_THAT(error("b.conll", "a O\n", {.tag_column = -1}), HasSubstr("counted from 1"));
  EXPECT_THAT(error("b.conll", "a O\n", {.token_column = 3}), HasSubstr("column 3 is asked for"));
}

TEST_F(ConllTest, TablesMayNameTheirColumns) {
  const TokenDataset data = read("a.tsv", "Token\tNER\nAda\tB-PER\n\nwas\tO\n");
  EXPECT_THAT(data.tokens, ElementsAre("Ada", "was"));
  EXPECT_THAT(data.examples.source_lines, ElementsAre(2, 4));
  EXPECT_THAT(data.examples.notes, ElementsAre(HasSubstr("line 1 of ")));
  EXPECT_THAT(error("b.tsv", "Ada O\n"), HasSubstr("has one column, \"Ada O\""));
}

TEST_F(ConllTest, GzippedFiles) {
  const TokenDataset data = read("train.conll.gz", gzipped(kConll2003));
  EXPECT_THAT(data.tokens, ElementsAre("Ada", "wrote", "in", "New", "York"));
}

TEST_F(ConllTest, RaggedLinesAreNamed) {
  EXPECT_THAT(error("a.conll", "Ada NNP O\n\nwas VBD\n"),
              AllOf(HasSubstr("a.conll, line 3: the line has 2 columns"),
                    HasSubstr("the first one (line 1) has 3"), HasSubstr("add what is missing")));
  EXPECT_THAT(error("a.conll", "Ada O\nNew York O\n"),
              AllOf(HasSubstr("line 2: "), HasSubstr("must not contain the separator")));
  EXPECT_THAT(error("a.conll", "\nAda\n"),
              AllOf(HasSubstr("line 2: "), HasSubstr("one column, \"Ada\"")));
  EXPECT_THAT(error("a.conll", "Ada\tO\n\tO\n"), HasSubstr("line 2: the word is empty"));
}

TEST_F(ConllTest, MissingTagsAreAnErrorOrLeftOut) {
  const std::string text = "Ada\tB-PER\nwas\t\n\nhere\t \nnow\tO\n";
  EXPECT_THAT(error("a.conll", text),
              AllOf(HasSubstr("a.conll, line 2"), HasSubstr("2 labels are missing")));
  const TokenDataset data = read("a.conll", text, {.skip_invalid = true});
  EXPECT_THAT(data.tags, ElementsAre(0, -1, -1, 1));
  EXPECT_THAT(labels_of(data.examples), ElementsAre(0, -1, -1, 1));
  EXPECT_EQ(data.examples.labels.ignore_label, -1);
  EXPECT_EQ(data.examples.num_skipped, 2);
  EXPECT_THAT(error("a.conll", "a\t\n", {.skip_invalid = true}), HasSubstr("no token has a tag"));
}

TEST_F(ConllTest, FilesWithoutSentences) {
  EXPECT_THAT(error("a.conll", ""), HasSubstr("a.conll: the file is empty"));
  for (const std::string text : {"\n", " \r\n\t\n", "-DOCSTART- -X- O O\n\n"}) {
    EXPECT_THAT(error("a.conll", text), HasSubstr("a.conll: there is no sentence")) << text;
  }
  EXPECT_THAT(error("a.conllu", "# text = nothing\n\n"), HasSubstr("there is no sentence"));
  EXPECT_THAT(error("a.conll", gzipped("")), HasSubstr("the file is empty"));
  EXPECT_THAT(error("a.conll", std::string("\xFF\xFE"
                                           "a\0",
                                           4)),
              HasSubstr("UTF-16"));
  EXPECT_THAT(message_of([&] { read_tokens({.input = dir_.path("none.conll")}); }),
              HasSubstr("No such file"));
  EXPECT_THAT(message_of([&] { read_tokens({}); }), HasSubstr("no file of tokens"));
}

const char* const kConllu =
    "# sent_id = 1\n"
    "# text = Ada's work isn't here\n"
    "1-2\tAda's\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "1\tAda\tAda\tPROPN\tNNP\t_\t3\tnmod\t_\tSpaceAfter=No|NER=B-PER\n"
    "2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\tNER=O\n"
    "2.1\tnothing\t_\t_\t_\t_\t_\t_\t0:root\t_\n"
    "3\twork here\twork\tNOUN\tNN\t_\t0\troot\t_\tXNER=B-X|NER=O\n"
    "\n"
    "# sent_id = 2\n"
    "1\t#\t#\tSYM\tNN\t_\t0\troot\t_\tNER=O\n"
    "\n";

TEST_F(ConllTest, ConlluTakesWordsAndTheirUpos) {
  const TokenDataset data = read("a.conllu", kConllu);
  EXPECT_THAT(data.offsets, ElementsAre(0, 3, 4));
  EXPECT_THAT(data.tokens, ElementsAre("Ada", "'s", "work here", "#"));
  EXPECT_THAT(tags_of(data), ElementsAre("PROPN", "PART", "NOUN", "SYM"));
  EXPECT_THAT(data.examples.source_lines, ElementsAre(4, 5, 7, 10));
}

TEST_F(ConllTest, ConlluTagsOfOtherColumnsAndKeys) {
  TokenReadOptions options;
  options.tag_column = 5;
  EXPECT_THAT(tags_of(read("a.conllu", kConllu, options)), ElementsAre("NNP", "POS", "NN", "NN"));
  options = {.misc_key = "NER"};
  EXPECT_THAT(tags_of(read("a.conllu", kConllu, options)), ElementsAre("B-PER", "O", "O", "O"));
  options.misc_key = "XNER";
  EXPECT_THAT(error("a.conllu", kConllu, options),
              AllOf(HasSubstr("line 4, column XNER"), HasSubstr("3 labels are missing")));
  options = {.token_column = 3};
  EXPECT_THAT(read("a.conllu", kConllu, options).tokens, ElementsAre("Ada", "'s", "work", "#"));
}

TEST_F(ConllTest, ConlluIsChecked) {
  EXPECT_THAT(error("a.conllu", "Ada O\n"), HasSubstr("a.conllu, line 1: the line has 1 column"));
  const std::string rest = "\ta\ta\tX\t_\t_\t_\t_\t_\t_\n";
  for (const std::string id : {"x", "", "1x", "1-", "1.", "-1", "1-2-3"}) {
    EXPECT_THAT(error("a.conllu", "1" + rest + id + rest), HasSubstr("line 2: the ID \"" + id))
        << id;
  }
  EXPECT_THAT(error("a.conllu", "1\ta\ta\t_\t_\t_\t_\t_\t_\t_\n"), HasSubstr("missing"));
  EXPECT_THAT(error("a.conllu", kConllu, {.tag_column = 11}), HasSubstr("10 columns"));
  EXPECT_THAT(error("a.conllu", kConllu, {.tag_column = 4, .misc_key = "NER"}),
              HasSubstr("one of the two"));
  EXPECT_THAT(error("a.conll", "a O\n", {.misc_key = "NER"}), HasSubstr("only CoNLL-U"));
}

// A text of lines of all lengths and ends, read in pieces of any size and by any number of threads.
TEST_F(ConllTest, PiecesAndThreadsLeaveNoTrace) {
  std::string text = "-DOCSTART-\n\nx\tO\n";
  std::vector<std::string> words = {"x"};
  for (size_t i = 0; i < 300; ++i) {
    words.emplace_back(1 + i * 7 % 45, static_cast<char>('a' + i % 26));
    if (i % 11 == 0) text += i % 2 == 0 ? "\n" : "\r\n\r\n";
    if (i % 50 == 0) text += "-DOCSTART-\tO\n";
    text.append(words.back()).append("\tB-").append(std::to_string(i % 13));
    text += i % 3 == 0 ? " \r\n" : "\n";
  }
  for (const char separator : {'\t', ' '}) {
    std::replace(text.begin(), text.end(), '\t', separator);
    const io::FileBytes bytes = io::owned_bytes(text);
    const auto read = [&](int64_t piece_bytes, int threads) {
      TokenReadOptions options;
      options.execution.num_threads = threads;
      return io::read_conll(bytes, "a", TokenFormat::kConll, options, piece_bytes);
    };
    const io::TokenPart whole = read(1 << 20, 1);
    EXPECT_THAT(whole.tokens, testing::ElementsAreArray(words));
    EXPECT_EQ(whole.tags.values.size(), 14u);
    EXPECT_EQ(whole.offsets.size(), 35u);
    EXPECT_EQ(whole.num_document_starts, 7);
    for (const int64_t piece_bytes : {1, 20, 33, 1000}) {
      const io::TokenPart part = read(piece_bytes, 3);
      EXPECT_EQ(part.tokens, whole.tokens);
      EXPECT_EQ(part.offsets, whole.offsets);
      EXPECT_EQ(part.lines, whole.lines);
      EXPECT_EQ(part.tags.codes, whole.tags.codes);
      EXPECT_EQ(part.tags.values, whole.tags.values);
      EXPECT_EQ(part.num_document_starts, whole.num_document_starts);
    }
  }
}

// Files that begin with a byte order mark leave it in the middle when they are put together.
TEST_F(ConllTest, AByteOrderMarkAloneIsABlankLine) {
  const TokenDataset data = read("a.conll",
                                 "\xEF\xBB\xBF"
                                 "a O\n\xEF\xBB\xBF\nb O\n\xEF\xBB\xBF");
  EXPECT_THAT(data.tokens, ElementsAre("a", "b"));
  EXPECT_THAT(data.offsets, ElementsAre(0, 1, 2));
}

TEST_F(ConllTest, BlanksAmongTabsAreNamed) {
  EXPECT_THAT(error("a.conll", "a\tO\nb O\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("blanks and no tab"), HasSubstr("line 1")));
}

TEST_F(ConllTest, FormatsGoByTheirEndings) {
  EXPECT_EQ(token_format_of("x/Train.CoNLL"), TokenFormat::kConll);
  EXPECT_EQ(token_format_of("train.bio.gz"), TokenFormat::kConll);
  EXPECT_EQ(token_format_of("train.conllu.gz"), TokenFormat::kConllu);
  EXPECT_EQ(token_format_of("train.tsv"), TokenFormat::kTsv);
  EXPECT_EQ(token_format_of("eng.train"), TokenFormat::kAuto);
  EXPECT_EQ(token_format_of("train.csv"), TokenFormat::kAuto);
  EXPECT_THAT(read("words.txt", kConllu, {.input_format = TokenFormat::kConllu}).tokens,
              testing::SizeIs(4));
}

}  // namespace
}  // namespace labelsieve::test
