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

/// The session to the venue.
struct VenueSettings {
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
};

/// One client that may log in.
struct ClientSettings {
  std::string user;
  std::string password_file;
  u16 account = 0;
  std::string port;
  u16 tcp_port = 0;
  bool cancel_on_disconnect = true;
};

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
};

/// The pre-trade gate: defaults for every instrument of the feed, and exceptions.
struct GateSettings {
  bool enabled_by_default = false;
  u32 max_qty = 0;
  u64 max_notional = 0;
  u32 collar_bp = 500;
  u32 tick_size = 100;
  u32 lot_size = 1;
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
  AckPolicy ack = AckPolicy::kJournaled;
  IdlePolicy idle = IdlePolicy::kSpin;
  u32 orders_max = 65'536;
  u32 trades_max = 1'048'576;
  JournalSettings journal;
  std::vector<PortSettings> ports;
  FeedSettings feed;
  VenueSettings venue;
  std::vector<ClientSettings> clients;
  std::vector<AccountSettings> accounts;
  GateSettings gate;
  BookSettings books;
  StrategySettings strategy;
  TileSettings tiles;
};

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
