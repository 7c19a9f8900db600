#include "hostsw/book/fixed_table.hpp"

#include <sys/mman.h>

namespace tradsys::book {
namespace {

constexpr usize kPageBytes = 4096;
constexpr usize kHugePageBytes = usize{2} << 20;

usize mapped_bytes(usize bytes) noexcept {
  const usize page = bytes >= kHugePageBytes ? kHugePageBytes : kPageBytes;
  return (bytes + page - 1) / page * page;
}

}  // namespace

void* map_table(usize bytes) noexcept {
  TRADSYS_ASSERT(bytes > 0);
  const usize size = mapped_bytes(bytes);
  // Huge pages need an aligned start: map one page more and give the ends back.
  const usize slack = size >= kHugePageBytes ? kHugePageBytes : 0;
  void* raw =
      ::mmap(nullptr, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRADSYS_ASSERT(raw != MAP_FAILED);
  char* start = static_cast<char*>(raw);
  if (slack != 0) {
    const usize head = (slack - reinterpret_cast<std::uintptr_t>(raw) % slack) % slack;
    if (head != 0) ::munmap(start, head);
    start += head;
    if (slack != head) ::munmap(start + size, slack - head);
    ::madvise(start, size, MADV_HUGEPAGE);
  }
  for (usize offset = 0; offset < size; offset += kPageBytes) {
    *const_cast<volatile char*>(start + offset) = 0;
  }
  return start;
}

void unmap_table(void* memory, usize bytes) noexcept { ::munmap(memory, mapped_bytes(bytes)); }

}  // namespace tradsys::book
