#pragma once
// The host as the kernel describes it in files. The root may be a copied tree: a support bundle, or
// one a test made up.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hostsw/core/types.hpp"

namespace tradsys::cli {

class Host {
 public:
  explicit Host(std::filesystem::path root) : root_(std::move(root)) {}

  /// The whole file; nothing when it is not there or cannot be read. Paths start with "/".
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  /// Its first line without blanks around it.
  [[nodiscard]] std::optional<std::string> line(const std::string& path) const;
  /// Its first line as a number.
  [[nodiscard]] std::optional<i64> number(const std::string& path) const;
  /// Names in a folder that start with `prefix`, sorted.
  [[nodiscard]] std::vector<std::string> names(const std::string& folder,
                                               const std::string& prefix = {}) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  /// First line "key<separator>value" of a file, blanks around the value removed.
  [[nodiscard]] std::optional<std::string> value_of(const std::string& path, const std::string& key,
                                                    char separator) const;

 private:
  [[nodiscard]] std::filesystem::path below_root(const std::string& path) const;
  std::filesystem::path root_;
};

/// How many numbers a kernel list like "2-5,8" names; nothing when it is not such a list.
[[nodiscard]] std::optional<u32> count_of_list(const std::string& list);

/// Whether `words` (separated by blanks) holds `word`.
[[nodiscard]] bool has_word(const std::string& words, const std::string& word);

}  // namespace tradsys::cli
