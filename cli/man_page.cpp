#include <fmt/format.h>

#include <iterator>

#include "completion.h"
#include "flags.h"
#include "help.h"
#include "labelsieve/version.h"

namespace labelsieve::cli {
namespace {

/// Text as roff takes it: backslashes and hyphens escaped, no line that starts with a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

void append_subcommands(std::string& out) {
  out += ".SH SUBCOMMANDS\n";
  for (const SubcommandInfo& subcommand : subcommands()) {
    out += fmt::format(".TP\n.B {}\n{}\n", subcommand.name, roff(subcommand.description));
  }
  out += ".TP\n.BR completion \\ bash | zsh | fish\nPrints a completion script for the shell.\n";
  out += ".TP\n.B man\nPrints this page.\n";
}

std::string takers(const Flag& flag) {
  std::string names;
  size_t count = 0;
  for (const SubcommandInfo& subcommand : subcommands()) {
    if (!flag.belongs_to(subcommand.subcommand)) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", subcommand.name);
    ++count;
  }
  return count == subcommands().size() ? std::string() : fmt::format(" Only {}.", names);
}

void append_options(std::string& out) {
  out += ".SH OPTIONS\n";
  for (const Banner banner : banners()) {
    out += fmt::format(".SS {}\n", roff(heading(banner)));
    for (const Flag& flag : flags()) {
      if (flag.banner != banner) continue;
      out += fmt::format(".TP\n.B {}\n{}{}\n", roff(signature(flag)), roff(explanation(flag)),
                         roff(takers(flag)));
    }
  }
  out += ".TP\n.B \\-\\-version\nShow the version.\n";
}

void append_examples(std::string& out) {
  out += ".SH EXAMPLES\n";
  for (const SubcommandInfo& subcommand : subcommands()) {
    for (const std::string_view example : subcommand.examples) {
      out += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(example));
    }
  }
}

constexpr std::string_view kColumns =
    ".SH RESULTS\n"
    "Results go to standard output, everything else to standard error.\n"
    ".TP\n.B find\nrank, index, given_label, suggested_label, label_quality, self_confidence, "
    "suggested_prob, then id and text when the input has them.\n"
    ".TP\n.B score\nindex, given_label, suggested_label, label_quality, is_label_issue, "
    "self_confidence, suggested_prob, then id and text.\n"
    ".PP\nOf files of tokens:\n"
    ".TP\n.B find\nrank, sentence, token, text, given_label, suggested_label, label_quality, "
    "source_line, sentence_text.\n"
    ".TP\n.B find \\-\\-by sentence\nrank, sentence, num_tokens, num_issues, label_quality, "
    "source_line, sentence_text.\n"
    ".TP\n.B find \\-\\-by span\nrank, sentence, issue_type, given_start, given_end, given_type, "
    "suggested_start, suggested_end, suggested_type, label_quality, text, source_line.\n"
    ".TP\n.B find \\-\\-by transition\nrank, sentence, token, text, issue_type, given_label, "
    "suggested_label, source_file, source_line, sentence_text.\n"
    ".PP\nindex, sentence, token and the places of spans count from 0, rank and source_line from "
    "1. Label quality is between 0 and 1; low is suspicious.\n";

constexpr std::string_view kExitStatus =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n"
    ".TP\n.B 1\nThere are more issues than \\-\\-fail\\-on allows.\n"
    ".TP\n.B 2\nAn error; one line on standard error says what and where, and no output file is "
    "left behind.\n";

constexpr std::string_view kEnvironment =
    ".SH ENVIRONMENT\n"
    ".TP\n.B NO_COLOR\nNo colours when it is set and not empty.\n"
    ".TP\n.B COLUMNS\nWidth of tables where standard output is not a terminal.\n"
    ".TP\n.B LABELSIEVE_ISA\nForces an instruction set, for example AVX2. It never changes which "
    "examples are issues.\n";

}  // namespace

std::string man_page() {
  std::string out = fmt::format(
      ".TH LABELSIEVE 1 \"\" \"labelsieve {0}\" \"User Commands\"\n"
      ".SH NAME\nlabelsieve \\- finds the wrong labels in a dataset\n"
      ".SH SYNOPSIS\n.B labelsieve\n.I SUBCOMMAND\n.RI [ INPUT ]\n.RI [ options ]\n"
      ".SH DESCRIPTION\nGiven the labels of a classification dataset and out\\-of\\-sample "
      "predicted probabilities for them, labelsieve says which labels are wrong, worst first, and "
      "how healthy the dataset is.\n",
      kVersion);
  append_subcommands(out);
  append_options(out);
  out += kColumns;
  out += kExitStatus;
  out += kEnvironment;
  append_examples(out);
  return out;
}

}  // namespace labelsieve::cli
