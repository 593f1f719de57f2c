// What the user asked for, typed and checked.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "labelsieve/ensemble.h"
#include "labelsieve/filter.h"
#include "labelsieve/rank.h"
#include "labelsieve/read.h"
#include "labelsieve/read_tokens.h"
#include "multilabel_options.h"
#include "parse.h"

namespace labelsieve::cli {

enum class Format : uint8_t { kTable, kCsv, kTsv, kJsonl, kJson, kNpy };

/// More issues than this make the command exit with 1.
struct FailOn {
  bool is_rate = false;
  double limit = 0;  ///< A count, or a share of the examples.
  std::string text;  ///< As the user wrote it.

  bool exceeded_by(int64_t num_issues, int64_t num_examples) const;
};

/// Which of the flagged examples are listed.
struct Selection {
  std::vector<std::string> given_classes;   ///< Names or indices; empty: all.
  std::vector<std::string> excluded_pairs;  ///< "given:suggested".
  std::optional<double> threshold;
  std::string ignore_file;
  std::optional<int64_t> top;
  std::optional<FailOn> fail_on;
};

/// What is listed of token data.
enum class By : uint8_t { kToken, kSentence, kSpan };

/// What only token data has.
struct TokenSettings {
  TokenFormat format = TokenFormat::kAuto;
  By by = By::kToken;
};

struct OutputSettings {
  Format format = Format::kTable;
  std::string file;  ///< Empty: standard output.
  bool quiet = false;
  bool color = true;  ///< False: also not on a terminal.
};

struct Settings {
  Subcommand subcommand = Subcommand::kFind;
  Task task = Task::kClassification;
  ReadOptions read;
  EnsembleOptions ensemble;
  FilterOptions filter;  ///< Without the joint, whose size is known once the data is read.
  std::string joint_file;
  ScoreOptions score;
  TokenSettings tokens;
  MultilabelSettings multilabel;
  Selection selection;
  OutputSettings output;
};

/// Throws Error{kInvalidArgument} for values that make no sense, and Error{kIo} when the class
/// names cannot be read.
Settings make_settings(Subcommand subcommand, const Arguments& arguments);

/// Every option that changes the answer, under the names of the flags.
nlohmann::ordered_json options_to_json(const Settings& settings);

}  // namespace labelsieve::cli
