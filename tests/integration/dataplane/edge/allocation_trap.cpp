#include "tests/integration/dataplane/edge/allocation_trap.hpp"

#include <cerrno>
#include <cstddef>

#include "hostsw/core/contract.hpp"

extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* memory);
}

namespace {

thread_local bool t_set = false;
thread_local tradsys::u64 t_count = 0;

void note() noexcept {
  if (t_set) ++t_count;
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) {
  note();
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  note();
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, std::size_t bytes) {
  note();
  return __libc_realloc(memory, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
  note();
  return __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) {
  *memory = memalign(alignment, bytes);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) {
  note();
  __libc_free(memory);
}

}  // extern "C"

namespace tradsys::testing {

AllocationTrap::AllocationTrap() noexcept {
  TRADSYS_ASSERT(!t_set);
  t_count = 0;
  t_set = true;
}
AllocationTrap::~AllocationTrap() { t_set = false; }

u64 AllocationTrap::count() const noexcept { return t_count; }

}  // namespace tradsys::testing
