#pragma once
// A whole input file in memory, so that a bench measures no file system.
#include <filesystem>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::bench {

/// The file's bytes; unpacked when it is gzip (by content, not by name).
[[nodiscard]] Result<std::vector<std::byte>> load_bytes(const std::filesystem::path& path);

}  // namespace tradsys::bench
