// The multi-label dataset that a subcommand works on.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "input.h"
#include "labelsieve/multilabel_dataset.h"

namespace labelsieve::cli {

class MultilabelInput : public Input {
 public:
  MultilabelInput(Context& context, MultilabelDataset dataset);

  MultilabelSource& source() { return source_; }
  FloatType dtype() const { return dtype_; }

  /// False for a row that was skipped.
  bool is_example(int64_t row) const;

  /// A set of classes as results show it: a list in JSON, else names between separators.
  Cell set_cell(const std::vector<int32_t>& labels) const;
  TableColumn set_column(std::string_view title, Style style = Style::kPlain) const;

 private:
  MultilabelMemorySource source_;
  const uint8_t* ignored_;
  FloatType dtype_;
  std::string separator_;
};

/// The subcommands for multi-label data.
int run_find(Context& context, MultilabelInput& input);
int run_score(Context& context, MultilabelInput& input);
int run_health(Context& context, MultilabelInput& input);
int run_joint(Context& context, MultilabelInput& input);
int run_inspect(Context& context, MultilabelInput& input);

}  // namespace labelsieve::cli
