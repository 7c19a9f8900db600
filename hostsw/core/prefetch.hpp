#pragma once
// Cache hints that survive the compiler.
//
// GCC takes a function that does nothing but __builtin_prefetch for one without effects and deletes
// its calls. The statement below is opaque to it, and always_inline leaves no such function.
#include "hostsw/core/types.hpp"

namespace tradsys {

/// Asks for the cache line at `address`, which may be any address, mapped or not.
[[gnu::always_inline]] inline void prefetch_line(const void* address) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetcht0 %0" : : "m"(*static_cast<const char*>(address)));
#else
  __builtin_prefetch(address);
#endif
}

}  // namespace tradsys
