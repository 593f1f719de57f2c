// Runs the automatic method for tokens on files and prints all it says, for the tests in Python.
//
//   token_errors TOKENS.tsv PRED_PROBS.npy CLASSES EXPONENT [DOCUMENT...]
//
// CLASSES are separated by commas, EXPONENT may be "auto", a DOCUMENT is the number of a
// sentence's.
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

#include "labelsieve/read_tokens.h"
#include "labelsieve/token_errors.h"

namespace {

using labelsieve::Span;

void print(const std::optional<Span>& span, const labelsieve::TagSet& tags) {
  if (!span) {
    std::printf(" - - -");
    return;
  }
  std::printf(" %lld %lld %s", static_cast<long long>(span->start),
              static_cast<long long>(span->end),
              tags.types()[static_cast<size_t>(span->type)].c_str());
}

int run(const std::vector<std::string>& arguments) {
  labelsieve::TokenReadOptions read;
  read.input = arguments[0];
  read.pred_probs = {arguments[1]};
  std::stringstream names(arguments[2]);
  for (std::string name; std::getline(names, name, ',');) read.class_names.push_back(name);
  const labelsieve::TokenDataset data = labelsieve::read_tokens(read);
  labelsieve::TokenErrorOptions options;
  if (arguments[3] != "auto") options.base_rate_exponent = std::stod(arguments[3]);
  std::vector<int64_t> documents;
  for (size_t a = 4; a < arguments.size(); ++a) documents.push_back(std::stoll(arguments[a]));
  labelsieve::MemorySource source(data.examples.labels, data.examples.pred_probs[0]);
  const labelsieve::TagSet tags(
      read.class_names,
      detect_tag_scheme(read.class_names, data.examples.labels, data.sentences()));
  const auto found =
      find_token_errors(source, data.sentences(), tags, {data.tokens, documents}, options);
  std::printf("expected %.17g\n", found.expected_errors);
  for (size_t i = 0; i < found.mask.size(); ++i) {
    std::printf("token %.17g %d\n", found.label_quality[i], found.mask[i]);
  }
  for (const double quality : found.sentence_quality) std::printf("sentence %.17g\n", quality);
  for (const labelsieve::SpanIssue& issue : found.spans) {
    std::printf("issue %lld %d", static_cast<long long>(issue.sentence),
                static_cast<int>(issue.type));
    print(issue.given, tags);
    print(issue.suggested, tags);
    std::printf(" %.17g\n", issue.label_quality);
  }
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 4) {
    std::fprintf(stderr, "usage: token_errors TOKENS PRED_PROBS CLASSES EXPONENT [DOCUMENT...]\n");
    return 2;
  }
  try {
    return run(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
