#include "token_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "labelsieve/names.h"
#include "labelsieve/token_errors.h"
#include "values.h"
#include "word_method.h"

namespace labelsieve::cli {
namespace {

/// Names as the tag schemes know them: where classes are numbers, the first is outside of all.
std::vector<std::string> tag_names(const Dataset& data) {
  std::vector<std::string> names = data.class_names;
  if (names.empty()) {
    for (int64_t k = 0; k < data.num_classes(); ++k) names.push_back(fmt::to_string(k));
  }
  const bool are_numbers = std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return integer_from(name).has_value();
  });
  const auto zero = std::find(names.begin(), names.end(), "0");
  if (are_numbers && zero != names.end()) *zero = std::string("O");
  return names;
}

TagSet make_tags(const Dataset& data, const Sentences& sentences,
                 const std::optional<TagScheme>& scheme) {
  const std::vector<std::string> names = tag_names(data);
  return {names, scheme ? *scheme : detect_tag_scheme(names, data.labels, sentences)};
}

std::vector<std::pair<std::string, int64_t>> count_tags(const TokenDataset& data) {
  std::vector<std::pair<std::string, int64_t>> counts;
  for (const std::string& name : data.tag_names) counts.emplace_back(name, 0);
  for (const int32_t tag : data.tags) {
    if (tag >= 0) ++counts[static_cast<size_t>(tag)].second;
  }
  return counts;
}

std::string_view explanation(TagFault fault) {
  switch (fault) {
    case TagFault::kNoBeginning: return "continues a span that is not there";
    case TagFault::kNoEnd: return "begins or continues a span that does not go on";
    case TagFault::kNeedlessBegin: return "begins a span where none of its type is before it";
  }
  return {};
}

}  // namespace

TokenInput::TokenInput(Context& context, TokenDataset data)
    : TokenInput(context, data, context.settings.tokens) {}

TokenInput::TokenInput(Context& context, TokenDataset& data, const TokenOptions& options)
    : Input(context, std::move(data.examples), {"token", "tokens"}, data.num_ignored),
      offsets_(std::move(data.offsets)),
      sentences_(offsets_),
      words_(std::move(data.tokens)),
      num_document_starts_(data.num_document_starts),
      is_scheme_detected_(!options.scheme),
      tags_(make_tags(dataset(), sentences_, options.scheme)),
      illegal_tags_(find_illegal_tags(tags_, dataset().labels, sentences_)),
      tag_counts_(count_tags(data)) {}

bool TokenInput::knows_words() const {
  return has_token_context(tags_, {words_}, sentences_.num_tokens());
}

std::vector<TokenInput::GivenSpan> TokenInput::given_spans() const {
  std::vector<GivenSpan> spans;
  for (int64_t s = 0; s < sentences_.size(); ++s) {
    const LabelsView labels = dataset().labels.slice(sentences_.start(s), sentences_.length(s));
    for (const Span& span : spans_from_labels(tags_, labels)) spans.push_back({s, span});
  }
  return spans;
}

Cell TokenInput::line(int64_t index) const {
  const LineNumbers& lines = dataset().source_lines;
  if (lines.empty()) return std::monostate{};
  return lines[static_cast<size_t>(index)];
}

std::string TokenInput::scheme_text() const {
  const std::string_view origin = is_scheme_detected_ ? " (detected)" : "";
  if (!has_scheme()) return fmt::format("without a scheme{}", origin);
  return fmt::format("in {}{}", to_string(tags_.scheme()), origin);
}

std::string TokenInput::counted_sentences() const {
  return counted(sentences_.size(), "sentence", "sentences");
}

Cell TokenInput::type_cell(int64_t type) const {
  if (type < 0) return std::monostate{};
  return std::string_view(tags_.types()[static_cast<size_t>(type)]);
}

