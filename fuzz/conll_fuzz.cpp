// Token files in every format, plain and gzipped. The parts of what is read must fit together.
#include "input.h"
#include "io/assemble_tokens.h"
#include "io/conll_look.h"
#include "io/conll_reader.h"

namespace {

/// Aborts unless sentences, words, tags and lines are consistent; reads every byte of the words.
void check(const labelsieve::TokenDataset& data) {
  const auto expect = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto count = static_cast<size_t>(data.num_tokens());
  expect(count > 0 && data.sentences().size() == data.num_sentences());
  expect(data.tokens.size() == count && data.tags.size() == count);
  expect(data.examples.source_lines.size() == count);
  expect(data.examples.labels.size == data.num_tokens());
  volatile unsigned sum = 0;
  for (size_t i = 0; i < count; ++i) {
    expect(!data.tokens[i].empty());
    expect(data.tags[i] >= -1 && data.tags[i] < static_cast<int64_t>(data.tag_names.size()));
    if (i > 0) expect(data.examples.source_lines[i] > data.examples.source_lines[i - 1]);
    for (const char c : data.tokens[i]) sum = sum + static_cast<unsigned char>(c);
  }
  for (size_t s = 1; s < data.offsets.size(); ++s) expect(data.offsets[s] > data.offsets[s - 1]);
  (void)labelsieve::fuzz::touch(data.examples);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  const fuzz::Input input = fuzz::make_input(data, size);
  TokenReadOptions options;
  options.skip_invalid = input.options.skip_invalid;
  options.class_names = input.options.class_names;
  if ((input.choice & 2) != 0) options.tag_column = 2;
  if ((input.choice & 8) != 0) options.token_column = 2;
  if ((input.choice & 16) != 0) options.misc_key = std::string("NER");
  if ((input.choice & 32) != 0) options.comment_prefix = std::string("#");
  constexpr TokenFormat kFormats[] = {TokenFormat::kConll, TokenFormat::kTsv, TokenFormat::kConllu,
                                      TokenFormat::kConll};
  const TokenFormat format = kFormats[input.choice >> 6];
  // Small pieces must give what the whole gives.
  const auto summary = [&](int64_t piece_bytes) -> std::string {
    try {
      const io::TokenPart part =
          io::read_conll(input.file, "fuzz.conll", format, options, piece_bytes);
      std::string text = std::to_string(part.num_document_starts);
      for (const int64_t offset : part.offsets) text.append(1, ' ').append(std::to_string(offset));
      for (size_t i = 0; i < part.tokens.size(); ++i) {
        text.append(1, '\n').append(part.tokens[i]).append(1, ' ');
        text.append(std::to_string(part.tags.codes[i])).append(1, ' ');
        text.append(std::to_string(part.lines[i]));
      }
      for (const std::string& value : part.tags.values) text.append(1, '\n').append(value);
      return text;
    } catch (const Error& error) {
      return error.what();
    }
  };
  for (const bool is_table : {false, true}) {
    (void)io::begins_with_tagged_tokens(input.file.bytes, is_table, (input.choice & 1) != 0);
  }
  const std::string whole = summary(1 << 20);
  if (summary(1) != whole || summary(24) != whole) std::abort();
  try {
    check(io::assemble_tokens(io::read_token_bytes(input.file, "fuzz.conll", format, options), {},
                              options));
  } catch (const Error& error) {
    if (std::strchr(error.what(), '\n') != nullptr) std::abort();  // errors are one line
  }
  return 0;
}
