// From the parts of a dataset to the dataset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/part.h"
#include "labelsieve/dataset.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// Joins labels and models, resolves class names and labels, and leaves out invalid rows.
/// `labels` may hold probabilities too: then `models` is empty.
Dataset assemble(Part labels, std::vector<Part> models, const ReadOptions& options);

// ---- Steps that all kinds of datasets share ----

/// The part of a file that holds everything which makes up its model.
Part split_model(Part& both);

/// Throws Error{kInvalidData} unless there are as many labels as rows of probabilities.
void check_lengths(const Part& labels, const Part& model);

/// The class names that all models share, and where they come from.
struct ChosenNames {
  std::vector<std::string> names = {};
  NameOrigin origin = NameOrigin::kNone;
  bool is_explicit = false;  ///< Given by the user.
};

/// Those given, else those of a model; none if there are none.
ChosenNames choose_names(const Part& labels, const std::vector<Part>& models,
                         const ReadOptions& options);

/// Brings the columns of a model into the order of the class names.
void align_columns(Part& model, const ChosenNames& chosen);

/// Throws Error{kInvalidData} unless all models have as many columns as there are class names.
void check_shapes(const std::vector<Part>& models, const ChosenNames& chosen);

/// Adds marks of invalid rows; either may be empty.
void add_marks(std::vector<uint8_t>& all, const std::vector<uint8_t>& marks);

/// Throws Error{kInvalidData} unless the columns that the user named are in one of the files.
void check_named_columns(const std::vector<std::string>& ids, const std::vector<std::string>& text,
                         const ReadOptions& options);

/// Brings the rows of `model` into the order of `labels` by their ids; both have ids.
/// Throws Error{kInvalidData} for repeated, missing and extra ids, with examples and counts.
void join_by_id(const Part& labels, Part& model);

}  // namespace labelsieve::io
