// JSON lines. Small pieces must give what the whole gives.
#include "input.h"
#include "io/jsonl_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  const fuzz::Input input = fuzz::make_input(data, size);
  const auto read = [&](int64_t piece_bytes) {
    return fuzz::outcome(input, [&] {
      return io::read_jsonl(input.file, "fuzz.jsonl", input.wanted, input.options, piece_bytes);
    });
  };
  const std::string whole = read(1 << 20);
  if (read(32) != whole) std::abort();
  return 0;
}
