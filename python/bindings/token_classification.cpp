// Token and span classification.
#include "labelsieve/token_classification.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "labelsieve/names.h"
#include "options.h"
#include "results.h"
#include "tokens.h"

namespace labelsieve::python {
namespace {

/// Positions as the interface has them: a list of (sentence, token).
using Pairs = nb::typed<nb::list, nb::typed<nb::tuple, int, int>>;

/// A hundred thousand pairs are ordinary, so they are made without nanobind's conversions. The
/// garbage collector forgets tuples of numbers when it meets them; told at once, it does not walk
/// again and again through what the caller holds while the list grows.
Pairs to_pairs(const std::vector<TokenPosition>& positions) {
  nb::object list = nb::steal(PyList_New(static_cast<Py_ssize_t>(positions.size())));
  if (!list.is_valid()) throw nb::python_error();
  Py_ssize_t place = 0;
  for (const TokenPosition& position : positions) {
    nb::object pair = nb::steal(PyTuple_New(2));
    PyObject* sentence = PyLong_FromLongLong(position.sentence);
    PyObject* token = PyLong_FromLongLong(position.token);
    if (!pair.is_valid() || sentence == nullptr || token == nullptr) {
      Py_XDECREF(sentence);
      Py_XDECREF(token);
      throw nb::python_error();
    }
    PyTuple_SET_ITEM(pair.ptr(), 0, sentence);
    PyTuple_SET_ITEM(pair.ptr(), 1, token);
    PyObject_GC_UnTrack(pair.ptr());
    PyList_SET_ITEM(list.ptr(), place++, pair.release().ptr());
  }
  return nb::borrow<Pairs>(list);
}

char letter_of(const Tokens& tokens) {
  switch (tokens.form->type()) {
    case FloatType::kFloat16: return 'e';
    case FloatType::kFloat32: return 'f';
    default: return 'd';
  }
}

Array<int64_t> offsets_of(const Tokens& tokens) {
  const std::span<const int64_t> offsets = tokens.form->sentences().offsets();
  return to_array(std::vector<int64_t>(offsets.begin(), offsets.end()));
}

/// (positions of the issues, number of tokens with each given label).
std::tuple<Pairs, Array<int64_t>> token_issues(Tokens& tokens, std::string_view rank_by,
                                               bool adjust_pred_probs, std::string_view filter_by,
                                               double frac_noise,
                                               nb::handle num_to_remove_per_class,
                                               int64_t min_examples_per_class,
                                               nb::handle confident_joint, int num_threads) {
  FilterOptions filter;
  filter.filter_by = named(filter_by_from, filter_by, "filter");
  filter.frac_noise = frac_noise;
  filter.min_examples_per_class = min_examples_per_class;
  if (!num_to_remove_per_class.is_none()) {
    filter.num_to_remove_per_class = integers(num_to_remove_per_class);
  }
  if (!confident_joint.is_none()) filter.confident_joint = square_matrix(confident_joint);
  ScoreOptions score = score_options(rank_by, adjust_pred_probs);
  TokenPositions issues = call(num_threads, [&](const Execution& execution) {
    filter.execution = execution;
    score.execution = execution;
    return find_token_positions(tokens.form->source(), tokens.form->sentences(), filter, score);
  });
  return {to_pairs(issues.positions), to_array(std::move(issues.found.joint.label_counts))};
}

Array<double> token_scores(Tokens& tokens, std::string_view method, bool adjust_pred_probs,
                           int num_threads) {
  ScoreOptions options = score_options(method, adjust_pred_probs);
  return to_array(call(num_threads, [&](const Execution& execution) {
    options.execution = execution;
    return label_quality_scores(tokens.form->source(), options);
  }));
}

Array<double> pooled_by_sentence(nb::handle scores, nb::handle offsets, std::string_view method,
                                 double temperature, double threshold, int num_threads) {
  const Buffer buffer(scores);
  const std::span<const double> values = contiguous_doubles(buffer);
  const std::vector<int64_t> bounds = integers(offsets);
  SentenceScoreOptions options;
  options.method = named(sentence_method_from, method, "sentence score method");
  options.temperature = temperature;
  options.threshold = threshold;
  return to_array(call(num_threads, [&](const Execution& execution) {
    options.execution = execution;
    return sentence_scores(values, Sentences(bounds), options);
  }));
}

Pairs positions_below(nb::handle scores, nb::handle offsets, double threshold) {
  const Buffer buffer(scores);
  const std::span<const double> values = contiguous_doubles(buffer);
  const std::vector<int64_t> bounds = integers(offsets);
  const std::vector<TokenPosition> positions =
      call(0, [&](const Execution&) { return tokens_below(values, Sentences(bounds), threshold); });
  return to_pairs(positions);
}

Array<int64_t> indices_below(nb::handle scores, double threshold) {
  const Buffer buffer(scores);
  const std::span<const double> values = contiguous_doubles(buffer);
  return to_array(call(0, [&](const Execution&) { return sentences_below(values, threshold); }));
}

/// (values, offsets) of a sequence of sequences.
std::tuple<Array<double>, Array<int64_t>> flattened(nb::handle sequences, const std::string& name,
                                                    const Convert& convert) {
  NestedDoubles nested = nested_doubles(sequences, name, convert);
  return {to_array(std::move(nested.values)), to_array(std::move(nested.offsets))};
}

using TokensPointer = std::unique_ptr<Tokens>;

template <class Form, class... Arguments>
TokensPointer made(Arguments&&... arguments) {
  return std::make_unique<Tokens>(std::make_unique<Form>(std::forward<Arguments>(arguments)...));
}

TokensPointer nested_tokens(nb::handle labels, nb::handle pred_probs,
                            std::optional<int64_t> ignore_label, bool one_column,
                            const Convert& as_labels, const Convert& as_pred_probs) {
  const TokenRules rules{ignore_label, one_column};
  return made<NestedTokens>(labels, pred_probs, rules, as_labels, as_pred_probs);
}

TokensPointer flat_tokens(nb::handle labels, nb::handle pred_probs,
                          std::optional<int64_t> ignore_label, bool one_column,
                          nb::handle offsets) {
  const TokenRules rules{ignore_label, one_column};
  return made<FlatTokens>(labels, pred_probs, offsets, rules);
}

TokensPointer padded_tokens(nb::handle labels, nb::handle pred_probs,
                            std::optional<int64_t> ignore_label, bool one_column, nb::handle mask,
                            nb::handle lengths) {
  const TokenRules rules{ignore_label, one_column};
  return made<PaddedArrays>(labels, pred_probs, mask, lengths, rules);
}

TokensPointer pooled_tokens(nb::handle labels, nb::handle pred_probs,
                            std::optional<int64_t> ignore_label, bool one_column,
                            nb::handle word_ids, std::string_view pooling,
                            const Convert& as_labels) {
  const TokenRules rules{ignore_label, one_column};
  return made<PooledTokens>(labels, pred_probs, word_ids, pooling, rules, as_labels);
}

/// (labels, probabilities, where each sentence begins) of words, from their sub-words.
std::tuple<Array<int32_t>, nb::object, Array<int64_t>> pool(
    nb::handle labels, nb::handle pred_probs, std::optional<int64_t> ignore_label,
    nb::handle word_ids, std::string_view pooling, const Convert& as_labels) {
  const PooledTokens tokens(labels, pred_probs, word_ids, pooling, {ignore_label, false},
                            as_labels);
  const PooledWords& words = tokens.words();
  const std::initializer_list<size_t> shape = {tokens.labels().size(),
                                               static_cast<size_t>(words.num_classes)};
  const nb::object matrix = words.type == FloatType::kFloat64
                                ? nb::cast(to_array(std::vector<double>(words.doubles), shape))
                                : nb::cast(to_array(std::vector<float>(words.floats), shape));
  return {to_array(std::vector<int32_t>(tokens.labels())), matrix,
          to_array(std::vector<int64_t>(words.offsets))};
}

TokensPointer example_tokens(nb::handle_t<Examples> examples, nb::handle offsets) {
  return made<ExampleTokens>(examples, offsets);
}

void bind_forms(nb::module_& m) {
  nb::class_<Tokens, Examples>(m, "Tokens")
      .def_prop_ro("type", &letter_of)
      .def_prop_ro("offsets", &offsets_of, nb::rv_policy::move);
  m.def("nested_tokens", &nested_tokens, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignore_label").none(), nb::arg("one_column"), nb::arg("as_labels"),
        nb::arg("as_pred_probs"));
  m.def("flat_tokens", &flat_tokens, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignore_label").none(), nb::arg("one_column"), nb::arg("offsets"));
  m.def("padded_tokens", &padded_tokens, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignore_label").none(), nb::arg("one_column"), nb::arg("mask").none(),
        nb::arg("lengths").none());
  m.def("example_tokens", &example_tokens, nb::arg("examples"), nb::arg("offsets"));
  m.def("pooled_tokens", &pooled_tokens, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignore_label").none(), nb::arg("one_column"), nb::arg("word_ids"),
        nb::arg("pooling"), nb::arg("as_labels"));
  m.def("pool_words", &pool, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignore_label").none(), nb::arg("word_ids"), nb::arg("pooling"),
        nb::arg("as_labels"));
  m.attr("NO_LABEL") = kNoLabel;
}

}  // namespace

void bind_token_classification(nb::module_& m) {
  bind_forms(m);
  m.def("find_token_issues", &token_issues, nb::arg("tokens"), nb::arg("rank_by"),
        nb::arg("adjust_pred_probs"), nb::arg("filter_by"), nb::arg("frac_noise") = 1.0,
        nb::arg("num_to_remove_per_class") = nb::none(), nb::arg("min_examples_per_class") = 1,
        nb::arg("confident_joint") = nb::none(), nb::arg("num_threads") = 0);
  m.def("token_scores", &token_scores, nb::arg("tokens"), nb::arg("method"),
        nb::arg("adjust_pred_probs") = false, nb::arg("num_threads") = 0);
  m.def("sentence_scores", &pooled_by_sentence, nb::arg("scores"), nb::arg("offsets"),
        nb::arg("method"), nb::arg("temperature"), nb::arg("threshold"),
        nb::arg("num_threads") = 0);
  m.def("tokens_below", &positions_below, nb::arg("scores"), nb::arg("offsets"),
        nb::arg("threshold"));
  m.def("sentences_below", &indices_below, nb::arg("scores"), nb::arg("threshold"));
  m.def("flatten", &flattened, nb::arg("sequences"), nb::arg("name"), nb::arg("convert"));
}

}  // namespace labelsieve::python
