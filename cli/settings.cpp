#include "settings.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "choices.h"
#include "labelsieve/error.h"
#include "labelsieve/names.h"
#include "task.h"
#include "token_settings.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

std::optional<InputFormat> input_format_from(std::string_view name) {
  if (name == "npy") return InputFormat::kNpy;
  if (name == "npz") return InputFormat::kNpz;
  if (name == "csv") return InputFormat::kCsv;
  if (name == "tsv") return InputFormat::kTsv;
  if (name == "jsonl") return InputFormat::kJsonl;
  return std::nullopt;
}

std::optional<Format> format_from(std::string_view name) {
  if (name == "table") return Format::kTable;
  if (name == "csv") return Format::kCsv;
  if (name == "tsv") return Format::kTsv;
  if (name == "jsonl") return Format::kJsonl;
  if (name == "json") return Format::kJson;
  return std::nullopt;
}

std::optional<Format> format_of_ending(const std::string& file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".txt") return Format::kTable;
  if (ending == ".npy") return Format::kNpy;
  if (ending == ".ndjson") return Format::kJsonl;
  return ending.empty() ? std::nullopt : format_from(std::string_view(ending).substr(1));
}

std::vector<std::string> class_names(const std::string& value) {
  if (std::filesystem::exists(value)) return read_class_names(value);
  std::vector<std::string> names = split_list(value);
  if (names.size() < 2) {
    throw Error(ErrorCode::kIo,
                "--class-names: no such file; give a file with one name a line, or the names "
                "separated by commas",
                {.file = value, .column = {}});
  }
  return names;
}

/// Of tokens the tags alone say something too.
void set_where_to_read(const Arguments& arguments, Task task, ReadOptions& read) {
  read.input = arguments.value("INPUT");
  read.labels = arguments.value("--labels");
  read.pred_probs = arguments.values("--pred-probs");
  if (!read.input.empty() && !read.labels.empty()) {
    refuse_value("--labels", "INPUT and --labels both name the labels: give one of them");
  }
  if (!read.input.empty() && !read.pred_probs.empty()) std::swap(read.input, read.labels);
  if (!read.labels.empty() && read.pred_probs.empty() && task != Task::kToken) {
    refuse_value("--labels",
                 "the probabilities are missing: add --pred-probs FILE, or give a file "
                 "that holds both as INPUT");
  }
  if (read.labels.empty() && !read.pred_probs.empty()) {
    refuse_value("--pred-probs", "the labels are missing: add --labels FILE");
  }
  if (read.input.empty() && read.labels.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "no input: give a file with labels and probabilities, or --labels FILE "
                "--pred-probs FILE");
  }
}

void set_read_options(const Arguments& arguments, Task task, ReadOptions& read) {
  set_where_to_read(arguments, task, read);
  read.label_column = arguments.value("--label-column");
  for (const std::string& list : arguments.values("--prob-columns")) {
    for (std::string& column : split_list(list)) read.prob_columns.push_back(std::move(column));
  }
  read.id_column = arguments.value("--id-column");
  read.text_column = arguments.value("--text-column");
  if (arguments.has("--class-names")) {
    read.class_names = class_names(arguments.value("--class-names"));
  }
  read.logits = arguments.has("--logits");
  read.skip_invalid = arguments.has("--skip-invalid");
}

/// The words of --input-format are those of all tasks; each takes its own.
void set_input_format(const Arguments& arguments, Settings& settings) {
  constexpr std::string_view kFlag = "--input-format";
  if (!arguments.has(kFlag)) return;
  if (settings.task == Task::kToken) return;  // set_token_settings() does
  if (is_token_format(arguments.value(kFlag))) {
    refuse_value(kFlag, fmt::format("{} is a format of tokens: leave --task out, or say --task "
                                    "token",
                                    arguments.value(kFlag)));
  }
  set_choice(arguments, kFlag, input_format_from, settings.read.input_format);
}

void set_ensemble_weights(const Arguments& arguments, const ReadOptions& read,
                          EnsembleOptions& ensemble) {
  constexpr std::string_view kFlag = "--ensemble-weights";
  if (!arguments.has(kFlag)) return;
  const std::string& value = arguments.value(kFlag);
  if (read.pred_probs.size() < 2) {
    refuse_value(kFlag, "there is one model only: give --pred-probs once for each model");
  }
  for (const std::string& item : split_list(value)) {
    const std::optional<double> weight = number_from(item);
    if (!weight) break;
    ensemble.custom_weights.push_back(*weight);
  }
  if (ensemble.custom_weights.empty()) {
    const auto scheme = ensemble_weights_from(value);
    if (!scheme || *scheme == EnsembleWeights::kCustom) {
      refuse_value(kFlag, fmt::format("\"{}\" is not one of {}, and no list of numbers", value,
                                      joined(split_choices(flag(kFlag).choices))));
    }
    ensemble.weights = *scheme;
    return;
  }
  ensemble.weights = EnsembleWeights::kCustom;
  if (ensemble.custom_weights.size() != split_list(value).size() ||
      ensemble.custom_weights.size() != read.pred_probs.size()) {
    refuse_value(kFlag, fmt::format("\"{}\" does not hold one number for each of the {} models",
                                    value, read.pred_probs.size()));
  }
}

