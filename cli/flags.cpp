#include "flags.h"

#include <array>
#include <stdexcept>
#include <string>

namespace labelsieve::cli {
namespace {

constexpr unsigned kFind = bit(Subcommand::kFind);
constexpr unsigned kScore = bit(Subcommand::kScore);
constexpr unsigned kHealth = bit(Subcommand::kHealth);
constexpr unsigned kJoint = bit(Subcommand::kJoint);
constexpr unsigned kInspect = bit(Subcommand::kInspect);
constexpr unsigned kAll = kFind | kScore | kHealth | kJoint | kInspect;
constexpr unsigned kFilters = kFind | kScore | kHealth;
constexpr unsigned kSelects = kFind | kHealth;

constexpr unsigned kTokens = bit(Task::kToken);
constexpr unsigned kSets = bit(Task::kMultilabel);
constexpr unsigned kOneLabel = kAllTasks & ~kSets;

constexpr std::array kFlags = {
    Flag{.name = "INPUT",
         .value = "INPUT",
         .help = "One file with labels and probabilities (.npz, .csv, .tsv, .jsonl; text also with "
                 ".gz), or the labels when --pred-probs is given (also .conll, .conllu and other "
                 "files of tokens); - is standard input",
         .subcommands = kAll,
         .completes = Completes::kFile},
    Flag{.name = "--labels",
         .value = "FILE",
         .help = "The given labels: .npy, .csv, .tsv or .jsonl",
         .subcommands = kAll,
         .completes = Completes::kFile},
    Flag{.name = "--pred-probs",
         .value = "FILE",
         .help = "Out-of-sample predicted probabilities, one row an example, one column a class; "
                 "give it again for each further model of an ensemble",
         .subcommands = kAll,
         .repeatable = true,
         .completes = Completes::kFile},
    Flag{.name = "--task",
         .value = "TASK",
         .choices = "auto|classification|token|multilabel",
         .default_value = "auto: as the format and the other options say",
         .help = "What the labels belong to: examples, tokens of sentences, or examples with any "
                 "number of labels",
         .subcommands = kAll},
    Flag{.name = "--input-format",
         .value = "FORMAT",
         .choices = "npy|npz|csv|tsv|jsonl|conll|conllu",
         .default_value = "from the file's ending",
         .help = "Format of INPUT, or of the file that is -",
         .subcommands = kAll},
    Flag{.name = "--label-column",
         .value = "NAME",
         .default_value = "label, given_label, labels, target, y or class; of tokens the last",
         .help = "Column of the given labels; in files of tokens its number, from 1, or its key",
         .subcommands = kAll},
    Flag{.name = "--label-separator",
         .value = "TEXT",
         .default_value = "|",
         .help = "What stands between the labels of a cell that holds a set of them",
         .subcommands = kAll,
         .tasks = kSets},
    Flag{.name = "--label-columns",
         .value = "A,B,C",
         .default_value = "label_<class> or y_<class>",
         .help = "Columns that hold 1 where the example has a class and 0 where it has not, in the "
                 "order of the classes",
         .subcommands = kAll,
         .tasks = kSets,
         .repeatable = true},
    Flag{.name = "--prob-columns",
         .value = "A,B,C",
         .default_value = "p_<class>, prob_<class>, or one vector column",
         .help = "Columns of the probabilities, in the order of the classes",
         .subcommands = kAll,
         .repeatable = true},
    Flag{.name = "--id-column",
         .value = "NAME",
         .default_value = "id",
         .help = "Column that identifies an example; two tables that both have it are joined by it",
         .subcommands = kAll},
    Flag{.name = "--text-column",
         .value = "NAME",
         .default_value = "text",
         .help = "Column to show beside each issue",
         .subcommands = kAll},
    Flag{.name = "--class-names",
         .value = "FILE|A,B,C",
         .default_value = "from the probability columns",
         .help = "Names of the classes in the order of the probability columns: a file with one a "
                 "line or a JSON array, or a list",
         .subcommands = kAll,
         .completes = Completes::kFile},
    Flag{.name = "--logits",
         .help = "The numbers are logits: apply the softmax to each row first",
         .subcommands = kAll},
    Flag{.name = "--skip-invalid",
         .help = "Leave out rows with missing or invalid labels or probabilities, and count them",
         .subcommands = kAll},

    Flag{.name = "--filter-by",
         .value = "NAME",
         .choices = "auto|prune_by_noise_rate|prune_by_class|both|confident_learning|"
                    "predicted_neq_given|low_normalized_margin|low_self_confidence",
         .default_value =
             "auto; prune_by_noise_rate when one of its options is given, and for sets "
             "of labels",
         .help = "How the issues are chosen; auto also reads the words where tags are of spans",
         .subcommands = kFilters,
         .banner = Banner::kMethod},
    Flag{.name = "--method",
         .value = "NAME",
         .choices = "auto|self_confidence|normalized_margin|confidence_weighted_entropy",
         .default_value = "auto; self_confidence with --adjust-pred-probs, and for sets of labels",
         .help = "The label quality score, which also ranks the issues",
         .subcommands = kFilters,
         .banner = Banner::kMethod},
    Flag{.name = "--adjust-pred-probs",
         .help = "Score relative to each class's confident threshold, so that rare and hard "
                 "classes compare fairly",
         .subcommands = kFilters,
         .banner = Banner::kMethod},
    Flag{.name = "--collision",
         .value = "RULE",
         .choices = "row_argmax|confident_argmax",
         .default_value = "row_argmax",
         .help = "What counts when an example is confidently in several classes",
         .subcommands = kFilters | kJoint,
         .tasks = kOneLabel,
         .banner = Banner::kMethod},
    Flag{.name = "--frac-noise",
         .value = "SHARE",
         .default_value = "1",
         .help = "Share of the estimated label noise to flag, from 0 to 1",
         .subcommands = kFilters,
         .banner = Banner::kMethod},
    Flag{.name = "--min-examples-per-class",
         .value = "N",
         .default_value = "1",
         .help = "Classes with no more examples than this are left whole",
         .subcommands = kFilters,
         .banner = Banner::kMethod},
    Flag{.name = "--num-to-remove-per-class",
         .value = "N|N,N,...",
         .default_value = "as the joint says",
         .help = "How many issues to flag in each class: one number, or one for each class",
         .subcommands = kFilters,
         .banner = Banner::kMethod},
    Flag{.name = "--joint",
         .value = "FILE",
         .default_value = "estimated from the data",
         .help = "A K x K .npy joint of given labels (rows) and true labels (columns), used as it "
                 "is; K x 2 x 2 for sets of labels",
         .subcommands = kFilters,
         .banner = Banner::kMethod,
         .completes = Completes::kFile},
    Flag{.name = "--ensemble-weights",
         .value = "SCHEME|W,W,...",
         .choices = "uniform|accuracy|log_loss_search",
         .default_value = "accuracy",
         .help = "One number for each model of an ensemble, or a scheme",
         .subcommands = kAll & ~kInspect,
         .tasks = kOneLabel,
         .banner = Banner::kMethod},

    Flag{.name = "--by",
         .value = "UNIT",
         .choices = "token|sentence|span|transition",
         .default_value = "token",
         .help = "What is listed; transitions are tags that the scheme does not allow where they "
                 "stand, and need no probabilities",
         .subcommands = kFind | kScore,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--scheme",
         .value = "NAME",
         .choices = "plain|iob1|iob2|iobes|bilou",
         .default_value = "as the tags say",
         .help = "How tags stand for spans",
         .subcommands = kAll,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--sentence-method",
         .value = "NAME",
         .choices = "min|softmin|mean|bad_token_fraction|expected_errors",
         .default_value = "min; of sentences with --method auto and words its own",
         .help = "How the scores of the tokens of a sentence or span become one",
         .subcommands = kFind | kScore,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--temperature",
         .value = "T",
         .default_value = "0.05",
         .help = "Of softmin: 0 is the minimum, inf the mean",
         .subcommands = kFind | kScore,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--bad-score",
         .value = "SCORE",
         .default_value = "0.1",
         .help = "Of bad_token_fraction: tokens that score below it are bad",
         .subcommands = kFind | kScore,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--below",
         .value = "SCORE",
         .help =
             "Every token, or sentence, that scores below this is an issue, in the place of the "
             "filter's choice",
         .subcommands = kFilters,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--word",
         .value = "WORD",
         .help = "Only issues of this word, whose letters may be small or large; repeatable",
         .subcommands = kSelects,
         .tasks = kTokens,
         .banner = Banner::kTokens,
         .repeatable = true},
    Flag{.name = "--token-column",
         .value = "N|KEY",
         .default_value = "the first; FORM in CoNLL-U; tokens or words in JSON lines",
         .help = "Number of the column of the words, from 1, or their key",
         .subcommands = kAll,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--misc-key",
         .value = "KEY",
         .help = "In CoNLL-U the tags are the values of this key in MISC, such as NER in NER=B-PER",
         .subcommands = kAll,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--span-key",
         .value = "KEY",
         .default_value = "spans or entities, where there are no tags",
         .help = "In JSON lines the spans of a text, with start, end and label",
         .subcommands = kAll,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--offset-unit",
         .value = "UNIT",
         .choices = "code_points|utf8|utf16",
         .default_value = "code_points",
         .help = "What the offsets of spans count",
         .subcommands = kAll,
         .tasks = kTokens,
         .banner = Banner::kTokens},
    Flag{.name = "--comment-prefix",
         .value = "TEXT",
         .default_value = "none; # in CoNLL-U",
         .help = "Lines that begin with this are no tokens",
         .subcommands = kAll,
         .tasks = kTokens,
         .banner = Banner::kTokens},

    Flag{.name = "--aggregator",
         .value = "NAME",
         .choices = "exponential_moving_average|softmin|min|mean",
         .default_value = "exponential_moving_average",
         .help = "How the scores of an example's classes become one label quality",
         .subcommands = kFilters,
         .tasks = kSets,
         .banner = Banner::kMultilabel},
    Flag{.name = "--alpha",
         .value = "SHARE",
         .default_value = "0.8",
         .help = "Of the moving average: the weight of each lower score, from 0 to 1; auto is "
                 "2 / (classes + 1)",
         .subcommands = kFilters,
         .tasks = kSets,
         .banner = Banner::kMultilabel},
    Flag{.name = "--softmin-temperature",
         .value = "T",
         .default_value = "0.1",
         .help = "Of the softmin: 0 is the lowest score, inf the mean",
         .subcommands = kFilters,
         .tasks = kSets,
         .banner = Banner::kMultilabel},
    Flag{.name = "--per-class",
         .help = "A row for every wrong label (find) or for every class of every example (score); "
                 "in .npy a column for every class",
         .subcommands = kFind | kScore,
         .tasks = kSets,
         .banner = Banner::kMultilabel},

    Flag{.name = "--top",
         .value = "N",
         .default_value = "all",
         .help = "List only the N worst issues",
         .subcommands = kFind,
         .banner = Banner::kSelection},
    Flag{.name = "--class",
         .value = "NAME",
         .help = "Only issues whose given label is this class, or where it is to be added or "
                 "removed; repeatable",
         .subcommands = kSelects,
         .banner = Banner::kSelection,
         .repeatable = true},
    Flag{.name = "--exclude",
         .value = "GIVEN:SUGGESTED",
         .help = "No issues with this given and suggested label; repeatable",
         .subcommands = kSelects,
         .tasks = kOneLabel,
         .banner = Banner::kSelection,
         .repeatable = true},
    Flag{.name = "--threshold",
         .value = "SCORE",
         .help = "Only issues with a label quality below this",
         .subcommands = kSelects,
         .banner = Banner::kSelection},
    Flag{.name = "--ignore",
         .value = "FILE",
         .help = "Leave out the examples listed in FILE, which people have checked: an id or an "
                 "index a line, # starts a comment",
         .subcommands = kSelects,
         .banner = Banner::kSelection,
         .completes = Completes::kFile},
    Flag{.name = "--fail-on",
         .value = "N|RATE",
         .help = "Exit with 1 when there are more issues than this: a count such as 10, or a rate "
                 "such as 0.02 or 2%",
         .subcommands = kSelects,
         .banner = Banner::kSelection},

    Flag{.name = "--format",
         .value = "FORMAT",
         .choices = "table|csv|tsv|jsonl|json",
         .default_value = "table, or from the ending of FILE",
         .help = "Format of the result",
         .subcommands = kAll,
         .banner = Banner::kOutput},
    Flag{.name = "--output",
         .short_name = "-o",
         .value = "FILE",
         .default_value = "standard output",
         .help = "Write the result to FILE (.txt .csv .tsv .jsonl .json; find and score also .npy: "
                 "the mask, the scores); FILE appears whole or not at all",
         .subcommands = kAll,
         .banner = Banner::kOutput,
         .completes = Completes::kFile},
    Flag{.name = "--quiet",
         .short_name = "-q",
         .help = "Only results and errors: no summary, notes, warnings or progress",
         .subcommands = kAll,
         .banner = Banner::kOutput},
    Flag{.name = "--no-color",
         .help = "No colours, also on a terminal",
         .subcommands = kAll,
         .banner = Banner::kOutput},
    Flag{.name = "--help",
         .short_name = "-h",
         .help = "Show this help",
         .subcommands = kAll,
         .banner = Banner::kOutput},

    Flag{.name = "--threads",
         .value = "N",
         .default_value = "one for each processor",
         .help = "Number of threads",
         .subcommands = kAll,
         .banner = Banner::kSpeed},
};

const std::vector<SubcommandInfo>& subcommand_table() {
  static const std::vector<SubcommandInfo> kTable = {
      {Subcommand::kFind,
       "find",
       "list the label issues, worst first",
       "Says which labels are wrong. Every issue comes with its given label, the label that the "
       "model suggests, and a label quality from 0 (surely wrong) to 1. The default, auto, flags "
       "where the expected F1 is best and says how many errors it expects. Labels and "
       "probabilities "
       "alone cannot tell a confident mistake of the model from a wrong label: with a weak model "
       "or "
       "nearly clean labels that number is too high.",
       {"labelsieve find examples/digits.csv --top 10",
        "labelsieve find examples/digits.csv --filter-by both --format csv",
        "labelsieve find tests/cli/data/sentences.conll --by transition"}},
      {Subcommand::kScore,
       "score",
       "score every example, in input order",
       "Gives every example its label quality, and says whether it is a label issue by the same "
       "rule as find.",
       {"labelsieve score examples/digits.csv --method normalized_margin --format csv"}},
      {Subcommand::kHealth,
       "health",
       "say how healthy the labels are: by class, by pair of classes, overall",
       "Lists the classes by label quality and the pairs of classes that are taken for each "
       "other. The number of issues is the one that find gives with the same options; columns "
       "named estimated_... come from the estimated joint.",
       {"labelsieve health examples/digits.csv"}},
      {Subcommand::kJoint,
       "joint",
       "show the estimated joint of given and true labels and what follows from it",
       "Shows the confident thresholds, the confident joint, the estimated joint, the noise "
       "matrices and the prior of the true labels.",
       {"labelsieve joint examples/digits.csv --format json"}},
      {Subcommand::kInspect,
       "inspect",
       "show what was read, and what looks wrong with it",
       "Shows how the input was understood (size, type, classes in order, label counts) and "
       "diagnoses logits, rows that do not add up to 1, permuted classes, in-sample "
       "probabilities and missing classes.",
       {"labelsieve inspect examples/digits.csv"}},
  };
  return kTable;
}

}  // namespace

std::span<const Flag> flags() { return kFlags; }

std::span<const SubcommandInfo> subcommands() { return subcommand_table(); }

std::string_view heading(Banner banner) {
  switch (banner) {
    case Banner::kInput: return "Input";
    case Banner::kMethod: return "Method (changes the answer)";
    case Banner::kTokens: return "Tokens, sentences and spans";
    case Banner::kMultilabel: return "Sets of labels";
    case Banner::kSelection: return "Selection (which issues are listed)";
    case Banner::kOutput: return "Output";
    case Banner::kSpeed: return "Speed (never changes the answer)";
  }
  return {};
}

std::span<const Banner> banners() {
  static constexpr std::array kBanners = {Banner::kInput,      Banner::kMethod,    Banner::kTokens,
                                          Banner::kMultilabel, Banner::kSelection, Banner::kOutput,
                                          Banner::kSpeed};
  return kBanners;
}

const SubcommandInfo& info(Subcommand subcommand) {
  return subcommand_table()[static_cast<size_t>(subcommand)];
}

std::optional<Subcommand> subcommand_from(std::string_view name) {
  for (const SubcommandInfo& candidate : subcommand_table()) {
    if (candidate.name == name) return candidate.subcommand;
  }
  return std::nullopt;
}

const Flag& flag(std::string_view name) {
  for (const Flag& candidate : kFlags) {
    if (candidate.name == name) return candidate;
  }
  throw std::logic_error("no flag " + std::string(name) + " in the table");
}

std::vector<std::string_view> split_choices(std::string_view choices) {
  std::vector<std::string_view> words;
  while (!choices.empty()) {
    const size_t end = choices.find('|');
    words.push_back(choices.substr(0, end));
    choices = end == std::string_view::npos ? std::string_view{} : choices.substr(end + 1);
  }
  return words;
}

}  // namespace labelsieve::cli
