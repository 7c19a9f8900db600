#pragma once
// The ITCH stream a bench runs over: a file of the user's, or a built-in one that is the same
// everywhere.
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "sim/bench/harness.hpp"

namespace tradsys::bench {

/// Whole message blocks (2-byte length, message) and how many.
struct ItchInput {
  std::vector<std::byte> blocks;
  u64 messages = 0;
};

/// Messages of the built-in stream when --items does not say otherwise.
inline constexpr u64 kSyntheticMessages = 2'000'000;

/// Loads options.itch_path or makes the synthetic stream; cut after options.items messages when
/// set.
[[nodiscard]] Result<ItchInput> load_itch(const Options& options);

/// A seeded stream with the mix of a Nasdaq day: a directory of 2,048 instruments, an opening book,
/// then adds, deletes, replaces, executions and cancels of live orders, busiest instruments first
/// by Zipf.
[[nodiscard]] ItchInput make_synthetic_itch(u64 messages, u64 seed);

}  // namespace tradsys::bench
