#pragma once
// Passwords live in files of their own, never in a configuration.
#include <string>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::config {

/// Longest password of a SoupBinTCP login.
inline constexpr usize kSoupPasswordBytes = 10;
/// Longest password of a FIX logon.
inline constexpr usize kFixPasswordBytes = 64;

/// First line of the file, at most `bytes_max` characters, at least one. Error when the file is
/// missing, empty, too long, or open to anyone but its owner. The Error never contains the secret.
[[nodiscard]] Result<std::string> read_secret(const std::string& path, usize bytes_max);

}  // namespace tradsys::config
