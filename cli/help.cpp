#include "help.h"

#include <fmt/format.h>

#include <algorithm>

#include "labelsieve/version.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

constexpr size_t kIndent = 2;
constexpr size_t kExplanationColumn = 30;

/// Words of `text` in lines of at most `width` columns, each after `indent` spaces.
std::string wrapped(std::string_view text, size_t indent, size_t width) {
  std::string out(indent, ' ');
  size_t column = indent;
  bool at_start = true;
  while (!text.empty()) {
    const size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    if (!at_start && column + 1 + word.size() > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
      at_start = true;
    }
    if (!at_start) out += ' ';
    out += word;
    column += word.size() + (at_start ? 0 : 1);
    at_start = false;
  }
  return out + "\n";
}

void append_entry(std::string& out, const std::string& name, std::string_view text, size_t width) {
  std::string paragraph = wrapped(text, kExplanationColumn, width);
  const std::string head = std::string(kIndent, ' ') + name;
  if (head.size() + 2 > kExplanationColumn) {
    out += head + "\n" + paragraph;
  } else {
    paragraph.replace(0, head.size(), head);
    out += paragraph;
  }
}

size_t text_width(int width) { return static_cast<size_t>(std::clamp(width, 60, 100)); }

}  // namespace

std::string signature(const Flag& flag) {
  std::string text(flag.name);
  if (!flag.short_name.empty()) text = fmt::format("{}, {}", flag.short_name, text);
  if (!flag.is_switch() && !flag.is_positional()) text += fmt::format(" {}", flag.value);
  return text;
}

std::string explanation(const Flag& flag) {
  std::string text(flag.help);
  if (!flag.choices.empty()) text += fmt::format(": {}", joined(split_choices(flag.choices)));
  if (!flag.default_value.empty()) text += fmt::format(" (default: {})", flag.default_value);
  return text + ".";
}

std::string main_help(int width) {
  std::string out = fmt::format(
      "labelsieve {} - finds the wrong labels in a dataset\n\n"
      "Usage: labelsieve SUBCOMMAND [INPUT] [options]\n\nSubcommands:\n",
      kVersion);
  for (const SubcommandInfo& subcommand : subcommands()) {
    append_entry(out, std::string(subcommand.name), subcommand.summary, text_width(width));
  }
  append_entry(out, "completion SHELL", "print a completion script for bash, zsh or fish",
               text_width(width));
  append_entry(out, "man", "print the manual page", text_width(width));
  out += "\nOptions:\n";
  append_entry(out, "-h, --help", "Show this help; labelsieve SUBCOMMAND --help shows its options.",
               text_width(width));
  append_entry(out, "--version", "Show the version.", text_width(width));
  out += "\nExample:\n";
  out += fmt::format("  {}\n", subcommands().front().examples.front());
  return out;
}

std::string subcommand_help(Subcommand subcommand, int width) {
  const SubcommandInfo& about = info(subcommand);
  std::string out =
      wrapped(fmt::format("labelsieve {} - {}", about.name, about.summary), 0, text_width(width));
  out += '\n';
  out += wrapped(about.description, 0, text_width(width));
  out += fmt::format(
      "\nUsage: labelsieve {0} INPUT [options]\n"
      "       labelsieve {0} --labels FILE --pred-probs FILE [options]\n",
      about.name);
  for (const Banner banner : banners()) {
    bool is_first = true;
    for (const Flag& flag : flags()) {
      if (flag.banner != banner || !flag.belongs_to(subcommand)) continue;
      if (is_first) out += fmt::format("\n{}:\n", heading(banner));
      is_first = false;
      append_entry(out, signature(flag), explanation(flag), text_width(width));
    }
  }
  out += about.examples.size() > 1 ? "\nExamples:\n" : "\nExample:\n";
  for (const std::string_view example : about.examples) out += fmt::format("  {}\n", example);
  return out;
}

}  // namespace labelsieve::cli
