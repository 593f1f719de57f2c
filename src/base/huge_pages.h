// Memory of large results, on huge pages where the system has them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace labelsieve {

/// Asks the system to back the untouched memory [memory, memory + bytes) with huge pages, which
/// saves hundreds of page faults a megabyte. A wish: where it cannot be had nothing changes.
void advise_huge_pages(void* memory, size_t bytes);

/// values.reserve(size), asking for huge pages. For one number per example, before the first
/// resize().
template <class T>
void reserve_huge_pages(std::vector<T>& values, size_t size) {
  values.reserve(size);
  advise_huge_pages(values.data(), values.capacity() * sizeof(T));
}

/// Memory that is not initialised, from the beginning of a huge page on where it fills several.
class HugePages {
 public:
  HugePages() = default;

  /// Throws std::bad_alloc.
  explicit HugePages(size_t bytes);

  std::byte* data() const { return data_; }

 private:
  std::unique_ptr<std::byte[]> memory_;
  std::byte* data_ = nullptr;
};

}  // namespace labelsieve
