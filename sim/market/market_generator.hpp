#pragma once
// A synthetic trading day as an ITCH 5.0 message stream: the default input of the simulation, since
// real exchange data cannot ship. Background flow goes through the matching engine and its events
// are published, so the stream is what a venue would send: every reference is known, quantities add
// up, the book never crosses. Deterministic: the same configuration gives the same bytes on every
// host.
#include <tradsys/itch50_spec.hpp>

#include <string>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/match/match_engine.hpp"
#include "sim/market/order_flow.hpp"

namespace tradsys::sim {

struct MarketConfig {
  u64 seed = 1;
  u32 instruments = 64;
  u32 standing_orders = 4'000;  ///< orders resting when the market opens, and about so many later
  u64 messages = 1'000'000;  ///< of the continuous session; the opening and closing come on top
  u32 halts_per_million = 10;  ///< instruments halted and resumed, per million messages
  u64 open_ns = 36'000'000'000'000;  ///< 10:00, nanoseconds since midnight
};

/// Nasdaq-like mix of the continuous session: adds 43 %, deletes 41, replaces 8, executions 3,
/// imbalances 2.5, reductions 1, hidden trades 0.8.
///
/// The day: S(O) R.. H(T).. Y.. V, S(S), resting orders, S(Q) with an opening cross Q for each
/// instrument, the continuous session, S(M), closing crosses, S(E), S(C).
class MarketGenerator : public match::NullSink {
 public:
  explicit MarketGenerator(const MarketConfig& config);

  /// The next message, without any framing; false when the day is over. Valid until the next call.
  [[nodiscard]] bool next(Bytes& message);

  [[nodiscard]] const MarketConfig& config() const { return config_; }
  [[nodiscard]] const std::vector<MarketInstrument>& instruments() const {
    return flow_.instruments();
  }
  /// Messages handed out so far.
  [[nodiscard]] u64 count() const { return count_; }
  /// The books behind the stream; they agree with it when every message made so far was taken.
  [[nodiscard]] const auto& engine() const { return engine_; }

  // Events of the matching engine.
  void on_trade(const match::Trade& trade) noexcept;
  void on_book_add(const match::RestingOrder& order) noexcept;
  void on_book_reduce(const match::RestingOrder& after, u32 by_qty) noexcept;
  void on_book_remove(const match::RestingOrder& before) noexcept;
  void on_book_replace(u64 old_order_id, const match::RestingOrder& replacement) noexcept;

 private:
  enum class Phase : u8 { kPreOpen, kWarm, kOpen, kContinuous, kClose, kOver };

  /// What the flow sees of the venue.
  struct Venue {
    const MarketGenerator& market;
    [[nodiscard]] u32 best_price(u16 instrument, Side side) const {
      return market.engine_.best_price(instrument, side);
    }
    [[nodiscard]] u32 open_qty(u32 handle) const {
      match::RestingOrder order;
      return market.engine_.find(market.id_of_[handle], order) ? order.qty : 0;
    }
  };

  void produce();
  void pre_open();
  void open();
  void close();
  void step();
  void carry_out(const FlowAction& action);
  void hidden_trade();
  void imbalance();
  void break_trade();
  void halt_or_resume();
  void cross(u16 instrument, char type);
  void system_event(char code);
  void trading_action(u16 instrument, char state);
  u64 new_order_id();
  u16 any_instrument();
  [[nodiscard]] Symbol symbol_of(u16 instrument) const {
    return flow_.instruments()[instrument - 1U].symbol;
  }

  /// A message with the head every message has; time of day is now.
  template <class Message>
  [[nodiscard]] Message head(u16 instrument) const {
    Message message;
    message.stock_locate = instrument;
    message.timestamp_ns = now_ns_;
    return message;
  }
  template <class Message>
  void publish(const Message& message) {
    const usize at = pending_.size();
    pending_.resize(at + Message::kBytes);
    ends_.push_back(at + encode(message, pending_.data() + at));
    ++made_;
  }

  MarketConfig config_;
  Random random_;
  OrderFlow flow_;
  match::MatchEngine<MarketGenerator> engine_;
  std::vector<u64> id_of_;  // by handle of the flow
  std::vector<std::byte> pending_;  // messages made and not taken, back to back
  std::vector<usize> ends_;  // where each of them ends
  usize taken_ = 0;
  u64 count_ = 0;
  u64 made_ = 0;
  u64 continuous_end_ = 0;
  u64 now_ns_ = 0;
  u64 last_order_id_ = 1'000;
  u64 hidden_match_number_ = u64{1} << 40;
  u64 last_match_number_ = 0;
  u16 halted_ = 0;
  Phase phase_ = Phase::kPreOpen;
};

/// Writes a whole day as a BinaryFILE: each message behind its length in two bytes, big-endian. The
/// number of messages, or why the file could not be written.
Result<u64> write_market_file(const std::string& path, const MarketConfig& config);

}  // namespace tradsys::sim
