#include "io/npz.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

constexpr unsigned long kMaxNameBytes = 4096;

/// A file in memory, as minizip reads one: the callbacks below.
struct MemoryFile {
  std::string_view bytes;
  uint64_t position = 0;
};

voidpf open_memory(voidpf opaque, const void*, int) { return opaque; }
int close_memory(voidpf, voidpf) { return 0; }
int error_memory(voidpf, voidpf) { return 0; }

uLong read_memory(voidpf, voidpf stream, void* out, uLong size) {
  auto& file = *static_cast<MemoryFile*>(stream);
  const uint64_t left = file.bytes.size() - file.position;
  const uint64_t count = std::min<uint64_t>(size, left);
  std::memcpy(out, file.bytes.data() + file.position, count);
  file.position += count;
  return static_cast<uLong>(count);
}

uLong write_memory(voidpf, voidpf, const void*, uLong) { return 0; }

ZPOS64_T tell_memory(voidpf, voidpf stream) { return static_cast<MemoryFile*>(stream)->position; }

long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  auto& file = *static_cast<MemoryFile*>(stream);
  uint64_t base = 0;
  if (origin == ZLIB_FILEFUNC_SEEK_CUR) base = file.position;
  if (origin == ZLIB_FILEFUNC_SEEK_END) base = file.bytes.size();
  if (offset > file.bytes.size() || base > file.bytes.size() - offset) return -1;
  file.position = base + offset;
  return 0;
}

class Archive {
 public:
  Archive(const FileBytes& bytes, const std::string& file)
      : bytes_(bytes), file_(file), memory_{.bytes = bytes.bytes} {
    zlib_filefunc64_def functions{};
    functions.zopen64_file = open_memory;
    functions.zread_file = read_memory;
    functions.zwrite_file = write_memory;
    functions.ztell64_file = tell_memory;
    functions.zseek64_file = seek_memory;
    functions.zclose_file = close_memory;
    functions.zerror_file = error_memory;
    functions.opaque = &memory_;
    zip_ = unzOpen2_64(file.c_str(), &functions);
    if (zip_ == nullptr) {
      fail("this is not a complete .npz archive; write it with numpy.savez");
    }
  }
  ~Archive() { unzClose(zip_); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  std::vector<NpzMember> members() {
    std::vector<NpzMember> result;
    for (int status = unzGoToFirstFile(zip_); status != UNZ_END_OF_LIST_OF_FILE;
         status = unzGoToNextFile(zip_)) {
      if (status != UNZ_OK) fail("the archive's directory is damaged; write the file again");
      std::string name = describe_current();
      if (!name.ends_with(".npy")) continue;
      const std::string where = file_ + ":" + name.substr(0, name.size() - 4);
      NpyArray array = parse_npy(current_bytes(where), where);
      result.push_back({name.substr(0, name.size() - 4), std::move(array)});
    }
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& where = {}) const {
    throw Error(ErrorCode::kIo, message, {.file = where.empty() ? file_ : where});
  }

  /// Fills info_ and gives the name of the current member.
  std::string describe_current() {
    char name[kMaxNameBytes] = {};
    if (unzGetCurrentFileInfo64(zip_, &info_, name, kMaxNameBytes - 1, nullptr, 0, nullptr, 0) !=
        UNZ_OK) {
      fail("the archive's directory is damaged; write the file again");
    }
    return name;
  }

  FileBytes current_bytes(const std::string& where) {
    constexpr uLong kEncrypted = 1;
    if ((info_.flag & kEncrypted) != 0) fail("the member is encrypted; save it without", where);
    if (info_.compression_method != 0 && info_.compression_method != Z_DEFLATED) {
      fail("the member is compressed in a way other than deflate; use numpy.savez", where);
    }
    if (unzOpenCurrentFile(zip_) != UNZ_OK) fail("the member is damaged", where);
    return info_.compression_method == 0 ? stored_bytes(where) : inflated_bytes(where);
  }

  /// Where a stored member lies in the archive's bytes.
  FileBytes stored_bytes(const std::string& where) {
    const uint64_t offset = unzGetCurrentFileZStreamPos64(zip_);
    unzCloseCurrentFile(zip_);
    const uint64_t size = info_.uncompressed_size;
    if (offset > bytes_.bytes.size() || size > bytes_.bytes.size() - offset) {
      fail("the member reaches beyond the end of the archive; the file is truncated", where);
    }
    return {bytes_.bytes.substr(offset, size), bytes_.owner};
  }

  FileBytes inflated_bytes(const std::string& where) {
    // Deflate shrinks to no less than a 1032nd: a header that announces more lies, and memory is
    // not allocated for it.
    constexpr uint64_t kMaxRatio = 1032;
    if (info_.compressed_size > bytes_.bytes.size() ||
        info_.uncompressed_size > (info_.compressed_size + 1) * kMaxRatio) {
      unzCloseCurrentFile(zip_);
      fail("the member's size is wrong; the archive is damaged", where);
    }
    std::string content(info_.uncompressed_size, '\0');
    size_t used = 0;
    int got = 1;
    while (used < content.size() && got > 0) {
      const size_t part =
          std::min<size_t>(content.size() - used, std::numeric_limits<int>::max() / 2);
      got = unzReadCurrentFile(zip_, content.data() + used, static_cast<unsigned>(part));
      used += static_cast<size_t>(std::max(got, 0));
    }
    // Closing compares the checksum.
    if (unzCloseCurrentFile(zip_) != UNZ_OK || used < content.size()) {
      fail("the member is damaged (its checksum is wrong); write the archive again", where);
    }
    return owned_bytes(std::move(content));
  }

  const FileBytes& bytes_;
  const std::string& file_;
  MemoryFile memory_;
  unzFile zip_ = nullptr;
  unz_file_info64 info_{};
};

}  // namespace

std::vector<NpzMember> parse_npz(const FileBytes& bytes, const std::string& file) {
  return Archive(bytes, file).members();
}

}  // namespace labelsieve::io
