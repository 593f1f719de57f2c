#include "io/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>

#include "io/element.h"
#include "io/message.h"
#include "io/npy_header.h"
#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

/// Splits the bytes into header text and data. Layout: magic, version (2), header length
/// (2 bytes in version 1, 4 later), header, data.
std::string_view header_text(std::string_view bytes, const std::string& file) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  if (bytes.empty()) refuse_file(file, "the file is empty");
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    refuse_file(file, "this is not a .npy file; write it with numpy.save");
  }
  if (bytes.size() < 10) refuse_file(file, "the file is truncated within its header");
  const auto byte_at = [bytes](size_t at) { return static_cast<unsigned char>(bytes[at]); };
  const int version = byte_at(6);
  if (version < 1 || version > 3) {
    refuse_file(file, "unknown version " + std::to_string(version) + " of the .npy format");
  }
  const size_t start = version == 1 ? 10 : 12;
  if (bytes.size() < start) refuse_file(file, "the file is truncated within its header");
  size_t length = byte_at(8) | static_cast<size_t>(byte_at(9)) << 8;
  if (version > 1) {
    length |= static_cast<size_t>(byte_at(10)) << 16 | static_cast<size_t>(byte_at(11)) << 24;
  }
  if (bytes.size() - start < length) refuse_file(file, "the file is truncated within its header");
  return bytes.substr(start, length);
}

/// Fills kind, item_size and byte order from a type string such as "<f4", "|S10" or ">U3".
void set_type(NpyArray& array, const std::string& descr, const std::string& file) {
  std::string_view text = descr;
  char order = '|';
  if (!text.empty() && std::string_view("<>|=").find(text[0]) != std::string_view::npos) {
    order = text[0];
    text.remove_prefix(1);
  }
  if (text.empty()) refuse_file(file, "damaged .npy header: the type is empty");
  array.kind = text[0];
  text.remove_prefix(1);
  if (array.kind == 'O') {
    refuse_file(file,
                "the array holds pickled Python objects, which are never loaded; save it as "
                "numbers or strings, for example numpy.save(file, array.astype(str))");
  }
  if (std::string_view("?biufcSUmMVa").find(array.kind) == std::string_view::npos) {
    refuse_file(file, "unknown element type " + quoted_text(descr));
  }
  int64_t size = array.kind == '?' ? 1 : -1;
  if (!text.empty()) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), size);
    const bool has_unit = array.kind == 'm' || array.kind == 'M';
    if (parsed.ec != std::errc() || (parsed.ptr != text.data() + text.size() && !has_unit))
      size = -1;
  }
  // Elements of no bytes would let a small file announce any number of them.
  if (size < 1 || size > std::numeric_limits<int32_t>::max() / 4) {
    refuse_file(file, "unknown element type " + quoted_text(descr));
  }
  if (array.kind == '?') array.kind = 'b';
  if (array.kind == 'a') array.kind = 'S';
  array.item_size = array.kind == 'U' ? size * 4 : size;
  constexpr bool kLittle = std::endian::native == std::endian::little;
  array.byte_swapped = (order == '>' && kLittle) || (order == '<' && !kLittle);
  if (array.item_size == 1) array.byte_swapped = false;
}

/// The product of the shape in elements; throws where the bytes could not be addressed.
int64_t checked_size(const NpyArray& array, const std::string& file) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  int64_t size = 1;
  int64_t bytes = std::max<int64_t>(array.item_size, 1);
  for (const int64_t dimension : array.shape) {
    if (dimension != 0 && bytes > kMax / dimension) {
      refuse_file(file, "damaged .npy header: the shape is larger than any file");
    }
    size *= dimension;
    bytes *= std::max<int64_t>(dimension, 1);
  }
  return size;
}

}  // namespace

