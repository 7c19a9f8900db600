// Goal: no bytes make the OUCH 5.0 and SoupBinTCP codecs read outside a message or change what they
// deliver, and an appendage that decodes survives encode and decode. Method: the input is cut into
// length-framed messages; each goes to both directions of OUCH and, as a packet, to Soup.
#include <tradsys/ouch50_spec.hpp>
#include <tradsys/soup_spec.hpp>

#include "tests/support/codec_reencode.hpp"

namespace {

using namespace tradsys;

struct Handler : testing::Reencoder {
  template <class View>
  void on(View view) {
    testing::Reencoder::on(view);
    if constexpr (requires { view.appendage(); }) check_options(view.appendage());
  }

  static void check_options(Bytes appendage) {
    ouch50::Options options;
    if (ouch50::decode_options(appendage, options) != DecodeResult::kOk) return;
    std::byte bytes[ouch50::kOptionsBytesMax];
    ouch50::Options again;
    const usize size = encode_options(options, bytes);
    if (decode_options(Bytes{bytes, size}, again) != DecodeResult::kOk || again != options)
      fail("options");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  Handler handler;
  testing::for_each_framed(std::as_bytes(std::span{data, bytes}), [&](Bytes message) {
    (void)ouch50::inbound::dispatch(message, handler);
    (void)ouch50::outbound::dispatch(message, handler);
    (void)soup::dispatch(message, handler);
  });
  return 0;
}
