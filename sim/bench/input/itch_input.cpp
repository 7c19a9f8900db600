#include "sim/bench/input/itch_input.hpp"

#include <tradsys/itch50_spec.hpp>

#include <algorithm>

#include "hostsw/core/random.hpp"
#include "sim/bench/input/load_bytes.hpp"

namespace tradsys::bench {
namespace {

constexpr u16 kInstruments = 2'048;
constexpr u32 kOpenOrdersMin = 16;  // an instrument with fewer live orders only gets adds
constexpr u32 kOpenOrdersMax = 4'000;  // one with more gets none
constexpr u32 kTick = 100;  // one cent in 4 decimals
constexpr u64 kSyntheticSeed = 1;

struct LiveOrder {
  u64 ref;
  u32 price;
  u32 shares;
  char side;
};

class SyntheticDay {
 public:
  explicit SyntheticDay(u64 seed) : random_(seed), live_(kInstruments + 1), mid_(kInstruments + 1) {
    u64 weight = 0;
    for (u32 i = 1; i <= kInstruments; ++i) cumulative_.push_back(weight += 1'000'000 / i);
    for (u32& mid : mid_) mid = static_cast<u32>(random_.between(500, 40'000)) * kTick;
  }

  ItchInput make(u64 messages) {
    for (u16 i = 1; i <= kInstruments && input_.messages < messages; ++i) directory(i);
    while (input_.messages < messages) step();
    return std::move(input_);
  }

 private:
  template <class Message>
  void emit(Message message, u16 instrument) {
    message.stock_locate = instrument;
    message.timestamp_ns = now_ns_;
    const usize at = input_.blocks.size();
    input_.blocks.resize(at + 2 + Message::kBytes);
    store_be16(&input_.blocks[at], Message::kBytes);
    encode(message, &input_.blocks[at + 2]);
    ++input_.messages;
  }
  void directory(u16 instrument) {
    itch50::StockDirectory m;
    m.stock = Symbol::from("S" + std::to_string(instrument));
    m.round_lot_size = 100;
    emit(m, instrument);
  }
  u16 pick_instrument() {
    const u64 at = random_.below(cumulative_.back());
    return static_cast<u16>(
        1 + (std::upper_bound(cumulative_.begin(), cumulative_.end(), at) - cumulative_.begin()));
  }
  // Mostly recent orders die.
  usize pick_order(u16 instrument) {
    const usize count = live_[instrument].size();
    const u64 back = std::min({random_.below(count), random_.below(count), random_.below(count)});
    return count - 1 - static_cast<usize>(back);
  }
  u32 pick_price(u16 instrument, char side) {
    u32 ticks = 1;
    while (ticks < 200 && random_.chance(750'000)) ++ticks;
    return side == 'B' ? mid_[instrument] - std::min(ticks * kTick, mid_[instrument] - kTick)
                       : mid_[instrument] + ticks * kTick;
  }
  u64 next_ref() { return ref_ += random_.between(1, 3); }

  void step() {
    now_ns_ += random_.between(50, 5'000);
    if (!random_.chance(450'000)) instrument_ = pick_instrument();
    const usize open = live_[instrument_].size();
    const u64 draw = random_.below(1'000);
    if (open < kOpenOrdersMin || (draw < 462 && open < kOpenOrdersMax)) return add(instrument_);
    if (draw < 850) return remove(instrument_);
    if (draw < 930) return replace(instrument_);
    if (draw < 958) return execute(instrument_);
    if (draw < 972) return cancel(instrument_);
    trade(instrument_);
  }
  void add(u16 instrument) {
    itch50::AddOrder m;
    m.order_reference_number = next_ref();
    m.buy_sell_indicator = random_.chance(500'000) ? 'B' : 'S';
    m.shares = static_cast<u32>(random_.between(1, 10)) * 100;
    m.price = pick_price(instrument, m.buy_sell_indicator);
    live_[instrument].push_back(
        {m.order_reference_number, m.price, m.shares, m.buy_sell_indicator});
    emit(m, instrument);
  }
  void forget(u16 instrument, usize at) {
    auto& orders = live_[instrument];
    orders.erase(orders.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void remove(u16 instrument) {
    const usize at = pick_order(instrument);
    itch50::OrderDelete m;
    m.order_reference_number = live_[instrument][at].ref;
    forget(instrument, at);
    emit(m, instrument);
  }
  void replace(u16 instrument) {
    const usize at = pick_order(instrument);
    LiveOrder order = live_[instrument][at];
    itch50::OrderReplace m;
    m.original_order_reference_number = order.ref;
    m.new_order_reference_number = order.ref = next_ref();
    m.shares = order.shares;
    m.price = order.price = pick_price(instrument, order.side);
    forget(instrument, at);
    live_[instrument].push_back(order);
    emit(m, instrument);
  }
  void execute(u16 instrument) {
    const usize at = pick_order(instrument);
    LiveOrder& order = live_[instrument][at];
    itch50::OrderExecuted m;
    m.order_reference_number = order.ref;
    m.executed_shares = random_.chance(700'000) ? order.shares : (order.shares + 1) / 2;
    m.match_number = ++match_;
    order.shares -= m.executed_shares;
    if (order.shares == 0) forget(instrument, at);
    emit(m, instrument);
  }
  void cancel(u16 instrument) {
    LiveOrder& order = live_[instrument][pick_order(instrument)];
    if (order.shares < 2) return;
    itch50::OrderCancel m;
    m.order_reference_number = order.ref;
    m.canceled_shares = order.shares / 2;
    order.shares -= m.canceled_shares;
    emit(m, instrument);
  }
  void trade(u16 instrument) {
    itch50::NonCrossTrade m;
    m.buy_sell_indicator = 'B';
    m.shares = 100;
    m.price = mid_[instrument];
    m.match_number = ++match_;
    emit(m, instrument);
  }

  Random random_;
  ItchInput input_;
  std::vector<std::vector<LiveOrder>> live_;
  std::vector<u32> mid_;
  std::vector<u64> cumulative_;
  u64 now_ns_ = 34'200'000'000'000;  // 09:30
  u64 ref_ = 1'000;
  u64 match_ = 0;
  u16 instrument_ = 1;
};

// Whole blocks only, at most `limit` of them (0 = all).
void count_and_cut(ItchInput& input, u64 limit) {
  usize at = 0;
  while (at + 2 <= input.blocks.size() && (limit == 0 || input.messages < limit)) {
    const usize next = at + 2 + load_be16(&input.blocks[at]);
    if (next > input.blocks.size()) break;
    at = next;
    ++input.messages;
  }
  input.blocks.resize(at);
}

}  // namespace

ItchInput make_synthetic_itch(u64 messages, u64 seed) { return SyntheticDay(seed).make(messages); }

Result<ItchInput> load_itch(const Options& options) {
  if (options.itch_path.empty()) {
    return make_synthetic_itch(options.items != 0 ? options.items : kSyntheticMessages,
                               kSyntheticSeed);
  }
  auto bytes = load_bytes(options.itch_path);
  if (!bytes) return bytes.error();
  ItchInput input{std::move(bytes).value(), 0};
  count_and_cut(input, options.items);
  if (input.messages == 0) {
    return Error{options.itch_path, "holds no whole message",
                 "expected 2-byte lengths, big-endian"};
  }
  return input;
}

}  // namespace tradsys::bench
