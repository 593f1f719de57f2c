// Columns of Arrow as arrays of NumPy over the same memory, through the Arrow C data interface.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "arrow_c_data.h"
#include "bindings.h"
#include "labelsieve/error.h"

namespace labelsieve::python {
namespace {

using ReadOnly = nb::ndarray<nb::numpy, nb::ro>;
using Owner = std::shared_ptr<Released<ArrowArray>>;

[[noreturn]] void refuse(const std::string& message, int64_t row = -1) {
  ErrorLocation location;
  location.row = row;
  throw Error(ErrorCode::kInvalidArgument, message, location);
}

/// Takes the structure out of a capsule, which keeps nothing to release.
template <class T>
void take(nb::handle capsule, const char* name, T& out) {
  auto* held = static_cast<T*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw nb::python_error();
  out = *held;
  held->release = nullptr;
}

std::optional<nb::dlpack::dtype> element_type(std::string_view format) {
  if (format.size() != 1) return std::nullopt;
  const auto type = [](nb::dlpack::dtype_code code, int bits) {
    return nb::dlpack::dtype{static_cast<uint8_t>(code), static_cast<uint8_t>(bits), 1};
  };
  switch (format.front()) {
    case 'c': return type(nb::dlpack::dtype_code::Int, 8);
    case 's': return type(nb::dlpack::dtype_code::Int, 16);
    case 'i': return type(nb::dlpack::dtype_code::Int, 32);
    case 'l': return type(nb::dlpack::dtype_code::Int, 64);
    case 'C': return type(nb::dlpack::dtype_code::UInt, 8);
    case 'S': return type(nb::dlpack::dtype_code::UInt, 16);
    case 'I': return type(nb::dlpack::dtype_code::UInt, 32);
    case 'L': return type(nb::dlpack::dtype_code::UInt, 64);
    case 'e': return type(nb::dlpack::dtype_code::Float, 16);
    case 'f': return type(nb::dlpack::dtype_code::Float, 32);
    case 'g': return type(nb::dlpack::dtype_code::Float, 64);
    default: return std::nullopt;
  }
}

/// The elements [first, first + count) of an array, counted without its own offset.
struct Range {
  const ArrowSchema& schema;
  const ArrowArray& array;
  int64_t first;
  int64_t count;
  int64_t first_row;  ///< Of the first element in the whole column, for messages.
};

void check_no_nulls(const Range& range, int64_t elements_per_row) {
  const auto* valid =
      range.array.n_buffers > 0 ? static_cast<const uint8_t*>(range.array.buffers[0]) : nullptr;
  if (valid == nullptr || range.array.null_count == 0) return;
  for (int64_t i = 0; i < range.count; ++i) {
    const int64_t bit = range.array.offset + range.first + i;
    if ((valid[bit / 8] >> (bit % 8) & 1) == 0) {
      refuse("a value is missing (null); leave that example out first",
             range.first_row + i / elements_per_row);
    }
  }
}

/// Numbers of shape (rows) or, with `columns`, (rows, columns).
nb::object numbers(const Range& range, const Owner& owner, int64_t columns = 0) {
  const auto type = element_type(range.schema.format);
  if (!type) {
    const std::string format = range.schema.format;
    const bool is_text = format == "u" || format == "U" || format == "vu";
    refuse(is_text ? "Labels cannot be strings, they must be integers: the positions of the classes"
                   : "a column of numbers or of vectors of numbers is needed; this one has Arrow's "
                     "format '" +
                         format + "'");
  }
  check_no_nulls(range, columns > 0 ? columns : 1);
  const int64_t skipped = (range.array.offset + range.first) * (type->bits / 8);
  const auto* data = static_cast<const char*>(range.array.buffers[1]) + skipped;
  std::array<size_t, 2> shape{static_cast<size_t>(range.count), static_cast<size_t>(columns)};
  if (columns > 0) shape[0] /= shape[1];
  auto kept = std::make_unique<Owner>(owner);
  const nb::capsule capsule(kept.get(),
                            [](void* held) noexcept { delete static_cast<Owner*>(held); });
  kept.release();
  return nb::cast(
      ReadOnly(data, columns > 0 ? size_t{2} : size_t{1}, shape.data(), capsule, nullptr, *type));
}

/// List<…> whose lists are equally long: the one length.
template <class Offset>
int64_t list_length(const Range& range) {
  const auto* offsets =
      static_cast<const Offset*>(range.array.buffers[1]) + range.array.offset + range.first;
  const int64_t length = range.count > 0 ? static_cast<int64_t>(offsets[1] - offsets[0]) : 0;
  for (int64_t i = 1; i < range.count; ++i) {
    if (offsets[i + 1] - offsets[i] != length) {
      refuse("this row has " + std::to_string(offsets[i + 1] - offsets[i]) +
                 " probabilities, the first has " + std::to_string(length),
             range.first_row + i);
    }
  }
  return length;
}

template <class Offset>
nb::object vectors(const Range& range, const Owner& owner) {
  const int64_t length = list_length<Offset>(range);
  if (length == 0) refuse("the vectors of probabilities are empty", range.first_row);
  const auto* offsets =
      static_cast<const Offset*>(range.array.buffers[1]) + range.array.offset + range.first;
  return numbers({*range.schema.children[0], *range.array.children[0],
                  static_cast<int64_t>(offsets[0]), range.count * length, range.first_row},
                 owner, length);
}

/// An array, or for a table of several columns a list of them.
nb::object column_or_table(const Range& range, const Owner& owner) {
  const std::string_view format = range.schema.format;
  if (format == "+s") {
    nb::list columns;
    for (int64_t c = 0; c < range.array.n_children; ++c) {
      columns.append(
          column_or_table({*range.schema.children[c], *range.array.children[c],
                           range.array.offset + range.first, range.count, range.first_row},
                          owner));
    }
    return nb::len(columns) == 1 ? nb::object(columns[0]) : nb::object(columns);
  }
  if (!format.starts_with('+')) return numbers(range, owner);
  check_no_nulls(range, 1);
  if (format.starts_with("+w:")) {
    const int64_t length = std::atoll(format.data() + 3);
    if (length <= 0) refuse("the vectors of probabilities are empty", range.first_row);
    return numbers(
        {*range.schema.children[0], *range.array.children[0],
         (range.array.offset + range.first) * length, range.count * length, range.first_row},
        owner, length);
  }
  if (format == "+l") return vectors<int32_t>(range, owner);
  if (format == "+L") return vectors<int64_t>(range, owner);
  refuse("a column of numbers or of vectors of numbers is needed; this one has Arrow's format '" +
         std::string(format) + "'");
}

void append_chunk(const ArrowSchema& schema, const Owner& owner, int64_t& row, nb::list& chunks) {
  const ArrowArray& array = owner->value;
  if (array.length > 0) {
    chunks.append(column_or_table({schema, array, 0, array.length, row}, owner));
  }
  row += array.length;
}

/// The chunks of a column, or of a table, as read-only arrays over its memory; empty ones left out.
nb::typed<nb::list, nb::object> arrow_chunks(nb::handle values) {
  nb::list chunks;
  int64_t row = 0;
  if (nb::hasattr(values, "__arrow_c_array__")) {
    const auto capsules = nb::cast<nb::tuple>(values.attr("__arrow_c_array__")());
    Released<ArrowSchema> schema;
    take(capsules[0], "arrow_schema", schema.value);
    const auto owner = std::make_shared<Released<ArrowArray>>();
    take(capsules[1], "arrow_array", owner->value);
    append_chunk(schema.value, owner, row, chunks);
    return nb::typed<nb::list, nb::object>(chunks);
  }
  const nb::object capsule = values.attr("__arrow_c_stream__")();
  Released<ArrowArrayStream> stream;
  take(capsule, "arrow_array_stream", stream.value);
  const auto check = [&stream](int failed) {
    if (failed == 0) return;
    const char* text = stream.value.get_last_error(&stream.value);
    refuse(std::string("cannot read the Arrow stream: ") + (text != nullptr ? text : "no reason"));
  };
  Released<ArrowSchema> schema;
  check(stream.value.get_schema(&stream.value, &schema.value));
  for (;;) {
    const auto owner = std::make_shared<Released<ArrowArray>>();
    check(stream.value.get_next(&stream.value, &owner->value));
    if (owner->value.release == nullptr) return nb::typed<nb::list, nb::object>(chunks);
    append_chunk(schema.value, owner, row, chunks);
  }
}

}  // namespace

void bind_arrow(nb::module_& m) { m.def("arrow_chunks", &arrow_chunks, nb::arg("values")); }

}  // namespace labelsieve::python
