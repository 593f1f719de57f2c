#include "tasks/token_judge.h"

#include <algorithm>
#include <cmath>

namespace labelsieve {
namespace {

/// Where odds end, so that they are finite: e^50.
constexpr double kHighestOdds = 5184705528587072464087.4533229334853848;

double probability(double odds) { return odds / (1 + odds); }

}  // namespace

TokenJudge::TokenJudge(const TagColumns& tags, const TokenEvidence& evidence,
                       const WordMemory& memory)
    : tags_(tags),
      evidence_(evidence),
      memory_(memory),
      num_types_(static_cast<size_t>(tags.num_types())),
      shares_(num_types_),
      unit_(num_types_) {}

void TokenJudge::judge(const TokenSentence& sentence, int64_t first) {
  weigh_evidence(sentence, first);
  decide_types(sentence);
  check_sides(sentence);
  check_edges(sentence);
  errors_.resize(sentence.size());
  for (size_t i = 0; i < errors_.size(); ++i) {
    errors_[i] = std::max({type_errors_[i], side_errors_[i], edge_errors_[i]});
  }
}

/// exp(L) = P / pi · sqrt(F / pi): both witnesses against the base rates of the given labels.
void TokenJudge::weigh_evidence(const TokenSentence& sentence, int64_t first) {
  weights_.resize(sentence.size() * num_types_);
  for (size_t i = 0; i < sentence.size(); ++i) {
    memory_.shares(first + sentence.positions[i], shares_);
    const double* probs = &sentence.type_probs[i * num_types_];
    double* weights = type_row(weights_, i);
    for (size_t k = 0; k < num_types_; ++k) {
      const double rate = evidence_.base_rates[k];
      weights[k] =
          (probs[k] + kTinyProbability) / rate * std::sqrt((shares_[k] + kTinyProbability) / rate);
    }
  }
}

void TokenJudge::decide_types(const TokenSentence& sentence) {
  posterior_.resize(sentence.size() * num_types_);
  type_errors_.resize(sentence.size());
  for (size_t u = 0; u < sentence.num_units(); ++u) {
    decide_unit(sentence, sentence.unit_starts[u], sentence.unit_starts[u + 1]);
  }
}

/// One decision per given span, on the mean of L over its tokens: they are not independent.
void TokenJudge::decide_unit(const TokenSentence& sentence, size_t begin, size_t end) {
  const double* first = type_row(weights_, begin);
  if (end - begin == 1) {
    std::copy(first, first + num_types_, unit_.begin());
  } else {
    const double length = static_cast<double>(end - begin);
    double highest = 0;
    for (size_t k = 0; k < num_types_; ++k) {
      double sum = 0;
      for (size_t i = begin; i < end; ++i) sum += std::log(type_row(weights_, i)[k]);
      unit_[k] = sum / length;
      highest = k == 0 ? unit_[k] : std::max(highest, unit_[k]);
    }
    for (double& weight : unit_) weight = std::exp(weight - highest);
  }
  const auto given = static_cast<size_t>(sentence.types[begin]);
  const double* reliability = &evidence_.root_reliability[given * num_types_];
  double total = 0;
  double others = 0;
  for (size_t k = 0; k < num_types_; ++k) {
    unit_[k] *= reliability[k];
    total += unit_[k];
    if (k != given) others += unit_[k];
  }
  for (double& weight : unit_) weight /= total;
  for (size_t i = begin; i < end; ++i) {
    std::copy(unit_.begin(), unit_.end(), type_row(posterior_, i));
    type_errors_[i] = others / total;
  }
}

/// A token that begins its span and should go on in it, or the other way round.
void TokenJudge::check_sides(const TokenSentence& sentence) {
  const auto num_columns = static_cast<size_t>(tags_.num_columns());
  side_errors_.assign(sentence.size(), 0);
  for (size_t i = 0; i < sentence.size(); ++i) {
    const int32_t given = sentence.given[i];
    const int32_t other = tags_.other_side(given);
    if (other < 0) continue;
    const auto own_side = static_cast<size_t>(tags_.side_of(given));
    const auto other_side = static_cast<size_t>(tags_.side_of(other));
    const double* row = &sentence.columns[i * num_columns];
    side_errors_[i] =
        probability((row[other] + kTinyProbability) / (row[given] + kTinyProbability) *
                    evidence_.side_counts[own_side] / evidence_.side_counts[other_side] *
                    evidence_.side_odds[own_side]);
  }
}

/// The first or last token of a longer span that lies outside it.
void TokenJudge::check_edges(const TokenSentence& sentence) {
  edge_errors_.assign(sentence.size(), 0);
  for (const Span& span : sentence.spans) {
    if (span.end - span.start < 2) continue;
    for (const int64_t at : {span.start, span.end - 1}) {
      const auto token = static_cast<size_t>(at);
      const double* weights = type_row(weights_, token);
      const double odds = std::min(weights[0] / weights[span.type + 1], kHighestOdds);
      edge_errors_[token] = probability(odds * evidence_.edge_odds);
    }
  }
}

std::span<const double> TokenJudge::weigh_columns(const TokenSentence& sentence, double cut) {
  // Where the first token of a span goes, the second one begins it.
  for (const Span& span : sentence.spans) {
    if (span.end - span.start < 2) continue;
    const auto first = static_cast<size_t>(span.start);
    side_errors_[first + 1] = std::max(side_errors_[first + 1], edge_errors_[first]);
  }
  const auto num_columns = static_cast<size_t>(tags_.num_columns());
  column_weights_.resize(sentence.size() * num_columns);
  for (size_t i = 0; i < sentence.size(); ++i) {
    const double* probs = &sentence.columns[i * num_columns];
    const double* type_probs = &sentence.type_probs[i * num_types_];
    const double* posterior = type_row(posterior_, i);
    double* weights = &column_weights_[i * num_columns];
    const Side given = tags_.side_of(sentence.given[i]);
    for (size_t c = 0; c < num_columns; ++c) {
      const auto column = static_cast<int32_t>(c);
      const auto type = static_cast<size_t>(tags_.type_of(column));
      const Side side = tags_.side_of(column);
      if (side == Side::kOutside) {
        weights[c] = std::max(posterior[type], edge_errors_[i]);
      } else if (given == Side::kOutside) {
        weights[c] = posterior[type] *
                     ((probs[c] + kTinyProbability) / (type_probs[type] + kTinyProbability));
      } else {
        // Tokens of a span keep their side, so that it changes its type as a whole.
        weights[c] = posterior[type] * (side == given ? 1 - side_errors_[i] : side_errors_[i]);
      }
    }
    weights[static_cast<size_t>(sentence.given[i])] = (1 - errors_[i]) * cut / (1 - cut);
  }
  return column_weights_;
}

}  // namespace labelsieve
