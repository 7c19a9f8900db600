#pragma once
// Everything a dataplane can be told. What is not said is denied: no account may trade, no client
// may log in, no strategy runs, and limits of zero block every order.
#include <string>
#include <vector>

#include "hostsw/config/address.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::config {

enum class PortKind : u8 { kRing, kShm, kPcap, kAfPacket, kAfXdp, kPci };
enum class FeedDialect : u8 { kItch50 };
/// When a client hears of its order: at once, or once the journal holds it.
enum class AckPolicy : u8 { kImmediate, kJournaled };
/// What a tile does without work: spin always, or sleep in ever longer steps (simulation).
enum class IdlePolicy : u8 { kSpin, kAdaptive };

/// A network port and its addresses.
struct PortSettings {
  std::string name;
  PortKind kind = PortKind::kRing;
  std::string device;
  MacAddress mac;
  Ipv4Address ip;
  u8 prefix = 24;
  Ipv4Address gateway;
  u16 vlan = 0;
  u32 tcp_rto_min_ms = 10;
  u32 tcp_keepalive_s = 0;
  u32 rx_slots = 1024;
  u32 tx_slots = 1024;
  std::string capture_file;
};

/// One multicast line of a feed.
struct FeedLineSettings {
  std::string port;
  Ipv4Address group;
  u16 udp_port = 0;
};
/// A server that sends missed messages again.
struct RerequestSettings {
  Ipv4Address ip;
  u16 udp_port = 0;
};
/// The market data feed. Without lines there is none.
struct FeedSettings {
  FeedDialect dialect = FeedDialect::kItch50;
  std::string session;
  std::vector<FeedLineSettings> lines;
  std::vector<RerequestSettings> rerequest;
  u32 gap_timeout_us = 1'000;
  u32 window_messages = 8'192;
  u32 buffer_messages = 65'536;
  u32 buffer_bytes = 4U << 20;
  u32 request_timeout_ms = 20;
  u32 request_attempts = 10;
  u32 silence_ms = 5'000;
};

/// What the venue speaks.
enum class VenueProtocol : u8 { kOuch50, kFix42, kFix44, kFix50Sp2 };
/// When the numbers of a FIX session with the venue start at 1 again.
enum class SequenceReset : u8 { kNever, kLogon, kDaily };
/// How a FIX venue names an instrument.
enum class InstrumentNaming : u8 { kSymbol, kSecurityId, kBoth };
/// Where a FIX venue is told in what capacity an order is traded.
enum class CapacityField : u8 { kNone, kOrderCapacity, kRule80A };

/// What a FIX venue is told of one account.
struct FixVenueAccountSettings {
  u16 account = 0;
  std::string name;
  std::string nin;
};

/// Of a venue that speaks FIX.
struct FixVenueSettings {
  std::string sender_comp_id = "TRADSYS";
  std::string target_comp_id;
  std::string sender_sub_id;
  std::string target_sub_id;
  std::string sender_location_id;
  std::string target_location_id;
  std::string on_behalf_of_comp_id;
  std::string on_behalf_of_sub_id;
  std::string deliver_to_comp_id;
  std::string deliver_to_sub_id;
  std::string username;
  u32 heartbeat_s = 30;
  u32 resend_window = 0;
  SequenceReset reset = SequenceReset::kNever;
  bool reset_flag = true;
  bool accept_reset = false;
  std::string start_utc = "00:00:00";
  std::string end_utc = "00:00:00";
  bool status_requests = true;
  u32 status_wait_ms = 5'000;
  InstrumentNaming instrument = InstrumentNaming::kSymbol;
  std::string security_id_source = "8";
  std::string handl_inst = "1";
  std::string ex_destination;
  CapacityField capacity = CapacityField::kNone;
  bool names_order_id = false;
  u32 account_tag = 1;
  u32 nin_tag = 0;
  u32 nin_role = 0;
  std::string nin_source = "D";
  std::string party_id;
  std::string party_id_source = "D";
  u32 party_role = 1;
  std::vector<FixVenueAccountSettings> accounts;
};

/// The session to the venue.
struct VenueSettings {
  VenueProtocol protocol = VenueProtocol::kOuch50;
  std::string port;
  Ipv4Address ip;
  u16 tcp_port = 0;
  u16 local_tcp_port = 0;
  std::string user;
  std::string password_file;
  std::string session;
  u32 heartbeat_ms = 1'000;
  u32 silence_ms = 15'000;
  u32 login_timeout_ms = 30'000;
  u32 reconnect_ms = 1'000;
  FixVenueSettings fix{};
};

