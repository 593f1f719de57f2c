// Numbers in text: all have the value that fast_float gives them, and that of std::from_chars where
// it reads them too.
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "io/number.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  // A block of exactly this size: the sanitizer sees reads beyond it.
  const auto text = std::make_unique<char[]>(size);
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(data[i]);
  const char* const end = text.get() + size;
  double value = 0;
  double expected = 0;
  const char* const stop = io::parse_number_at(text.get(), end, value);
  const auto parsed = std::from_chars(text.get(), end, expected);
  if (parsed.ec == std::errc() && expected == expected) {
    const bool same = std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(expected);
    if (parsed.ptr != stop || !same) std::abort();
  }
  const auto careful = fast_float::from_chars(text.get(), end, expected);
  if (careful.ec == std::errc()) {
    const bool same = std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(expected);
    if (careful.ptr != stop || !same) std::abort();
  } else if (stop != text.get()) {
    std::abort();
  }
  (void)io::parse_number({text.get(), size});
  (void)io::parse_integer({text.get(), size});
  return 0;
}
