#include "parse.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <numeric>

#include "labelsieve/error.h"

namespace labelsieve::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string option_names(const Flag& flag) {
  std::string names(flag.name);
  if (!flag.short_name.empty()) names = std::string(flag.short_name) + "," + names;
  return names;
}

[[noreturn]] void refuse_extra(Subcommand subcommand, const std::string& word) {
  const std::string_view self = info(subcommand).name;
  if (word.size() < 2 || word.front() != '-') {
    refuse(fmt::format("unexpected argument \"{}\": {} takes one INPUT; see labelsieve {} --help",
                       word, self, self));
  }
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string_view> candidates;
  for (const Flag& flag : flags()) {
    if (!flag.is_positional() && flag.belongs_to(subcommand)) candidates.push_back(flag.name);
    if (flag.name == name) {
      refuse(fmt::format("option {} is not one of {}; see labelsieve {} --help", name, self, self));
    }
  }
  const std::string_view near = nearest(name, candidates);
  refuse(near.empty() ? fmt::format("unknown option {}; see labelsieve {} --help", name, self)
                      : fmt::format("unknown option {}; did you mean {}?", name, near));
}

/// `--top -o x.csv`: the value was forgotten.
void refuse_flags_as_values(Subcommand subcommand, const Arguments& arguments) {
  for (const Flag& flag : flags()) {
    if (flag.is_switch() || flag.is_positional()) continue;
    for (const std::string& value : arguments.values(flag.name)) {
      const auto names = [&](const Flag& other) {
        return other.belongs_to(subcommand) && !other.is_positional() &&
               (other.name == value || (!value.empty() && other.short_name == value));
      };
      if (std::any_of(flags().begin(), flags().end(), names)) {
        refuse(fmt::format("option {0} needs a value: {0} {1}", flag.name, flag.value));
      }
    }
  }
}

/// CLI11 says "--top: 1 required N missing"; people are told what the value would be.
[[noreturn]] void refuse_arity(const CLI::ParseError& error) {
  const std::string_view message = error.what();
  const std::string_view name = message.substr(0, message.find_first_of(":= "));
  for (const Flag& flag : flags()) {
    const bool is_meant =
        flag.name == name || (!flag.is_positional() && flag.name.substr(2) == name);
    if (!is_meant) continue;
    refuse(flag.is_switch()
               ? fmt::format("option {} takes no value", flag.name)
               : fmt::format("option {0} needs a value: {0} {1}", flag.name, flag.value));
  }
  refuse(std::string(message));
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (word.size() > 2 && candidate.starts_with(word)) return candidate;
    const size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

const std::vector<std::string>& Arguments::values(std::string_view flag_name) const {
  static const std::vector<std::string> kNone;
  const auto found = values_.find(flag(flag_name).name);
  return found == values_.end() ? kNone : found->second;
}

const std::string& Arguments::value(std::string_view flag_name) const {
  static const std::string kEmpty;
  const std::vector<std::string>& all = values(flag_name);
  return all.empty() ? kEmpty : all.front();
}

Arguments parse_arguments(Subcommand subcommand, const std::vector<std::string>& words) {
  Arguments arguments;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (const Flag& flag : flags()) {
    if (!flag.belongs_to(subcommand)) continue;
    std::vector<std::string>& values = arguments.at(flag.name);
    if (flag.is_switch()) {
      app.add_flag_callback(option_names(flag), [&values] { values.emplace_back("true"); })
          ->disable_flag_override();
    } else {
      app.add_option(option_names(flag), values)
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->allow_extra_args(false)
          ->type_name(std::string(flag.value));
    }
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ArgumentMismatch& error) {
    refuse_arity(error);
  } catch (const CLI::ParseError& error) {
    refuse(error.what());
  }
  refuse_flags_as_values(subcommand, arguments);
  for (const std::string& extra : app.remaining()) {
    if (extra != "--") refuse_extra(subcommand, extra);  // "--": no options from here on
  }
  for (const Flag& flag : flags()) {
    if (flag.belongs_to(subcommand) && !flag.repeatable && arguments.values(flag.name).size() > 1) {
      refuse((flag.is_positional() ? "more than one INPUT: give one file, or --labels and "
                                     "--pred-probs"
                                   : std::string(flag.name) + " is given twice: give it once"));
    }
  }
  return arguments;
}

}  // namespace labelsieve::cli
