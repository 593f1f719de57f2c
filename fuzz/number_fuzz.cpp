// Numbers in text: where the fast path gives an answer, it is std::from_chars'.
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "io/decimal.h"
#include "io/number.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  // A block of exactly this size: the sanitizer sees reads beyond it.
  const auto text = std::make_unique<char[]>(size);
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(data[i]);
  const char* const end = text.get() + size;
  double fast = 0;
  double exact = 0;
  if (const char* const stop = io::parse_decimal(text.get(), end, fast)) {
    const auto expected = std::from_chars(text.get(), end, exact);
    const bool same = std::bit_cast<uint64_t>(fast) == std::bit_cast<uint64_t>(exact);
    if (expected.ec != std::errc() || expected.ptr != stop || !same) std::abort();
  }
  (void)io::parse_number({text.get(), size});
  (void)io::parse_integer({text.get(), size});
  return 0;
}
