// .npy files, as labels, as probabilities, or as both one after the other.
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  fuzz::Input input = fuzz::make_input(data, size);
  for (const bool labels : {true, false}) {
    input.wanted = {.labels = labels, .pred_probs = !labels};
    fuzz::outcome(
        input, [&] { return io::read_npy(input.file, "fuzz.npy", input.wanted, input.options); });
  }
  // The same array beside fixed partners, so that matching and converting run too.
  const auto with_partner = [&](bool labels) {
    io::Part part = io::read_npy(input.file, "fuzz.npy", {.labels = labels, .pred_probs = !labels},
                                 input.options);
    if (labels) {
      part.pred_probs = io::make_matrix(part.rows, 2);
      std::fill_n(part.pred_probs->writable, part.rows * 2, 0.5);
    } else {
      part.labels.emplace();
      part.labels->is_text = true;
      part.labels->values = {"a", "b"};
      part.labels->codes.assign(static_cast<size_t>(part.rows), 1);
      if (part.rows > 1) part.labels->codes[0] = 0;
    }
    return part;
  };
  input.wanted = {.labels = true, .pred_probs = true};
  fuzz::outcome(input, [&] { return with_partner(true); });
  fuzz::outcome(input, [&] { return with_partner(false); });
  return 0;
}
