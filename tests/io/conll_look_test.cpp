// Files of tokens told from others by how they begin.
#include "io/conll_look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io/io_files.h"
#include "labelsieve/read_tokens.h"

namespace labelsieve::test {
namespace {

bool looks(const std::string& text, bool is_table = false, bool is_whole = true) {
  return io::begins_with_tagged_tokens(text, is_table, is_whole);
}

TEST(BeginsWithTaggedTokens, TagsOfEveryScheme) {
  EXPECT_TRUE(looks("Ada B-PER\nsings O\n\nin O\nRome S-LOC"));
  EXPECT_TRUE(
      looks("\xEF\xBB\xBF"
            "Ada\tU-PER\r\n\r\nsings\tO\r\n"));
  EXPECT_TRUE(looks("-DOCSTART- -X- O\n\nAda NNP I-PER\nLove NNP E-PER\nlace NNP L-PER\n"));
  EXPECT_TRUE(looks("# from a book\nAda O\n# O\n"));
}

TEST(BeginsWithTaggedTokens, NothingElse) {
  EXPECT_FALSE(looks(""));
  EXPECT_FALSE(looks("\n\n"));
  EXPECT_FALSE(looks("O\nO\n"));                     // one column
  EXPECT_FALSE(looks("Ada NNP\nsings VBZ\n"));       // no spans: could be anything
  EXPECT_FALSE(looks("Ada B-PER\nsings well O\n"));  // other columns
  EXPECT_FALSE(looks("Ada B-PER\nsings X\n"));
  EXPECT_FALSE(looks("Ada B-\n"));
  EXPECT_FALSE(looks("id,label,p_a,p_b\n1,a,0.5,0.5\n"));
  EXPECT_FALSE(looks("{\"text\": \"O\"}\n"));
  EXPECT_FALSE(looks(std::string("\x93NUMPY\x01\0v\0", 10)));
}

// A table of examples has no blank lines; one of tokens has them, and perhaps a header.
TEST(BeginsWithTaggedTokens, TablesNeedABlankLine) {
  EXPECT_FALSE(looks("x1\tB-PER\nx2\tO\n", true));
  EXPECT_FALSE(looks("x1\tB-PER\nx2\tO\n\n", true));
  EXPECT_TRUE(looks("Ada\tB-PER\n\nsings\tO\n", true));
  EXPECT_TRUE(looks("token\tner_tags\nAda\tB-PER\n\nsings\tO\n", true));
  EXPECT_FALSE(looks("token\tner_tags\nAda\tB-PER\n\nsings\tO\n"));
  EXPECT_FALSE(looks("Ada B-PER\n\nsings O\n", true));
}

TEST(BeginsWithTaggedTokens, OnlyTheBeginning) {
  EXPECT_TRUE(looks("Ada B-PER\nsings O\nwel", false, false));
  EXPECT_FALSE(looks("Ada B-PER\nsings O\nwel"));
  EXPECT_FALSE(looks("Ada B-PER", false, false));
  std::string text;
  while (text.size() < (1 << 16)) text += "word O\n";
  EXPECT_TRUE(looks(text + "something else\n"));
  EXPECT_FALSE(looks(text.substr(0, 700) + "something else\n"));
}

TEST(HoldsTaggedTokens, ByNameOrBeginning) {
  TempDir dir;
  EXPECT_TRUE(holds_tagged_tokens("none.conll"));
  EXPECT_TRUE(holds_tagged_tokens("none.conllu.gz"));
  EXPECT_FALSE(holds_tagged_tokens("none.txt"));
  EXPECT_FALSE(holds_tagged_tokens("-"));
  EXPECT_FALSE(holds_tagged_tokens(dir.path("")));
  EXPECT_TRUE(holds_tagged_tokens(dir.write("eng.train", "Ada B-PER\nsings O\n")));
  EXPECT_FALSE(holds_tagged_tokens(dir.write("a.tsv", "Ada\tB-PER\nsings\tO\n")));
  EXPECT_TRUE(holds_tagged_tokens(dir.write("b.tsv", "Ada\tB-PER\n\nsings\tO\n")));
  EXPECT_FALSE(holds_tagged_tokens(dir.write("c.jsonl", "Ada B-PER\n")));
  EXPECT_TRUE(holds_tagged_tokens(dir.write("d.txt.gz", gzipped("Ada B-PER\nsings O\n"))));
  EXPECT_THAT(read_tokens({.input = dir.path("eng.train")}).tokens,
              testing::ElementsAre("Ada", "sings"));
}

// A pipe that was looked at would be empty for those who read it; opening one waits for a writer.
TEST(HoldsTaggedTokens, LeavesPipesAlone) {
  TempDir dir;
  ASSERT_EQ(mkfifo(dir.path("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(holds_tagged_tokens(dir.path("pipe")));
}

}  // namespace
}  // namespace labelsieve::test
