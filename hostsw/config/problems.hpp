#pragma once
// Everything that is wrong with a configuration, reported together, each with file, line, key and
// remedy.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::config {

/// Collects errors in the order found, and remembers where each key stands.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  /// Remembers the line of a key ("ports[1].mac"), for checks that come later.
  void stands_at(const std::string& key, u32 line) { lines_[key] = line; }
  /// Adds an error about `key`. Its line, or that of the closest enclosing key known, is looked up.
  void add(const std::string& key, std::string what, std::string remedy);
  void add(const std::string& key, u32 line, std::string what, std::string remedy);

  [[nodiscard]] bool none() const noexcept { return errors_.empty(); }
  [[nodiscard]] const std::vector<Error>& errors() const noexcept { return errors_; }
  /// One Error that tells all of them, one per line; there is at least one.
  [[nodiscard]] Error together() const;

 private:
  std::string file_;
  std::map<std::string, u32, std::less<>> lines_;
  std::vector<Error> errors_;
};

/// Remedy for a key nobody knows: the closest known one, or all of them.
[[nodiscard]] std::string suggest(std::string_view key, const std::vector<std::string_view>& known);

}  // namespace tradsys::config
