// Word forms and the memory of what a word is elsewhere.
#include "tasks/word_memory.h"

#include <gtest/gtest.h>

#include "tasks/word_form.h"

namespace {

using labelsieve::number_words;
using labelsieve::Sentences;
using labelsieve::WordMemory;

std::string form_of(std::string_view word) {
  std::string form = "left over";
  labelsieve::write_word_form(word, form);
  return form;
}

TEST(WordForm, HasNoCaseAndNoNumbers) {
  EXPECT_EQ("new", form_of("NeW"));
  EXPECT_EQ("a0.0-b0", form_of("A1996.08-B7"));
  EXPECT_EQ("", form_of(""));
  EXPECT_EQ("ärger", form_of("ÄRGER"));
  EXPECT_EQ("łódź", form_of("ŁÓDŹ"));
  EXPECT_EQ("αθήνα", form_of("ΑΘΉΝΑ"));
  EXPECT_EQ("москва ѐ", form_of("МОСКВА Ѐ"));
  EXPECT_EQ("việt ẵ ÿ", form_of("VIỆT Ẵ Ÿ"));
  EXPECT_EQ("ａ", form_of("Ａ"));
  EXPECT_EQ("東京", form_of("東京"));
  EXPECT_EQ("😀", form_of("😀"));
  EXPECT_EQ("×÷ß", form_of("×÷ß"));  // no letters, and one without upper case
}

TEST(WordForm, KeepsBytesThatAreNoUtf8) {
  EXPECT_EQ(
      "\xff\xc3"
      "a\xe4",
      form_of("\xff\xc3"
              "A\xe4"));
  EXPECT_EQ("\xe1\xba", form_of("\xe1\xba"));
}

TEST(WordMemory, NumbersWordsByFirstAppearance) {
  const std::vector<std::string_view> words = {"The", "cat", "THE", "12", "3", "cats"};
  EXPECT_EQ((std::vector<int32_t>{0, 1, 0, 2, 2, 3}), number_words(words));
}

TEST(WordMemory, LeavesTheTokenItselfOut) {
  const std::vector<std::string_view> words = {"a", "a", "a", "b", "a"};
  const std::vector<int64_t> offsets = {0, 2, 4, 5};
  const std::vector<int64_t> documents = {8, 3, 8};
  const WordMemory memory(words, Sentences(offsets), documents, {1, 0, 1, 0, -1}, {0.75, 0.25});
  std::vector<double> shares(2);
  // Of the two other tokens one is outside; in its document there is that one alone.
  memory.shares(0, shares);
  const double outside = (1 + 0.375) / 2.5;
  const double inside = (1 + 0.125) / 2.5;
  EXPECT_DOUBLE_EQ((1 + outside / 2) / 1.5, shares[0]);
  EXPECT_DOUBLE_EQ((inside / 2) / 1.5, shares[1]);
  memory.shares(3, shares);  // a word that is nowhere else
  EXPECT_DOUBLE_EQ(0.75, shares[0]);
  EXPECT_DOUBLE_EQ(0.25, shares[1]);
}

}  // namespace
