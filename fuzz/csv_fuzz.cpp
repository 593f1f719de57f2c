// CSV and TSV, plain and gzipped. Small pieces must give what the whole gives.
#include "input.h"
#include "io/csv_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labelsieve;
  const fuzz::Input input = fuzz::make_input(data, size);
  const bool tabs = (input.choice & 64) != 0;
  io::FileBytes file = input.file;
  if (io::is_gzip(file.bytes)) {
    try {
      file = io::gunzip(file, "fuzz.csv");
    } catch (const Error&) {
      return 0;
    }
  }
  const auto read = [&](int64_t piece_bytes) {
    return fuzz::outcome(input, [&] {
      return io::read_csv(file, "fuzz.csv", tabs, input.wanted, input.options, piece_bytes);
    });
  };
  const std::string whole = read(io::kPieceBytes);
  for (const int64_t piece_bytes : {6, 50, 200}) {
    if (read(piece_bytes) != whole) std::abort();
  }
  return 0;
}
