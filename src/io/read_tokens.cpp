#include "labelsieve/read_tokens.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <system_error>

#include "base/crew.h"
#include "base/refuse_argument.h"
#include "io/assemble.h"
#include "io/assemble_tokens.h"
#include "io/check_files.h"
#include "io/conll_look.h"
#include "io/conll_reader.h"
#include "io/token_jsonl_reader.h"

namespace labelsieve {
namespace {

void check_options(const TokenReadOptions& options) {
  if (options.input.empty()) refuse_argument("there is no file of tokens to read");
  io::check_streams(options.input, options.pred_probs);
}

TokenFormat chosen_format(const TokenReadOptions& options) {
  if (options.input_format != TokenFormat::kAuto) return options.input_format;
  const TokenFormat named = token_format_of(options.input);
  return named == TokenFormat::kAuto ? TokenFormat::kConll : named;
}

}  // namespace

TokenFormat token_format_of(const std::string& path) {
  std::string name = path;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  constexpr std::array<std::string_view, 9> kConllEndings = {
      ".conll", ".conll2003", ".conll03", ".bio", ".iob", ".iob2", ".bioes", ".iobes", ".bilou"};
  const auto ends_name = [&](std::string_view ending) { return name.ends_with(ending); };
  if (std::any_of(kConllEndings.begin(), kConllEndings.end(), ends_name)) {
    return TokenFormat::kConll;
  }
  if (ends_name(".conllu")) return TokenFormat::kConllu;
  if (ends_name(".tsv")) return TokenFormat::kTsv;
  if (ends_name(".jsonl") || ends_name(".ndjson")) return TokenFormat::kJsonl;
  return TokenFormat::kAuto;
}

bool holds_sentences(const std::string& path) {
  if (path == "-" || token_format_of(path) != TokenFormat::kJsonl) return false;
  try {
    io::FileBytes bytes = io::open_file(path);
    if (io::is_gzip(bytes.bytes)) bytes = io::gunzip(bytes, path);
    return io::begins_with_sentence(bytes.bytes);
  } catch (const Error&) {
    return false;
  }
}

bool holds_tagged_tokens(const std::string& path) {
  const TokenFormat named = token_format_of(path);
  if (named == TokenFormat::kConll || named == TokenFormat::kConllu) return true;
  // What comes through a pipe can be looked at once only.
  std::error_code ignored;
  if (named == TokenFormat::kJsonl || !std::filesystem::is_regular_file(path, ignored))
    return false;
  try {
    const io::FileBytes bytes = io::open_file(path);
    const bool is_table = named == TokenFormat::kTsv;
    if (!io::is_gzip(bytes.bytes)) {
      return io::begins_with_tagged_tokens(bytes.bytes, is_table, true);
    }
    return io::begins_with_tagged_tokens(io::gunzip_beginning(bytes, path).bytes, is_table, false);
  } catch (const Error&) {
    return false;
  }
}

TokenDataset read_tokens(const TokenReadOptions& options) {
  const CrewScope scope;
  check_options(options);
  const std::string file = options.input == "-" ? "standard input" : options.input;
  const io::FileBytes bytes = io::open_file(options.input);
  io::TokenPart tokens = io::read_token_bytes(bytes, file, chosen_format(options), options);
  std::vector<io::Part> models;
  for (const std::string& model : options.pred_probs) {
    models.push_back(io::read_token_model(model, tokens, options));
  }
  return io::assemble_tokens(std::move(tokens), std::move(models), options);
}

}  // namespace labelsieve
