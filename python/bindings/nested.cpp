#include "nested.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "labelsieve/error.h"

namespace labelsieve::python {
namespace {

namespace nb = nanobind;

[[noreturn]] void refuse(const std::string& name, size_t sentence, const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument,
              name + " of sentence " + std::to_string(sentence) + ": " + message);
}

/// The elements of any sequence, as a list or tuple.
nb::object elements_of(nb::handle sequence, const std::string& name) {
  const std::string message = name + " must be a list with one sequence for each sentence";
  nb::object elements = nb::steal(PySequence_Fast(sequence.ptr(), message.c_str()));
  if (!elements.is_valid()) throw nb::python_error();
  return elements;
}

/// What the Python side makes of an element; its errors get the number of the sentence.
nb::object converted(const Convert& convert, nb::handle element, const std::string& name,
                     size_t sentence) {
  try {
    return nb::object(convert(element));
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
    refuse(name, sentence, nb::str(error.value()).c_str());
  }
}

bool is_list(PyObject* object) { return PyList_Check(object) || PyTuple_Check(object); }

/// A number of Python or NumPy that is whole.
std::optional<int64_t> whole_number(PyObject* number) {
  if (PyFloat_Check(number)) {
    const double value = PyFloat_AS_DOUBLE(number);
    if (std::floor(value) != value || std::abs(value) > 1e15) return std::nullopt;
    return static_cast<int64_t>(value);
  }
  const Py_ssize_t value = PyNumber_AsSsize_t(number, PyExc_OverflowError);
  if (value == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    return std::nullopt;
  }
  return static_cast<int64_t>(value);
}

/// Appends the numbers of a list; false where one is none.
bool append_doubles(PyObject* list, std::vector<double>& out) {
  const auto size = static_cast<size_t>(PySequence_Fast_GET_SIZE(list));
  PyObject** items = PySequence_Fast_ITEMS(list);
  const size_t before = out.size();
  out.resize(before + size);
  double* values = out.data() + before;
  for (size_t i = 0; i < size; ++i) {
    PyObject* item = items[i];
    if (PyFloat_CheckExact(item)) [[likely]] {
      values[i] = PyFloat_AS_DOUBLE(item);
      continue;
    }
    if (is_list(item) || PyUnicode_Check(item)) return false;
    values[i] = PyFloat_AsDouble(item);
    if (values[i] == -1.0 && PyErr_Occurred()) {
      PyErr_Clear();
      return false;
    }
  }
  return true;
}

bool is_native_double(const MatrixView& view) {
  return view.type == FloatType::kFloat64 && !view.byte_swapped;
}

/// Appends a column of native float64; false for any other view.
bool append_doubles(const MatrixView& view, std::vector<double>& out) {
  if (!is_native_double(view)) return false;
  const auto* element = static_cast<const std::byte*>(view.data);
  for (int64_t i = 0; i < view.rows; ++i, element += view.row_stride) {
    double value = 0;
    std::memcpy(&value, element, sizeof value);
    out.push_back(value);
  }
  return true;
}

template <class T>
int64_t integer_at(const std::byte* element, bool byte_swapped) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), element, sizeof(T));
  if (byte_swapped) std::reverse(bytes.begin(), bytes.end());
  return static_cast<int64_t>(std::bit_cast<T>(bytes));
}

int64_t integer_at(const LabelsView& view, int64_t index) {
  const auto* element = static_cast<const std::byte*>(view.data) + index * view.stride;
  switch (view.type) {
    case IntType::kInt8: return integer_at<int8_t>(element, view.byte_swapped);
    case IntType::kInt16: return integer_at<int16_t>(element, view.byte_swapped);
    case IntType::kInt32: return integer_at<int32_t>(element, view.byte_swapped);
    case IntType::kInt64: return integer_at<int64_t>(element, view.byte_swapped);
    case IntType::kUInt8: return integer_at<uint8_t>(element, view.byte_swapped);
    case IntType::kUInt16: return integer_at<uint16_t>(element, view.byte_swapped);
    case IntType::kUInt32: return integer_at<uint32_t>(element, view.byte_swapped);
    default: return integer_at<uint64_t>(element, view.byte_swapped);
  }
}

std::optional<LabelsView> vector_of(const std::optional<Buffer>& buffer) {
  if (!buffer || buffer->get().ndim != 1) return std::nullopt;
  return integers_of(*buffer);
}

}  // namespace

std::optional<Buffer> try_buffer(nb::handle object) {
  if (!PyObject_CheckBuffer(object.ptr()) || PyBytes_Check(object.ptr())) return std::nullopt;
  try {
    return Buffer(object);
  } catch (nb::python_error&) {
    return std::nullopt;
  }
}

