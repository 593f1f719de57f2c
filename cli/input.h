// The dataset that a subcommand works on, as the engine reads it and as people name its classes.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "context.h"
#include "labelsieve/count.h"
#include "labelsieve/dataset.h"
#include "labelsieve/diagnose.h"
#include "labelsieve/error.h"
#include "labelsieve/source.h"
#include "rows.h"

namespace labelsieve::cli {

/// What people call an example.
struct Unit {
  std::string_view singular = "example";
  std::string_view plural = "examples";
};

class Input {
 public:
  /// Passes on what the reader had to say.
  /// Rows that the files say to leave out are `num_ignored`.
  Input(Context& context, Dataset dataset, Unit unit = {}, int64_t num_ignored = 0);
  virtual ~Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// Weighs the models of an ensemble; to be called before source().
  void open_source(const Context& context);

  /// What the engine says of a row of an array, with the name of the file that the row is in.
  virtual Error located(const Error& error) const;

  const Dataset& dataset() const { return dataset_; }
  int64_t num_rows() const { return dataset_.num_rows(); }
  int64_t num_classes() const;
  bool has_pred_probs() const { return !dataset_.pred_probs.empty(); }

  /// Rows that were not skipped.
  int64_t num_examples() const { return dataset_.num_rows() - dataset_.num_skipped - num_ignored_; }

  /// The labels with the model's probabilities, or with the weighted mean of several models'.
  Source& source() { return *source_; }

  /// "1 example", "5 examples"
  std::string counted_units(int64_t count) const;
  std::string counted_units() const { return counted_units(num_examples()); }
  const Unit& unit() const { return unit_; }

  bool is_ensemble() const { return dataset_.pred_probs.size() > 1; }
  const std::vector<double>& weights() const { return weights_; }

  /// A class as results show it: its name, its number where it has none, missing for -1.
  Cell label_cell(int64_t label) const;
  std::string label_text(int64_t label) const;

  /// The class of that name, or of that number where no class has the name; -1 for neither.
  int64_t find_class(std::string_view text) const;

  /// A column of class names, which are text, or numbers.
  TableColumn label_column(std::string_view title, Style style = Style::kPlain) const;

  /// What every JSON result says of its making: command, version, inputs, sizes, options.
  virtual nlohmann::ordered_json summary(const Settings& settings) const;

  /// What inspect says beside the rest: names with values, and findings.
  virtual std::vector<std::pair<std::string, std::string>> facts() const { return {}; }
  virtual std::vector<Diagnosis> more_diagnoses() const { return {}; }

 private:
  Dataset dataset_;
  Unit unit_;
  int64_t num_ignored_;
  std::vector<double> weights_;
  std::unique_ptr<Source> source_;
};

/// Says once what the counting pass noticed: rows that do not add up to 1, and probabilities
/// that look as if the model had been trained on these labels.
void warn_about_data(const Context& context, const Input& input, const ConfidentJoint& joint);

/// A subcommand's last line on standard error, where its result went into a file.
void say_written(const Context& context, std::string_view summary_line);

/// "1 label issue", "5 label issues"
std::string counted(int64_t count, std::string_view singular, std::string_view plural);

}  // namespace labelsieve::cli
