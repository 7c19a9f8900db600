#include "sim/bench/input/load_bytes.hpp"

#include <zlib.h>

#include <memory>

namespace tradsys::bench {

Result<std::vector<std::byte>> load_bytes(const std::filesystem::path& path) {
  static constexpr unsigned kReadBytes = 1U << 20;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return Error{path.string(), "cannot be opened", "name an .itch or .gz file"};
  gzbuffer(file.get(), kReadBytes);
  std::error_code ignored;
  std::vector<std::byte> bytes;
  const auto packed_bytes = std::filesystem::file_size(path, ignored);
  if (!ignored) bytes.reserve(packed_bytes + kReadBytes);
  for (;;) {
    const usize have = bytes.size();
    bytes.resize(have + kReadBytes);
    const int got = gzread(file.get(), bytes.data() + have, kReadBytes);
    if (got < 0) return Error{path.string(), "is damaged after byte " + std::to_string(have), ""};
    bytes.resize(have + static_cast<usize>(got));
    if (got == 0) return bytes;
  }
}

}  // namespace tradsys::bench
