// Memory for a large array, on huge pages where the system has them.
#pragma once

#include <cstddef>

namespace labelsieve_bench {

/// A block of bytes, asked for as NumPy asks for its large arrays: anonymous memory that is advised
/// to use huge pages. Both sides of a comparison then read memory of the same kind.
class HugeArray {
 public:
  HugeArray() = default;
  explicit HugeArray(size_t bytes);
  ~HugeArray();
  HugeArray(HugeArray&& other) noexcept;
  HugeArray& operator=(HugeArray&& other) noexcept;

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  size_t size() const { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace labelsieve_bench
