// Reading token datasets: CoNLL-2003 and its relatives, tables of tokens, CoNLL-U, JSON lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/text_spans.h"
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
  kJsonl,   ///< A sentence a line: tokens with their tags, or a text with its spans.
};

/// Where words, tags and probabilities come from. Columns are counted from 1.
struct TokenReadOptions {
  // Parameters that affect the answer.
  std::string input = {};  ///< The file of tokens; "-": standard input.
  /// Rows in the order of the tokens; several: an ensemble. None: those that JSON lines hold
  /// beside the tokens, else tags only.
  std::vector<std::string> pred_probs = {};
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

  // JSON lines: the keys of an object. Defaults: token_key "tokens" or "words"; tag_key "ner_tags",
  // "tags", "labels", … (docs/formats.md); span_key "spans" or "entities", where there are no tags;
  // "text"; "id".
  std::string token_key = {};
  std::string tag_key = {};
  std::string span_key = {};
  std::string text_key = {};
  std::string id_key = {};
  OffsetUnit offset_unit = OffsetUnit::kCodePoints;  ///< What the offsets of spans count.

  std::vector<std::string> class_names = {};   ///< In the order of the columns of probabilities.
  std::vector<std::string> prob_columns = {};  ///< As in ReadOptions; in JSON lines one key.
  bool logits = false;                         ///< Softmax each row.
  /// Tokens whose tag is missing or in no class, or whose probabilities are none, keep their place,
  /// are ignored and counted; so are all tokens of a sentence whose spans are missing or overlap.
  bool skip_invalid = false;
  bool unchecked = false;  ///< As in ReadOptions.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// The format that a name ends in, also before .gz: .conll .conll2003 .conll03 .bio .iob .iob2
/// .bioes .iobes .bilou (kConll), .conllu (kConllu), .tsv (kTsv), .jsonl .ndjson (kJsonl); kAuto
/// for all others. The last two hold classification data as often: holds_sentences() tells.
TokenFormat token_format_of(const std::string& path);

/// Whether the first object of a file of JSON lines is a sentence: has a list of tokens, or of
/// spans beside a text, under one of the usual keys. False for other files, standard input and
/// files that cannot be read. Cost: the first line.
bool holds_sentences(const std::string& path);

/// Whether a file holds tokens with their tags, a token a line: by its ending (kConll, kConllu),
/// else (eng.train, train.txt) if every line at its beginning has as many columns and the tag of a
/// span in the last, as O or B-PER. A .tsv, which may be a table of examples, needs a blank line
/// between two tokens as well. False for JSON lines, pipes and files that cannot be read. Cost: the
/// first 64 kilobytes.
bool holds_tagged_tokens(const std::string& path);

/// Reads a file of tokens and matches it with probabilities (docs/formats.md).
///
/// Spans of text (JSON lines) become tags in the scheme of the class names, IOB2 where there are
/// none yet. Tags are compared with class names as they stand. The names are those given, else
/// those that the files of probabilities have, else the different tags, sorted, if they are as many
/// as columns. Without probabilities they are those given, else the tags in order of appearance.
///
/// Cost: one pass over the text, which stays mapped or in memory; 32 bytes a token beside
/// it, twice that while it is read. JSON lines: the words and numbers themselves instead of the
/// text, 8 bytes a number.
/// Throws Error{kIo}, Error{kInvalidArgument} for options that do not fit the format, and
/// Error{kInvalidData} naming file and line: for lines with other columns than the first, missing
/// or unknown tags, a file without sentences, as many rows as there are no tokens, sentences whose
/// tokens, tags and rows of probabilities differ in number, and spans that overlap, lie outside of
/// their text or say another text than is there.
TokenDataset read_tokens(const TokenReadOptions& options);

}  // namespace labelsieve
