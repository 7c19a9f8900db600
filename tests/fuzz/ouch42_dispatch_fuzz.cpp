// Goal: no bytes make the OUCH 4.2 codec read outside a message or change what it delivers. Method:
// the input is cut into length-framed messages; each goes to both directions.
#include <tradsys/ouch42_spec.hpp>

#include "tests/support/codec_reencode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace tradsys;
  testing::Reencoder handler;
  testing::for_each_framed(std::as_bytes(std::span{data, bytes}), [&](Bytes message) {
    (void)ouch42::inbound::dispatch(message, handler);
    (void)ouch42::outbound::dispatch(message, handler);
  });
  return 0;
}
