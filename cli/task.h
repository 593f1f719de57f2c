// Which task the arguments ask for, and whether they fit it.
#pragma once

#include <string_view>

#include "parse.h"

namespace labelsieve::cli {

/// "classification", "token", "multilabel"
std::string_view to_string(Task task);

/// A word of --input-format that only files of tokens have.
bool is_token_format(std::string_view name);

/// What --task says. Without it: what the format of the labels says, else what a flag that fits one
/// task alone says, else classification. Throws Error{kInvalidArgument} for an unknown task.
Task task_of(const Arguments& arguments);

/// Throws Error{kInvalidArgument} for a flag that means nothing for the task.
void check_flags_fit(Task task, const Arguments& arguments);

}  // namespace labelsieve::cli
