#pragma once
// Where a figure was measured: without it a figure means nothing.
#include <string>

#include "hostsw/core/types.hpp"

namespace tradsys::bench {

/// Object with the keys cpu, cores, kernel, compiler, march, hugepages.
[[nodiscard]] std::string host_json();
/// The same for the head of the human table.
[[nodiscard]] std::string host_text();
/// Runnable tasks over the last minute, as the kernel counts them.
[[nodiscard]] double load_average();
/// Most memory the process has held so far.
[[nodiscard]] u64 peak_memory_bytes();
/// `text` quoted and escaped.
[[nodiscard]] std::string json_string(const std::string& text);

}  // namespace tradsys::bench
