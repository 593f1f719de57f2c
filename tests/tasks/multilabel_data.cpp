#include "multilabel_data.h"

#include <algorithm>
#include <cmath>

#include "support/generator.h"

namespace test_support {
namespace {

double probability(SetKind kind, Generator& generator, bool present) {
  const double u = generator.uniform();
  switch (kind) {
    case SetKind::kRandomSets: return u;
    case SetKind::kTiedSets: return std::floor(9 * (present ? std::sqrt(u) : u * u)) / 8;
    case SetKind::kSaturatedSets: {
      constexpr double kEnds[] = {0, 0, 1, 1, 1e-30, 1e-9, 1 - 1e-9, -5e-7, 1 + 5e-7};
      return kEnds[static_cast<size_t>(9 * u)];
    }
    case SetKind::kNearHalf: {
      constexpr double kSteps[] = {0, 0x1p-54, 0x1p-53, 0x1p-25, 0x1p-24, 5e-7, 1e-6, 3e-6};
      const double step = kSteps[static_cast<size_t>(8 * u)];
      const double off = generator.uniform() < 0.5 ? 5e-7 : 0;
      return generator.uniform() < 0.5 ? 0.5 + off + step : 0.5 - off - step;
    }
    default: return present ? 1 - std::pow(u, 3) : std::pow(u, 3);
  }
}

bool member(SetKind kind, Generator& generator, int64_t example, int64_t label) {
  const double u = generator.uniform();
  if (kind != SetKind::kLopsided) return u < 0.3;
  if (label == 0) return true;
  if (label == 1) return false;
  return label == 2 ? example == 3 : u < 0.2;
}

/// The data as StoredMatrix takes it.
Data as_data(const SetData& sets) {
  Data data;
  data.num_classes = sets.num_classes;
  data.labels.resize(sets.sets.size());
  data.pred_probs = sets.pred_probs;
  data.type = sets.type;
  return data;
}

}  // namespace

std::string name(SetKind kind) {
  switch (kind) {
    case SetKind::kNoisySets: return "noisy";
    case SetKind::kRandomSets: return "random";
    case SetKind::kTiedSets: return "tied";
    case SetKind::kSaturatedSets: return "saturated";
    case SetKind::kNearHalf: return "near_half";
    case SetKind::kLopsided: return "lopsided";
  }
  return "?";
}

bool SetData::has(size_t example, int32_t label) const {
  return std::binary_search(sets[example].begin(), sets[example].end(), label);
}

SetData make_sets(SetKind kind, int64_t num_examples, int64_t num_classes, uint64_t seed,
                  labelsieve::FloatType type) {
  Generator generator(seed);
  SetData data;
  data.num_classes = num_classes;
  for (int64_t i = 0; i < num_examples; ++i) {
    reference::Vector row;
    std::vector<int32_t> set;
    for (int64_t k = 0; k < num_classes; ++k) {
      const bool present = member(kind, generator, i, k);
      row.push_back(probability(kind, generator, present));
      const bool flip = kind == SetKind::kNoisySets && generator.uniform() < 0.1;
      if (present != flip) set.push_back(static_cast<int32_t>(k));
    }
    data.pred_probs.push_back(row);
    data.sets.push_back(set);
  }
  data.type = type;
  data.pred_probs = rounded_to(type, as_data(data)).pred_probs;
  return data;
}

Data binary_problem(const SetData& data, int64_t label) {
  Data binary;
  binary.num_classes = 2;
  const bool in_double = data.type == labelsieve::FloatType::kFloat64;
  binary.type = in_double ? labelsieve::FloatType::kFloat64 : labelsieve::FloatType::kFloat32;
  for (size_t i = 0; i < data.sets.size(); ++i) {
    const double p = data.pred_probs[i][static_cast<size_t>(label)];
    const double absent = in_double ? 1 - p : static_cast<double>(1.0F - static_cast<float>(p));
    binary.pred_probs.push_back({absent, p});
    binary.labels.push_back(data.has(i, static_cast<int32_t>(label)) ? 1 : 0);
  }
  return binary;
}

StoredSets::StoredSets(const SetData& data, Layout layout)
    : num_classes_(data.num_classes), offsets_{0}, pred_probs_(as_data(data), layout) {
  for (size_t i = 0; i < data.sets.size(); ++i) {
    classes_.insert(classes_.end(), data.sets[i].begin(), data.sets[i].end());
    offsets_.push_back(static_cast<int64_t>(classes_.size()));
    for (int32_t k = 0; k < data.num_classes; ++k) elements_.push_back(data.has(i, k) ? 1 : 0);
  }
}

labelsieve::LabelSetsView StoredSets::ragged() const {
  return labelsieve::LabelSetsView::sets({offsets_.data(), static_cast<int64_t>(offsets_.size())},
                                         {classes_.data(), static_cast<int64_t>(classes_.size())});
}

labelsieve::LabelSetsView StoredSets::matrix() const {
  return labelsieve::LabelSetsView::matrix(elements_.data(),
                                           static_cast<int64_t>(offsets_.size()) - 1, num_classes_);
}

bool SetBlockSource::next(labelsieve::MultilabelBlock& block) {
  if (next_row_ >= pred_probs_.rows) return false;
  const int64_t wanted = 1 + (block_rows_ - 1 + block_number_++ * 7) % block_rows_;
  const int64_t rows = std::min(wanted, pred_probs_.rows - next_row_);
  block.first_row = next_row_;
  block.labels = labels_.slice(next_row_, rows);
  block.pred_probs = pred_probs_.slice(next_row_, rows);
  next_row_ += rows;
  return true;
}

}  // namespace test_support
