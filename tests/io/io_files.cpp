#include "io/io_files.h"

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <stdlib.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "io/element.h"

namespace labelsieve::test {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "labelsieve_io_XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::write(std::string_view name, std::string_view bytes) const {
  const std::string file = path(name);
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::vector<std::string> TempDir::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string npy_bytes(std::string_view descr, std::string_view shape, std::string_view data,
                      bool fortran_order, int version) {
  std::string header = "{'descr': '";
  header.append(descr).append("', 'fortran_order': ").append(fortran_order ? "True" : "False");
  header.append(", 'shape': ").append(shape).append(", }");
  const size_t prefix = version == 1 ? 10 : 12;
  while ((prefix + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + std::string(data);
}

std::string npy_labels(const std::vector<int64_t>& labels) {
  std::string shape = "(";
  shape.append(std::to_string(labels.size())).append(",)");
  return npy_bytes("<i8", shape, raw(labels));
}

std::string npy_probs(const std::vector<double>& probs, int64_t columns) {
  const int64_t rows = static_cast<int64_t>(probs.size()) / columns;
  std::string shape = "(";
  shape.append(std::to_string(rows)).append(", ").append(std::to_string(columns)).append(")");
  return npy_bytes("<f8", shape, raw(probs));
}

void write_npz(const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& members, int level,
               bool zip64) {
  zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  for (const auto& [name, bytes] : members) {
    const int method = level == 0 ? 0 : Z_DEFLATED;
    zipOpenNewFileInZip64(zip, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, method,
                          level, zip64 ? 1 : 0);
    zipWriteInFileInZip(zip, bytes.data(), static_cast<unsigned>(bytes.size()));
    zipCloseFileInZip(zip);
  }
  zipClose(zip, nullptr);
}

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<int64_t> labels_of(const Dataset& data) {
  std::vector<int64_t> labels;
  visit_int_type(data.labels.type, [&]<class T>(T) {
    for (int64_t row = 0; row < data.labels.size; ++row) {
      const auto* at = static_cast<const std::byte*>(data.labels.data) + row * data.labels.stride;
      labels.push_back(static_cast<int64_t>(io::load_element<T>(at, data.labels.byte_swapped)));
    }
  });
  return labels;
}

std::vector<double> probs_of(const Dataset& data, size_t model) {
  const MatrixView& view = data.pred_probs.at(model);
  std::vector<double> probs;
  io::with_float_type(view.type, [&]<class T>(T) {
    for (int64_t row = 0; row < view.rows; ++row) {
      for (int64_t column = 0; column < view.columns; ++column) {
        const auto* at = static_cast<const std::byte*>(view.data) + row * view.row_stride +
                         column * view.column_stride;
        probs.push_back(io::widened(io::load_element<T>(at, view.byte_swapped)));
      }
    }
  });
  return probs;
}

Error error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "errors are one line";
    return error;
  }
  ADD_FAILURE() << "there was no error";
  return Error(ErrorCode::kCancelled, "there was no error");
}

std::string message_of(const std::function<void()>& work) { return error_of(work).what(); }

std::string read_error(const ReadOptions& options) {
  return message_of([&] { read_dataset(options); });
}

}  // namespace labelsieve::test
