#include "base/huge_pages.h"

#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace labelsieve {
namespace {

constexpr size_t kHugePage = size_t{1} << 21;

size_t whole_pages(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

}  // namespace

void advise_huge_pages(void* memory, size_t bytes) {
#ifdef __linux__
  // Whole huge pages only: their neighbours belong to others.
  const auto address = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t begin = whole_pages(address);
  const uintptr_t end = (address + bytes) / kHugePage * kHugePage;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)bytes;
#endif
}

HugePages::HugePages(size_t bytes) {
  // Below that the room for aligning would be too large a part.
  constexpr size_t kWorthAligning = 4 * kHugePage;
  if (bytes < kWorthAligning) {
    memory_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
    data_ = memory_.get();
    advise_huge_pages(data_, bytes);
    return;
  }
  // Not by an aligned allocation: glibc keeps no freed memory for those, so that the pages of every
  // single one would have to be cleared.
  const size_t size = whole_pages(bytes);
  memory_ = std::make_unique_for_overwrite<std::byte[]>(size + kHugePage);
  data_ = memory_.get();
  data_ += (kHugePage - reinterpret_cast<uintptr_t>(data_) % kHugePage) % kHugePage;
  advise_huge_pages(data_, size);
}

}  // namespace labelsieve
