// What every subcommand works with, and the subcommands themselves.
#pragma once

#include "output.h"
#include "progress_bar.h"
#include "settings.h"

namespace labelsieve::cli {

inline constexpr int kExitClean = 0;
inline constexpr int kExitIssues = 1;  ///< More issues than --fail-on allows.
inline constexpr int kExitError = 2;

struct Context {
  explicit Context(Settings given)
      : settings(std::move(given)), messages(settings.output), progress(settings.output) {
    settings.read.execution.progress = progress.callback();
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Execution& execution() const { return settings.read.execution; }

  Settings settings;
  Messages messages;
  ProgressBar progress;
};

/// Each does the work of the subcommand on data of its task and returns the exit code. They throw
/// labelsieve::Error.
int run_classification(Context& context);
int run_multilabel(Context& context);

class Input;

/// The subcommands for classification.
int run_find(Context& context, Input& input);
int run_score(Context& context, Input& input);
int run_health(Context& context, Input& input);
int run_joint(Context& context, Input& input);
int run_inspect(Context& context, Input& input);

}  // namespace labelsieve::cli
