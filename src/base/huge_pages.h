// Memory of large results, on huge pages where the system has them.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <vector>

namespace labelsieve {

/// Asks the system to back the untouched memory [memory, memory + bytes) with huge pages, which
/// saves hundreds of page faults a megabyte. A wish: where it cannot be had nothing changes.
void advise_huge_pages(void* memory, size_t bytes);

/// Memory from new, large pieces of it on huge pages.
std::pmr::memory_resource* huge_page_resource();

/// values.reserve(size), asking for huge pages. For one number per example, before the first
/// resize().
template <class T>
void reserve_huge_pages(std::vector<T>& values, size_t size) {
  values.reserve(size);
  advise_huge_pages(values.data(), values.capacity() * sizeof(T));
}

}  // namespace labelsieve
