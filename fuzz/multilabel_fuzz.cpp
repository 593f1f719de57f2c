// Sets of labels in every format. Small pieces must give what the whole gives, and the sets that
// are read must be ones that the engine takes.
#include "input.h"
#include "io/assemble_multilabel.h"
#include "io/csv_reader.h"
#include "io/jsonl_reader.h"
#include "labelsieve/multilabel_classification.h"

namespace {

using namespace labelsieve;

/// A line that says what was read; only labelsieve::Error may be thrown.
std::string outcome(const fuzz::Input& input, const MultilabelReadOptions& options,
                    int64_t piece_bytes) {
  const io::SetForm form = io::set_form_of(options);
  const io::Wanted wanted{.labels = true, .pred_probs = true, .sets = &form};
  const auto read = [&]() -> io::Part {
    switch (input.choice >> 6) {
      case 0: return io::read_jsonl(input.file, "fuzz", wanted, options.common, piece_bytes);
      case 1: return io::read_csv(input.file, "fuzz", false, wanted, options.common, piece_bytes);
      case 2: return io::read_csv(input.file, "fuzz", true, wanted, options.common, piece_bytes);
      default: {
        // An array of sets beside probabilities of a fitting shape.
        io::Part part{.file = "fuzz"};
        const io::NpyArray array = io::parse_npy(input.file, "fuzz");
        part.labels = io::label_sets_from_array(array, "fuzz", form);
        part.rows = array.shape[0];
        const int64_t columns = part.labels->matrix ? part.labels->matrix->elements().size : 2;
        if (part.rows > 1 << 16 || columns > 1 << 10) return part;
        part.pred_probs = io::make_matrix(part.rows, columns);
        std::fill_n(part.pred_probs->writable, part.rows * columns, 0.25);
        return part;
      }
    }
  };
  try {
    io::Part part = read();
    if (!part.pred_probs) return "large";
    MultilabelDataset data = io::assemble_multilabel(std::move(part), nullptr, options);
    std::string text = std::to_string(data.num_rows()) + " rows of " +
                       std::to_string(data.num_classes()) + ", skipped " +
                       std::to_string(data.num_skipped);
    for (const std::string& name : data.class_names) text += ' ' + name;
    if (options.common.unchecked) return text;
    MultilabelMemorySource source = data.source();
    const auto joint = multilabel_confident_joint(source, {.thresholds = {}, .execution = {1, {}}});
    for (const auto& counts : joint.label_counts) text += ' ' + std::to_string(counts[1]);
    return text;
  } catch (const Error& error) {
    if (std::strchr(error.what(), '\n') != nullptr) std::abort();  // errors are one line
    return error.what();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Input input = fuzz::make_input(data, size);
  MultilabelReadOptions options;
  options.common = input.options;
  if ((input.choice & 8) != 0) options.label_separator = std::string(";");
  if ((input.choice & 16) != 0) options.label_columns = {"has_a", "has_b"};
  const std::string whole = outcome(input, options, 1 << 20);
  if (outcome(input, options, 24) != whole) std::abort();
  return 0;
}