/// The automatic method, unless an option was given that it does not have, which it refuses when
/// it is asked for by name, or labels are sets.
void set_filter(const Arguments& arguments, Task task, FilterOptions& filter) {
  constexpr std::string_view kOptionsOfOthers[] = {"--frac-noise", "--min-examples-per-class",
                                                   "--num-to-remove-per-class", "--joint",
                                                   "--collision"};
  const auto* const other =
      std::find_if(std::begin(kOptionsOfOthers), std::end(kOptionsOfOthers),
                   [&](std::string_view name) { return arguments.has(name); });
  const bool is_other = other != std::end(kOptionsOfOthers);
  filter.filter_by =
      is_other || task == Task::kMultilabel ? FilterBy::kPruneByNoiseRate : FilterBy::kAuto;
  set_choice(arguments, "--filter-by", filter_by_from, filter.filter_by);
  if (is_other && filter.filter_by == FilterBy::kAuto) {
    refuse_value(*other, "not used by --filter-by auto: choose another filter or leave it out");
  }
}

void set_method(const Arguments& arguments, Task task, ScoreOptions& score) {
  score.adjust_pred_probs = arguments.has("--adjust-pred-probs");
  score.method = score.adjust_pred_probs || task == Task::kMultilabel ? Method::kSelfConfidence
                                                                      : Method::kAuto;
  set_choice(arguments, "--method", method_from, score.method);
  if (score.adjust_pred_probs &&
      (score.method == Method::kConfidenceWeightedEntropy || score.method == Method::kAuto)) {
    refuse_value("--adjust-pred-probs",
                 fmt::format("not defined for {}: use --method self_confidence or "
                             "normalized_margin",
                             to_string(score.method)));
  }
}

void set_filter_options(const Arguments& arguments, Settings& settings) {
  FilterOptions& filter = settings.filter;
  set_filter(arguments, settings.task, filter);
  set_method(arguments, settings.task, settings.score);
  if (arguments.has("--frac-noise")) {
    filter.frac_noise = parse_number("--frac-noise", arguments.value("--frac-noise"), 0, 1);
  }
  if (arguments.has("--min-examples-per-class")) {
    filter.min_examples_per_class =
        parse_integer("--min-examples-per-class", arguments.value("--min-examples-per-class"), 0);
  }
  if (arguments.has("--num-to-remove-per-class")) {
    for (const std::string& item : split_list(arguments.value("--num-to-remove-per-class"))) {
      filter.num_to_remove_per_class.push_back(parse_integer("--num-to-remove-per-class", item, 0));
    }
  }
  settings.joint_file = arguments.value("--joint");
}

FailOn parse_fail_on(const std::string& text) {
  constexpr std::string_view kFlag = "--fail-on";
  FailOn fail_on{.text = text};
  const bool is_percent = text.ends_with('%');
  fail_on.is_rate = is_percent || text.find('.') != std::string::npos;
  const std::string_view digits(text.data(), text.size() - (is_percent ? 1 : 0));
  const std::optional<double> value = number_from(digits);
  const bool is_whole = integer_from(digits).has_value();
  if (!value || !(*value >= 0) || !(fail_on.is_rate || is_whole)) {
    refuse_value(kFlag, fmt::format("\"{}\" is neither a count such as 10 nor a rate such as 0.02 "
                                    "or 2%",
                                    text));
  }
  fail_on.limit = is_percent ? *value / 100 : *value;
  if (fail_on.is_rate && fail_on.limit > 1) {
    refuse_value(kFlag, fmt::format("{} is a rate above 1: give a share of the examples such as "
                                    "0.02 or 2%, or a count without a point",
                                    text));
  }
  return fail_on;
}

void set_selection(const Arguments& arguments, Selection& selection) {
  selection.given_classes = arguments.values("--class");
  selection.excluded_pairs = arguments.values("--exclude");
  selection.ignore_file = arguments.value("--ignore");
  if (arguments.has("--threshold")) {
    selection.threshold = parse_number("--threshold", arguments.value("--threshold"), 0, 1);
  }
  if (arguments.has("--top")) selection.top = parse_integer("--top", arguments.value("--top"), 0);
  if (arguments.has("--fail-on")) selection.fail_on = parse_fail_on(arguments.value("--fail-on"));
}

