// Files of class names.
#include "input.h"
#include "io/class_names.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  try {
    const auto names =
        io::parse_class_names({reinterpret_cast<const char*>(data), size}, "names.txt");
    if (names.empty()) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
