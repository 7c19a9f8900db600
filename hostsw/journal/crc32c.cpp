#include "hostsw/journal/crc32c.hpp"

#include <array>

#if defined(__SSE4_2__)
#include <nmmintrin.h>
#endif

namespace tradsys::journal {
namespace {

constexpr std::array<u32, 256> kTable = [] {
  std::array<u32, 256> table{};
  for (u32 i = 0; i < 256; ++i) {
    u32 crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) ? 0x82F63B78U : 0U);
    table[i] = crc;
  }
  return table;
}();

}  // namespace

u32 crc32c_portable(Bytes data, u32 crc) noexcept {
  crc = ~crc;
  for (const std::byte b : data) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<u32>(b)) & 0xFFU];
  return ~crc;
}

#if defined(__SSE4_2__)

u32 crc32c(Bytes data, u32 crc) noexcept {
  const std::byte* p = data.data();
  usize left = data.size();
  u64 wide = ~crc;
  for (; left >= 8; p += 8, left -= 8) {
    u64 word;
    std::memcpy(&word, p, sizeof word);
    wide = _mm_crc32_u64(wide, word);
  }
  u32 narrow = static_cast<u32>(wide);
  for (; left > 0; ++p, --left) narrow = _mm_crc32_u8(narrow, static_cast<u8>(*p));
  return ~narrow;
}

#else

u32 crc32c(Bytes data, u32 crc) noexcept { return crc32c_portable(data, crc); }

#endif

}  // namespace tradsys::journal
