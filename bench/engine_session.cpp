// The C++ side of bench/run: reads requests, one JSON object a line, from standard input and
// answers each with one line. It stays alive between them, so that the driver can alternate
// between this program and the other one, run by run, with the data in memory on both sides.
//
//   {"do": "load", "labels": "l.npy", "pred_probs": "p.npy"}    arrays into memory
//   {"do": "find", "filter_by": "auto"}  {"do": "sum"}          the default filter if none is named
//   {"do": "score", "method": "normalized_margin"}
//   {"do": "load_tokens", "labels": "l.npy", "pred_probs": "p.npy", "lengths": [3, 7, …]}
//   {"do": "find_tokens"}  {"do": "score_sentences"}  {"do": "find_span_tokens"}
//   {"do": "read", "file": "data.csv"}                          a text file into memory
//   {"do": "read_tokens", "file": "data.conll"}
//   {"do": "load_sets", "labels": "y.npy", "pred_probs": "p.npy"}   labels of shape (N, K)
//   {"do": "find_sets"}  {"do": "score_sets"}                   the same for multi-label data
//   {"do": "versions"}
//
// An answer holds "seconds", of the one call that the request is about. "save" in a request names
// a .npy file for the result; find takes "save_joint" too.
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "huge_array.h"
#include "labelsieve/labelsieve.h"
#include "sum_pass.h"
#include "token_arrays.h"

namespace labelsieve_bench {
namespace {

using nlohmann::json;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Labels and one matrix, in memory.
class Arrays {
 public:
  Arrays() = default;

  explicit Arrays(const labelsieve::Dataset& dataset)
      : labels_(dataset.labels), pred_probs_(dataset.pred_probs.at(0)) {
    const int64_t row_bytes = pred_probs_.columns * size_of(pred_probs_.type);
    if (pred_probs_.row_stride != row_bytes || labels_.stride != size_of(labels_.type)) {
      throw std::runtime_error("the benchmarks use row-major matrices and contiguous labels");
    }
    label_memory_ = copy_of(labels_.data, labels_.size * labels_.stride);
    matrix_memory_ = copy_of(pred_probs_.data, pred_probs_.rows * row_bytes);
    labels_.data = label_memory_.data();
    pred_probs_.data = matrix_memory_.data();
  }

  labelsieve::MemorySource source() const { return {labels_, pred_probs_}; }

  std::span<const float> elements() const {
    if (pred_probs_.type != labelsieve::FloatType::kFloat32) {
      throw std::runtime_error("the summing pass is written for float32");
    }
    return {static_cast<const float*>(pred_probs_.data),
            static_cast<size_t>(pred_probs_.rows * pred_probs_.columns)};
  }

  int64_t rows() const { return pred_probs_.rows; }
  int64_t columns() const { return pred_probs_.columns; }

 private:
  static HugeArray copy_of(const void* data, int64_t bytes) {
    HugeArray memory(static_cast<size_t>(bytes));
    std::memcpy(memory.data(), data, memory.size());
    return memory;
  }

  HugeArray label_memory_;
  HugeArray matrix_memory_;
  labelsieve::LabelsView labels_;
  labelsieve::MatrixView pred_probs_;
};

/// Sets of labels, ragged, and one matrix, in memory.
class SetArrays {
 public:
  SetArrays() = default;

  explicit SetArrays(const labelsieve::MultilabelDataset& dataset)
      : pred_probs_(dataset.pred_probs) {
    const int64_t row_bytes = pred_probs_.columns * size_of(pred_probs_.type);
    const labelsieve::LabelsView& row = dataset.labels.elements();
    if (pred_probs_.row_stride != row_bytes || row.type != labelsieve::IntType::kUInt8) {
      throw std::runtime_error("the benchmarks use row-major matrices and label bytes");
    }
    matrix_memory_ = HugeArray(static_cast<size_t>(pred_probs_.rows * row_bytes));
    std::memcpy(matrix_memory_.data(), pred_probs_.data, matrix_memory_.size());
    pred_probs_.data = matrix_memory_.data();
    for (int64_t i = 0; i < pred_probs_.rows; ++i) {
      const auto* bytes = static_cast<const uint8_t*>(row.data) + i * dataset.labels.row_stride();
      for (int32_t k = 0; k < pred_probs_.columns; ++k) {
        if (bytes[k] != 0) classes_.push_back(k);
      }
      offsets_.push_back(static_cast<int64_t>(classes_.size()));
    }
  }

