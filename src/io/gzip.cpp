#include <zlib.h>

#include <algorithm>
#include <limits>

#include "io/file_bytes.h"
#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

constexpr size_t kFirstBytes = size_t{1} << 16;

class Inflater {
 public:
  Inflater() {
    // 15 window bits, +16: a gzip header is expected.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

uInt clamped(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
}

/// Inflates as much as fits into `out`; gives zlib's status.
int inflate_some(z_stream& stream, std::string_view& in, std::string& out, size_t& used) {
  if (used == out.size()) out.resize(std::max(kFirstBytes, out.size() * 2));
  // zlib takes its input as non-const for historic reasons only.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = clamped(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
  stream.avail_out = clamped(out.size() - used);
  const uInt offered_in = stream.avail_in;
  const uInt offered_out = stream.avail_out;
  const int status = inflate(&stream, Z_NO_FLUSH);
  in.remove_prefix(offered_in - stream.avail_in);
  used += offered_out - stream.avail_out;
  return status;
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.substr(0, 2) == "\x1f\x8b"; }

FileBytes gunzip(const FileBytes& compressed, const std::string& file) {
  Inflater inflater;
  std::string_view in = compressed.bytes;
  std::string out;
  size_t used = 0;
  for (;;) {
    const int status = inflate_some(inflater.stream(), in, out, used);
    if (status == Z_STREAM_END) {
      // Members may follow each other; anything else after one is padding and ignored, as gzip
      // does.
      if (!is_gzip(in)) break;
      inflateReset(&inflater.stream());
    } else if (status == Z_BUF_ERROR || (status == Z_OK && in.empty() && used < out.size())) {
      throw Error(ErrorCode::kIo, "the gzip data ends in the middle; the file is truncated",
                  {.file = file});
    } else if (status != Z_OK) {
      throw Error(ErrorCode::kIo, "the gzip data is damaged; write the file again", {.file = file});
    }
  }
  out.resize(used);
  return owned_bytes(std::move(out));
}

FileBytes gunzip_beginning(const FileBytes& compressed, const std::string& file) {
  Inflater inflater;
  std::string_view in = compressed.bytes;
  std::string out;
  size_t used = 0;
  const int status = inflate_some(inflater.stream(), in, out, used);
  if (status != Z_OK && status != Z_STREAM_END) {
    throw Error(ErrorCode::kIo, "the gzip data is damaged; write the file again", {.file = file});
  }
  out.resize(used);
  return owned_bytes(std::move(out));
}

}  // namespace labelsieve::io
