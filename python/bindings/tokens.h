// Token data however they come: nested, flat, padded, or sub-words to be pooled.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/unique_ptr.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "examples.h"
#include "labelsieve/sentences.h"
#include "labelsieve/span_classification.h"
#include "labelsieve/subwords.h"
#include "nested.h"
#include "views.h"

namespace labelsieve::python {

/// How to read them, for all forms.
struct TokenRules {
  std::optional<int64_t> ignore_label;  ///< TokenForm with it are left out.
  bool one_column = false;  ///< One probability per token, that of label 1 (span classification).
};

/// Tokens in one of the forms, as a source with sentences. Holds what its views look at; neither
/// copied nor shared between threads.
class TokenForm {
 public:
  TokenForm(const TokenForm&) = delete;
  TokenForm& operator=(const TokenForm&) = delete;
  virtual ~TokenForm() = default;

  virtual Sentences sentences() const = 0;

  /// Null where there is one model.
  virtual const Ensemble* ensemble() const { return nullptr; }

  /// Labels and probabilities; with one column brought to two.
  Source& source() { return binary_ ? *binary_ : *source_; }

  /// The widest type of the probabilities.
  FloatType type() const { return type_; }

 protected:
  TokenForm() = default;
  void open(Source& source, FloatType type, const TokenRules& rules);

 private:
  Source* source_ = nullptr;
  std::unique_ptr<BinarySource> binary_;
  FloatType type_ = FloatType::kFloat16;
};

/// The tokens of one call, whatever their form: what Python holds.
class Tokens final : public Examples {
 public:
  explicit Tokens(std::unique_ptr<TokenForm> tokens) : form(std::move(tokens)) {}
  Source& source() override { return form->source(); }
  const Ensemble* ensemble() const override { return form->ensemble(); }

  std::unique_ptr<TokenForm> form;
};

/// A sequence of sentences, each with its labels and probabilities.
class NestedTokens final : public TokenForm {
 public:
  NestedTokens(nanobind::handle labels, nanobind::handle pred_probs, const TokenRules& rules,
               const Convert& as_labels, const Convert& as_pred_probs);
  Sentences sentences() const override { return source_->sentences(); }

 private:
  NestedIntegers labels_;
  NestedMatrices pred_probs_;
  std::optional<SentenceSource> source_;
};

/// The tokens of all sentences one after another, and where each sentence begins.
class FlatTokens final : public TokenForm {
 public:
  FlatTokens(nanobind::handle labels, nanobind::handle pred_probs, nanobind::handle offsets,
             const TokenRules& rules);
  Sentences sentences() const override { return Sentences(offsets_); }

 private:
  Buffer labels_;
  Buffer pred_probs_;
  std::vector<int64_t> offsets_;
  std::optional<MemorySource> source_;
};

/// Labels of the shape S×T and probabilities of S×T×K (or, of one column, S×T).
class PaddedArrays final : public TokenForm {
 public:
  /// `mask` S×T bytes or `lengths` S, the other none.
  PaddedArrays(nanobind::handle labels, nanobind::handle pred_probs, nanobind::handle mask,
               nanobind::handle lengths, const TokenRules& rules);
  Sentences sentences() const override { return source_->sentences(); }

 private:
  Buffer labels_;
  Buffer pred_probs_;
  std::optional<SentenceSource> source_;
};

/// Tokens that are examples already, of several models or in batches, and where each sentence
/// begins.
class ExampleTokens final : public TokenForm {
 public:
  /// `examples` is an Examples of Python.
  ExampleTokens(nanobind::handle examples, nanobind::handle offsets);
  Sentences sentences() const override { return Sentences(offsets_); }
  const Ensemble* ensemble() const override { return examples_.ensemble(); }

 private:
  nanobind::object owner_;
  Examples& examples_;
  std::vector<int64_t> offsets_;
};

/// The sub-words of a tokenizer, pooled into words.
class PooledTokens final : public TokenForm {
 public:
  /// `pred_probs` are flat, `word_ids` a sequence of sequences with None for special tokens. Labels
  /// are those of words or, where every sentence has as many as sub-words, of those.
  PooledTokens(nanobind::handle labels, nanobind::handle pred_probs, nanobind::handle word_ids,
               std::string_view pooling, const TokenRules& rules, const Convert& as_labels);
  Sentences sentences() const override { return Sentences(words_.offsets); }

  const PooledWords& words() const { return words_; }
  const std::vector<int32_t>& labels() const { return labels_; }  // kNoLabel where there is none

 private:
  void label_words(const NestedIntegers& labels, bool of_subwords,
                   std::optional<int64_t> ignore_label);

  Buffer pred_probs_;
  std::vector<int64_t> word_ids_;
  std::vector<int64_t> subword_offsets_;
  std::vector<int64_t> num_words_;
  PooledWords words_;
  std::vector<int32_t> labels_;
  std::optional<MemorySource> source_;
};

}  // namespace labelsieve::python
