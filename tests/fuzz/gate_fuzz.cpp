// Goal: no sequence of records, however wild, makes the fast gate differ from the reference, crash
// or
//   leave the two hashes apart.
// Method: the input is a list of calls. Half of the opcodes take a raw record from the input; the
// other half
//   take a record that would pass and overwrite one word of it, so that deep states are reached.
#include <algorithm>
#include <cstring>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/contract.hpp"
#include "tests/support/gate/pair.hpp"
#include "tests/support/gate/world.hpp"

namespace {

using namespace tradsys;
using namespace tradsys::testing;

constexpr u16 kAccounts = 2, kInstruments = 3;

/// Reads the input front to back; past its end all is zero.
class Input {
 public:
  explicit Input(Bytes bytes) : rest_(bytes) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }

  template <WireRecord T>
  T take() {
    T value{};
    const usize bytes = std::min(sizeof value, rest_.size());
    std::memcpy(static_cast<void*>(&value), rest_.data(), bytes);
    rest_ = rest_.subspan(bytes);
    return value;
  }
  /// A raw record, or `passing` with one 16-bit word replaced.
  template <WireRecord T>
  T record(bool raw, T passing) {
    if (raw) return take<T>();
    const usize word = take<u8>() % (sizeof(T) / sizeof(u16));
    const u16 value = take<u16>();
    std::memcpy(reinterpret_cast<std::byte*>(&passing) + word * sizeof value, &value, sizeof value);
    return passing;
  }

 private:
  Bytes rest_;
};

void step(GatePair& pair, Input& in, i64& now_ns) {
  const u8 code = in.take<u8>();
  const bool raw = (code & 0x80U) != 0;
  const u16 account = (code >> 3) % kAccounts, instrument = (code >> 4) % kInstruments;
  const OrderRequest passing = buy(account, instrument);
  switch (code % 8) {
    case 0:
      return pair.control(
          [row = in.record(raw, open_account(account))](auto& g) { return g.set(row); });
    case 1:
      return pair.control(
          [row = in.record(raw, open_instrument(instrument))](auto& g) { return g.set(row); });
    case 2:
      return pair.control([row = in.record(raw, open_position(account, instrument))](auto& g) {
        return g.set(row);
      });
    case 3:
      return pair.apply(in.record(raw, execution(passing, ExecKind::kFilled, 10, 0)));
    case 4:
      return pair.adopt(in.record(raw, passing), raw);
    case 5: {
      if ((code & 0x40U) != 0) {
        const ScopeLimits row = open_scope(static_cast<LimitScope>(instrument), account);
        return pair.control([r = in.record(raw, row)](auto& g) { return g.set(r); });
      }
      const auto scope = static_cast<KillScope>(in.take<u8>());
      const u16 index = in.take<u16>();
      const auto state = static_cast<SwitchState>(in.take<u8>() % 4);
      return pair.control([=](auto& g) { return g.move_switch(scope, index, state); });
    }
    default: {
      now_ns = raw ? in.take<i64>() : static_cast<i64>(static_cast<u64>(now_ns) + in.take<u16>());
      const OrderRequest order = in.record(raw, passing);
      static_cast<void>(pair.submit(order, in.record(raw, open_market(instrument)), {now_ns}));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, usize size) {
  GatePair pair(kAccounts, kInstruments);
  for (u16 account = 0; account < kAccounts; ++account) {
    pair.control([=](auto& g) { return g.set(open_account(account)); });
    pair.control([=](auto& g) { return g.set(open_instrument(account)); });
    pair.control([=](auto& g) { return g.set(open_position(account, account)); });
    pair.control([=](auto& g) { return g.set(open_scope(LimitScope::kAccount, account)); });
  }
  for (const LimitScope scope : {LimitScope::kFirm, LimitScope::kClient, LimitScope::kStrategy})
    pair.control([=](auto& g) { return g.set(open_scope(scope, 0)); });
  pair.control([](auto& g) { return g.move_switch(KillScope::kFirm, 0, SwitchState::kActive); });
  Input in(std::as_bytes(std::span(data, size)));
  i64 now_ns = 0;
  while (!in.empty()) step(pair, in, now_ns);
  pair.compare_all();
  if (!pair.difference().empty())
    std::fprintf(stderr, "gates differ: %s\n", pair.difference().c_str());
  TRADSYS_ASSERT(pair.difference().empty());
  return 0;
}