NestedIntegers::NestedIntegers(nb::handle outer, const std::string& name, const Convert& convert,
                               std::optional<int64_t> none) {
  const nb::object elements = elements_of(outer, name);
  const auto size = static_cast<size_t>(PySequence_Fast_GET_SIZE(elements.ptr()));
  std::vector<size_t> copied;  // sentences whose numbers lie in copies_
  views_.reserve(size);
  for (size_t i = 0; i < size; ++i) {
    PyObject* element = PySequence_Fast_GET_ITEM(elements.ptr(), static_cast<Py_ssize_t>(i));
    if (is_list(element)) {
      const size_t before = copies_.size();
      if (!copy_numbers(element, none)) refuse(name, i, "they must be whole numbers, in one list");
      copied.push_back(i);
      views_.emplace_back().size = static_cast<int64_t>(copies_.size() - before);
      continue;
    }
    std::optional<Buffer> buffer = try_buffer(element);
    std::optional<LabelsView> view = vector_of(buffer);
    if (!view) {
      buffer.emplace(converted(convert, element, name, i));
      view = vector_of(buffer);
      if (!view) refuse(name, i, "they must be whole numbers of one dimension");
    }
    views_.push_back(*view);
    buffers_.push_back(std::move(*buffer));
  }
  int64_t position = 0;
  for (const size_t i : copied) {
    const int64_t count = views_[i].size;
    views_[i] = LabelsView(copies_.data() + position, count);
    position += count;
  }
}

bool NestedIntegers::copy_numbers(PyObject* sequence, std::optional<int64_t> none) {
  const Py_ssize_t size = PySequence_Fast_GET_SIZE(sequence);
  PyObject** items = PySequence_Fast_ITEMS(sequence);
  for (Py_ssize_t i = 0; i < size; ++i) {
    std::optional<int64_t> number = none;
    if (items[i] != Py_None) number = whole_number(items[i]);
    if (!number) return false;
    copies_.push_back(*number);
  }
  return true;
}

std::vector<int64_t> NestedIntegers::flattened() const {
  std::vector<int64_t> values;
  for (const LabelsView& view : views_) {
    for (int64_t i = 0; i < view.size; ++i) values.push_back(integer_at(view, i));
  }
  return values;
}

NestedDoubles nested_doubles(nb::handle outer, const std::string& name, const Convert& convert) {
  const nb::object elements = elements_of(outer, name);
  const auto size = static_cast<size_t>(PySequence_Fast_GET_SIZE(elements.ptr()));
  NestedDoubles nested;
  nested.offsets.reserve(size + 1);
  for (size_t i = 0; i < size; ++i) {
    PyObject* element = PySequence_Fast_GET_ITEM(elements.ptr(), static_cast<Py_ssize_t>(i));
    const size_t before = nested.values.size();
    bool taken = is_list(element) && append_doubles(element, nested.values);
    if (!taken) {
      nested.values.resize(before);
      const Buffer array(converted(convert, element, name, i));
      const auto column = floats_of(array, true);
      taken = array.get().ndim == 1 && column && append_doubles(*column, nested.values);
    }
    if (!taken) refuse(name, i, "they must be numbers, in one list");
    nested.offsets.push_back(static_cast<int64_t>(nested.values.size()));
  }
  return nested;
}

NestedMatrices::NestedMatrices(nb::handle outer, const std::string& name, const Convert& convert,
                               bool one_column) {
  const nb::object elements = elements_of(outer, name);
  const auto size = static_cast<size_t>(PySequence_Fast_GET_SIZE(elements.ptr()));
  views_.reserve(size);
  for (size_t i = 0; i < size; ++i) {
    PyObject* element = PySequence_Fast_GET_ITEM(elements.ptr(), static_cast<Py_ssize_t>(i));
    std::optional<MatrixView> view =
        is_list(element) ? copy_of(element, one_column) : view_of(element, one_column);
    if (!view) view = view_of(converted(convert, element, name, i), one_column);
    if (!view) {
      refuse(name, i,
             one_column ? "an array with one number for each token is needed"
                        : "an array of the shape tokens x classes is needed");
    }
    views_.push_back(*view);
  }
}

std::optional<MatrixView> NestedMatrices::view_of(nb::handle array, bool one_column) {
  std::optional<Buffer> buffer = try_buffer(array);
  if (!buffer) return std::nullopt;
  const Py_buffer& memory = buffer->get();
  if (memory.ndim == 1 && memory.shape[0] == 0) return MatrixView();  // of an empty list
  const bool as_column = one_column && memory.ndim == 1;
  if (memory.ndim != (as_column ? 1 : 2)) return std::nullopt;
  const std::optional<MatrixView> view = floats_of(*buffer, as_column);
  if (view) buffers_.push_back(std::move(*buffer));
  return view;
}

std::optional<MatrixView> NestedMatrices::copy_of(PyObject* element, bool one_column) {
  const Py_ssize_t rows = PySequence_Fast_GET_SIZE(element);
  if (rows == 0) return MatrixView();
  std::vector<double> numbers;
  if (one_column) {
    if (!append_doubles(element, numbers)) return std::nullopt;
  } else {
    PyObject** items = PySequence_Fast_ITEMS(element);
    for (Py_ssize_t i = 0; i < rows; ++i) {
      if (!is_list(items[i])) return std::nullopt;
      if (i == 0) numbers.reserve(static_cast<size_t>(rows * PySequence_Fast_GET_SIZE(items[0])));
      if (PySequence_Fast_GET_SIZE(items[i]) != PySequence_Fast_GET_SIZE(items[0]) ||
          !append_doubles(items[i], numbers)) {
        return std::nullopt;
      }
    }
  }
  const auto columns = static_cast<int64_t>(numbers.size()) / rows;
  copies_.push_back(std::move(numbers));
  return MatrixView(copies_.back().data(), rows, columns);
}

}  // namespace labelsieve::python
