#include "tokens.h"

#include <algorithm>
#include <limits>
#include <string>

#include "call.h"
#include "labelsieve/error.h"
#include "labelsieve/names.h"
#include "options.h"

namespace labelsieve::python {
namespace {

namespace nb = nanobind;

[[noreturn]] void refuse_tokens(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

LabelsView labels_of(const Buffer& buffer, int dimensions, const TokenRules& rules) {
  std::optional<LabelsView> view;
  if (buffer.get().ndim == dimensions) view = integers_of(buffer);
  if (!view) {
    refuse_tokens("labels must be an array of integers with " + std::to_string(dimensions) +
                  (dimensions == 1 ? " dimension" : " dimensions"));
  }
  view->ignore_label = rules.ignore_label;
  return *view;
}

/// Probabilities with `dimensions` dimensions, the last of which are the classes; of one column it
/// may be left out.
MatrixView pred_probs_of(const Buffer& buffer, int dimensions, const TokenRules& rules) {
  const int given = buffer.get().ndim;
  const bool as_column = rules.one_column && given == dimensions - 1;
  std::optional<MatrixView> view;
  if (given == dimensions || as_column) view = floats_of(buffer, as_column);
  if (!view) {
    refuse_tokens("pred_probs must be an array of float16, float32 or float64 with " +
                  std::to_string(rules.one_column ? dimensions - 1 : dimensions) +
                  " dimensions, the last being " +
                  (rules.one_column ? "the tokens" : "the classes"));
  }
  return *view;
}

std::vector<int64_t> offsets_of(const std::vector<LabelsView>& sentences) {
  std::vector<int64_t> offsets = {0};
  offsets.reserve(sentences.size() + 1);
  for (const LabelsView& sentence : sentences) offsets.push_back(offsets.back() + sentence.size);
  return offsets;
}

}  // namespace

void TokenForm::open(Source& source, FloatType type, const TokenRules& rules) {
  source_ = &source;
  type_ = type;
  if (rules.one_column) binary_ = std::make_unique<BinarySource>(source);
}

NestedTokens::NestedTokens(nb::handle labels, nb::handle pred_probs, const TokenRules& rules,
                           const Convert& as_labels, const Convert& as_pred_probs)
    : labels_(labels, "labels", as_labels),
      pred_probs_(pred_probs, "pred_probs", as_pred_probs, rules.one_column) {
  const std::vector<LabelsView>& given = labels_.views();
  const std::vector<MatrixView>& matrices = pred_probs_.views();
  if (given.size() != matrices.size()) {
    refuse_tokens("labels are of " + std::to_string(given.size()) + " sentences, pred_probs of " +
                  std::to_string(matrices.size()));
  }
  std::vector<SentenceView> sentences(given.size());
  FloatType type = FloatType::kFloat16;
  for (size_t i = 0; i < given.size(); ++i) {
    sentences[i] = {given[i], matrices[i]};
    sentences[i].labels.ignore_label = rules.ignore_label;
    if (matrices[i].rows > 0) type = std::max(type, matrices[i].type);
  }
  source_.emplace(sentences);
  open(*source_, type, rules);
}

FlatTokens::FlatTokens(nb::handle labels, nb::handle pred_probs, nb::handle offsets,
                       const TokenRules& rules)
    : labels_(labels), pred_probs_(pred_probs), offsets_(integers(offsets)) {
  const LabelsView given = labels_of(labels_, 1, rules);
  const MatrixView matrix = pred_probs_of(pred_probs_, 2, rules);
  source_.emplace(given, matrix);
  if (Sentences(offsets_).num_tokens() != given.size) {
    refuse_tokens("the sentences have " + std::to_string(offsets_.back()) +
                  " tokens together, there are " + std::to_string(given.size) + " labels");
  }
  open(*source_, matrix.type, rules);
}

PaddedArrays::PaddedArrays(nb::handle labels, nb::handle pred_probs, nb::handle mask,
                           nb::handle lengths, const TokenRules& rules)
    : labels_(labels), pred_probs_(pred_probs) {
  const LabelsView given = labels_of(labels_, 2, rules);
  const MatrixView matrix = pred_probs_of(pred_probs_, 3, rules);
  const Py_buffer& label_memory = labels_.get();
  const Py_buffer& memory = pred_probs_.get();
  if (label_memory.shape[0] != memory.shape[0]) {
    refuse_tokens("labels are of " + std::to_string(label_memory.shape[0]) +
                  " sentences, pred_probs of " + std::to_string(memory.shape[0]));
  }
  const PaddedTokens tokens{memory.shape[0], given, label_memory.strides[0], matrix,
                            memory.strides[0]};
  if (mask.is_none()) {
    source_.emplace(SentenceSource::padded(tokens, integers(lengths)));
  } else {
    const Buffer marks(mask);
    source_.emplace(SentenceSource::masked(tokens, bytes_of(marks)));
  }
  open(*source_, matrix.type, rules);
}

PooledTokens::PooledTokens(nb::handle labels, nb::handle pred_probs, nb::handle word_ids,
                           std::string_view pooling, const TokenRules& rules,
                           const Convert& as_labels)
    : pred_probs_(pred_probs) {
  const NestedIntegers ids(word_ids, "word_ids", as_labels, kNoWord);
  const NestedIntegers given(labels, "labels", as_labels, rules.ignore_label);
  if (given.views().size() != ids.views().size()) {
    refuse_tokens("labels are of " + std::to_string(given.views().size()) +
                  " sentences, word_ids of " + std::to_string(ids.views().size()));
  }
  word_ids_ = ids.flattened();
  subword_offsets_ = offsets_of(ids.views());
  const bool of_subwords =
      std::ranges::equal(ids.views(), given.views(), {}, &LabelsView::size, &LabelsView::size);
  if (!of_subwords) {
    for (const LabelsView& sentence : given.views()) num_words_.push_back(sentence.size);
  }
  SubwordView subwords;
  subwords.pred_probs = pred_probs_of(pred_probs_, 2, rules);
  subwords.word_ids = word_ids_;
  subwords.offsets = subword_offsets_;
  subwords.num_words = num_words_;
  PoolOptions options;
  options.pooling = named(subword_pooling_from, pooling, "way to pool sub-words");
  words_ = call(0, [&](const Execution& execution) {
    options.execution = execution;
    return pool_words(subwords, options);
  });
  label_words(given, of_subwords, rules.ignore_label);
  LabelsView view(labels_.data(), static_cast<int64_t>(labels_.size()));
  view.ignore_label = kNoLabel;
  source_.emplace(view, words_.pred_probs());
  open(*source_, subwords.pred_probs.type, rules);
}

ExampleTokens::ExampleTokens(nb::handle examples, nb::handle offsets)
    : owner_(nb::borrow(examples)),
      examples_(nb::cast<Examples&>(owner_)),
      offsets_(integers(offsets)) {
  const int64_t count = examples_.source().num_rows();
  const int64_t num_tokens = Sentences(offsets_).num_tokens();
  if (count >= 0 && count != num_tokens) {
    refuse_tokens("the sentences have " + std::to_string(num_tokens) +
                  " tokens together, there are " + std::to_string(count) + " labels");
  }
  open(examples_.source(), FloatType::kFloat64, {});
}

/// The labels of the words: of sub-words, that of the first which has one. kNoLabel where there is
/// none, or no sub-word of the word.
void PooledTokens::label_words(const NestedIntegers& labels, bool of_subwords,
                               std::optional<int64_t> ignore_label) {
  const std::vector<int64_t> values = labels.flattened();
  labels_.assign(words_.first_subword.size(), kNoLabel);
  const auto set = [&](size_t word, int64_t label) {
    if (label == ignore_label || labels_[word] != kNoLabel) return;
    // Clamped, so that what is out of range stays so and is named when it is read.
    labels_[word] =
        static_cast<int32_t>(std::clamp<int64_t>(label, -1, std::numeric_limits<int32_t>::max()));
  };
  if (!of_subwords) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (words_.first_subword[i] >= 0) set(i, values[i]);
    }
    return;
  }
  for (size_t s = 0; s + 1 < subword_offsets_.size(); ++s) {
    for (int64_t i = subword_offsets_[s]; i < subword_offsets_[s + 1]; ++i) {
      const auto subword = static_cast<size_t>(i);
      if (word_ids_[subword] == kNoWord) continue;
      set(static_cast<size_t>(words_.offsets[s] + word_ids_[subword]), values[subword]);
    }
  }
}

}  // namespace labelsieve::python
