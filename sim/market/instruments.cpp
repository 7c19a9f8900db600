#include "sim/market/instruments.hpp"

#include <array>
#include <string>
#include <string_view>

#include "hostsw/core/random.hpp"

namespace tradsys::sim {
namespace {

constexpr std::array<std::string_view, 16> kNames{"NILE", "DUNE", "ORYX", "GULF", "PALM", "DHOW",
                                                  "SOUK", "MINA", "QASR", "LULU", "SAHL", "WADI",
                                                  "NOOR", "JABL", "TEEN", "FANR"};

Symbol symbol_of(u32 index) {
  std::string text(kNames[index % kNames.size()]);
  const usize round = index / kNames.size();
  if (round > 0) text += std::to_string(round);
  return Symbol::from(text);
}

}  // namespace

std::vector<MarketInstrument> make_instruments(u32 count, u64 seed) {
  Random random(mix64(seed) ^ 0x696E'7374ULL);
  std::vector<MarketInstrument> instruments(count);
  for (u32 i = 0; i < count; ++i) {
    MarketInstrument& instrument = instruments[i];
    const bool penny = i % 8 == 5;
    const u64 octave = penny ? 2'000 : u64{50'000} << random.below(7);
    instrument.symbol = symbol_of(i);
    instrument.price_step = penny ? 10 : 100;
    instrument.lot = i % 8 == 3 ? 10 : 1;
    const u64 price = octave + random.below(penny ? 3 * octave : octave);
    instrument.reference_price =
        static_cast<u32>(price / instrument.price_step * instrument.price_step);
  }
  return instruments;
}

}  // namespace tradsys::sim
