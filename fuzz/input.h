// What the fuzz targets share: options out of the first byte, and what reading comes to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "io/arrays.h"
#include "io/assemble.h"
#include "io/file_bytes.h"
#include "labelsieve/error.h"
#include "labelsieve/read.h"

namespace labelsieve::fuzz {

/// The first byte chooses the options, the others are the file.
struct Input {
  ReadOptions options;
  io::Wanted wanted;
  uint8_t choice = 0;  ///< Bits that a target may use for its own options: 0xC0.
  io::FileBytes file;
};

inline Input make_input(const uint8_t* data, size_t size) {
  Input input;
  if (size > 0) {
    input.choice = data[0];
    ++data;
    --size;
  }
  input.options.skip_invalid = (input.choice & 1) != 0;
  input.options.logits = (input.choice & 2) != 0;
  if ((input.choice & 4) != 0) input.options.class_names = {"a", "b"};
  input.wanted.labels = (input.choice & 8) == 0;
  input.wanted.pred_probs = (input.choice & 16) == 0;
  input.options.unchecked = (input.choice & 32) != 0;
  input.options.execution.num_threads = 1;
  input.file = io::owned_bytes(std::string(reinterpret_cast<const char*>(data), size));
  return input;
}

/// All bytes of a part's elements are read, so that the sanitizers see what lies outside.
inline double touch(const Dataset& data) {
  double sum = 0;
  for (const MatrixView& view : data.pred_probs) {
    for (int64_t row = 0; row < view.rows; ++row) {
      for (int64_t column = 0; column < view.columns; ++column) {
        const auto* at = static_cast<const std::byte*>(view.data) + row * view.row_stride +
                         column * view.column_stride;
        uint8_t bytes[8] = {};
        std::memcpy(bytes, at, static_cast<size_t>(size_of(view.type)));
        sum += bytes[0];
      }
    }
  }
  for (int64_t row = 0; row < data.labels.size; ++row) {
    uint8_t bytes[8] = {};
    const auto* at = static_cast<const std::byte*>(data.labels.data) + row * data.labels.stride;
    std::memcpy(bytes, at, static_cast<size_t>(size_of(data.labels.type)));
    sum += bytes[0];
  }
  return sum;
}

/// Reads a part and, when it holds both labels and probabilities, makes a dataset of it. Gives the
/// message of the error that it ends with. Only labelsieve::Error may be thrown.
inline std::string outcome(const Input& input, const std::function<io::Part()>& read) {
  try {
    io::Part part = read();
    if (!input.wanted.labels || !input.wanted.pred_probs) return "part";
    const Dataset data = io::assemble(std::move(part), {}, input.options);
    volatile double sum = touch(data);
    (void)sum;
    return std::to_string(data.num_rows()) + " rows, " + std::to_string(data.num_skipped) +
           " skipped";
  } catch (const Error& error) {
    if (std::strchr(error.what(), '\n') != nullptr) std::abort();  // errors are one line
    return error.what();
  }
}

}  // namespace labelsieve::fuzz
