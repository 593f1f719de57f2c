#include "tasks/word_memory.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include "tasks/word_form.h"

namespace labelsieve {
namespace {

constexpr double kPseudoCount = 0.5;  // what each level is worth to the next finer one
constexpr int64_t kSentencesInDocument = 20;

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// Numbers for pairs of a word and a document, by first appearance.
std::vector<int32_t> number_pairs(std::span<const int32_t> words, const Sentences& sentences,
                                  std::span<const int64_t> documents) {
  std::unordered_map<int64_t, int32_t> document_numbers;
  std::unordered_map<uint64_t, int32_t> seen;
  std::vector<int32_t> pairs(words.size());
  for (int64_t s = 0; s < sentences.size(); ++s) {
    const int64_t document =
        documents.empty() ? s / kSentencesInDocument : documents[static_cast<size_t>(s)];
    const auto next = static_cast<int32_t>(document_numbers.size());
    const auto number =
        static_cast<uint64_t>(document_numbers.try_emplace(document, next).first->second);
    for (int64_t t = sentences.start(s); t < sentences.end(s); ++t) {
      const auto word = static_cast<uint64_t>(words[static_cast<size_t>(t)]);
      const auto fresh = static_cast<int32_t>(seen.size());
      pairs[static_cast<size_t>(t)] = seen.try_emplace(number << 32 | word, fresh).first->second;
    }
  }
  return pairs;
}

/// out = (counts without one of `own`, plus half a token of `out`) / their sum.
void update_shares(std::span<const TypeCounts::Count> counts, int32_t own, std::span<double> out) {
  int64_t others = -1;
  for (const TypeCounts::Count& entry : counts) others += entry.count;
  const double total = static_cast<double>(others) + kPseudoCount;
  for (double& share : out) share *= kPseudoCount;
  for (const TypeCounts::Count& entry : counts) {
    out[static_cast<size_t>(entry.type)] +=
        static_cast<double>(entry.count - (entry.type == own ? 1 : 0));
  }
  for (double& share : out) share /= total;
}

}  // namespace

std::vector<int32_t> number_words(std::span<const std::string_view> words) {
  std::unordered_map<std::string, int32_t, StringHash, std::equal_to<>> seen;
  std::vector<int32_t> numbers;
  numbers.reserve(words.size());
  std::string form;
  for (const std::string_view word : words) {
    write_word_form(word, form);
    const auto found = seen.find(std::string_view(form));
    if (found != seen.end()) {
      numbers.push_back(found->second);
    } else {
      numbers.push_back(static_cast<int32_t>(seen.size()));
      seen.emplace(form, numbers.back());
    }
  }
  return numbers;
}

TypeCounts::TypeCounts(std::span<const int32_t> groups, std::span<const int32_t> types) {
  std::vector<uint64_t> keys;
  keys.reserve(groups.size());
  int32_t num_groups = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    num_groups = std::max(num_groups, groups[i] + 1);
    if (types[i] < 0) continue;
    keys.push_back(static_cast<uint64_t>(groups[i]) << 32 | static_cast<uint64_t>(types[i]));
  }
  std::sort(keys.begin(), keys.end());
  starts_.assign(static_cast<size_t>(num_groups) + 1, 0);
  for (size_t first = 0; first < keys.size();) {
    size_t last = first;
    while (last < keys.size() && keys[last] == keys[first]) ++last;
    counts_.push_back(
        {static_cast<int32_t>(keys[first] & 0xffffffffU), static_cast<int64_t>(last - first)});
    ++starts_[static_cast<size_t>(keys[first] >> 32) + 1];
    first = last;
  }
  for (size_t g = 1; g < starts_.size(); ++g) starts_[g] += starts_[g - 1];
}

WordMemory::WordMemory(std::span<const std::string_view> words, const Sentences& sentences,
                       std::span<const int64_t> documents, std::vector<int32_t> types,
                       std::vector<double> type_shares)
    : types_(std::move(types)),
      type_shares_(std::move(type_shares)),
      words_(number_words(words)),
      words_in_document_(number_pairs(words_, sentences, documents)),
      by_word_(words_, types_),
      by_document_(words_in_document_, types_) {}

void WordMemory::shares(int64_t token, std::span<double> out) const {
  const auto at = static_cast<size_t>(token);
  std::copy(type_shares_.begin(), type_shares_.end(), out.begin());
  update_shares(by_word_.of(words_[at]), types_[at], out);
  update_shares(by_document_.of(words_in_document_[at]), types_[at], out);
}

}  // namespace labelsieve
