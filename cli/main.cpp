// The labelsieve command.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "completion.h"
#include "context.h"
#include "help.h"
#include "labelsieve/error.h"
#include "labelsieve/version.h"
#include "signals.h"

namespace labelsieve::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

int print(const std::string& text) {
  AtomicFile standard_output("-");
  standard_output.write(text);
  standard_output.commit();
  return kExitClean;
}

int help_width() {
  const Terminal terminal = terminal_of(1, false);
  return terminal.width == kPipeWidth ? 80 : terminal.width;
}

[[noreturn]] void refuse_subcommand(const std::string& word) {
  std::vector<std::string_view> names = {"completion", "man"};
  for (const SubcommandInfo& subcommand : subcommands()) names.push_back(subcommand.name);
  if (word.starts_with('-')) {
    refuse(
        fmt::format("the subcommand comes before {}: labelsieve SUBCOMMAND [options]; see "
                    "labelsieve --help",
                    word));
  }
  const std::string_view near = nearest(word, names);
  refuse(
      fmt::format("unknown subcommand \"{}\"; {}", word,
                  near.empty() ? "see labelsieve --help" : fmt::format("did you mean {}?", near)));
}

int run_task(Context& context) {
  switch (context.settings.task) {
    case Task::kClassification: return run_classification(context);
    case Task::kToken: refuse("data of tokens cannot be read yet");
    case Task::kMultilabel: return run_multilabel(context);
  }
  return kExitError;
}

int run_subcommand(Subcommand subcommand, const std::vector<std::string>& words) {
  const Arguments arguments = parse_arguments(subcommand, words);
  if (arguments.has("--help")) return print(subcommand_help(subcommand, help_width()));
  Context context(make_settings(subcommand, arguments));
  check_output_file(context.settings.output);
  return run_task(context);
}

/// `labelsieve help find` is `labelsieve find --help`.
int run_help(const std::vector<std::string>& words) {
  if (words.empty()) return print(main_help(help_width()));
  const std::optional<Subcommand> subcommand = subcommand_from(words.front());
  if (!subcommand) refuse_subcommand(words.front());
  return print(subcommand_help(*subcommand, help_width()));
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    refuse("no subcommand: labelsieve find|score|health|joint|inspect; see labelsieve --help");
  }
  const std::string& first = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (const auto subcommand = subcommand_from(first)) return run_subcommand(*subcommand, rest);
  if (first == "--help" || first == "-h" || first == "help") return run_help(rest);
  if (first == "--version" || first == "-V") return print(fmt::format("labelsieve {}\n", kVersion));
  if (first == "man") return print(man_page());
  if (first == "completion") {
    if (rest.size() != 1) refuse("completion: name a shell: bash, zsh or fish");
    return print(completion_script(rest.front()));
  }
  refuse_subcommand(first);
}

int report_error(std::string message) {
  std::replace_if(
      message.begin(), message.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  fmt::print(stderr, "labelsieve: error: {}\n", message);
  return kExitError;
}

}  // namespace
}  // namespace labelsieve::cli

int main(int argc, char** argv) {
  using labelsieve::cli::report_error;
  labelsieve::cli::install_signal_handlers();
  try {
    return labelsieve::cli::run({argv + 1, argv + argc});
  } catch (const labelsieve::Error& error) {
    return report_error(error.what());
  } catch (const std::bad_alloc&) {
    return report_error("not enough memory for this input");
  } catch (const std::exception& error) {
    return report_error(error.what());
  }
}
