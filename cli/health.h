// How health is reported; data of tokens has more to say than other data.
#pragma once

#include <functional>

#include "issues.h"

namespace labelsieve::cli {

/// What a task adds.
struct MoreHealth {
  std::function<void(Output&)> write_tables = {};  ///< Before the last line.
  std::function<void(Output&)> write_json = {};    ///< Members, each after a comma.
};

/// Writes classes, pairs of classes and the whole; the exit code.
int report_health(Context& context, Input& input, const Issues& issues,
                  const MoreHealth& more = {});

}  // namespace labelsieve::cli
