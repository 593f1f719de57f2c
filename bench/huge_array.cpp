#include "huge_array.h"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace labelsieve_bench {

HugeArray::HugeArray(size_t bytes) : bytes_(bytes) {
  void* memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, /*fd=*/-1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without huge pages it is only slower
  data_ = static_cast<std::byte*>(memory);
}

HugeArray::~HugeArray() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

HugeArray::HugeArray(HugeArray&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

HugeArray& HugeArray::operator=(HugeArray&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace labelsieve_bench
