// Sentences in JSON lines, with tags or spans. Small pieces must give what the whole gives, and the
// parts of what is read must fit together.
#include <utility>

#include "input.h"
#include "io/assemble_tokens.h"
#include "io/token_jsonl_reader.h"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

/// Aborts unless sentences, words, tags, places and lines are consistent.
void check(const labelsieve::TokenDataset& data) {
  const auto count = static_cast<size_t>(data.num_tokens());
  expect(count > 0 && data.sentences().size() == data.num_sentences());
  expect(data.tokens.size() == count && data.tags.size() == count);
  expect(data.examples.source_lines.size() == count);
  expect(data.examples.labels.size == data.num_tokens());
  expect(data.texts.empty() || std::cmp_equal(data.texts.size(), data.num_sentences()));
  expect(data.token_ranges.empty() || data.token_ranges.size() == count);
  expect(data.examples.num_skipped >= 0 && data.num_ignored >= 0);
  volatile unsigned sum = 0;
  for (const int32_t tag : data.tags) {
    expect(tag >= -1 && tag < static_cast<int64_t>(data.tag_names.size()));
  }
  for (int64_t s = 0; s < data.num_sentences(); ++s) {
    for (int64_t t = data.offsets[static_cast<size_t>(s)];
         t < data.offsets[static_cast<size_t>(s) + 1]; ++t) {
      const std::string_view word = data.tokens[static_cast<size_t>(t)];
      for (const char c : word) sum = sum + static_cast<unsigned char>(c);
      if (data.token_ranges.empty()) continue;
      const labelsieve::ByteRange& range = data.token_ranges[static_cast<size_t>(t)];
      expect(data.texts[static_cast<size_t>(s)].substr(
                 static_cast<size_t>(range.start), static_cast<size_t>(range.end - range.start)) ==
             word);
    }
  }
  (void)labelsieve::fuzz::touch(data.examples);
}

/// All that was read of a file, or the error.
std::string summary(const labelsieve::io::FileBytes& file,
                    const labelsieve::TokenReadOptions& options, bool tokens, int64_t piece_bytes) {
  using namespace labelsieve;
  try {
    const io::TokenPart part =
        io::read_token_jsonl(file, "fuzz.jsonl", {.tokens = tokens}, options, piece_bytes);
    std::string text = std::to_string(part.num_cut_spans);
    for (const int64_t offset : part.offsets) text.append(1, ' ').append(std::to_string(offset));
    for (size_t i = 0; i < part.tokens.size(); ++i) {
      text.append(1, '\n').append(part.tokens[i]).append(std::to_string(part.lines[i]));
    }
    for (const int32_t code : part.tags.codes) text.append(1, ' ').append(std::to_string(code));
    for (const std::string& value : part.tags.values) text.append(1, '\n').append(value);
    if (part.spans) {
      for (const Span& span : part.spans->spans) {
        text += std::to_string(span.start) + "-" + std::to_string(span.end) + ":" +
                part.spans->types[static_cast<size_t>(span.type)];
      }
    }
    for (const std::string& note : part.notes) text.append(note);
    return text;
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  const fuzz::Input input = fuzz::make_input(data, size);
  TokenReadOptions options;
  options.skip_invalid = input.options.skip_invalid;
  options.logits = input.options.logits;
  if ((input.choice & 4) != 0) options.class_names = {"O", "B-A", "I-A"};
  if ((input.choice & 8) != 0) options.span_key = "label";
  if ((input.choice & 16) != 0) options.offset_unit = OffsetUnit::kUtf16Units;
  options.execution.num_threads = 1;
  const bool tokens = (input.choice & 32) == 0;
  const std::string whole = summary(input.file, options, tokens, 1 << 20);
  if (summary(input.file, options, tokens, 16) != whole) std::abort();
  (void)io::begins_with_sentence(input.file.bytes);
  try {
    check(io::assemble_tokens(
        io::read_token_bytes(input.file, "fuzz.jsonl", TokenFormat::kJsonl, options), {}, options));
  } catch (const Error& error) {
    if (std::strchr(error.what(), '\n') != nullptr) std::abort();  // errors are one line
  }
  return 0;
}
