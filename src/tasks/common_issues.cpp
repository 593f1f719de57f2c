#include "labelsieve/common_issues.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "base/refuse_argument.h"

namespace labelsieve {
namespace {

LabelPair labels_of(const TokenIssue& issue) {
  return {issue.example.given_label, issue.example.suggested_label};
}

bool is_in(std::span<const LabelPair> pairs, const LabelPair& labels) {
  return std::find(pairs.begin(), pairs.end(), labels) != pairs.end();
}

double rate(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string_view word_of(const TokenIssue& issue, std::span<const std::string_view> words) {
  const int64_t index = issue.example.index;
  if (index < 0 || index >= static_cast<int64_t>(words.size())) {
    refuse_argument("token " + std::to_string(index) + " is an issue, but there are " +
                    std::to_string(words.size()) + " words");
  }
  return words[static_cast<size_t>(index)];
}

/// Most often first, else as it was; then the first `top`.
template <class T>
void rank_by_count(std::vector<T>& table, int64_t top) {
  std::stable_sort(table.begin(), table.end(),
                   [](const T& a, const T& b) { return a.num_issues > b.num_issues; });
  if (static_cast<int64_t>(table.size()) > top) {
    table.resize(static_cast<size_t>(std::max<int64_t>(top, 0)));
  }
}

/// Words in the order of their first issue, with the counts of their pairs.
struct WordTable {
  std::unordered_map<std::string_view, size_t> positions;
  std::vector<CommonWord> words;
  std::vector<std::map<LabelPair, int64_t>> pairs;

  void add(std::string_view word, const LabelPair& labels) {
    const auto [found, is_new] = positions.try_emplace(word, words.size());
    if (is_new) {
      words.push_back({word, 0, 0, 0});
      pairs.emplace_back();
    }
    ++words[found->second].num_issues;
    ++pairs[found->second][labels];
  }

  void count_tokens(std::span<const std::string_view> tokens) {
    for (const std::string_view token : tokens) {
      const auto found = positions.find(token);
      if (found != positions.end()) ++words[found->second].num_tokens;
    }
    for (CommonWord& word : words) word.rate = rate(word.num_issues, word.num_tokens);
  }

  std::vector<CommonWordPair> word_pairs() const {
    std::vector<CommonWordPair> table;
    for (size_t w = 0; w < words.size(); ++w) {
      for (const auto& [labels, count] : pairs[w]) table.push_back({words[w].word, labels, count});
    }
    return table;
  }
};

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return folded(x) == folded(y); });
}

}  // namespace

CommonIssues common_issues(std::span<const TokenIssue> issues,
                           std::span<const std::string_view> words,
                           std::span<const int64_t> label_counts,
                           const CommonIssueOptions& options) {
  WordTable table;
  std::map<LabelPair, int64_t> pairs;
  for (const TokenIssue& issue : issues) {
    const LabelPair labels = labels_of(issue);
    if (is_in(options.exclude, labels)) continue;
    if (labels.given_label < 0 || labels.given_label >= static_cast<int64_t>(label_counts.size())) {
      refuse_argument("the label " + std::to_string(labels.given_label) +
                      " of an issue is none of the " + std::to_string(label_counts.size()) +
                      " that were counted");
    }
    ++pairs[labels];
    if (!words.empty()) table.add(word_of(issue, words), labels);
  }
  table.count_tokens(words);

  CommonIssues common;
  for (const auto& [labels, count] : pairs) {
    const int64_t given = label_counts[static_cast<size_t>(labels.given_label)];
    common.pairs.push_back({labels, count, given, rate(count, given)});
  }
  common.word_pairs = table.word_pairs();
  common.words = std::move(table.words);
  rank_by_count(common.words, options.top);
  rank_by_count(common.word_pairs, options.top);
  rank_by_count(common.pairs, options.top);
  return common;
}

std::vector<TokenIssue> issues_of_word(std::span<const TokenIssue> issues,
                                       std::span<const std::string_view> words,
                                       std::string_view word) {
  std::vector<TokenIssue> chosen;
  std::copy_if(issues.begin(), issues.end(), std::back_inserter(chosen),
               [&](const TokenIssue& issue) { return same_word(word_of(issue, words), word); });
  return chosen;
}

std::vector<TokenIssue> without_pairs(std::span<const TokenIssue> issues,
                                      std::span<const LabelPair> exclude) {
  std::vector<TokenIssue> chosen;
  std::copy_if(issues.begin(), issues.end(), std::back_inserter(chosen),
               [&](const TokenIssue& issue) { return !is_in(exclude, labels_of(issue)); });
  return chosen;
}

}  // namespace labelsieve
