#pragma once
// Counts what the calling thread takes from the heap while a trap is set. Linking it replaces
// malloc and its family for the whole program, libraries included; operator new ends there too.
#include "hostsw/core/types.hpp"

namespace tradsys::testing {

/// From construction to destruction, for the calling thread. One at a time.
class AllocationTrap {
 public:
  AllocationTrap() noexcept;
  ~AllocationTrap();
  AllocationTrap(const AllocationTrap&) = delete;
  AllocationTrap& operator=(const AllocationTrap&) = delete;

  /// Calls that took or gave back memory so far.
  [[nodiscard]] u64 count() const noexcept;
};

}  // namespace tradsys::testing
