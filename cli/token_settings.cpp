#include "token_settings.h"

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "choices.h"
#include "labelsieve/names.h"

namespace labelsieve::cli {
namespace {

constexpr std::array kUnits = {By::kToken, By::kSentence, By::kSpan, By::kTransition};

std::optional<By> by_from(std::string_view name) {
  for (const By by : kUnits) {
    if (to_string(by) == name) return by;
  }
  return std::nullopt;
}

std::optional<TokenFormat> token_format_from(std::string_view name) {
  if (name == "conll") return TokenFormat::kConll;
  if (name == "conllu") return TokenFormat::kConllu;
  if (name == "tsv") return TokenFormat::kTsv;
  if (name == "jsonl") return TokenFormat::kJsonl;
  return std::nullopt;
}

void set_input_format(const Arguments& arguments, TokenFormat& format) {
  constexpr std::string_view kFlag = "--input-format";
  if (!arguments.has(kFlag)) return;
  const std::string& word = arguments.value(kFlag);
  const std::optional<TokenFormat> value = token_format_from(word);
  if (!value) {
    refuse_value(
        kFlag, fmt::format("\"{}\" is no format of tokens: use conll, tsv, conllu or jsonl", word));
  }
  format = *value;
}

/// A number is that of a column, from 1; anything else the key of JSON lines.
void set_column(const Arguments& arguments, std::string_view flag_name, int64_t& column,
                std::string& key) {
  const std::string& value = arguments.value(flag_name);
  if (!integer_from(value)) {
    key = value;
  } else {
    column = parse_integer(flag_name, value, 1);
  }
}

std::optional<OffsetUnit> offset_unit_from(std::string_view name) {
  if (name == "code_points") return OffsetUnit::kCodePoints;
  if (name == "utf8") return OffsetUnit::kUtf8Bytes;
  if (name == "utf16") return OffsetUnit::kUtf16Units;
  return std::nullopt;
}

void set_read_options(const Arguments& arguments, Settings& settings) {
  TokenReadOptions& read = settings.tokens.read;
  read.input = settings.read.labels.empty() ? settings.read.input : settings.read.labels;
  set_input_format(arguments, read.input_format);
  set_column(arguments, "--token-column", read.token_column, read.token_key);
  set_column(arguments, "--label-column", read.tag_column, read.tag_key);
  read.span_key = arguments.value("--span-key");
  read.text_key = arguments.value("--text-column");
  read.id_key = arguments.value("--id-column");
  set_choice(arguments, "--offset-unit", offset_unit_from, read.offset_unit);
  read.misc_key = arguments.value("--misc-key");
  read.comment_prefix = arguments.value("--comment-prefix");
}

void set_pooling(const Arguments& arguments, TokenOptions& tokens) {
  tokens.pooling_is_given = arguments.has("--sentence-method");
  set_choice(arguments, "--sentence-method", sentence_method_from, tokens.pooling.method);
  const auto only_for = [&](std::string_view flag_name, SentenceMethod method) {
    if (tokens.pooling.method != method) {
      refuse_value(flag_name, fmt::format("an option of --sentence-method {}", to_string(method)));
    }
  };
  if (arguments.has("--temperature")) {
    only_for("--temperature", SentenceMethod::kSoftmin);
    tokens.pooling.temperature = parse_number("--temperature", arguments.value("--temperature"), 0,
                                              std::numeric_limits<double>::infinity());
  }
  if (arguments.has("--bad-score")) {
    only_for("--bad-score", SentenceMethod::kBadTokenFraction);
    tokens.pooling.threshold = parse_number("--bad-score", arguments.value("--bad-score"), 0, 1);
  }
}

/// --below stands in the place of the filter, and needs scores of which low ones are suspicious.
void check_below(const Arguments& arguments, const TokenOptions& tokens) {
  if (tokens.by == By::kSpan || tokens.by == By::kTransition) {
    refuse_value("--below", fmt::format("an option for tokens and sentences, not for --by {}; "
                                        "--threshold leaves spans out by their label quality",
                                        to_string(tokens.by)));
  }
  for (const std::string_view name : {"--filter-by", "--frac-noise", "--num-to-remove-per-class",
                                      "--min-examples-per-class", "--joint"}) {
    if (arguments.has(name)) {
      refuse_value("--below", fmt::format("takes the place of the filter: leave {} out", name));
    }
  }
}

/// expected_errors is a count, which is high where labels are bad.
void check_count(const Settings& settings, const Arguments& arguments) {
  if (settings.tokens.pooling.method != SentenceMethod::kExpectedErrors ||
      settings.tokens.by == By::kToken) {
    return;
  }
  for (const std::string_view name : {"--below", "--threshold"}) {
    if (arguments.has(name)) {
      refuse_value(name,
                   "expected_errors is a count of which high is suspicious: use --top, or "
                   "another --sentence-method");
    }
  }
}

}  // namespace

std::string_view to_string(By by) {
  switch (by) {
    case By::kToken: return "token";
    case By::kSentence: return "sentence";
    case By::kSpan: return "span";
    case By::kTransition: return "transition";
  }
  return {};
}

void set_token_settings(const Arguments& arguments, Settings& settings) {
  TokenOptions& tokens = settings.tokens;
  set_read_options(arguments, settings);
  set_choice(arguments, "--by", by_from, tokens.by);
  if (settings.subcommand == Subcommand::kScore && tokens.by == By::kTransition) {
    refuse_value("--by", "transitions have no scores; labelsieve find lists them");
  }
  set_choice(arguments, "--scheme", tag_scheme_from, tokens.scheme);
  set_pooling(arguments, tokens);
  tokens.words = arguments.values("--word");
  if (arguments.has("--below")) {
    tokens.below = parse_number("--below", arguments.value("--below"), 0, 1);
    check_below(arguments, tokens);
  }
  check_count(settings, arguments);
}

void token_options_to_json(const Settings& settings, nlohmann::ordered_json& options) {
  const TokenOptions& tokens = settings.tokens;
  const auto takes = [&](std::string_view name) {
    return flag(name).belongs_to(settings.subcommand);
  };
  if (takes("--by")) options["by"] = to_string(tokens.by);
  if (takes("--sentence-method") && (tokens.by == By::kSentence || tokens.by == By::kSpan)) {
    options["sentence_method"] = to_string(tokens.pooling.method);
    if (tokens.pooling.method == SentenceMethod::kSoftmin) {
      options["temperature"] = tokens.pooling.temperature;
    }
    if (tokens.pooling.method == SentenceMethod::kBadTokenFraction) {
      options["bad_score"] = tokens.pooling.threshold;
    }
  }
  if (takes("--below")) {
    options["below"] = tokens.below ? nlohmann::ordered_json(*tokens.below) : nullptr;
  }
  if (takes("--word")) options["word"] = tokens.words;
}

}  // namespace labelsieve::cli
