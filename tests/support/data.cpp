#include "support/data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/generator.h"
#include "support/half.h"

namespace test_support {
namespace {

void normalize(reference::Vector& row) {
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  for (double& p : row) p /= sum;
}

/// A model that is mostly right about `truth`, and less sure of some examples than of others.
reference::Vector fair_row(Generator& generator, int64_t num_classes, int64_t truth) {
  reference::Vector row(static_cast<size_t>(num_classes));
  for (double& p : row) p = std::pow(generator.uniform(), 3);
  const double boost = 6 * generator.uniform() * std::sqrt(static_cast<double>(num_classes));
  row[static_cast<size_t>(truth)] += boost;
  normalize(row);
  return row;
}

reference::Vector tied_row(Generator& generator, int64_t num_classes) {
  reference::Vector row(static_cast<size_t>(num_classes));
  for (int piece = 0; piece < 8; ++piece) {
    row[static_cast<size_t>(generator.below(num_classes))] += 0.125;
  }
  return row;
}

int64_t make_label(Kind kind, Generator& generator, int64_t num_classes) {
  switch (kind) {
    case Kind::kImbalanced: {
      const double u = generator.uniform();
      return static_cast<int64_t>(std::pow(u, 6) * static_cast<double>(num_classes));
    }
    case Kind::kMissingClass: {
      const int64_t label = generator.below(num_classes);
      return label % 3 == 2 ? label - 1 : label;
    }
    default: return generator.below(num_classes);
  }
}

reference::Vector make_row(Kind kind, Generator& generator, int64_t num_classes, int64_t label) {
  switch (kind) {
    case Kind::kRandom: return fair_row(generator, num_classes, generator.below(num_classes));
    case Kind::kTied: return tied_row(generator, num_classes);
    case Kind::kSaturated: {
      reference::Vector row(static_cast<size_t>(num_classes));
      const bool wrong = generator.below(5) == 0;
      row[static_cast<size_t>(wrong ? generator.below(num_classes) : label)] = 1;
      return row;
    }
    case Kind::kUniform:
      return reference::Vector(static_cast<size_t>(num_classes),
                               1 / static_cast<double>(num_classes));
    default: return fair_row(generator, num_classes, label);
  }
}

}  // namespace

std::string name(Kind kind) {
  switch (kind) {
    case Kind::kNoisy: return "noisy";
    case Kind::kRandom: return "random";
    case Kind::kTied: return "tied";
    case Kind::kImbalanced: return "imbalanced";
    case Kind::kMissingClass: return "missing_class";
    case Kind::kSaturated: return "saturated";
    case Kind::kUniform: return "uniform";
  }
  return "?";
}

std::string name(labelsieve::FloatType type) {
  return "float" + std::to_string(8 * labelsieve::size_of(type));
}

Data make_data(Kind kind, int64_t num_examples, int64_t num_classes, uint64_t seed) {
  Generator generator(seed);
  Data data;
  data.num_classes = num_classes;
  for (int64_t i = 0; i < num_examples; ++i) {
    int64_t label = make_label(kind, generator, num_classes);
    data.pred_probs.push_back(make_row(kind, generator, num_classes, label));
    if (generator.below(8) == 0) {
      const int64_t neighbour = (label + 1) % num_classes;
      if (kind != Kind::kMissingClass || neighbour % 3 != 2) label = neighbour;
    }
    data.labels.push_back(label);
  }
  return data;
}

Data rounded_to(labelsieve::FloatType type, Data data) {
  data.type = type;
  for (reference::Vector& row : data.pred_probs) {
    for (double& p : row) {
      if (type == labelsieve::FloatType::kFloat32) p = static_cast<double>(static_cast<float>(p));
      if (type == labelsieve::FloatType::kFloat16) p = to_double(half_from(p));
    }
  }
  return data;
}

Data selected(const Data& data, const std::vector<int64_t>& indices) {
  Data result;
  result.num_classes = data.num_classes;
  result.type = data.type;
  for (const int64_t index : indices) {
    result.labels.push_back(data.labels[static_cast<size_t>(index)]);
    result.pred_probs.push_back(data.pred_probs[static_cast<size_t>(index)]);
  }
  return result;
}

}  // namespace test_support
