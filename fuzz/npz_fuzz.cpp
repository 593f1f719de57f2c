// .npz archives.
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  const fuzz::Input input = fuzz::make_input(data, size);
  fuzz::outcome(input,
                [&] { return io::read_npz(input.file, "fuzz.npz", input.wanted, input.options); });
  return 0;
}
