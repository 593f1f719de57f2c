// Classification: one label an example.
#include "input.h"
#include "labelsieve/read.h"

namespace labelsieve::cli {
namespace {

int run_on(Context& context, Input& input) {
  if (context.settings.subcommand == Subcommand::kInspect) return run_inspect(context, input);
  input.open_source(context);
  switch (context.settings.subcommand) {
    case Subcommand::kFind: return run_find(context, input);
    case Subcommand::kScore: return run_score(context, input);
    case Subcommand::kHealth: return run_health(context, input);
    case Subcommand::kJoint: return run_joint(context, input);
    case Subcommand::kInspect: break;
  }
  return kExitError;
}

}  // namespace

int run_classification(Context& context) {
  Input input(context, read_dataset(context.settings.read));
  try {
    return run_on(context, input);
  } catch (const Error& error) {
    throw input.located(error);
  }
}

}  // namespace labelsieve::cli
