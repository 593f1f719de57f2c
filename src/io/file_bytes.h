// The bytes of an input file: mapped where possible, read where not.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace labelsieve::io {

/// Bytes and what keeps them alive. The view is valid as long as `owner` lives.
struct FileBytes {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

/// Maps a regular file read-only; reads pipes, devices and "-" (standard input) into memory.
/// A file that another program shortens while it is mapped ends this process (SIGBUS), as with
/// every memory-mapping program. Throws Error{kIo} for a missing or unreadable file or a directory.
FileBytes open_file(const std::string& path);

/// Takes over a string's bytes.
FileBytes owned_bytes(std::string bytes);

/// Whether the bytes begin like a gzip file.
bool is_gzip(std::string_view bytes);

/// Inflates a gzip file of one or more members. Throws Error{kIo} when it is damaged or cut off.
FileBytes gunzip(const FileBytes& compressed, const std::string& file);

/// The first 64 kilobytes of what a gzip file holds, or all where that is less; for a look at how a
/// text begins.
FileBytes gunzip_beginning(const FileBytes& compressed, const std::string& file);

}  // namespace labelsieve::io
