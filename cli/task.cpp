#include "task.h"

#include <fmt/format.h>

#include <array>
#include <bit>

#include "labelsieve/read_multilabel.h"
#include "labelsieve/read_tokens.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

constexpr std::array kTasks = {Task::kClassification, Task::kToken, Task::kMultilabel};

/// What the task's data is called in messages.
std::string_view data_of(Task task) {
  switch (task) {
    case Task::kClassification: return "classification";
    case Task::kToken: return "files of tokens";
    case Task::kMultilabel: return "multi-label data";
  }
  return {};
}

bool is_token_file(const std::string& path) {
  return holds_tagged_tokens(path) || holds_sentences(path);
}

/// Whether the beginning of the file of labels says that they are sets.
bool labels_look_like_sets(const Arguments& arguments) {
  ReadOptions read;
  read.input = arguments.value("INPUT");
  read.labels = arguments.value("--labels");
  read.label_column = arguments.value("--label-column");
  read.id_column = arguments.value("--id-column");
  read.text_column = arguments.value("--text-column");
  if (!read.input.empty() && arguments.has("--pred-probs")) std::swap(read.input, read.labels);
  const std::string& format = arguments.value("--input-format");
  if (format == "npy") read.input_format = InputFormat::kNpy;
  if (format == "csv") read.input_format = InputFormat::kCsv;
  if (format == "tsv") read.input_format = InputFormat::kTsv;
  if (format == "jsonl") read.input_format = InputFormat::kJsonl;
  return looks_multilabel(read);
}

/// The one task that all flags given fit, if some fit no other.
Task task_of_flags(const Arguments& arguments) {
  for (const Flag& flag : flags()) {
    if (std::popcount(flag.tasks) != 1 || !arguments.has(flag.name)) continue;
    for (const Task task : kTasks) {
      if (flag.fits(task)) return task;
    }
  }
  return Task::kClassification;
}

}  // namespace

std::string_view to_string(Task task) {
  switch (task) {
    case Task::kClassification: return "classification";
    case Task::kToken: return "token";
    case Task::kMultilabel: return "multilabel";
  }
  return {};
}

bool is_token_format(std::string_view name) { return name == "conll" || name == "conllu"; }

Task task_of(const Arguments& arguments) {
  const std::string& word = arguments.value("--task");
  for (const Task task : kTasks) {
    if (word == to_string(task)) return task;
  }
  if (!word.empty() && word != "auto") {
    refuse_value("--task", fmt::format("\"{}\" is not one of {}", word,
                                       joined(split_choices(flag("--task").choices))));
  }
  if (is_token_format(arguments.value("--input-format"))) return Task::kToken;
  for (const std::string_view name : {"INPUT", "--labels"}) {
    if (is_token_file(arguments.value(name))) return Task::kToken;
  }
  const Task by_flags = task_of_flags(arguments);
  if (by_flags != Task::kClassification) return by_flags;
  return labels_look_like_sets(arguments) ? Task::kMultilabel : Task::kClassification;
}

void check_flags_fit(Task task, const Arguments& arguments) {
  for (const Flag& flag : flags()) {
    if (flag.fits(task) || !arguments.has(flag.name)) continue;
    std::string others;
    for (const Task other : kTasks) {
      if (flag.fits(other))
        others += fmt::format("{}{}", others.empty() ? "" : " and ", data_of(other));
    }
    refuse_value(flag.name, fmt::format("an option for {}, not for {}; --task says which it is",
                                        others, data_of(task)));
  }
}

}  // namespace labelsieve::cli
