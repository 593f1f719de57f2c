#include "base/huge_pages.h"

#include <algorithm>
#include <cstdint>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace labelsieve {
namespace {

constexpr size_t kHugePage = size_t{1} << 21;

class HugePageResource final : public std::pmr::memory_resource {
  static std::align_val_t alignment_of(size_t bytes, size_t wanted) {
    return std::align_val_t{bytes < kHugePage ? wanted : std::max(wanted, kHugePage)};
  }

  void* do_allocate(size_t bytes, size_t alignment) override {
    void* memory = ::operator new(bytes, alignment_of(bytes, alignment));
    advise_huge_pages(memory, bytes);
    return memory;
  }
  void do_deallocate(void* memory, size_t bytes, size_t alignment) override {
    ::operator delete(memory, alignment_of(bytes, alignment));
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

}  // namespace

std::pmr::memory_resource* huge_page_resource() {
  static HugePageResource resource;
  return &resource;
}

void advise_huge_pages(void* memory, size_t bytes) {
#ifdef __linux__
  // Whole huge pages only: their neighbours belong to others.
  const auto address = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t begin = (address + kHugePage - 1) / kHugePage * kHugePage;
  const uintptr_t end = (address + bytes) / kHugePage * kHugePage;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)bytes;
#endif
}

}  // namespace labelsieve
