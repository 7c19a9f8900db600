#include "dataplane/day/day_roll.hpp"

#include <algorithm>
#include <concepts>
#include <string>

#include "dataplane/day/ended_day.hpp"

namespace tradsys::dataplane {
namespace {

constexpr std::string_view kThrottle = "execution throttle";

/// Price a position is held at: what the day's profit and loss were last counted with.
u32 held_price(const risk::PositionCell& cell) noexcept {
  const i64 position = cell.exposure.position;
  if (position == 0) return 0;
  const i128 value = i128{cell.marked} - cell.cash;
  const i128 half = (position < 0 ? -i128{position} : i128{position}) / 2;
  const i128 size = position < 0 ? -i128{position} : i128{position};
  const i128 price = ((position < 0 ? -value : value) + half) / size;
  return static_cast<u32>(std::clamp<i128>(price, 0, kNoLimit32 - 1));
}

/// The new day while it is written: an engine of its own, so that each record is one that a replay
/// takes.
class NewDay {
 public:
  NewDay(const RollConfig& config, offload::SoftGate gate, u64 ts_ns, const RecordSink& sink)
      : gate_(std::move(gate)), out_(sink), engine_(gate_, out_, config.orders), ts_ns_(ts_ns) {}
  NewDay(const NewDay&) = delete;
  NewDay& operator=(const NewDay&) = delete;

  void begin(const EndedDay& old) {
    const auto& core = old.engine().core();
    const bool met_venue = core.venue_session() != wire::SoupSessionName{};
    summary_.day = core.days().day() + 1;
    engine_.begin_day({.ts_ns = ts_ns_,
                       .next_order_id = core.next_order_id(),
                       .previous_seq = old.engine().event_seq(),
                       .previous_hash = core.state_hash(),
                       .day = summary_.day,
                       .previous_venue_session = met_venue ? core.venue_session()
                                                           : core.days().previous_venue_session()});
  }
  /// As operators left them. A strategy that traded too often stays halted until a person releases
  /// it.
  void write_switches(const EndedDay& old) {
    for (const auto& [key, event] : old.switches()) {
      if (key.first != KillScope::kFirm && event.state == SwitchState::kActive) continue;
      engine_.kill(event);
    }
    for (u32 i = 0; i < kStrategiesMax; ++i) {
      const risk::ScopeRow& row = old.gate().scope(LimitScope::kStrategy, static_cast<u16>(i));
      if (!row.throttled || row.operator_switch == SwitchState::kHalted) continue;
      orders::KillEvent event{.ts_ns = ts_ns_,
                              .index = static_cast<u16>(i),
                              .scope = KillScope::kStrategy,
                              .state = SwitchState::kHalted};
      std::copy(kThrottle.begin(), kThrottle.end(), event.operator_name.begin());
      engine_.kill(event);
    }
  }
  /// A row that an operator changed follows the configuration's and his name: a start then takes it
  /// for what it is.
  void write_rows(const EndedDay& old) {
    const risk::Gate& gate = old.gate();
    gate.for_each_scope([&](const risk::ScopeRow& row) { write_row(old, row.limits); });
    for (u32 a = 0; a < gate.config().accounts_max; ++a) {
      if (const AccountLimits* limits = gate.account_limits(static_cast<u16>(a)))
        write_row(old, *limits);
    }
    for (u32 i = 0; i < gate.config().instruments_max; ++i) {
      const u16 number = static_cast<u16>(i);
      const InstrumentLimits* limits = gate.instrument_limits(number);
      if (limits == nullptr) continue;
      write_row(old, *limits);
      for (u32 a = 0; a < gate.config().accounts_max; ++a) {
        const PositionLimits row = gate.position_limits(static_cast<u16>(a), number);
        if (old.changed_rows().find(row) != nullptr || !gate_.in_force(row)) write_row(old, row);
      }
    }
    for (u16 session = 0; session < orders::kSessionsMax; ++session) {
      const orders::ClientRow& row = old.engine().core().client(session);
      if (row.user != orders::ClientRow{}.user) engine_.set(row, ts_ns_);
    }
  }
  [[nodiscard]] Status write_positions(const EndedDay& old) {
    Status status = Done{};
    old.gate().for_each([&](AccountIndex account, InstrumentIndex instrument,
                            const risk::Exposure& e) {
      if (e.position == 0 || !status) return;
      const orders::CarriedPosition carried{e.position,
                                            held_price(*old.gate().cell(account.v, instrument.v)),
                                            account.v, instrument.v};
      ++summary_.positions;
      if (!engine_.carry(carried, ts_ns_))
        status = Error{"position of account " + std::to_string(account.v),
                       std::to_string(e.position) + " in instrument " +
                           std::to_string(instrument.v) + " does not fit",
                       "report it: a position never grows beyond what the gate counts"};
    });
    return status;
  }
  [[nodiscard]] Status write_orders(EndedDay& old) {
    std::vector<orders::Order> live;
    old.engine().core().store().for_each(
        [&live](const orders::Order& order) { live.push_back(order); });
    std::sort(live.begin(), live.end(), [](const orders::Order& x, const orders::Order& y) {
      return x.order_id < y.order_id;
    });
    for (const orders::Order& order : live) {
      if (!engine_.carry(as_carried(order), ts_ns_))
        return Error{"order " + std::to_string(order.order_id), "does not fit the new day",
                     "use the configuration the day ran with: orders_max, accounts, instruments"};
      ++summary_.orders;
      if (const FixOrder* known = old.fix_order(order))
        engine_.note(orders::EventType::kFixCarriedOrder, carried(*known, order.session, ts_ns_));
    }
    return write_trades(old);
  }
  RollSummary finish() {
    engine_.checkpoint(ts_ns_);
    const auto& core = engine_.core();
    for (const auto kind : {KillScope::kFirm, KillScope::kClient, KillScope::kAccount,
                            KillScope::kStrategy, KillScope::kInstrument}) {
      for (u32 i = 0; i < kInstrumentsMax; ++i)
        summary_.switches += gate_.switch_state(kind, static_cast<u16>(i)) != SwitchState::kActive;
    }
    summary_.records = engine_.event_seq();
    summary_.state_hash = core.state_hash();
    summary_.next_order_id = core.next_order_id();
    return summary_;
  }

