#include "io/assemble_tokens.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/huge_pages.h"
#include "io/assemble.h"
#include "io/conll_reader.h"
#include "io/labels.h"
#include "io/message.h"
#include "io/read_part.h"
#include "io/span_tags.h"
#include "io/token_jsonl_reader.h"

namespace labelsieve::io {
namespace {

/// What other count of rows would have been right, and what to do then.
std::string explain_count(const TokenPart& tokens, int64_t rows) {
  const int64_t count = tokens.num_tokens();
  const auto sentences = static_cast<int64_t>(tokens.offsets.size()) - 1;
  if (tokens.num_document_starts > 0 && rows == count + tokens.num_document_starts) {
    return "; the numbers fit only with the " +
           count_of(tokens.num_document_starts, "-DOCSTART- line") +
           ", which are no tokens: leave out their rows of probabilities";
  }
  if (rows == sentences) {
    return "; there are as many rows as sentences, but every token needs its own";
  }
  return "; every token needs its row, in the order of the file";
}

void check_rows(const TokenPart& tokens, const Part& model) {
  if (tokens.num_tokens() == model.rows) return;
  throw Error(ErrorCode::kInvalidData, tokens.file + " has " +
                                           count_of(tokens.num_tokens(), "token") + " and " +
                                           model.file + " has " + count_of(model.rows, "row") +
                                           " of probabilities" + explain_count(tokens, model.rows));
}

/// The probabilities that stand beside the tokens, or in a file that looks the same.
Part model_of(TokenPart& tokens) {
  Part model{.file = tokens.file, .rows = tokens.num_tokens()};
  model.pred_probs = std::move(tokens.pred_probs);
  model.class_names = std::move(tokens.class_names);
  model.name_origin = tokens.name_origin;
  model.lines = tokens.lines;
  for (const int64_t token : tokens.invalid) model.mark_invalid(token);
  tokens.pred_probs.reset();
  return model;
}

/// Every sentence of `rows` must be as long as that of `tokens`, where they are as many.
void check_sentences(const TokenPart& tokens, const TokenPart& rows) {
  if (tokens.offsets.size() != rows.offsets.size()) {
    throw Error(ErrorCode::kInvalidData,
                tokens.file + " has " +
                    count_of(static_cast<int64_t>(tokens.offsets.size()) - 1, "sentence") +
                    " and " + rows.file + " has " +
                    std::to_string(static_cast<int64_t>(rows.offsets.size()) - 1) +
                    "; every sentence needs its list of probabilities");
  }
  const auto [differs, there] =
      std::mismatch(tokens.offsets.begin(), tokens.offsets.end(), rows.offsets.begin());
  if (differs == tokens.offsets.end()) return;
  // The sentence that ends here is the first that is longer or shorter.
  const auto first = static_cast<size_t>(*std::prev(differs));
  const auto length = [](const auto& end) { return *end - *std::prev(end); };
  const TokenPart& longer = length(differs) > 0 ? tokens : rows;
  throw Error(ErrorCode::kInvalidData,
              "the sentence has " + count_of(length(differs), "token") + " in " + tokens.file +
                  " and " + count_of(length(there), "row") + " of probabilities in " + rows.file +
                  "; every token needs its own",
              {.file = longer.file, .line = longer.lines[first]});
}

/// Marks the tokens that are labelled as none, so that their probabilities are not looked at.
int64_t mark_ignored(const TokenPart& tokens, std::vector<Part>& models) {
  const std::vector<int32_t>& codes = tokens.tags.codes;
  const int64_t count = std::count(codes.begin(), codes.end(), kIgnoredLabel);
  if (count == 0) return 0;
  for (Part& model : models) {
    model.ignored.resize(codes.size());
    std::transform(codes.begin(), codes.end(), model.ignored.begin(),
                   [](int32_t code) { return static_cast<uint8_t>(code == kIgnoredLabel); });
  }
  return count;
}

/// The tokens as examples of their own, without probabilities.
Dataset tags_only(Part labels, const TokenReadOptions& options) {
  std::vector<std::string> names =
      options.class_names.empty() ? labels.labels->values : options.class_names;
  check_class_names(names, options.class_names.empty() ? labels.file : std::string());
  const auto num_classes = static_cast<int64_t>(names.size());
  ResolvedLabels resolved = resolve_labels(labels, num_classes, std::move(names), NameOrigin::kNone,
                                           options.skip_invalid, options.execution);
  Dataset data;
  data.labels_file = labels.file;
  data.labels = resolved.labels;
  data.class_names = std::move(resolved.class_names);
  data.notes = std::move(resolved.notes);
  data.storage.push_back(std::move(resolved.owner));
  data.source_lines = std::move(labels.lines);
  data.num_skipped = std::count(resolved.invalid.begin(), resolved.invalid.end(), uint8_t{1});
  if (data.num_skipped == 0) return data;
  if (data.num_skipped == data.num_rows()) {
    throw Error(ErrorCode::kInvalidData,
                "no token has a tag in one of the classes; check which column holds the tags",
                {.file = data.labels_file});
  }
  data.labels.ignore_label = kMissingLabel;  // as they are marked
  return data;
}

}  // namespace

TokenPart read_token_bytes(const FileBytes& bytes, const std::string& file, TokenFormat format,
                           const TokenReadOptions& options) {
  if (bytes.bytes.empty()) {
    throw Error(ErrorCode::kInvalidData, "the file is empty", {.file = file});
  }
  if (is_gzip(bytes.bytes)) {
    return read_token_bytes(gunzip(bytes, file), file, format, options);
  }
  if (format == TokenFormat::kJsonl) {
    return read_token_jsonl(bytes, file, {.pred_probs = options.pred_probs.empty()}, options);
  }
  return read_conll(bytes, file, format, options);
}

Part read_token_model(const std::string& path, const TokenPart& tokens,
                      const TokenReadOptions& options) {
  const ReadOptions matrix_options = matrix_options_of(options);
  if (path == "-" || format_of(path) != InputFormat::kJsonl) {
    return read_part(path, {.pred_probs = true}, matrix_options);
  }
  FileBytes bytes = open_file(path);
  if (is_gzip(bytes.bytes)) bytes = gunzip(bytes, path);
  if (!holds_token_probabilities(bytes.bytes, path, options)) {
    return read_part_bytes(bytes, path, InputFormat::kJsonl, {.pred_probs = true}, matrix_options);
  }
  TokenPart rows = read_token_jsonl(bytes, path, {.tokens = false}, options);
  check_sentences(tokens, rows);
  return model_of(rows);
}

ReadOptions matrix_options_of(const TokenReadOptions& options) {
  ReadOptions matrix;
  matrix.prob_columns = options.prob_columns;
  matrix.class_names = options.class_names;
  matrix.logits = options.logits;
  matrix.skip_invalid = options.skip_invalid;
  matrix.unchecked = options.unchecked;
  matrix.execution = options.execution;
  return matrix;
}

TokenDataset assemble_tokens(TokenPart tokens, std::vector<Part> models,
                             const TokenReadOptions& options) {
  if (models.empty() && tokens.pred_probs) models.push_back(model_of(tokens));
  for (const Part& model : models) check_rows(tokens, model);
  TokenDataset data;
  if (tokens.spans) tokens.tags = tags_of_spans(*tokens.spans, tokens.offsets, models, options);
  data.num_ignored = mark_ignored(tokens, models);
  data.offsets = std::move(tokens.offsets);
  reserve_huge_pages(data.tags, tokens.tags.codes.size());
  data.tags.assign(tokens.tags.codes.begin(), tokens.tags.codes.end());
  if (data.num_ignored > 0) {
    std::replace(data.tags.begin(), data.tags.end(), kIgnoredLabel, kMissingLabel);
  }
  data.tag_names = tokens.tags.values;
  data.num_document_starts = tokens.num_document_starts;

  Part labels{.file = tokens.file, .rows = tokens.num_tokens()};
  labels.labels = std::move(tokens.tags);
  labels.lines = std::move(tokens.lines);
  for (Part& model : models) model.ids.clear();  // tokens have none: rows go by their order
  data.examples = models.empty()
                      ? tags_only(std::move(labels), options)
                      : assemble(std::move(labels), std::move(models), matrix_options_of(options));
  data.examples.num_skipped -= data.num_ignored;
  data.examples.text.clear();
  data.examples.ids.clear();
  data.tokens = std::move(tokens.tokens);
  data.ids = std::move(tokens.ids);
  data.texts = std::move(tokens.texts);
  data.token_ranges = std::move(tokens.ranges);
  data.examples.storage.push_back(std::move(tokens.owner));
  data.examples.notes.insert(data.examples.notes.begin(),
                             std::make_move_iterator(tokens.notes.begin()),
                             std::make_move_iterator(tokens.notes.end()));
  return data;
}

}  // namespace labelsieve::io
