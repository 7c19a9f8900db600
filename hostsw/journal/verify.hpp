#pragma once
// What a whole journal holds and whether it can be trusted: for operators and audits.
#include <string>

#include "hostsw/journal/reader.hpp"

namespace tradsys::journal {

/// Result of reading everything once.
struct Summary {
  ReadStatus status = ReadStatus::kEnd;  ///< kEnd, kTornTail or kCorrupt
  u64 segments = 0;
  u64 batches = 0;
  u64 records = 0;
  u64 last_seq = 0;  ///< 0 for an empty journal
  u64 payload_bytes = 0;
  u64 first_ts_ns = 0;
  u64 last_ts_ns = 0;
  std::string chain_hash;  ///< 64 hexadecimal digits: vouches for the whole history
  Error problem;  ///< file, offset and reason unless kEnd

  /// Fit to start from: whole, or with nothing but a torn tail.
  [[nodiscard]] bool usable() const noexcept { return status != ReadStatus::kCorrupt; }
};

/// Reads the journal in `dir`. Error only when it cannot be opened at all.
[[nodiscard]] Result<Summary> verify(const std::filesystem::path& dir);

/// 64 hexadecimal digits.
[[nodiscard]] std::string hex(const Hash& hash);

}  // namespace tradsys::journal
