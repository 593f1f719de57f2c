// Input files for the tests of the readers, and a look at what was read.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "labelsieve/dataset.h"
#include "labelsieve/error.h"
#include "labelsieve/read.h"

namespace labelsieve::test {

/// Three rows of two columns, exact in half precision.
inline const std::vector<double> kProbs = {0.75, 0.25, 0.5, 0.5, 0.125, 0.875};

/// A folder that disappears with its content.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string path(std::string_view name) const { return (path_ / name).string(); }
  /// Writes a file; gives its path.
  std::string write(std::string_view name, std::string_view bytes) const;
  /// The names of all files, hidden ones too.
  std::vector<std::string> files() const;

 private:
  std::filesystem::path path_;
};

std::string slurp(const std::string& path);

/// A .npy file of any type string; `shape` as Python writes it: "(3, 4)".
std::string npy_bytes(std::string_view descr, std::string_view shape, std::string_view data,
                      bool fortran_order = false, int version = 1);

/// The memory of some values.
template <class T>
std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// The same, each value's bytes turned around.
template <class T>
std::string raw_swapped(const std::vector<T>& values) {
  std::string bytes;
  for (const T& value : values) {
    const std::string one = raw(std::vector<T>{value});
    bytes.append(one.rbegin(), one.rend());
  }
  return bytes;
}

std::string npy_labels(const std::vector<int64_t>& labels);
std::string npy_probs(const std::vector<double>& probs, int64_t columns);

/// A .npz archive; level 0 stores the members.
void write_npz(const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& members, int level,
               bool zip64 = false);

std::string gzipped(std::string_view bytes);

/// What a dataset holds, as plain values.
std::vector<int64_t> labels_of(const Dataset& data);
std::vector<double> probs_of(const Dataset& data, size_t model = 0);

/// The error that the work ends with; fails the test when there is none.
Error error_of(const std::function<void()>& work);
/// Its whole text.
std::string message_of(const std::function<void()>& work);
std::string read_error(const ReadOptions& options);

/// Tests that each read one file with a dataset as text.
class TextFileTest : public testing::Test {
 protected:
  explicit TextFileTest(std::string name) : name_(std::move(name)) {}

  Dataset read(const std::string& text, ReadOptions options = {}) {
    options.input = dir_.write(name_, text);
    return read_dataset(options);
  }
  std::string error(const std::string& text, ReadOptions options = {}) {
    options.input = dir_.write(name_, text);
    return read_error(options);
  }

  std::string name_;
  TempDir dir_;
};

}  // namespace labelsieve::test
