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
  // Not by an aligned allocation: glibc keeps no freed memory for those, so that the pages of every
  // single one would have to be cleared.
  const bool is_large = bytes >= kHugePage;
  const size_t size = is_large ? whole_pages(bytes) + kHugePage : bytes;
  memory_ = std::make_unique_for_overwrite<std::byte[]>(size);
  data_ = memory_.get();
  if (!is_large) return;
  data_ += (kHugePage - reinterpret_cast<uintptr_t>(data_) % kHugePage) % kHugePage;
  advise_huge_pages(data_, whole_pages(bytes));
}

}  // namespace labelsieve
