// Goal: no bytes make the ITCH 5.0 codec read outside a message or change what it delivers.
// Method: the input is cut into length-framed messages; each one delivered is decoded and encoded
// again.
#include <tradsys/itch50_spec.hpp>

#include "tests/support/codec_reencode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace tradsys;
  testing::Reencoder handler;
  testing::for_each_framed(std::as_bytes(std::span{data, bytes}),
                           [&](Bytes message) { (void)itch50::dispatch(message, handler); });
  return 0;
}
