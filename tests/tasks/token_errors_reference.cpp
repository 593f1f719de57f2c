#include "tasks/token_errors_reference.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace tasks_test {
namespace {

using Row = std::vector<double>;

/// The dataset in the words of the definition: z types, P their probabilities, units.
struct Problem {
  size_t num_types = 1;
  std::vector<size_t> type_of_class;
  std::vector<int> side_of_class;  // 0 outside, 1 begin, 2 inside
  std::vector<size_t> y, z;
  std::vector<Row> p, P;
  std::vector<int64_t> sentence;
  std::vector<size_t> unit;  // per token: where its unit begins
  std::vector<size_t> unit_end;

  size_t size() const { return y.size(); }
  bool is_edge(size_t i) const {
    return z[i] > 0 && unit_end[i] - unit[i] > 1 && (i == unit[i] || i + 1 == unit_end[i]);
  }
  size_t other_class(size_t c) const {
    for (size_t other = 0; other < type_of_class.size(); ++other) {
      if (other != c && type_of_class[other] == type_of_class[c]) return other;
    }
    return c;
  }
};

void read_names(const std::vector<std::string>& names, Problem& problem) {
  std::vector<std::string> types = {"O"};
  for (const std::string& name : names) {
    const std::string type = name == "O" ? name : name.substr(2);
    auto found = std::find(types.begin(), types.end(), type);
    if (found == types.end()) found = types.insert(types.end(), type);
    problem.type_of_class.push_back(static_cast<size_t>(found - types.begin()));
    problem.side_of_class.push_back(name == "O" ? 0 : name[0] == 'B' ? 1 : 2);
  }
  problem.num_types = types.size();
}

Problem make_problem(const Corpus& corpus, const std::vector<std::string>& names) {
  Problem problem;
  read_names(names, problem);
  for (const int64_t label : corpus.data.labels) {
    problem.y.push_back(static_cast<size_t>(label));
    problem.z.push_back(problem.type_of_class[problem.y.back()]);
  }
  problem.p = corpus.data.pred_probs;
  for (const Row& row : problem.p) {
    Row& sums = problem.P.emplace_back(problem.num_types);
    for (size_t c = 0; c < row.size(); ++c) sums[problem.type_of_class[c]] += row[c];
  }
  for (size_t s = 0; s + 1 < corpus.offsets.size(); ++s) {
    for (int64_t t = corpus.offsets[s]; t < corpus.offsets[s + 1]; ++t) {
      const size_t i = problem.sentence.size();
      const bool begins = t == corpus.offsets[s] || problem.z[i] == 0 ||
                          problem.side_of_class[problem.y[i]] == 1 ||
                          problem.z[i] != problem.z[i - 1];
      problem.unit.push_back(begins ? i : problem.unit.back());
      problem.sentence.push_back(static_cast<int64_t>(s));
    }
  }
  problem.unit_end.resize(problem.size());
  for (size_t i = problem.size(); i-- > 0;) {
    const bool last = i + 1 == problem.size() || problem.unit[i + 1] != problem.unit[i];
    problem.unit_end[i] = last ? i + 1 : problem.unit_end[i + 1];
  }
  return problem;
}

Row type_shares(const Problem& problem) {
  Row shares(problem.num_types, 0.5);
  for (const size_t type : problem.z) shares[type] += 1;
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= total;
  return shares;
}

std::vector<Row> type_joint(const Problem& problem) {
  Row sums(problem.num_types), counts(problem.num_types);
  for (size_t i = 0; i < problem.size(); ++i) {
    sums[problem.z[i]] += problem.P[i][problem.z[i]];
    counts[problem.z[i]] += 1;
  }
  std::vector<Row> joint(problem.num_types, Row(problem.num_types));
  for (size_t i = 0; i < problem.size(); ++i) {
    double best = -1;
    size_t guess = 0;
    for (size_t k = 0; k < problem.num_types; ++k) {
      if (counts[k] == 0 || problem.P[i][k] < std::max(sums[k] / counts[k], 2e-6) - 1e-12) continue;
      if (problem.P[i][k] > best) {
        best = problem.P[i][k];
        guess = k;
      }
    }
    if (best >= 0) joint[problem.z[i]][guess] += 1;
  }
  return joint;
}

/// F of every token.
std::vector<Row> word_shares(const Problem& problem, const std::vector<std::string>& words,
                             const std::vector<int64_t>& documents, const Row& shares) {
  using Key = std::pair<std::string, int64_t>;
  std::map<Key, Row> counts;
  const auto keys = [&](size_t i) {
    const auto s = static_cast<size_t>(problem.sentence[i]);
    const int64_t document = documents.empty() ? problem.sentence[i] / 20 : documents[s];
    return std::vector<Key>{{words[i], -1}, {words[i], document}};
  };
  for (size_t i = 0; i < problem.size(); ++i) {
    for (const Key& key : keys(i)) {
      Row& row = counts.try_emplace(key, Row(problem.num_types)).first->second;
      row[problem.z[i]] += 1;
    }
  }
  std::vector<Row> result;
  for (size_t i = 0; i < problem.size(); ++i) {
    Row share = shares;
    for (const Key& key : keys(i)) {
      Row row = counts[key];
      row[problem.z[i]] -= 1;
      const double total = std::accumulate(row.begin(), row.end(), 0.0);
      for (size_t k = 0; k < row.size(); ++k) share[k] = (row[k] + share[k] / 2) / (total + 0.5);
    }
    result.push_back(share);
  }
  return result;
}

struct Rate {
  double count = 0;
  double preferred = 0;
  double root_odds() const {
    const double r = (preferred + 0.5) / (count + 1);
    return std::sqrt(r / (1 - r));
  }
};

/// max(b, e) of every token; L has log weights.
Row local_errors(const Problem& problem, const std::vector<Row>& L) {
  std::map<int, Rate> sides;
  Rate edges;
  for (size_t i = 0; i < problem.size(); ++i) {
    if (problem.z[i] == 0) continue;
    Rate& side = sides[problem.side_of_class[problem.y[i]]];
    side.count += 1;
    side.preferred +=
        problem.p[i][problem.other_class(problem.y[i])] + 1e-6 > problem.p[i][problem.y[i]] + 1e-6;
    if (!problem.is_edge(i)) continue;
    edges.count += 1;
    edges.preferred += problem.P[i][0] > problem.P[i][problem.z[i]];
  }
  Row result(problem.size());
  for (size_t i = 0; i < problem.size(); ++i) {
    if (problem.z[i] == 0) continue;
    const size_t other = problem.other_class(problem.y[i]);
    const Rate& own = sides[problem.side_of_class[problem.y[i]]];
    const Rate& others = sides[problem.side_of_class[other]];
    const double side = (problem.p[i][other] + 1e-6) / (problem.p[i][problem.y[i]] + 1e-6) *
                        (own.count + 1) / (others.count + 1) * own.root_odds();
    const double edge =
        problem.is_edge(i)
            ? std::exp(std::min(L[i][0] - L[i][problem.z[i]], 50.0)) * edges.root_odds()
            : 0;
    result[i] = std::max(side / (1 + side), edge / (1 + edge));
  }
  return result;
}

/// max(1 - q, b, e) of every token.
Row token_errors(const Problem& problem, const std::vector<std::string>& words,
                 const std::vector<int64_t>& documents) {
  const Row shares = type_shares(problem);
  std::vector<Row> joint = type_joint(problem);
  double missing = 0.5, spurious = 0.5;
  for (size_t k = 1; k < problem.num_types; ++k) {
    missing += joint[0][k];
    spurious += joint[k][0];
  }
  const double exponent = std::pow(missing, 4) / (std::pow(missing, 4) + std::pow(spurious, 4));
  const std::vector<Row> F = word_shares(problem, words, documents, shares);
  std::vector<Row> L(problem.size(), Row(problem.num_types));
  for (size_t i = 0; i < problem.size(); ++i) {
    for (size_t k = 0; k < problem.num_types; ++k) {
      const double rate = std::pow(shares[k], exponent);
      L[i][k] = std::log((problem.P[i][k] + 1e-6) / rate) + std::log((F[i][k] + 1e-6) / rate) / 2;
    }
  }
  Row errors = local_errors(problem, L);
  for (size_t i = 0; i < problem.size(); ++i) {
    Row row = joint[problem.z[i]];
    double total = 0;
    for (size_t k = 0; k < row.size(); ++k) {
      row[k] += 0.5 * static_cast<double>(problem.num_types) * shares[k];
      total += row[k];
    }
    double others = 0, all = 0;
    for (size_t k = 0; k < row.size(); ++k) {
      double mean = 0;
      for (size_t j = problem.unit[i]; j < problem.unit_end[i]; ++j) mean += L[j][k];
      mean /= static_cast<double>(problem.unit_end[i] - problem.unit[i]);
      const double weight = std::exp(mean) * std::sqrt(row[k] / total);
      all += weight;
      if (k != problem.z[i]) others += weight;
    }
    errors[i] = std::max(errors[i], others / all);
  }
  return errors;
}

}  // namespace

