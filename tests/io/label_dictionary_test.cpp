// Texts as numbers.
#include "io/label_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace labelsieve::test {
namespace {

TEST(LabelDictionaryTest, TellsAlikeTextsApart) {
  // Texts of one letter, and all that differ from them in one place.
  std::vector<std::string> texts = {""};
  for (size_t size = 1; size <= 12; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (const char letter : {'b', 'c', '\xff', '\0'}) {
        texts.emplace_back(size, 'a');
        texts.back()[at] = letter;
      }
    }
    texts.emplace_back(size, 'a');
  }
  io::LabelDictionary dictionary;
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(dictionary.code_of(texts[i]), static_cast<int32_t>(i)) << texts[i];
      EXPECT_EQ(dictionary.code_of(texts[i]), static_cast<int32_t>(i)) << texts[i];
    }
  }
  EXPECT_EQ(dictionary.values(), texts);
}

}  // namespace
}  // namespace labelsieve::test