/// What a client speaks.
enum class ClientProtocol : u8 { kOuch50, kOuch42, kFix42, kFix44, kFix50Sp2, kShm };
[[nodiscard]] constexpr bool speaks_fix(ClientProtocol protocol) noexcept {
  return protocol >= ClientProtocol::kFix42 && protocol <= ClientProtocol::kFix50Sp2;
}

/// Of a client that speaks FIX.
struct FixClientSettings {
  std::string sender_comp_id = "TRADSYS";
  std::string target_comp_id;
  bool check_password = true;
  u32 heartbeat_max_s = 60;
  bool accept_reset = true;
  bool reset_on_logout = false;
  bool reset_on_disconnect = false;
  u32 waiting_messages_max = 10'000;
  u32 requests_max = 65'536;
  bool pending_reports = false;
  std::string session_start;
  std::string session_end;
  std::string session_days = "sun mon tue wed thu fri sat";
};

/// Of a client on the same host that speaks through shared memory.
struct ShmClientSettings {
  std::vector<u32> uids;
  u32 request_kib = 64;
  u32 report_kib = 1'024;
};

/// One client that may log in.
struct ClientSettings {
  std::string user;
  std::string password_file;
  u16 account = 0;
  std::string port;
  u16 tcp_port = 0;
  ClientProtocol protocol = ClientProtocol::kOuch50;
  bool cancel_on_disconnect = true;
  FixClientSettings fix{};
  ShmClientSettings shm{};
};

/// One reader of what is told of the orders of some accounts.
struct DropCopySettings {
  std::string user;
  std::string password_file;
  std::string port;
  u16 tcp_port = 0;
  std::vector<u16> accounts;
  ClientProtocol protocol = ClientProtocol::kOuch50;
  FixClientSettings fix{};
};

/// What happens to an order that would trade with one of the same account.
enum class SelfTradePolicy : u8 { kCancelNewest, kCancelOldest, kCancelBoth, kAllow };

/// Integers that stand for "no limit".
inline constexpr u64 kNoLimit = 900'000'000'000'000;
inline constexpr u32 kNoLimitU32 = 4'294'967'295;

/// One account and its limits.
struct AccountSettings {
  u16 id = 0;
  std::string name;
  bool enabled = false;
  u32 max_qty = 0;
  u64 max_notional = 0;
  u32 rate_per_s = 0;
  u32 rate_burst = 0;
  u32 open_orders_max = 0;
  u64 max_long = 0;
  u64 max_short = 0;
  u16 client = 0;
  u64 gross_value_max = kNoLimit;
  u64 net_value_max = kNoLimit;
  u64 open_value_max = kNoLimit;
  u64 buying_power = kNoLimit;
  u64 loss_max = kNoLimit;
  u64 loss_halt = kNoLimit;
  u32 orders_per_trade_max = kNoLimitU32;
  u32 orders_per_trade_from = 100;
  u8 duplicates_max = 0;
  u32 duplicate_window_ms = 500;
  SelfTradePolicy self_trade = SelfTradePolicy::kCancelNewest;
  u64 max_value = kNoLimit;
  u64 daily_qty_max = kNoLimit;
  u32 buy_qty_max = kNoLimitU32;
  u32 sell_qty_max = kNoLimitU32;
  u32 same_day_qty_max = 0;
  u32 short_qty_max = kNoLimitU32;
};

/// Whose values `LimitSettings` bounds, beside those of single accounts.
enum class LimitScopeSetting : u8 { kFirm, kClient, kStrategy };
/// Limits on the values of the day of the firm, a client or a strategy.
struct LimitSettings {
  LimitScopeSetting scope = LimitScopeSetting::kFirm;
  u16 id = 0;
  u32 open_orders_max = kNoLimitU32;
  u64 gross_value_max = kNoLimit;
  u64 net_value_max = kNoLimit;
  u64 open_value_max = kNoLimit;
  u64 buying_power = kNoLimit;
  u64 loss_max = kNoLimit;
  u64 loss_halt = kNoLimit;
  u32 executions_max = kNoLimitU32;
  u32 executions_window_ms = 60'000;
};

