#include <bit>

#include "labelsieve/write.h"

namespace labelsieve {
namespace {

/// Version 1 of the format: the data begins at a multiple of 64 bytes.
std::string npy_header(std::string_view descr, const std::string& shape) {
  std::string dictionary =
      "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr size_t kPrefix = 10;
  constexpr size_t kAlignment = 64;
  const size_t used = kPrefix + dictionary.size() + 1;
  dictionary.append((kAlignment - used % kAlignment) % kAlignment, ' ');
  dictionary += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dictionary.size() & 0xFF);
  header += static_cast<char>(dictionary.size() >> 8);
  return header + dictionary;
}

template <class T>
void write_array(const std::string& path, std::string_view descr, std::span<const T> values,
                 const std::string& shape) {
  AtomicFile file(path);
  file.write(npy_header(descr, shape));
  file.write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  file.commit();
}

constexpr std::string_view kBool = "|b1";
constexpr std::string_view kFloat64 = std::endian::native == std::endian::little ? "<f8" : ">f8";

/// The shape of a vector, and of a matrix.
std::string shape_of(size_t size) { return std::to_string(size) + ","; }
std::string shape_of(size_t size, int64_t columns) {
  return std::to_string(size / static_cast<size_t>(columns)) + ", " + std::to_string(columns);
}

}  // namespace

void write_npy_bool(const std::string& path, std::span<const uint8_t> values) {
  write_array(path, kBool, values, shape_of(values.size()));
}

void write_npy_float64(const std::string& path, std::span<const double> values) {
  write_array(path, kFloat64, values, shape_of(values.size()));
}

void write_npy_bool(const std::string& path, std::span<const uint8_t> values, int64_t columns) {
  write_array(path, kBool, values, shape_of(values.size(), columns));
}

void write_npy_float64(const std::string& path, std::span<const double> values, int64_t columns) {
  write_array(path, kFloat64, values, shape_of(values.size(), columns));
}

}  // namespace labelsieve
