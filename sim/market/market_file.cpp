#include <cstdio>
#include <memory>

#include "sim/market/market_generator.hpp"

namespace tradsys::sim {

Result<u64> write_market_file(const std::string& path, const MarketConfig& config) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "wb"), [](std::FILE* f) { return std::fclose(f); });
  if (!file) return Error{path, "cannot be created", "choose a folder you may write to"};
  MarketGenerator market(config);
  bool written = true;
  for (Bytes message; written && market.next(message);) {
    std::byte length[2];
    store_be16(length, static_cast<u16>(message.size()));
    written = std::fwrite(length, 1, sizeof length, file.get()) == sizeof length &&
              std::fwrite(message.data(), 1, message.size(), file.get()) == message.size();
  }
  if (!written || std::fflush(file.get()) != 0) {
    return Error{path, "cannot be written to the end", "free some space on that disk"};
  }
  return market.count();
}

}  // namespace tradsys::sim
