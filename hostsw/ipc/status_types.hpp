#pragma once
// What the dataplane shows of itself: plain records, no pointer, no reference to another library.
// Prices are in the instrument's own decimals, 0 = none. Every record is published whole.
#include <type_traits>

#include "hostsw/core/histogram.hpp"
#include "hostsw/core/symbol.hpp"

namespace tradsys::ipc {

inline constexpr u32 kFeedsMax = 4;
inline constexpr u32 kFeedLines = 2;
inline constexpr u32 kStagesMax = 8;
inline constexpr u32 kSessionsMax = 24;  ///< venue, 15 clients, 8 drop copies
inline constexpr u32 kShownLevels = 10;
inline constexpr u32 kReasonsMax = 64;
inline constexpr u32 kOrderStatesMax = 16;
inline constexpr u32 kInstrumentsMax = 65'535;

/// A short text, cut at its capacity, padded with zeros.
template <usize kBytes>
struct Text {
  char text[kBytes]{};

  static constexpr Text from(std::string_view value) noexcept {
    Text t;
    for (usize i = 0; i < kBytes && i < value.size(); ++i) t.text[i] = value[i];
    return t;
  }
  [[nodiscard]] std::string str() const {
    usize length = 0;
    while (length < kBytes && text[length] != '\0') ++length;
    return std::string(text, length);
  }
};

enum class ProcessState : u8 { kStarting, kRecovering, kRunning, kStopping, kFailed };

/// The process as a whole.
struct ProcessStatus {
  Text<32> instance;
  Text<32> version;
  u64 started_ns = 0;  ///< wall clock at start, for display only
  u64 polls = 0;  ///< rounds of the edge tile
  u64 busy_polls = 0;  ///< rounds that found work
  u64 clock_hz = 0;  ///< calibrated time stamp counter
  u64 packets_received = 0;
  u64 packets_sent = 0;
  u64 packets_malformed = 0;
  u64 transmit_drops = 0;
  ProcessState state = ProcessState::kStarting;
  u8 killed = 0;  ///< 1 = the firm-wide kill switch is set
  u8 strategy_enabled = 0;
  u8 reserved[5]{};
};

/// One market data feed with its two lines.
struct FeedStatus {
  Text<16> name;
  u64 line_packets[kFeedLines]{};
  u64 line_messages[kFeedLines]{};
  u64 line_duplicates[kFeedLines]{};
  u64 line_missed_messages[kFeedLines]{};  ///< not carried in order by this line alone
  u64 messages = 0;  ///< handed on in order
  u64 next_sequence = 0;
  u64 gaps = 0;
  u64 gap_messages = 0;
  u64 recovered_messages = 0;
  u64 lost_messages = 0;  ///< known to exist and given up: the feed is frozen before them
  u64 requests = 0;
  u64 malformed = 0;
  u64 wrong_session = 0;
  u64 buffered_messages = 0;
  Text<10> session;
  u8 present = 0;
  u8 stale = 1;
  u8 frozen = 0;
  u8 ended = 0;
  u8 reserved[2]{};
};

/// Orders, verdicts and the journal behind them.
struct OrderStatus {
  u64 by_state[kOrderStatesMax]{};  ///< live and ended orders, indexed by order state
  u64 verdicts[kReasonsMax]{};  ///< gate verdicts by primary reason; [0] = passed
  u64 requests = 0;
  u64 sent_to_venue = 0;
  u64 fills = 0;
  u64 filled_qty = 0;
  u64 adopted = 0;  ///< orders the venue had and the journal had not
  u64 unknown_reports = 0;  ///< of the venue about orders nobody knows: an alarm
  u64 unknown_executions = 0;  ///< of orders nobody knows, booked nowhere: an alarm
  u64 unknown_order_id = 0;  ///< the last one of them, as the venue told it
  u64 unknown_match_number = 0;
  u64 unknown_qty = 0;
  u64 unknown_price = 0;
  u64 unexpected_reports = 0;  ///< not possible in the order's state: an alarm
  u64 overfills = 0;  ///< traded beyond what was open: an alarm
  u64 late_executions = 0;  ///< of orders that were over, booked: an alarm
  u64 duplicate_executions = 0;  ///< told twice, booked once
  u64 untracked_trades = 0;  ///< booked, but cannot be taken back: an alarm
  u64 busted_trades = 0;  ///< taken back by the venue
  u64 corrected_trades = 0;  ///< given other terms by the venue
  u64 venue_differences = 0;  ///< orders that the venue holds otherwise than we do: an alarm
  u64 venue_unanswered = 0;  ///< orders whose status the venue did not say: an alarm
  u64 venue_malformed = 0;  ///< messages of the venue that could not be read: an alarm
  u64 venue_stalls = 0;  ///< times its connection was given up, as it took nothing: an alarm
  u64 carried_differ = 0;  ///< orders of the day before, not as the venue has them: an alarm
  u64 carried_unconfirmed = 0;  ///< of these, which it has not spoken of since its login: an alarm
  u64 ledger_anomalies = 0;  ///< executions that did not fit the exposure ledger: an alarm
  u64 limits_at_70 = 0;  ///< scopes with a limit used to 70 %, to 90 %, to 100 %: alarms
  u64 limits_at_90 = 0;
  u64 limits_at_100 = 0;
  u64 journal_seq = 0;  ///< handed to the journal
  u64 durable_seq = 0;  ///< known to be on disk
  u64 day = 0;  ///< the journal's trading day; 1 for the first
  u64 day_over = 0;  ///< 1 = it has ended: no new order passes
  u64 state_hash = 0;
  u64 state_hash_seq = 0;  ///< journal sequence number state_hash belongs to
  u64 allocated_order_id = 0;
  u64 gate_compared = 0;  ///< verdicts of a circuit that were held against the software's
  Text<16> gate;  ///< what the gate runs on: soft, or the circuit beside it
  Text<16>
      gate_owner;  ///< who decides: software, or circuit; following: software, circuit compared
  Text<16> gate_fallback;  ///< why the circuit lost the right to decide; none: it did not
};

/// Time spent in one stage.
struct StageLatency {
  Text<24> name;
  Histogram latency_ns;
};

/// Place of the first client's session: the venue's is before it.
inline constexpr u32 kClientSessionsFrom = 1;
enum class SessionKind : u8 { kNone, kVenue, kClient, kDropCopy };
enum class SessionState : u8 {
  kDown,
  kConnecting,
  kLoggingIn,
  kUp,
  kStopped,  ///< will not come back by itself: the venue's stream is over or another one
};

/// One session, to the venue, from a client or of a drop copy.
struct SessionStatus {
  Text<16> name;
  Text<16> protocol;  ///< as the configuration calls it
  Text<16> account;
  u64 packets_in = 0;
  u64 packets_out = 0;
  u64 next_sequence_in = 0;
  u64 next_sequence_out = 0;
  u64 malformed = 0;  ///< messages that were refused as damaged or of a kind not taken
  u64 rejected_logins = 0;
  u64 live_orders = 0;
  u64 logins = 0;
  u64 disconnects = 0;
  SessionKind kind = SessionKind::kNone;
  SessionState state = SessionState::kDown;
  u8 cancel_on_disconnect = 0;
  u8 reserved[5]{};
};

/// One price level as shown.
struct ShownLevel {
  u64 qty = 0;
  u32 price = 0;
  u32 order_count = 0;
};

enum class TradingState : u8 { kUnknown, kTrading, kHalted, kPaused, kClosed, kQuoting };

/// One instrument: what it is, whether it trades, and the top of its book.
struct InstrumentStatus {
  Symbol symbol;
  u64 bid_qty = 0;
  u64 ask_qty = 0;
  u64 shown_ns = 0;  ///< wall clock when this record was published
  u64 trades = 0;  ///< printable executions the feed reported today
  u64 traded_qty = 0;
  i64 position = 0;
  u32 bid_price = 0;
  u32 ask_price = 0;
  u32 last_price = 0;
  u32 price_decimals = 0;
  u16 bid_levels = 0;  ///< used entries of bids
  u16 ask_levels = 0;
  TradingState state = TradingState::kUnknown;
  u8 stale = 1;
  u8 enabled = 0;
  u8 killed = 1;
  ShownLevel bids[kShownLevels]{};  ///< best first
  ShownLevel asks[kShownLevels]{};
};

static_assert(std::is_trivially_copyable_v<ProcessStatus> &&
              std::is_trivially_copyable_v<FeedStatus>);
static_assert(std::is_trivially_copyable_v<OrderStatus> &&
              std::is_trivially_copyable_v<StageLatency>);
static_assert(std::is_trivially_copyable_v<SessionStatus> &&
              std::is_trivially_copyable_v<InstrumentStatus>);

}  // namespace tradsys::ipc