  /// Nothing lost, nothing doubled: positions and open quantities of both days are the same.
  [[nodiscard]] Status check(const EndedDay& old) const {
    const auto same = [this, &old](AccountIndex account, InstrumentIndex instrument) {
      return old.gate().exposure(account, instrument) == gate_.exposure(account, instrument);
    };
    Status status = Done{};
    const auto look = [&](AccountIndex account, InstrumentIndex instrument, const auto&) {
      if (status && !same(account, instrument))
        status = Error{
            "account " + std::to_string(account.v) + ", instrument " + std::to_string(instrument.v),
            "the new day would not hold what the old one holds",
            "keep both folders and report it; do not start on the new one"};
    };
    old.gate().for_each(look);
    gate_.gate().for_each(look);
    return status;
  }

 private:
  struct Out : engine::SilentOut {
    explicit Out(const RecordSink& s) : sink(s) {}
    void journal(orders::EventType type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
      sink(static_cast<u16>(type), seq, ts_ns, payload);
    }
    const RecordSink& sink;
  };

  template <class Row>
  void write_row(const EndedDay& old, const Row& in_force) {
    const auto set = [&](const Row& row) {
      if constexpr (std::same_as<Row, InstrumentLimits>)
        engine_.set(orders::InstrumentEvent{row, old.symbol_of(row.instrument).word()}, ts_ns_);
      else
        engine_.set(row, ts_ns_);
    };
    if (const auto* change = old.changed_rows().find(in_force)) {
      set(change->configured);
      engine_.note(orders::EventType::kOperator, change->who);
    }
    set(in_force);
  }
  /// What is under way at the end of a day has no answer any more; a cancel is asked for again.
  static orders::Order as_carried(orders::Order order) noexcept {
    order.modify_pending = 0;
    order.cancel_pending &= orders::kCancelsCurrent;
    return order;
  }
  [[nodiscard]] Status write_trades(const EndedDay& old) {
    Status status = Done{};
    old.engine().core().trades().for_each([&](const orders::Trade& trade) {
      const bool lives = engine_.core().store().find(trade.order_id) != nullptr;
      if (trade.broken != 0 || !lives || !status) return;
      ++summary_.trades;
      if (!engine_.carry(trade, ts_ns_))
        status = Error{"trade " + std::to_string(trade.match_number), "does not fit the new day",
                       "use the configuration the day ran with: trades_max"};
    });
    return status;
  }

  offload::SoftGate gate_;
  Out out_;
  engine::OrderEngine<offload::SoftGate, Out> engine_;
  u64 ts_ns_;
  RollSummary summary_;
};

Status check_over(const EndedDay& old) {
  const auto& days = old.engine().core().days();
  if (!days.over())
    return Error{"the old journal", "its trading day has not ended",
                 "start the dataplane on it: the venue ends the day, or 'tradsys day end'"};
  if (const u32 live = days.ending_orders(); live != 0)
    return Error{"the old journal",
                 std::to_string(live) + " orders that end with the day turned up after its end",
                 "start the dataplane on it and send 'tradsys day end' again"};
  return Done{};
}

}  // namespace

struct DayRoll::Days {
  Days(const RollConfig& c, offload::SoftGate gate) : config(c), old(c, std::move(gate)) {}
  RollConfig config;
  EndedDay old;
};

Result<DayRoll> DayRoll::make(const RollConfig& config) {
  Result<offload::SoftGate> gate = offload::SoftGate::make(config.gate);
  if (!gate) return gate.error();
  return DayRoll(std::make_unique<Days>(config, std::move(gate).value()));
}
DayRoll::DayRoll(std::unique_ptr<Days> days) : days_(std::move(days)) {}
DayRoll::DayRoll(DayRoll&&) noexcept = default;
DayRoll& DayRoll::operator=(DayRoll&&) noexcept = default;
DayRoll::~DayRoll() = default;

engine::ReplayStatus DayRoll::replay(u16 type, u64 seq, Bytes payload) noexcept {
  return days_->old.replay(static_cast<orders::EventType>(type), seq, payload);
}

Result<RollSummary> DayRoll::write(u64 ts_ns, const RecordSink& sink) {
  EndedDay& old = days_->old;
  if (Status s = check_over(old); !s) return s.error();
  Result<offload::SoftGate> gate = offload::SoftGate::make(days_->config.gate);
  if (!gate) return gate.error();
  NewDay day(days_->config, std::move(gate).value(), ts_ns, sink);
  day.begin(old);
  day.write_switches(old);
  day.write_rows(old);
  if (Status s = day.write_positions(old); !s) return s.error();
  if (Status s = day.write_orders(old); !s) return s.error();
  if (Status s = day.check(old); !s) return s.error();
  return day.finish();
}

}  // namespace tradsys::dataplane