std::vector<std::pair<std::string, std::string>> TokenInput::facts() const {
  std::vector<std::pair<std::string, std::string>> facts;
  int64_t longest = 0;
  for (int64_t s = 0; s < sentences_.size(); ++s) {
    longest = std::max(longest, sentences_.length(s));
  }
  facts.emplace_back("sentences", fmt::format("{}, the longest of {}", sentences_.size(),
                                              counted(longest, "token", "tokens")));
  if (num_document_starts_ > 0) {
    facts.emplace_back("documents", fmt::format("{} lines -DOCSTART-", num_document_starts_));
  }
  facts.emplace_back("tag scheme", fmt::format("{} ({})", to_string(tags_.scheme()),
                                               is_scheme_detected_ ? "detected" : "as asked"));
  std::vector<int64_t> counts(tags_.types().size());
  const std::vector<GivenSpan> spans = given_spans();
  for (const GivenSpan& given : spans) ++counts[static_cast<size_t>(given.span.type)];
  std::string by_type;
  for (size_t type = 0; type < counts.size(); ++type) {
    by_type += fmt::format("{} {} {}", type == 0 ? ":" : ",", counts[type],
                           printable(tags_.types()[type]));
  }
  if (has_scheme()) {
    facts.emplace_back("spans", fmt::format("{}{}", spans.size(), by_type));
  }
  facts.emplace_back("illegal tags", fmt::to_string(illegal_tags_.size()));
  return facts;
}

std::vector<Diagnosis> TokenInput::more_diagnoses() const {
  if (illegal_tags_.empty()) return {};
  return {{"illegal_transitions",
           fmt::format("{} not legal in {}, the first {}. labelsieve find --by transition lists "
                       "them; --scheme names another scheme.",
                       counted(static_cast<int64_t>(illegal_tags_.size()), "tag is", "tags are"),
                       to_string(tags_.scheme()), described(*this, illegal_tags_.front()))}};
}

nlohmann::ordered_json TokenInput::summary(const Settings& settings) const {
  nlohmann::ordered_json summary = Input::summary(settings);
  summary["num_sentences"] = sentences_.size();
  summary["num_tokens"] = sentences_.num_tokens();
  summary["scheme"] = to_string(tags_.scheme());
  summary["scheme_detected"] = is_scheme_detected_;
  summary["num_illegal_transitions"] = illegal_tags_.size();
  auto& options = summary["options"];
  if (options.contains("sentence_method") && has_own_sentence_scores(settings, *this)) {
    options["sentence_method"] = "auto";
  }
  return summary;
}

Error TokenInput::located(const Error& error) const {
  const Error in_file = Input::located(error);
  const int64_t row = in_file.location().row;
  if (row < 0 || row >= sentences_.num_tokens()) return in_file;
  const TokenPosition position = sentences_.position(row);
  const LineNumbers& lines = dataset().source_lines;
  // The library says which token it is; the line it does not know.
  const std::string named =
      fmt::format(" (sentence {}, token {})", position.sentence, position.token);
  std::string message = in_file.message();
  if (message.ends_with(named)) message.resize(message.size() - named.size());
  std::string token = fmt::format("token {} of sentence {}", position.token, position.sentence);
  if (!lines.empty()) {
    token += fmt::format(" ({}, line {})", dataset().labels_file, lines[static_cast<size_t>(row)]);
  }
  return {in_file.code(), fmt::format("{}; the row is that of {}", message, token),
          in_file.location()};
}

std::string described(const TokenInput& input, const TagIssue& issue) {
  const int64_t index = input.sentences().index(issue.position);
  const LineNumbers& lines = input.dataset().source_lines;
  const std::string place =
      lines.empty()
          ? fmt::format("sentence {}, token {}", issue.position.sentence, issue.position.token)
          : fmt::format("line {}", lines[static_cast<size_t>(index)]);
  return fmt::format("in {}, {}: {} {}", input.dataset().labels_file, place,
                     input.label_text(issue.given_label), explanation(issue.fault));
}

void note_illegal_tags(const Context& context, const TokenInput& input) {
  const std::vector<TagIssue>& illegal = input.illegal_tags();
  if (illegal.empty()) return;
  context.messages.note(
      fmt::format("{} not legal in {}, the first {}; labelsieve find --by transition lists them",
                  counted(static_cast<int64_t>(illegal.size()), "tag is", "tags are"),
                  to_string(input.tags().scheme()), described(input, illegal.front())));
}

}  // namespace labelsieve::cli
