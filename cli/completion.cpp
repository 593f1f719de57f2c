#include "completion.h"

#include <fmt/format.h>

#include <vector>

#include "flags.h"
#include "help.h"
#include "labelsieve/error.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

std::string spaced(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words)
    text += fmt::format("{}{}", text.empty() ? "" : " ", word);
  return text;
}

std::vector<std::string_view> subcommand_names() {
  std::vector<std::string_view> names;
  for (const SubcommandInfo& subcommand : subcommands()) names.push_back(subcommand.name);
  names.insert(names.end(), {"completion", "man", "--help", "--version"});
  return names;
}

/// "--output|-o" as a pattern of a shell's case, or nothing for a positional or a switch.
std::string value_pattern(const Flag& flag) {
  if (flag.is_positional() || flag.is_switch()) return {};
  return flag.short_name.empty() ? std::string(flag.name)
                                 : fmt::format("{}|{}", flag.name, flag.short_name);
}

std::string bash_script() {
  std::string values;
  for (const Flag& flag : flags()) {
    const std::string pattern = value_pattern(flag);
    if (pattern.empty()) continue;
    std::string reply = "COMPREPLY=()";
    if (!flag.choices.empty()) {
      reply = fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$current\"))",
                          spaced(split_choices(flag.choices)));
    } else if (flag.completes == Completes::kFile) {
      reply = "COMPREPLY=($(compgen -f -- \"$current\"))";
    }
    values += fmt::format("    {}) {}; return ;;\n", pattern, reply);
  }
  std::string options;
  for (const SubcommandInfo& subcommand : subcommands()) {
    std::vector<std::string_view> names;
    for (const Flag& flag : flags()) {
      if (flag.is_positional() || !flag.belongs_to(subcommand.subcommand)) continue;
      names.push_back(flag.name);
      if (!flag.short_name.empty()) names.push_back(flag.short_name);
    }
    options += fmt::format("    {}) options=\"{}\" ;;\n", subcommand.name, spaced(names));
  }
  return fmt::format(R"(# bash completion for labelsieve
_labelsieve() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" options=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{0}" -- "$current"))
    return
  fi
  case "$previous" in
{1}  esac
  case "${{COMP_WORDS[1]}}" in
    completion) COMPREPLY=($(compgen -W "{2}" -- "$current")); return ;;
    man) return ;;
{3}  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _labelsieve labelsieve
)",
                     spaced(subcommand_names()), values,
                     spaced({std::begin(kShells), std::end(kShells)}), options);
}

/// Text inside single quotes, for zsh's brackets and for fish.
std::string quotable(std::string_view text, std::string_view to_escape) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (to_escape.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_option(const Flag& flag) {
  const std::string help = quotable(flag.help, "[]:\\");
  std::string action;
  if (!flag.is_switch()) {
    action = fmt::format(":{}:", quotable(flag.value, "[]:\\"));
    if (!flag.choices.empty()) action += fmt::format("({})", spaced(split_choices(flag.choices)));
    if (flag.choices.empty() && flag.completes == Completes::kFile) action += "_files";
  }
  if (flag.is_positional()) return fmt::format("      '1:{}:_files' \\\n", flag.value);
  std::string lines;
  const std::string_view repeat = flag.repeatable ? "*" : "";
  for (const std::string_view name : {flag.name, flag.short_name}) {
    if (!name.empty()) lines += fmt::format("      '{}{}[{}]{}' \\\n", repeat, name, help, action);
  }
  return lines;
}

std::string zsh_script() {
  std::string descriptions;
  std::string cases;
  for (const SubcommandInfo& subcommand : subcommands()) {
    descriptions +=
        fmt::format("    '{}:{}'\n", subcommand.name, quotable(subcommand.summary, ":\\"));
    cases += fmt::format("    {}) _arguments \\\n", subcommand.name);
    for (const Flag& flag : flags()) {
      if (flag.belongs_to(subcommand.subcommand)) cases += zsh_option(flag);
    }
    cases += "      && return 0 ;;\n";
  }
  return fmt::format(R"(#compdef labelsieve
_labelsieve() {{
  local -a subcommands
  subcommands=(
{0}    'completion:print a completion script'
    'man:print the manual page'
  )
  if (( CURRENT == 2 )); then
    _describe 'subcommand' subcommands
    return
  fi
  local subcommand="${{words[2]}}"
  shift words
  (( CURRENT-- ))
  case "$subcommand" in
{1}    completion) _values shell {2} ;;
  esac
}}
if [ "$funcstack[1]" = _labelsieve ]; then _labelsieve "$@"; else compdef _labelsieve labelsieve; fi
)",
                     descriptions, cases, spaced({std::begin(kShells), std::end(kShells)}));
}

std::string fish_script() {
  std::string out = "# fish completion for labelsieve\n";
  for (const SubcommandInfo& subcommand : subcommands()) {
    out += fmt::format("complete -c labelsieve -n __fish_use_subcommand -f -a {} -d '{}'\n",
                       subcommand.name, quotable(subcommand.summary, "\\"));
  }
  out +=
      "complete -c labelsieve -n __fish_use_subcommand -f -a completion -d 'print a completion "
      "script'\n";
  out += "complete -c labelsieve -n __fish_use_subcommand -f -a man -d 'print the manual page'\n";
  out +=
      fmt::format("complete -c labelsieve -n '__fish_seen_subcommand_from completion' -f -a '{}'\n",
                  spaced({std::begin(kShells), std::end(kShells)}));
  for (const Flag& flag : flags()) {
    if (flag.is_positional()) continue;
    std::vector<std::string_view> takers;
    for (const SubcommandInfo& subcommand : subcommands()) {
      if (flag.belongs_to(subcommand.subcommand)) takers.push_back(subcommand.name);
    }
    out += fmt::format("complete -c labelsieve -n '__fish_seen_subcommand_from {}' -l {}",
                       spaced(takers), flag.name.substr(2));
    if (!flag.short_name.empty()) out += fmt::format(" -s {}", flag.short_name.substr(1));
    if (!flag.is_switch()) out += flag.completes == Completes::kFile ? " -r -F" : " -x";
    if (!flag.choices.empty()) {
      out += fmt::format(" -a '{}'", spaced(split_choices(flag.choices)));
    }
    out += fmt::format(" -d '{}'\n", quotable(flag.help, "\\"));
  }
  return out;
}

}  // namespace

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("completion: \"{}\" is not one of {}", shell,
                          joined({std::begin(kShells), std::end(kShells)})));
}

}  // namespace labelsieve::cli