  labelsieve::MultilabelMemorySource source() const {
    const labelsieve::LabelsView offsets(offsets_.data(), static_cast<int64_t>(offsets_.size()));
    const labelsieve::LabelsView classes(classes_.data(), static_cast<int64_t>(classes_.size()));
    return {labelsieve::LabelSetsView::sets(offsets, classes), pred_probs_};
  }

  int64_t rows() const { return pred_probs_.rows; }
  int64_t columns() const { return pred_probs_.columns; }

 private:
  std::vector<int64_t> offsets_ = {0};
  std::vector<int32_t> classes_;
  HugeArray matrix_memory_;
  labelsieve::MatrixView pred_probs_;
};

class Session {
 public:
  explicit Session(int num_threads) { execution_.num_threads = num_threads; }

  json answer(const json& request) {
    const auto what = request.at("do").get<std::string>();
    if (what == "load") return load(request);
    if (what == "load_tokens") return load_tokens(request);
    if (what == "find_tokens") return find_tokens(request);
    if (what == "score_sentences") return score_sentences(request);
    if (what == "find_span_tokens") return find_span_tokens(request);
    if (what == "read_tokens") return read_tokens(request);
    if (what == "find") return find(request);
    if (what == "score") return score(request);
    if (what == "sum") return sum();
    if (what == "read") return read(request);
    if (what == "load_sets") return load_sets(request);
    if (what == "find_sets") return find_sets(request);
    if (what == "score_sets") return score_sets(request);
    if (what == "versions") return versions();
    throw std::runtime_error("unknown request " + what);
  }

 private:
  json load(const json& request) {
    labelsieve::ReadOptions options;
    options.labels = request.at("labels");
    options.pred_probs = {request.at("pred_probs")};
    arrays_ = Arrays(labelsieve::read_dataset(options));
    return {{"rows", arrays_.rows()}, {"columns", arrays_.columns()}};
  }

  json load_tokens(const json& request) {
    const json answer = load(request);
    tokens_ = TokenArrays(request.at("lengths").get<std::vector<int64_t>>(), arrays_.source());
    return answer;
  }

  json find_tokens(const json& request) const {
    labelsieve::MemorySource source = arrays_.source();
    const auto start = std::chrono::steady_clock::now();
    const labelsieve::TokenIssues found = labelsieve::find_token_issues(
        source, tokens_.sentences(), {.execution = execution_}, {.execution = execution_});
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_bool(request["save"], found.found.mask);
    return {{"seconds", seconds}, {"num_issues", found.issues.size()}};
  }

  json score_sentences(const json& request) const {
    labelsieve::MemorySource source = arrays_.source();
    const auto start = std::chrono::steady_clock::now();
    const std::vector<double> tokens =
        labelsieve::label_quality_scores(source, {.execution = execution_});
    const std::vector<double> sentences = labelsieve::sentence_scores(
        tokens, tokens_.sentences(),
        {.method = labelsieve::SentenceMethod::kSoftmin, .execution = execution_});
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_float64(request["save"], sentences);
    return {{"seconds", seconds}};
  }

  json find_span_tokens(const json& request) const {
    labelsieve::MemorySource column = tokens_.inside();
    const auto start = std::chrono::steady_clock::now();
    labelsieve::BinarySource source(column);
    const labelsieve::TokenIssues found = labelsieve::find_token_issues(
        source, tokens_.sentences(), {.execution = execution_}, {.execution = execution_});
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_bool(request["save"], found.found.mask);
    return {{"seconds", seconds}, {"num_issues", found.issues.size()}};
  }

  json read_tokens(const json& request) const {
    labelsieve::TokenReadOptions options;
    options.input = request.at("file");
    options.execution = execution_;
    const auto start = std::chrono::steady_clock::now();
    const labelsieve::TokenDataset dataset = labelsieve::read_tokens(options);
    const double seconds = seconds_since(start);
    if (request.contains("save")) {
      std::vector<double> tags(dataset.tags.begin(), dataset.tags.end());
      labelsieve::write_npy_float64(request["save"], tags);
    }
    return {{"seconds", seconds},
            {"tokens", dataset.num_tokens()},
            {"sentences", dataset.num_sentences()}};
  }