std::string NpyArray::describe() const {
  std::string text;
  switch (kind) {
    case 'b': text = "bool"; break;
    case 'i': text = "int" + std::to_string(item_size * 8); break;
    case 'u': text = "uint" + std::to_string(item_size * 8); break;
    case 'f': text = "float" + std::to_string(item_size * 8); break;
    case 'c': text = "complex" + std::to_string(item_size * 8); break;
    case 'S': text = "bytes"; break;
    case 'U': text = "str"; break;
    case 'm':
    case 'M': text = "dates"; break;
    default: text = "raw bytes"; break;
  }
  text += " of shape (";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

NpyArray parse_npy(const FileBytes& file_bytes, const std::string& file) {
  const std::string_view text = header_text(file_bytes.bytes, file);
  const NpyHeader header = parse_npy_header(text, file);
  NpyArray array;
  set_type(array, header.descr, file);
  array.fortran_order = header.fortran_order;
  array.shape = header.shape;
  array.size = checked_size(array, file);
  const char* data = text.data() + text.size();
  const int64_t expected = array.size * array.item_size;
  const int64_t found = file_bytes.bytes.data() + file_bytes.bytes.size() - data;
  if (found != expected) {
    refuse_file(file,
                std::string(found < expected ? "the file is truncated" : "the header is wrong") +
                    ": it announces " + array.describe() + ", which is " +
                    count_of(expected, "byte") + " of data, and " + std::to_string(found) +
                    " follow; write the file again");
  }
  array.data = reinterpret_cast<const std::byte*>(data);
  array.owner = file_bytes.owner;
  return array;
}

bool is_float_array(const NpyArray& array) {
  return array.kind == 'f' &&
         (array.item_size == 2 || array.item_size == 4 || array.item_size == 8);
}

bool is_int_array(const NpyArray& array) {
  const int64_t size = array.item_size;
  return (array.kind == 'i' || array.kind == 'u') &&
         (size == 1 || size == 2 || size == 4 || size == 8);
}

bool is_string_array(const NpyArray& array) { return array.kind == 'S' || array.kind == 'U'; }

FloatType float_type_of(const NpyArray& array) {
  return array.item_size == 2   ? FloatType::kFloat16
         : array.item_size == 4 ? FloatType::kFloat32
                                : FloatType::kFloat64;
}

IntType int_type_of(const NpyArray& array) {
  const bool is_signed = array.kind == 'i';
  switch (array.item_size) {
    case 1: return is_signed ? IntType::kInt8 : IntType::kUInt8;
    case 2: return is_signed ? IntType::kInt16 : IntType::kUInt16;
    case 4: return is_signed ? IntType::kInt32 : IntType::kUInt32;
    default: return is_signed ? IntType::kInt64 : IntType::kUInt64;
  }
}

void string_element(const NpyArray& array, int64_t index, std::string& out,
                    const std::string& file) {
  out.clear();
  const std::byte* element = array.data + index * array.item_size;
  if (array.kind == 'S') {
    const auto* text = reinterpret_cast<const char*>(element);
    size_t length = static_cast<size_t>(array.item_size);
    while (length > 0 && text[length - 1] == '\0') --length;
    out.assign(text, length);
    return;
  }
  int64_t length = array.item_size / 4;
  const auto code_point = [&](int64_t at) {
    return load_element<uint32_t>(element + at * 4, array.byte_swapped);
  };
  while (length > 0 && code_point(length - 1) == 0) --length;
  for (int64_t at = 0; at < length; ++at) {
    if (!append_utf8(out, code_point(at))) {
      throw Error(ErrorCode::kInvalidData, "a string holds a character that does not exist",
                  {.file = file, .row = index});
    }
  }
}

std::vector<std::string> to_strings(const NpyArray& array, const std::string& file) {
  const bool column = array.shape.size() == 2 && array.shape[1] == 1;
  const bool is_text = is_string_array(array);
  if ((array.shape.size() != 1 && !column) || (!is_text && !is_int_array(array))) {
    refuse_file(
        file, "expected a one-dimensional array of strings or integers, found " + array.describe());
  }
  std::vector<std::string> values(static_cast<size_t>(array.size));
  for (int64_t i = 0; i < array.size; ++i) {
    std::string& value = values[static_cast<size_t>(i)];
    if (is_text) {
      string_element(array, i, value, file);
    } else {
      visit_int_type(int_type_of(array), [&]<class T>(T) {
        value =
            std::to_string(load_element<T>(array.data + i * array.item_size, array.byte_swapped));
      });
    }
  }
  return values;
}

}  // namespace labelsieve::io
