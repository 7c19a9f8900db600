#include "dataplane/app/edge_config_from.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>

#include "dataplane/app/fix_venue_config_from.hpp"
#include "hostsw/config/secret.hpp"

namespace tradsys::dataplane {
namespace {

template <usize N>
Text<N> text_of(std::string_view value) {
  Text<N> text = kSpaces<N>;
  std::copy_n(value.begin(), std::min(N, value.size()), text.begin());
  return text;
}

/// The file states whole currency units; the gate counts in four decimals. Beyond 64 bits = no
/// limit short of the gate's own.
u64 book_notional(u64 currency_units) {
  constexpr u64 kScale = 10'000;
  return currency_units > ~u64{0} / kScale ? ~u64{0} : currency_units * kScale;
}

Nanos milliseconds(u32 ms) { return {i64{ms} * kMillisecond.v}; }

const config::PortSettings* find_port(const config::DataplaneConfig& config,
                                      std::string_view name) {
  for (const config::PortSettings& port : config.ports) {
    if (port.name == name) return &port;
  }
  return nullptr;
}

nic::PortConfig port_of(const config::PortSettings& settings) {
  nic::PortConfig port;
  port.name = settings.name;
  port.kind = static_cast<nic::PortKind>(settings.kind);
  port.device = settings.device;
  port.rx_desc = settings.rx_slots;
  port.tx_desc = settings.tx_slots;
  port.capture_file = settings.capture_file;
  port.mac = settings.mac.bytes;
  return port;
}
static_assert(static_cast<u8>(config::PortKind::kRing) == static_cast<u8>(nic::PortKind::kRing) &&
              static_cast<u8>(config::PortKind::kShm) == static_cast<u8>(nic::PortKind::kShm) &&
              static_cast<u8>(config::PortKind::kPcap) == static_cast<u8>(nic::PortKind::kPcap) &&
              static_cast<u8>(config::PortKind::kAfPacket) ==
                  static_cast<u8>(nic::PortKind::kAfPacket) &&
              static_cast<u8>(config::PortKind::kAfXdp) == static_cast<u8>(nic::PortKind::kAfXdp) &&
              static_cast<u8>(config::PortKind::kPci) == static_cast<u8>(nic::PortKind::kPci));

net::NetConfig net_of(const config::PortSettings& settings) {
  net::NetConfig net;
  net.mac = mac_of(settings.mac.bytes);
  net.ip = {settings.ip.value};
  net.prefix_bits = settings.prefix;
  net.gateway = {settings.gateway.value};
  net.vlan_id = settings.vlan;
  net.tcp.rto_min = {i64{settings.tcp_rto_min_ms} * kMillisecond.v};
  net.tcp.keepalive_idle = {i64{settings.tcp_keepalive_s} * kSecond.v};
  return net;
}

void fill_feed(const config::FeedSettings& settings, EdgeConfig& edge) {
  for (usize i = 0; i < 2; ++i) {
    const config::FeedLineSettings& line = settings.lines[std::min(i, settings.lines.size() - 1)];
    edge.feed_lines[i] = {{line.group.value}, line.udp_port};
  }
  for (const config::RerequestSettings& server : settings.rerequest) {
    edge.rerequest_servers.push_back({{server.ip.value}, server.udp_port});
  }
  feed::FeedConfig& feed = edge.feed;
  if (!settings.session.empty()) feed.session = wire::session_text(settings.session);
  feed.gap_wait = {i64{settings.gap_timeout_us} * kMicrosecond.v};
  feed.gap_window_messages = settings.window_messages;
  feed.buffer_messages = settings.buffer_messages;
  feed.buffer_bytes = settings.buffer_bytes;
  feed.request_servers = static_cast<u32>(settings.rerequest.size());
  feed.request_timeout = milliseconds(settings.request_timeout_ms);
  feed.request_timeout_max = std::max(feed.request_timeout_max, feed.request_timeout);
  feed.request_attempts_max = settings.request_attempts;
  feed.silence_max = milliseconds(settings.silence_ms);
}

Status fill_ouch_venue(const config::VenueSettings& settings, VenueConfig& venue) {
  const Result<std::string> password =
      config::read_secret(settings.password_file, config::kSoupPasswordBytes);
  if (!password) return password.error();
  venue.login.username = text_of<6>(settings.user);
  venue.login.password = text_of<10>(password.value());
  if (!settings.session.empty()) venue.login.session = wire::session_text(settings.session);
  venue.soup.heartbeat = milliseconds(settings.heartbeat_ms);
  venue.soup.silence_max = milliseconds(settings.silence_ms);
  venue.soup.login_wait = milliseconds(settings.login_timeout_ms);
  return Done{};
}

Status fill_venue(const config::DataplaneConfig& config, EdgeConfig& edge) {
  const config::VenueSettings& settings = config.venue;
  VenueConfig& venue = edge.venue;
  venue.protocol = static_cast<VenueProtocol>(settings.protocol);
  venue.server = {{settings.ip.value}, settings.tcp_port};
  venue.local_port = settings.local_tcp_port;
  venue.reconnect_wait = milliseconds(settings.reconnect_ms);
  if (venue.protocol == VenueProtocol::kOuch50) return fill_ouch_venue(settings, venue);
  return fill_fix_venue(config, venue);
}

static_assert(static_cast<u8>(config::ClientProtocol::kOuch42) ==
              static_cast<u8>(ClientProtocol::kOuch42));

std::optional<SessionHours> hours_of(const config::FixClientSettings& fix) {
  const auto start = parse_time_of_day(fix.session_start), end = parse_time_of_day(fix.session_end);
  const auto days = parse_weekdays(fix.session_days);
  if (!start || !end || !days) return std::nullopt;  // checked: none are named
  return SessionHours{*start, *end, *days};
}

FixClientConfig fix_of(const config::FixClientSettings& settings, const std::string& account) {
  return {.sender_comp_id = settings.sender_comp_id,
          .target_comp_id = settings.target_comp_id,
          .account = account,
          .heartbeat_max_s = settings.heartbeat_max_s,
          .waiting_max = settings.waiting_messages_max,
          .requests_max = settings.requests_max,
          .check_password = settings.check_password,
          .accept_reset = settings.accept_reset,
          .reset_on_logout = settings.reset_on_logout,
          .reset_on_disconnect = settings.reset_on_disconnect,
          .pending_reports = settings.pending_reports,
          .hours = hours_of(settings)};
}

ShmClientConfig shm_of(const config::ShmClientSettings& settings) {
  ShmClientConfig shm;
  shm.user_ids = settings.uids;
  if (shm.user_ids.empty()) shm.user_ids.push_back(::geteuid());
  shm.sizes = {settings.request_kib << 10, settings.report_kib << 10};
  return shm;
}

Status fill_clients(const config::DataplaneConfig& config, EdgeConfig& edge) {
  for (const config::ClientSettings& settings : config.clients) {
    Result<std::string> password =
        config::read_secret(settings.password_file, config::kSoupPasswordBytes);
    if (!password) return password.error();
    edge.clients.push_back({.user = settings.user,
                            .password = std::move(password).value(),
                            .tcp_port = settings.tcp_port,
                            .account = settings.account,
                            .cancel_on_disconnect = settings.cancel_on_disconnect,
                            .protocol = static_cast<ClientProtocol>(settings.protocol),
                            .fix = fix_of(settings.fix, std::to_string(settings.account)),
                            .shm = shm_of(settings.shm)});
  }
  return Done{};
}
static_assert(static_cast<u8>(config::ClientProtocol::kShm) ==
              static_cast<u8>(ClientProtocol::kShm));

Status fill_drop_copies(const config::DataplaneConfig& config, EdgeConfig& edge) {
  for (const config::DropCopySettings& settings : config.drop_copies) {
    Result<std::string> password =
        config::read_secret(settings.password_file, config::kSoupPasswordBytes);
    if (!password) return password.error();
    edge.drop_copies.push_back({.user = settings.user,
                                .password = std::move(password).value(),
                                .tcp_port = settings.tcp_port,
                                .accounts = settings.accounts,
                                .protocol = static_cast<ClientProtocol>(settings.protocol),
                                .fix = fix_of(settings.fix, {})});
  }
  return Done{};
}

/// Values of a day, of an account or of [[limits]].
template <class Settings>
ScopeLimits values_of(const Settings& settings, LimitScope scope, u16 index) {
  ScopeLimits limits = no_limits(scope, index);
  limits.gross_value_max = book_notional(settings.gross_value_max);
  limits.net_value_max = book_notional(settings.net_value_max);
  limits.open_value_max = book_notional(settings.open_value_max);
  limits.buying_power = book_notional(settings.buying_power);
  limits.loss_max = book_notional(settings.loss_max);
  limits.loss_halt = book_notional(settings.loss_halt);
  limits.open_orders_max = settings.open_orders_max;
  return limits;
}

AccountConfig account_of(const config::AccountSettings& settings) {
  AccountConfig account;
  AccountLimits& limits = account.limits;
  limits.account = settings.id;
  limits.client = settings.client;
  limits.max_notional = book_notional(settings.max_notional);
  limits.max_qty = settings.max_qty;
  limits.rate_per_s = settings.rate_per_s;
  limits.rate_burst = settings.rate_burst;
  limits.orders_per_trade_max = settings.orders_per_trade_max;
  limits.orders_per_trade_from = settings.orders_per_trade_from;
  limits.duplicates_max = settings.duplicates_max;
  limits.duplicate_window_ms = settings.duplicate_window_ms;
  limits.self_trade = static_cast<SelfTrade>(settings.self_trade);
  limits.enabled = settings.enabled ? 1 : 0;
  limits.killed = 0;
  account.position = position_only(settings.max_long, settings.max_short);
  account.position.max_value = book_notional(settings.max_value);
  account.position.daily_qty_max = settings.daily_qty_max;
  account.position.buy_qty_max = settings.buy_qty_max;
  account.position.sell_qty_max = settings.sell_qty_max;
  account.position.same_day_qty_max = settings.same_day_qty_max;
  account.position.short_qty_max = settings.short_qty_max;
  return account;
}
static_assert(static_cast<u8>(config::SelfTradePolicy::kCancelOldest) ==
                  static_cast<u8>(SelfTrade::kCancelOldest) &&
              static_cast<u8>(config::SelfTradePolicy::kCancelBoth) ==
                  static_cast<u8>(SelfTrade::kCancelBoth) &&
              static_cast<u8>(config::SelfTradePolicy::kAllow) ==
                  static_cast<u8>(SelfTrade::kAllow));

/// Without a table of their own, firm, clients and strategies have no limits.
void fill_scopes(const config::DataplaneConfig& config, EdgeConfig& edge) {
  std::map<std::pair<LimitScope, u16>, ScopeLimits> scopes;
  const auto add = [&](LimitScope scope, u16 index) {
    scopes.try_emplace({scope, index}, no_limits(scope, index));
  };
  for (const config::LimitSettings& settings : config.limits) {
    constexpr std::array<LimitScope, 3> kScopeOf{LimitScope::kFirm, LimitScope::kClient,
                                                 LimitScope::kStrategy};
    const LimitScope scope = kScopeOf[static_cast<usize>(settings.scope)];
    ScopeLimits limits = values_of(settings, scope, settings.id);
    limits.executions_max = settings.executions_max;
    limits.executions_window_ms = settings.executions_window_ms;
    scopes[{scope, settings.id}] = limits;
  }
  add(LimitScope::kFirm, 0);
  add(LimitScope::kStrategy, 0);
  add(LimitScope::kStrategy, kBuiltInStrategy);
  for (const config::AccountSettings& settings : config.accounts) {
    add(LimitScope::kClient, settings.client);
    scopes[{LimitScope::kAccount, settings.id}] =
        values_of(settings, LimitScope::kAccount, settings.id);
  }
  for (const auto& [key, limits] : scopes) edge.scopes.push_back(limits);
}

/// The rules of one instrument, of the defaults or of a table of its own.
template <class Settings>
InstrumentLimits rules_of(bool enabled, const Settings& settings) {
  InstrumentLimits row;
  row.max_notional = book_notional(settings.max_notional);
  row.max_qty = settings.max_qty;
  row.min_qty = settings.min_qty;
  row.tick_size = settings.tick_size;
  row.lot_size = settings.lot_size;
  row.collar_bp = settings.collar_bp;
  row.fat_finger_bp = settings.fat_finger_bp;
  row.band_low = settings.band_low;
  row.band_high = settings.band_high;
  row.feed_silence_max_ms = settings.feed_silence_max_ms;
  row.short_sale_restricted = settings.short_sale_restricted ? 1 : 0;
  row.enabled = enabled ? 1 : 0;
  row.killed = 0;
  return row;
}

void fill_limits(const config::DataplaneConfig& config, EdgeConfig& edge) {
  for (const config::AccountSettings& settings : config.accounts)
    edge.accounts.push_back(account_of(settings));
  fill_scopes(config, edge);
  for (const config::RestrictionSettings& settings : config.restrictions) {
    const u16 bit = static_cast<u16>(1U << static_cast<u32>(settings.kind));
    edge.restrictions.push_back({settings.account, Symbol::from(settings.symbol), bit});
  }
  edge.begin_active = config.gate.begin_active;
  edge.release_persons = config.gate.release_persons;
  edge.halt_on_unknown_execution = config.gate.halt_on_unknown_execution;
  edge.instrument_defaults = rules_of(config.gate.enabled_by_default, config.gate);
  for (const config::InstrumentSettings& settings : config.gate.instruments) {
    edge.instrument_rules.push_back({.symbol = Symbol::from(settings.symbol),
                                     .limits = rules_of(settings.enabled, settings),
                                     .reference_price = settings.reference_price});
  }
}
static_assert(static_cast<u16>(Restriction::kShort) ==
                  1U << static_cast<u32>(config::RestrictionKind::kShort) &&
              static_cast<u16>(Restriction::kConfirmed) ==
                  1U << static_cast<u32>(config::RestrictionKind::kConfirmed));

}  // namespace

net::MacAddress mac_of(const std::array<u8, 6>& bytes) noexcept {
  u64 value = 0;
  for (const u8 byte : bytes) value = value << 8 | byte;
  return {value};
}

Result<DataplaneParts> make_parts(const config::DataplaneConfig& config) {
  DataplaneParts parts;
  EdgeConfig& edge = parts.edge;
  // Both are there: check_dataplane_config has looked.
  const config::PortSettings* venue = find_port(config, config.venue.port);
  const config::PortSettings* client = find_port(config, config::port_of_clients(config));
  TRADSYS_ASSERT(venue != nullptr && client != nullptr);
  parts.venue_port = port_of(*venue);
  parts.client_port = port_of(*client);
  edge.venue_net = net_of(*venue);
  edge.client_net = net_of(*client);
  const u32 sessions = static_cast<u32>(config.clients.size() + config.drop_copies.size());
  edge.client_net.tcp.listeners_max = sessions;
  // One connection each, one that takes over, and as many that linger after a close.
  edge.client_net.tcp.sessions_max = 4 * sessions;
  fill_feed(config.feed, edge);
  if (Status s = fill_venue(config, edge); !s) return s.error();
  if (Status s = fill_clients(config, edge); !s) return s.error();
  if (Status s = fill_drop_copies(config, edge); !s) return s.error();
  fill_limits(config, edge);
  edge.books = {config.books.instruments_max, config.books.orders_max, config.books.levels_max};
  edge.orders_max = config.orders_max;
  edge.trades_max = config.trades_max;
  edge.ack =
      config.ack == config::AckPolicy::kJournaled ? AckPolicy::kJournaled : AckPolicy::kImmediate;
  edge.strategy_account = config.strategy.account;
  parts.strategy = {.enabled = config.strategy.enabled,
                    .trigger = config.strategy.trigger,
                    .qty = config.strategy.qty,
                    .position_max = config.strategy.position_max};
  if (Status s = feed::validate(edge.feed); !s) return s.error();
  return parts;
}

}  // namespace tradsys::dataplane
