#pragma once
// What the journal keeps of a FIX client's session beside orders: identifiers, sequence numbers and
// what was said that follows from no order event. A client's stream is rebuilt from these records
// and the reports of order events, in the order they stand in.
#include "hostsw/orders/events.hpp"

namespace tradsys::orders {

/// Records of drop copies have sessions from here on, by their place in the configuration: a client
/// that is added later never inherits their numbers.
inline constexpr u16 kFirstDropCopySession = 0x8000;

/// A ClOrdID; longer ones are refused.
inline constexpr usize kFixIdBytesMax = 48;
using FixIdText = std::array<char, kFixIdBytesMax>;

/// A request as it came, before the engine decides: whose ClOrdID a client_ref stands for. At the
/// end of a journal, where the engine's record is lost, it counts as not received.
struct FixRequestEvent {
  u64 ts_ns = 0;
  u64 msg_seq = 0;  ///< of the client's stream; the next one is expected then
  u64 symbol = 0;  ///< Symbol::word()
  u32 client_ref = 0;
  u32 target_ref = 0;  ///< replace, cancel: the order meant
  u32 price = 0;
  u32 qty = 0;
  u16 session = 0;
  char request = 'D';  ///< MsgType: D, G or F
  char side = '1';  ///< as FIX spells it
  char ord_type = '2';
  char tif = '0';
  u8 id_bytes = 0;
  u8 reserved = 0;
  FixIdText id{};
};
static_assert(WireRecord<FixRequestEvent>);

/// A message of ours that no order event tells of took the next number of the stream.
struct FixSentEvent {
  u64 ts_ns = 0;
  u64 next_in = 0;  ///< expected of the client after it
  u16 session = 0;
  u16 bytes = 0;  ///< 0: a session message, or too long: after a restart a gap fill stands for it
  u8 reserved[4]{};
  std::array<char, 208> text{};  ///< type, separator, fields
};
static_assert(WireRecord<FixSentEvent> && sizeof(FixSentEvent) == 232);

/// The numbers of a session were set.
struct FixNumbersEvent {
  u64 ts_ns = 0;
  u64 next_in = 0;
  u16 session = 0;
  u8 reset = 0;  ///< 1: both directions start at 1 again
  u8 reserved[5]{};
};
static_assert(WireRecord<FixNumbersEvent>);

/// An order of the day before as its client knows it; its CarriedOrder stands before it.
struct FixCarriedOrderEvent {
  u64 ts_ns = 0;
  u64 order_number = 0;  ///< OrderID (37)
  u64 value = 0;  ///< sum of price times quantity of what traded
  u64 symbol = 0;  ///< Symbol::word()
  u32 client_ref = 0;
  u32 price = 0;
  u32 qty = 0;
  u32 cum_qty = 0;
  u32 leaves_qty = 0;
  u16 session = 0;
  char side = '1';
  char ord_type = '2';
  char tif = '1';
  char status = '0';
  u8 id_bytes = 0;
  u8 reserved[5]{};
  FixIdText id{};
};
static_assert(WireRecord<FixCarriedOrderEvent>);

}  // namespace tradsys::orders
