#pragma once
// Everything an edge tile is built from, resolved and checked: plain data, no file, no text to
// parse.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <tradsys/risk_spec.hpp>
#include <vector>

#include "dataplane/feed/feed_config.hpp"
#include "dataplane/net/net_config.hpp"
#include "hostsw/book/book_types.hpp"
#include "hostsw/core/session_hours.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/ipc/session_memory.hpp"
#include "hostsw/orders/events.hpp"
#include "hostsw/wire/soup.hpp"

namespace tradsys::dataplane {

/// A UDP or TCP address.
struct Endpoint {
  net::Ipv4 ip;
  u16 port = 0;
};

/// When a client hears of what happened to its order.
enum class AckPolicy : u8 {
  kImmediate,  ///< at once
  kJournaled,  ///< when the event is on disk: what a client was told survives any crash
};

/// What the venue speaks.
enum class VenueProtocol : u8 { kOuch50, kFix42, kFix44, kFix50Sp2 };
/// For status output; as the configuration calls it.
[[nodiscard]] constexpr std::string_view name_of(VenueProtocol protocol) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"ouch50", "fix42", "fix44", "fix50sp2"};
  return kNames[static_cast<u8>(protocol)];
}

/// When the numbers of a FIX session start at 1 again.
enum class SequenceReset : u8 {
  kNever,
  kLogon,  ///< with each logon: what the venue said meanwhile is lost
  kDaily,  ///< with the first logon of a trading day, see FixVenueConfig::hours
};

/// Of a venue that speaks FIX. Texts of fields hold whole fields, each with its separator.
struct FixVenueConfig {
  std::string sender_comp_id;  ///< ours
  std::string target_comp_id;
  std::string sender_sub_id;  ///< empty: without, as the others
  std::string target_sub_id;
  std::string header_fields;  ///< further fields of every header
  std::string username;
  std::string password;
  u32 heartbeat_s = 30;
  u32 resend_window = 0;  ///< messages asked for at once; 0: all that is missing
  SequenceReset reset = SequenceReset::kNever;
  bool reset_flag = true;  ///< a reset is said (ResetSeqNumFlag), not only agreed
  bool accept_reset = false;  ///< of the venue, in the middle of a session
  SessionHours hours{};  ///< when the session is up, and where a day of it begins
  bool status_requests = true;  ///< after a logon, the status of every live order is asked for
  Nanos status_wait{5'000'000'000};  ///< for the answer to one
  std::string order_fields;  ///< of each new order and replace
  std::vector<std::string> account_fields;  ///< of each order, by account
  bool names_symbol = true;  ///< Symbol (55)
  std::string security_id_source;  ///< not empty: SecurityID (48) with this source (22)
  i32 capacity_tag = 0;  ///< 528 or 47; 0: not said
  bool names_order_id = false;  ///< the venue's OrderID (37) in replaces and cancels
};

struct VenueConfig {
  VenueProtocol protocol = VenueProtocol::kOuch50;
  FixVenueConfig fix;
  Endpoint server;
  u16 local_port = 0;  ///< 0: the engine chooses
  wire::SoupLogin login;  ///< user, password, session (blank = current)
  wire::SoupConfig soup;
  Nanos reconnect_wait{500'000'000};  ///< between attempts
  /// The replay of the venue's stream is over when it has been quiet for so long.
  Nanos quiet{50'000'000};
};

/// What a client speaks.
enum class ClientProtocol : u8 { kOuch50, kOuch42, kFix42, kFix44, kFix50Sp2, kShm };
/// For status output; as the configuration calls it.
[[nodiscard]] constexpr std::string_view name_of(ClientProtocol protocol) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"ouch50", "ouch42",   "fix42",
                                                   "fix44",  "fix50sp2", "shm"};
  return kNames[static_cast<u8>(protocol)];
}
[[nodiscard]] constexpr bool is_fix(ClientProtocol protocol) noexcept {
  return protocol >= ClientProtocol::kFix42 && protocol <= ClientProtocol::kFix50Sp2;
}

enum class FixVersion : u8 { kFix42, kFix44, kFix50Sp2 };
/// Of a protocol that is FIX.
[[nodiscard]] constexpr FixVersion version_of(ClientProtocol protocol) noexcept {
  if (protocol == ClientProtocol::kFix42) return FixVersion::kFix42;
  return protocol == ClientProtocol::kFix44 ? FixVersion::kFix44 : FixVersion::kFix50Sp2;
}

/// Of a client that speaks FIX.
struct FixClientConfig {
  std::string sender_comp_id;  ///< ours
  std::string target_comp_id;  ///< the client's
  std::string account;  ///< Account (1) as the client spells it
  u32 heartbeat_max_s = 60;  ///< of HeartBtInt (108)
  u32 waiting_max = 10'000;  ///< messages that a client does not read before it is disconnected
  u32 requests_max = 65'536;  ///< whose ClOrdID is known
  bool check_password = true;  ///< Username (553), Password (554)
  bool accept_reset = true;  ///< ResetSeqNumFlag (141)
  bool reset_on_logout = false;
  bool reset_on_disconnect = false;
  bool pending_reports = false;  ///< PendingCancel, PendingReplace
  std::optional<SessionHours> hours{};  ///< none: open at any time, numbers go on
};

/// Of a client on the same host, whose OUCH 5.0 session goes through shared memory.
struct ShmClientConfig {
  std::vector<u32> user_ids;  ///< its process must run as one of them
  ipc::PipeSizes sizes;
};

