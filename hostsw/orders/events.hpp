#pragma once
// The journal's vocabulary: every input that changes order state. State = replay of these records
// (ADR 0003). Records are host-endian, without padding; a change of layout is a new journal
// version.
#include <tradsys/risk_spec.hpp>

#include "hostsw/orders/order.hpp"

namespace tradsys::orders {

/// Record types of the journal; codes are never reused.
enum class EventType : u16 {
  kEnter = 1,  ///< EnterEvent: new order of a client or strategy, with the gate's verdict
  kReplace = 2,  ///< EnterEvent with request.kind = replace
  kCancel = 3,  ///< CancelEvent
  kVenue = 4,  ///< VenueReport
  kReconcile = 5,  ///< ReconcileEvent
  kSession = 6,  ///< SessionEvent
  kAccount = 7,  ///< AccountLimits row
  kInstrument = 8,  ///< InstrumentEvent: an instrument and its limits
  kPosition = 9,  ///< PositionLimits row
  kOperator = 18,  ///< OperatorEvent: who asked for what the next record does
  kKill = 10,  ///< KillEvent
  kQuery = 12,  ///< QueryEvent
  kClient = 13,  ///< ClientRow: whose orders a session index stands for
  kScope = 15,  ///< ScopeLimits row
  kModify = 16,  ///< ModifyEvent
  kMassCancel = 17,  ///< MassCancelEvent
  kVenueSession = 14,  ///< VenueSessionEvent: which stream of the venue the sequence counts
  kFixRequest = 20,  ///< FixRequestEvent (fix_events.hpp), as the two below
  kFixSent = 21,  ///< FixSentEvent
  kFixNumbers = 22,  ///< FixNumbersEvent
  kVenueNumbers = 40,  ///< VenueNumbersEvent: numbers of a FIX session with the venue
  kDayEnd = 50,  ///< DayEndEvent (day_events.hpp)
  kDayBegin = 51,  ///< DayBeginEvent (day_events.hpp)
  kCarriedPosition = 52,  ///< CarriedPosition (day_events.hpp)
  kCarriedOrder = 53,  ///< Order that outlived the day before
  kCarriedTrade = 54,  ///< Trade of such an order
  kFixCarriedOrder = 55,  ///< FixCarriedOrderEvent (fix_events.hpp): how its client knows it
  kCheckpoint = 11,  ///< CheckpointEvent: hash of the state after the record before it
};

/// Client sessions are numbered by their place in the configuration; the strategy has the last
/// number, so that a client added later never inherits its orders.
inline constexpr u16 kSessionsMax = 16;
inline constexpr u16 kStrategySession = kSessionsMax - 1;
/// Index of the built-in strategy; orders of clients have 0.
inline constexpr u8 kBuiltInStrategy = 1;

/// A request of a client or strategy, what the gate knew of the market, and what it decided. A
/// replay decides again and must come to the same verdict.
struct EnterEvent {
  OrderRequest request;
  MarketState market;
  Verdict verdict;
  u32 client_ref = 0;
  u32 replaces_client_ref = 0;  ///< replace only: the client's reference of the order to replace
  ClOrdId clordid{};
  u8 refused_by_engine = 0;  ///< 1 = not decided by the gate alone: a replay takes the verdict
  char capacity = kDefaultCapacity;
  u64 replaces_order_id = 0;  ///< replace only: the live order; 0 when there is none
};
static_assert(WireRecord<EnterEvent> && sizeof(EnterEvent) == 192);

/// Who asked for a cancel.
enum class CancelOrigin : u8 {
  kClient = 0,
  kDisconnect = 1,
  kKill = 2,
  kOperator = 3,
  kSelfTrade = 4,
  kMassCancel = 5,
  kReplaceRefused = 6,  ///< OUCH 4.2: a replace that cannot be made cancels the order
  kUnknownToken = 7,  ///< OUCH 4.2: the client cannot name the order, which a crash has lost
};

/// A cancel on its way to the venue.
struct CancelEvent {
  u64 order_id = 0;
  u64 ts_ns = 0;
  u32 qty = 0;  ///< intended total of the order, what has traded included; 0 = cancel the rest
  CancelOrigin origin = CancelOrigin::kClient;
  u8 reserved[3]{};
};
static_assert(WireRecord<CancelEvent>);

/// A client reduces an order to a total of `qty`, what has traded included, and is told of the
/// order as it is then. What cannot be passed on is refused: the order stands.
struct ModifyEvent {
  u64 order_id = 0;
  u64 ts_ns = 0;
  u32 qty = 0;
  Side side = Side::kNone;  ///< as the client wants it marked
  u8 refused = 0;
  u8 reserved[2]{};
};
static_assert(WireRecord<ModifyEvent>);

/// The record after it, a row of limits or a mass cancel, was asked for by this operator. Rows
/// without one come from the configuration, or from the day before; mass cancels from a client.
struct OperatorEvent {
  u64 ts_ns = 0;
  std::array<char, 40> operator_name{};  ///< zero padded
};
static_assert(WireRecord<OperatorEvent>);

/// Cancels every order that was asked for before it and that all given fields name; a field at its
/// `kAny` value names all. Its cancels follow as CancelEvents of their own.
struct MassCancelEvent {
  static constexpr u16 kAny = 0xFFFF;
  u64 ts_ns = 0;
  u64 orders_before = 0;  ///< identifiers from here on came later; filled in by the engine
  u16 session = kAny;
  u16 account = kAny;
  u16 instrument = kAny;
  u16 strategy = kAny;
  Side side = Side::kNone;  ///< kNone: both; kSell: every sell, short or not
  u8 reserved[7]{};
};
static_assert(WireRecord<MassCancelEvent>);

[[nodiscard]] constexpr bool names(const MassCancelEvent& what, const Order& order) noexcept {
  const auto fits = [](u16 wanted, u16 has) {
    return wanted == MassCancelEvent::kAny || wanted == has;
  };
  const bool side =
      what.side == Side::kNone || (what.side == Side::kBuy) == (order.side == Side::kBuy);
  return side && fits(what.session, order.session) && fits(what.account, order.account) &&
         fits(what.instrument, order.instrument) && fits(what.strategy, order.strategy) &&
         order.order_id < what.orders_before;
}

/// What the venue said about one order, protocol-neutral.
struct VenueReport {
  u64 venue_seq = 0;  ///< number in the venue's sequenced stream; gap-free
  u64 ts_ns = 0;  ///< when it reached the appliance
  u64 order_id = 0;  ///< the order as we know it; for kReplaced the new id
  u64 previous_order_id = 0;  ///< kReplaced only
  u64 venue_order_number = 0;
  u64 match_number = 0;
  u32 price = 0;
  u32 qty = 0;  ///< accepted/replaced: total open; filled: traded; canceled: canceled
  u16 instrument = 0xFFFF;
  ExecKind kind = ExecKind::kAccepted;
  Side side = Side::kNone;
  TimeInForce tif = TimeInForce::kDay;
  u8 dead = 0;  ///< accepted/replaced: 1 = nothing rests (order state D)
  char reason = ' ';
  u8 ignored =
      0;  ///< 1 = a message without an effect on orders; kept so that venue_seq stays gap-free
  ClOrdId clordid{};  ///< the token of ours that the venue echoes
  char capacity = kDefaultCapacity;  ///< accepted, replaced
  /// canceled: 1 = instead of trading with the own firm; `price` and `match_number` are then the
  /// price and the quantity of what was prevented
  u8 self_trade = 0;
};
static_assert(WireRecord<VenueReport> && sizeof(VenueReport) == 80);

/// The venue session is contiguous again; orders with an id from `next_order_id` on never reached
/// it.
struct ReconcileEvent {
  u64 next_order_id = 0;
  u64 ts_ns = 0;
};

/// Sessions come and go; does not change orders by itself, but belongs to the audit trail.
struct SessionEvent {
  u64 ts_ns = 0;
  u16 session = 0;
  u8 connected = 0;
  u8 reserved[5]{};
};
static_assert(WireRecord<SessionEvent>);

/// Who a session index belongs to. Orders, references and streams are kept by index, so an index
/// never changes hands within one journal.
struct ClientRow {
  std::array<char, 8> user{};  ///< zero padded; all zero = nobody yet
  u16 session = 0;
  u16 account = 0;
  u8 reserved[4]{};
  bool operator==(const ClientRow&) const = default;
};
static_assert(WireRecord<ClientRow>);

[[nodiscard]] inline u64 hash_of(const ClientRow& row) noexcept {
  u64 user = 0;
  std::memcpy(&user, row.user.data(), sizeof user);
  return user ^ row.account;
}

/// The venue's session whose sequenced stream venue_seq counts.
struct VenueSessionEvent {
  std::array<char, 10> name{};
  u8 reserved[6]{};
};
static_assert(WireRecord<VenueSessionEvent>);

/// Numbers of the FIX session with the venue: what was sent has lower ones than `out_bound`, also
/// what left before its own record was on disk.
struct VenueNumbersEvent {
  u64 ts_ns = 0;
  u64 out_bound = 0;
  u8 reset = 0;  ///< 1: both directions start at 1 again
  u8 reserved[7]{};
};
static_assert(WireRecord<VenueNumbersEvent>);

/// A client asks for its next reference; the answer is part of its sequenced stream.
struct QueryEvent {
  u64 ts_ns = 0;
  u16 session = 0;
  u8 reserved[6]{};
};
static_assert(WireRecord<QueryEvent>);

/// An instrument of the venue's directory with the limits that hold for it.
struct InstrumentEvent {
  InstrumentLimits limits;
  u64 symbol = 0;  ///< Symbol::word()
};
static_assert(WireRecord<InstrumentEvent>);

/// A kill switch was moved.
struct KillEvent {
  u64 ts_ns = 0;
  u16 index = 0;
  KillScope scope = KillScope::kFirm;
  SwitchState state = SwitchState::kHalted;
  u8 reserved[4]{};
  std::array<char, 40> operator_name{};  ///< who asked for it; zero padded, empty for the start
};
static_assert(WireRecord<KillEvent>);

/// Lets a replay prove, on the way, that it rebuilds what was there.
struct CheckpointEvent {
  u64 state_hash = 0;
  u64 ts_ns = 0;
};

}  // namespace tradsys::orders
