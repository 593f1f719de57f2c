// What the library returns, as arrays of NumPy that own it: no copy.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "labelsieve/sparse_matrix.h"

namespace labelsieve::python {

template <class T>
using Array = nanobind::ndarray<nanobind::numpy, T>;

/// An array over the elements of `values`, of any shape with as many elements.
template <class T, class Element = T>
Array<Element> to_array(std::vector<T>&& values, std::initializer_list<size_t> shape) {
  static_assert(sizeof(T) == sizeof(Element));
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  auto* data = reinterpret_cast<Element*>(owned->data());
  const nanobind::capsule owner(
      owned.get(), [](void* memory) noexcept { delete static_cast<std::vector<T>*>(memory); });
  owned.release();
  return Array<Element>(data, shape, owner);
}

template <class T>
Array<T> to_array(std::vector<T>&& values) {
  const size_t size = values.size();
  return to_array<T>(std::move(values), {size});
}

/// One member of every element of `rows` as an array.
template <class T, class Row>
Array<T> column(const std::vector<Row>& rows, T Row::* member) {
  std::vector<T> values;
  values.reserve(rows.size());
  for (const Row& row : rows) values.push_back(row.*member);
  return to_array(std::move(values));
}

/// One byte per element, as bool.
inline Array<bool> to_mask(std::vector<uint8_t>&& values) {
  const size_t size = values.size();
  return to_array<uint8_t, bool>(std::move(values), {size});
}

/// K×K, row-major.
template <class T>
Array<T> to_array(const SparseMatrix<T>& matrix) {
  const auto size = static_cast<size_t>(matrix.size);
  return to_array<T>(matrix.to_dense(), {size, size});
}

}  // namespace labelsieve::python