  json find(const json& request) const {
    labelsieve::MemorySource source = arrays_.source();
    labelsieve::FilterOptions options = {.execution = execution_};
    if (request.contains("filter_by")) {
      options.filter_by =
          labelsieve::filter_by_from(request["filter_by"].get<std::string>()).value();
    }
    const auto start = std::chrono::steady_clock::now();
    const labelsieve::LabelIssues found = labelsieve::find_label_issues(source, options);
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_bool(request["save"], found.mask);
    if (request.contains("save_joint")) {
      const auto joint =
          found.joint.calibrated.mapped<double>([](int64_t n) { return static_cast<double>(n); });
      labelsieve::write_npy_float64(request["save_joint"], joint.to_dense());
    }
    return {{"seconds", seconds}, {"num_issues", found.num_issues}};
  }

  json score(const json& request) const {
    labelsieve::MemorySource source = arrays_.source();
    const labelsieve::ScoreOptions options = {
        .method = labelsieve::method_from(request.at("method").get<std::string>()).value(),
        .execution = execution_};
    const auto start = std::chrono::steady_clock::now();
    const std::vector<double> scores = labelsieve::label_quality_scores(source, options);
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_float64(request["save"], scores);
    return {{"seconds", seconds}};
  }

  json load_sets(const json& request) {
    labelsieve::MultilabelReadOptions options;
    options.common.labels = request.at("labels");
    options.common.pred_probs = {request.at("pred_probs")};
    sets_ = SetArrays(labelsieve::read_multilabel(options));
    return {{"rows", sets_.rows()}, {"columns", sets_.columns()}};
  }

  json find_sets(const json& request) const {
    labelsieve::MultilabelMemorySource source = sets_.source();
    const auto start = std::chrono::steady_clock::now();
    const labelsieve::MultilabelIssues found =
        labelsieve::find_multilabel_issues(source, {.execution = execution_});
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_bool(request["save"], found.mask);
    return {{"seconds", seconds}, {"num_issues", found.num_issues}};
  }

  json score_sets(const json& request) const {
    labelsieve::MultilabelMemorySource source = sets_.source();
    const auto start = std::chrono::steady_clock::now();
    labelsieve::MultilabelScoreOptions options;
    options.execution = execution_;
    const std::vector<double> scores = labelsieve::multilabel_quality_scores(source, options);
    const double seconds = seconds_since(start);
    if (request.contains("save")) labelsieve::write_npy_float64(request["save"], scores);
    return {{"seconds", seconds}};
  }

  json sum() const {
    const auto start = std::chrono::steady_clock::now();
    const double total = sum_pass(arrays_.elements(), execution_.num_threads);
    return {{"seconds", seconds_since(start)}, {"sum", total}};
  }

  json read(const json& request) const {
    labelsieve::ReadOptions options;
    options.input = request.at("file");
    options.execution = execution_;
    const auto start = std::chrono::steady_clock::now();
    const labelsieve::Dataset dataset = labelsieve::read_dataset(options);
    const double seconds = seconds_since(start);
    if (request.contains("save")) save_matrix(dataset.pred_probs.at(0), request["save"]);
    return {{"seconds", seconds}, {"rows", dataset.num_rows()}, {"columns", dataset.num_classes()}};
  }

  static void save_matrix(const labelsieve::MatrixView& matrix, const std::string& file) {
    if (matrix.type != labelsieve::FloatType::kFloat64 ||
        matrix.row_stride != matrix.columns * size_of(matrix.type)) {
      throw std::runtime_error("text is expected to be read into row-major float64");
    }
    labelsieve::write_npy_float64(file, {static_cast<const double*>(matrix.data),
                                         static_cast<size_t>(matrix.rows * matrix.columns)});
  }

  json versions() const {
    return {{"labelsieve", labelsieve::kVersion},
            {"instruction_set", labelsieve::active_isa()},
            {"threads", execution_.num_threads}};
  }

  labelsieve::Execution execution_;
  Arrays arrays_;
  TokenArrays tokens_;
  SetArrays sets_;
};

}  // namespace
}  // namespace labelsieve_bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: labelsieve_bench THREADS, then requests on standard input\n";
    return 2;
  }
  labelsieve_bench::Session session(std::stoi(argv[1]));
  std::string line;
  while (std::getline(std::cin, line)) {
    nlohmann::json answer;
    try {
      answer = session.answer(nlohmann::json::parse(line));
    } catch (const std::exception& failure) {
      answer = {{"error", failure.what()}};
    }
    std::cout << answer.dump() << std::endl;
  }
}
