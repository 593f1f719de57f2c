// Reading token datasets: CoNLL-2003 and its relatives, tables of tokens, CoNLL-U, JSON lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/token_dataset.h"

namespace labelsieve {

/// The format of a file of tokens; kAuto goes by its ending (token_format_of), and takes a name
/// that says nothing, such as eng.train, for kConll.
enum class TokenFormat : uint8_t {
  kAuto,
  kConll,   ///< A token a line, a blank line behind each sentence; columns apart by tabs if the
            ///< first token's line has one, else by blanks; two columns, four, or any other number.
  kTsv,     ///< The same, apart by tabs.
  kConllu,  ///< Ten columns apart by tabs, of which ID tells words from ranges and empty nodes.
};

/// Where words, tags and probabilities come from. Columns are counted from 1.
struct TokenReadOptions {
  // Parameters that affect the answer.
  std::string input = {};                    ///< The file of tokens; "-": standard input.
  std::vector<std::string> pred_probs = {};  ///< Rows in the order of the tokens; none: tags only.
  TokenFormat input_format = TokenFormat::kAuto;

  /// Default (0): the first; FORM in CoNLL-U.
  int64_t token_column = 0;
  /// Default (0): the last; UPOS in CoNLL-U. Where it is given, lines may differ in the number of
  /// their columns, as they do in CoNLL-2012.
  int64_t tag_column = 0;
  /// CoNLL-U: the tag is the value of this key in MISC, such as NER in "NER=B-PER|SpaceAfter=No".
  std::string misc_key = {};
  /// Lines that begin with it are no tokens. Default: none; CoNLL-U knows its own ("#").
  std::string comment_prefix = {};

  std::vector<std::string> class_names = {};   ///< In the order of the columns of probabilities.
  std::vector<std::string> prob_columns = {};  ///< As in ReadOptions, for tables and archives.
  bool logits = false;                         ///< Softmax each row.
  /// Tokens whose tag is missing or in no class, or whose probabilities are none, keep their place,
  /// are ignored and counted.
  bool skip_invalid = false;
  bool unchecked = false;  ///< As in ReadOptions.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// The format that a name ends in, also before .gz: .conll .conll2003 .conll03 .bio .iob .iob2
/// .bioes .iobes .bilou (kConll), .conllu (kConllu), .tsv (kTsv); kAuto for all others.
TokenFormat token_format_of(const std::string& path);

/// Reads a file of tokens and matches it with probabilities (docs/formats.md).
///
/// Tags are compared with class names as they stand. The names are those given, else those that
/// the files of probabilities have, else the different tags, sorted, if they are as many as
/// columns. Without probabilities they are those given, else the tags in order of appearance.
///
/// Cost: one pass over the text, which stays mapped or in memory; 32 bytes a token beside
/// it, twice that while it is read.
/// Throws Error{kIo}, Error{kInvalidArgument} for options that do not fit the format, and
/// Error{kInvalidData} naming file and line: for lines with other columns than the first, missing
/// or unknown tags, a file without sentences, and for as many rows as there are no tokens.
TokenDataset read_tokens(const TokenReadOptions& options);

}  // namespace labelsieve