/// Why an account may not do something in an instrument.
enum class RestrictionKind : u8 { kBuy, kSell, kShort, kSharia, kSanctions, kConfirmed };
/// One restriction.
struct RestrictionSettings {
  u16 account = 0;
  std::string symbol;
  RestrictionKind kind = RestrictionKind::kSanctions;
};

/// Rules of one instrument that differ from the defaults.
struct InstrumentSettings {
  std::string symbol;
  bool enabled = false;
  u32 max_qty = 0;
  u64 max_notional = 0;
  u32 collar_bp = 500;
  u32 tick_size = 100;
  u32 lot_size = 1;
  u32 reference_price = 0;
  u32 min_qty = 0;
  u32 fat_finger_bp = kNoLimitU32;
  u32 band_low = 0;
  u32 band_high = kNoLimitU32;
  u32 feed_silence_max_ms = 5'000;
  bool short_sale_restricted = false;
};

/// Where the gate runs: on the host, or in the RTL of the card, simulated in process.
enum class GateOffload : u8 { kSoft, kRtl };
/// The pre-trade gate: defaults for every instrument of the feed, and exceptions.
struct GateSettings {
  GateOffload offload = GateOffload::kSoft;
  bool enabled_by_default = false;
  u32 max_qty = 0;
  u64 max_notional = 0;
  u32 collar_bp = 500;
  u32 tick_size = 100;
  u32 lot_size = 1;
  u32 min_qty = 0;
  u32 fat_finger_bp = kNoLimitU32;
  u32 band_low = 0;
  u32 band_high = kNoLimitU32;
  u32 feed_silence_max_ms = 5'000;
  bool short_sale_restricted = false;
  bool begin_active = false;
  u8 release_persons = 2;
  bool halt_on_unknown_execution = true;
  std::vector<InstrumentSettings> instruments;
};

/// Capacities; memory is taken at start and never grows.
struct BookSettings {
  u32 instruments_max = 8'192;
  u32 orders_max = 2'000'000;
  u32 levels_max = 1'000'000;
};

/// The built-in market-following strategy.
struct StrategySettings {
  bool enabled = false;
  u16 account = 0;
  u32 trigger = 200;
  u32 qty = 100;
  u32 position_max = 1'000;
};

/// Where inputs are made durable.
struct JournalSettings {
  std::string dir = "journal";
  u32 segment_mib = 64;
  u32 batch_kib = 256;
  u32 queue_records = 65'536;
  bool direct_io = true;
};

/// Processor cores of the tiles; -1 lets the planner choose.
struct TileSettings {
  i32 edge_core = -1;
  i32 journal_core = -1;
};

/// The whole file.
struct DataplaneConfig {
  std::string instance = "tradsys";
  std::string runtime_dir;
  std::string operators_group;
  std::string shm_socket;
  AckPolicy ack = AckPolicy::kJournaled;
  IdlePolicy idle = IdlePolicy::kSpin;
  u32 orders_max = 65'536;
  u32 trades_max = 1'048'576;
  JournalSettings journal;
  std::vector<PortSettings> ports;
  FeedSettings feed;
  VenueSettings venue;
  std::vector<ClientSettings> clients;
  std::vector<DropCopySettings> drop_copies;
  std::vector<AccountSettings> accounts;
  std::vector<LimitSettings> limits;
  std::vector<RestrictionSettings> restrictions;
  GateSettings gate;
  BookSettings books;
  StrategySettings strategy;
  TileSettings tiles;
};

/// The port that clients and drop copies connect to; empty when none of them names one.
[[nodiscard]] const std::string& port_of_clients(const DataplaneConfig& config) noexcept;

/// Whether the password files that a configuration names are looked at: where a dataplane is about
/// to start they have to be there, elsewhere they often are not.
enum class SecretFiles : u8 { kIgnored, kChecked };

/// Reads a file. Every problem found is in the Error, one per line, with file, line, key and
/// remedy.
[[nodiscard]] Result<DataplaneConfig> load_dataplane_config(
    const std::string& path, SecretFiles secrets = SecretFiles::kIgnored);
/// The same from text; `name` stands for the file in messages.
[[nodiscard]] Result<DataplaneConfig> parse_dataplane_config(std::string_view text,
                                                             const std::string& name);

/// All values in force as TOML; loads back to the same.
[[nodiscard]] std::string print_dataplane_config(const DataplaneConfig& config);
/// The reference page in Markdown.
[[nodiscard]] std::string document_dataplane_config();

}  // namespace tradsys::config