ReferenceErrors reference_token_errors(const Corpus& corpus, const std::vector<std::string>& names,
                                       const std::vector<std::string>& words,
                                       const std::vector<int64_t>& documents) {
  const Problem problem = make_problem(corpus, names);
  ReferenceErrors result;
  result.errors = token_errors(problem, words, documents);
  result.sentence_quality.assign(corpus.offsets.size() - 1, 1.0);
  double disagreeing = 0;
  for (size_t i = 0; i < problem.size(); ++i) {
    const Row& row = problem.p[i];
    disagreeing += *std::max_element(row.begin(), row.end()) - 1e-6 > row[problem.y[i]];
    result.expected_errors += result.errors[i];
    result.label_quality.push_back(1 - (2 * result.errors[i] + 1 - row[problem.y[i]]) / 3);
    if (problem.unit[i] != i) continue;
    const double worst =
        *std::max_element(&result.errors[i], &result.errors[0] + problem.unit_end[i]);
    result.sentence_quality[static_cast<size_t>(problem.sentence[i])] *=
        1 - std::min(worst, 1 - 1e-12);
  }
  std::vector<size_t> order(problem.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return result.errors[a] > result.errors[b]; });
  result.mask.assign(problem.size(), 0);
  const double number = std::sqrt(disagreeing * result.expected_errors);
  for (size_t i = 0; i < static_cast<size_t>(number); ++i) result.mask[order[i]] = 1;
  return result;
}

}  // namespace tasks_test