/// A read-only session that gets what is told of the orders of some accounts, whoever sent them.
struct DropCopyConfig {
  std::string user;
  std::string password;
  u16 tcp_port = 0;
  std::vector<u16> accounts;  ///< empty: all
  ClientProtocol protocol = ClientProtocol::kOuch50;  ///< that one, or a FIX
  FixClientConfig fix{};
};
/// Whether a drop copy of `accounts` is told of one.
[[nodiscard]] inline bool copies_account(const std::vector<u16>& accounts, u16 account) noexcept {
  return accounts.empty() || std::find(accounts.begin(), accounts.end(), account) != accounts.end();
}

/// A client session: who may log in on which port, and what it trades for.
struct ClientConfig {
  std::string user;
  std::string password;
  u16 tcp_port = 0;
  u16 account = 0;
  bool cancel_on_disconnect = true;
  ClientProtocol protocol = ClientProtocol::kOuch50;
  FixClientConfig fix{};
  ShmClientConfig shm{};
};

/// Limits of one account, and how far it may go in each instrument.
struct AccountConfig {
  AccountLimits limits;
  PositionLimits position;  ///< account and instrument are filled in for each pair
};

using orders::kBuiltInStrategy;

/// Values without limits.
[[nodiscard]] constexpr ScopeLimits no_limits(LimitScope scope, u16 index) noexcept {
  return {.gross_value_max = kValueMax,
          .net_value_max = kValueMax,
          .open_value_max = kValueMax,
          .buying_power = kValueMax,
          .loss_max = kValueMax,
          .loss_halt = kValueMax,
          .open_orders_max = kNoLimit32,
          .executions_max = kNoLimit32,
          .index = index,
          .scope = scope};
}
/// Nothing of the pair is counted or restricted but its position.
[[nodiscard]] constexpr PositionLimits position_only(u64 max_long, u64 max_short) noexcept {
  return {.max_long = max_long,
          .max_short = max_short,
          .max_value = kValueMax,
          .daily_qty_max = ~u64{0},
          .buy_qty_max = kNoLimit32,
          .sell_qty_max = kNoLimit32,
          .short_qty_max = kNoLimit32};
}

/// Limits of one instrument that differ from the defaults.
struct InstrumentRule {
  Symbol symbol;
  InstrumentLimits limits;
  u32 reference_price = 0;  ///< previous close, 1e-4; 0 for none
};

/// What an account may not do in one instrument.
struct PairRestriction {
  u16 account = 0;
  Symbol symbol;
  u16 bits = 0;  ///< of Restriction
};

struct EdgeConfig {
  net::NetConfig venue_net;  ///< the interface towards the venue: feed and order session
  net::NetConfig client_net;  ///< the interface towards the clients
  std::array<Endpoint, 2> feed_lines;  ///< multicast groups A and B
  std::vector<Endpoint> rerequest_servers;
  u16 rerequest_local_port = 31'000;
  feed::FeedConfig feed;
  book::BookConfig books;
  VenueConfig venue;
  std::vector<ClientConfig> clients;
  std::vector<DropCopyConfig> drop_copies;
  std::string session_name = "TRADSYS001";  ///< of the client sessions; see day_session_name()
  std::vector<AccountConfig> accounts;
  /// Of the firm, and of every client, account and strategy that an order may count in.
  std::vector<ScopeLimits> scopes;
  InstrumentLimits instrument_defaults;  ///< lot and number come from the directory
  std::vector<InstrumentRule> instrument_rules;
  std::vector<PairRestriction> restrictions;
  /// A journal that begins empty releases the firm's kill switch; false: two persons have to.
  bool begin_active = false;
  u8 release_persons = 2;  ///< operators who must ask before a kill switch is released
  bool halt_on_unknown_execution = true;  ///< the venue tells of one that is no order's here
  u32 orders_max = 65'536;  ///< live client orders
  u32 trades_max = 1U << 20;  ///< executions of a day that the venue may still take back
  u32 client_store_messages = 1U << 18;  ///< per client, kept for replay
  usize client_store_bytes = usize{24} << 20;
  u32 client_tokens_max = 1U << 18;  ///< per OUCH 4.2 client: orders of a day
  AckPolicy ack = AckPolicy::kJournaled;
  u16 strategy_account = 0;
  i64 wall_offset_ns = 0;  ///< wall clock minus tile clock, for time stamps
};

/// Attachments of local clients at a time: one each, one that takes over, and as many that leave.
[[nodiscard]] inline u32 shm_links_max(const EdgeConfig& config) noexcept {
  u32 links = 0;
  for (const ClientConfig& c : config.clients) links += c.protocol == ClientProtocol::kShm ? 4 : 0;
  return links;
}
/// Name of the client sessions in trading day `day`: its last three characters are the day's
/// number. `name` is that of day 1.
[[nodiscard]] inline std::string day_session_name(std::string name, u32 day) {
  constexpr usize kDigits = 3;
  name.resize(std::max(name.size(), kDigits), '0');
  if (day == 1) return name;
  for (usize i = 1; i <= kDigits; ++i, day /= 10)
    name[name.size() - i] = static_cast<char>('0' + day % 10);
  return name;
}

/// Whether `from` is one of the servers that send missed messages again.
[[nodiscard]] inline bool is_rerequest_server(const EdgeConfig& config,
                                              const Endpoint& from) noexcept {
  for (const Endpoint& server : config.rerequest_servers) {
    if (from.ip == server.ip && from.port == server.port) return true;
  }
  return false;
}

}  // namespace tradsys::dataplane
