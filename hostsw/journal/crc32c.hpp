#pragma once
// CRC-32C (Castagnoli), as iSCSI and ext4 use it.
#include "hostsw/core/bytes.hpp"

namespace tradsys::journal {

/// Of `data`, continuing from `crc` (0 for a fresh start). One instruction per 8 bytes where the
/// build targets SSE4.2, else a table; both give the same value.
[[nodiscard]] u32 crc32c(Bytes data, u32 crc = 0) noexcept;

/// The table version, on any host: the oracle of the instruction's version.
[[nodiscard]] u32 crc32c_portable(Bytes data, u32 crc = 0) noexcept;

}  // namespace tradsys::journal