void check_format(Subcommand subcommand, Format format) {
  const bool per_example = subcommand == Subcommand::kFind || subcommand == Subcommand::kScore;
  if (format == Format::kNpy && !per_example) {
    refuse_value("--output", fmt::format("{} has no .npy form: use .txt, .json or .csv",
                                         info(subcommand).name));
  }
  if (subcommand == Subcommand::kInspect && format != Format::kTable && format != Format::kJson) {
    refuse_value("--format", "inspect writes a table or json");
  }
}

void set_output(const Arguments& arguments, Settings& settings) {
  OutputSettings& output = settings.output;
  output.quiet = arguments.has("--quiet");
  output.color = !arguments.has("--no-color");
  output.file = arguments.value("--output");
  if (output.file == "-") output.file.clear();
  set_choice(arguments, "--format", format_from, output.format);
  if (!output.file.empty()) {
    const std::optional<Format> by_ending = format_of_ending(output.file);
    if (!by_ending && !arguments.has("--format")) {
      refuse_value("--output",
                   fmt::format("cannot tell a format from the ending of {}: use .txt, .csv, .tsv, "
                               ".jsonl, .json or .npy, or add --format",
                               output.file));
    }
    if (by_ending && arguments.has("--format") && *by_ending != output.format) {
      refuse_value("--format", fmt::format("{} does not fit the ending of {}: leave --format out "
                                           "or change the ending",
                                           arguments.value("--format"), output.file));
    }
    if (by_ending) output.format = *by_ending;
  }
  check_format(settings.subcommand, output.format);
}

}  // namespace

bool FailOn::exceeded_by(int64_t num_issues, int64_t num_examples) const {
  if (!is_rate) return static_cast<double>(num_issues) > limit;
  return num_examples > 0 &&
         static_cast<double>(num_issues) / static_cast<double>(num_examples) > limit;
}

Settings make_settings(Subcommand subcommand, const Arguments& arguments) {
  Settings settings;
  settings.subcommand = subcommand;
  settings.task = task_of(arguments);
  check_flags_fit(settings.task, arguments);
  set_output(arguments, settings);
  set_read_options(arguments, settings.task, settings.read);
  set_input_format(arguments, settings);
  // inspect says what is wrong with the numbers, where the others refuse them.
  settings.read.unchecked = subcommand == Subcommand::kInspect && !settings.read.skip_invalid;
  set_ensemble_weights(arguments, settings.read, settings.ensemble);
  set_filter_options(arguments, settings);
  set_selection(arguments, settings.selection);
  if (settings.task == Task::kMultilabel) {
    settings.multilabel = make_multilabel_settings(arguments);
  }
  if (settings.task == Task::kToken) set_token_settings(arguments, settings);
  if (arguments.has("--threads")) {
    settings.read.execution.num_threads = static_cast<int>(
        std::min<int64_t>(parse_integer("--threads", arguments.value("--threads"), 0), 1024));
  }
  return settings;
}

nlohmann::ordered_json options_to_json(const Settings& settings) {
  nlohmann::ordered_json options;
  const auto takes = [&](std::string_view name) {
    return flag(name).belongs_to(settings.subcommand) && flag(name).fits(settings.task);
  };
  const auto or_null = [](const auto& value, bool present) {
    return present ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
  };
  options["logits"] = settings.read.logits;
  options["skip_invalid"] = settings.read.skip_invalid;
  if (takes("--ensemble-weights") && settings.read.pred_probs.size() > 1) {
    options["ensemble_weights"] = to_string(settings.ensemble.weights);
  }
  if (takes("--filter-by")) {
    const FilterOptions& filter = settings.filter;
    options["filter_by"] = to_string(filter.filter_by);
    options["method"] = to_string(settings.score.method);
    options["adjust_pred_probs"] = settings.score.adjust_pred_probs;
    options["frac_noise"] = filter.frac_noise;
    options["min_examples_per_class"] = filter.min_examples_per_class;
    options["num_to_remove_per_class"] =
        or_null(filter.num_to_remove_per_class, !filter.num_to_remove_per_class.empty());
    options["joint"] = or_null(settings.joint_file, !settings.joint_file.empty());
  }
  if (takes("--collision")) options["collision"] = to_string(settings.filter.collision);
  if (takes("--class")) {
    const Selection& selection = settings.selection;
    options["class"] = selection.given_classes;
    if (takes("--exclude")) options["exclude"] = selection.excluded_pairs;
    options["threshold"] =
        or_null(selection.threshold.value_or(0), selection.threshold.has_value());
    options["ignore"] = or_null(selection.ignore_file, !selection.ignore_file.empty());
  }
  if (settings.task == Task::kMultilabel) {
    multilabel_options_to_json(settings.multilabel, takes("--aggregator"), options);
  }
  if (settings.task == Task::kToken) token_options_to_json(settings, options);
  if (takes("--top")) {
    options["top"] =
        or_null(settings.selection.top.value_or(0), settings.selection.top.has_value());
  }
  return options;
}

}  // namespace labelsieve::cli
