// Multi-label datasets for the tests, and the binary problem of a class written out.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "labelsieve/multilabel_classification.h"
#include "support/sources.h"

namespace test_support {

enum class SetKind {
  kNoisySets,      ///< A fair model, one label in ten flipped.
  kRandomSets,     ///< Labels and probabilities have nothing to do with each other.
  kTiedSets,       ///< Probabilities are multiples of 1/8.
  kSaturatedSets,  ///< Zeros and ones, and next to them.
  kNearHalf,       ///< All around 1/2, where labels begin to disagree.
  kLopsided,       ///< Class 0 belongs to all, class 1 to nobody, class 2 to one; empty sets.
};

inline constexpr SetKind kAllSetKinds[] = {SetKind::kNoisySets, SetKind::kRandomSets,
                                           SetKind::kTiedSets,  SetKind::kSaturatedSets,
                                           SetKind::kNearHalf,  SetKind::kLopsided};

std::string name(SetKind kind);
inline void PrintTo(SetKind kind, std::ostream* out) { *out << name(kind); }  // for GoogleTest

struct SetData {
  int64_t num_classes = 0;
  std::vector<std::vector<int32_t>> sets;  // ascending
  reference::Table pred_probs;
  labelsieve::FloatType type = labelsieve::FloatType::kFloat64;

  int64_t size() const { return static_cast<int64_t>(sets.size()); }
  bool has(size_t example, int32_t label) const;
};

/// The same data for the same arguments, on every machine.
SetData make_sets(SetKind kind, int64_t num_examples, int64_t num_classes, uint64_t seed,
                  labelsieve::FloatType type = labelsieve::FloatType::kFloat64);

/// Class k as a problem with two classes: 1 - p taken in float64 for float64 data, else in float32.
Data binary_problem(const SetData& data, int64_t label);

/// Label sets and probabilities in memory.
class StoredSets {
 public:
  explicit StoredSets(const SetData& data, Layout layout = Layout::kRowMajor);

  labelsieve::LabelSetsView ragged() const;
  labelsieve::LabelSetsView matrix() const;  // of uint8_t
  const labelsieve::MatrixView& pred_probs() const { return pred_probs_.view(); }
  labelsieve::MultilabelMemorySource source() const { return {ragged(), pred_probs()}; }

 private:
  int64_t num_classes_;
  std::vector<int64_t> offsets_;
  std::vector<int32_t> classes_;
  std::vector<uint8_t> elements_;
  StoredMatrix pred_probs_;
};

/// Memory delivered in blocks of at most `block_rows` rows, of uneven sizes.
class SetBlockSource final : public labelsieve::MultilabelSource {
 public:
  SetBlockSource(const labelsieve::LabelSetsView& labels, const labelsieve::MatrixView& pred_probs,
                 int64_t block_rows)
      : labels_(labels), pred_probs_(pred_probs), block_rows_(block_rows) {}

  int64_t num_classes() const override { return pred_probs_.columns; }
  bool next(labelsieve::MultilabelBlock& block) override;
  void reset() override { next_row_ = block_number_ = 0; }

 private:
  labelsieve::LabelSetsView labels_;
  labelsieve::MatrixView pred_probs_;
  int64_t block_rows_;
  int64_t next_row_ = 0;
  int64_t block_number_ = 0;
};

}  // namespace test_support
