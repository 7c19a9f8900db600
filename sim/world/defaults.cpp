#include "sim/world/defaults.hpp"

#include <bit>
#include <string>

#include "sim/world/addresses.hpp"

namespace tradsys::sim {
namespace {

constexpr u64 kAccountLong = 20'000;
constexpr u32 kInstrumentsMax = 1'024;

Text<6> user_of(std::string_view name) {
  Text<6> text = kSpaces<6>;
  for (usize i = 0; i < name.size() && i < 6; ++i) text[i] = name[i];
  return text;
}
Text<10> password_text(std::string_view name) {
  Text<10> text = kSpaces<10>;
  for (usize i = 0; i < name.size() && i < 10; ++i) text[i] = name[i];
  return text;
}
std::string client_user(u32 client) { return "CLI" + std::to_string(client); }

dataplane::AccountConfig account(u16 number) {
  dataplane::AccountConfig a;
  a.limits.account = number;
  a.limits.max_notional = 2'000'000ULL * 10'000;  // 2 million currency units per order
  a.limits.max_qty = 5'000;
  a.limits.rate_per_s = 50'000;
  a.limits.rate_burst = 5'000;
  a.limits.orders_per_trade_max = kNoLimit32;
  // Random clients cross themselves all the time; refusing that would leave little to trade.
  a.limits.self_trade = number == 1 ? SelfTrade::kCancelOldest : SelfTrade::kAllow;
  a.limits.enabled = 1;
  a.limits.killed = 0;
  a.position = dataplane::position_only(kAccountLong, kAccountLong);
  return a;
}

std::vector<ScopeLimits> scopes_of(const std::vector<dataplane::AccountConfig>& accounts) {
  std::vector<ScopeLimits> scopes{
      dataplane::no_limits(LimitScope::kFirm, 0), dataplane::no_limits(LimitScope::kClient, 0),
      dataplane::no_limits(LimitScope::kStrategy, 0),
      dataplane::no_limits(LimitScope::kStrategy, dataplane::kBuiltInStrategy)};
  for (const dataplane::AccountConfig& a : accounts) {
    scopes.push_back(dataplane::no_limits(LimitScope::kAccount, a.limits.account));
    scopes.back().open_orders_max = 5'000;
  }
  return scopes;
}

}  // namespace

dataplane::EdgeConfig default_edge_config(u32 clients) {
  dataplane::EdgeConfig c;
  c.begin_active = true;
  c.venue_net.mac = kVenueSideMac;
  c.venue_net.ip = kVenueSideIp;
  c.client_net.mac = kClientSideMac;
  c.client_net.ip = kClientSideIp;
  c.feed_lines = {{{kGroupA, kFeedPort}, {kGroupB, kFeedPort}}};
  c.rerequest_servers = {{kVenueIp, kRerequestPort}};
  c.books = {.instruments_max = kInstrumentsMax, .orders_max = 1U << 18, .levels_max = 1U << 16};
  c.venue.server = {kVenueIp, kVenueOrderPort};
  c.venue.login.username = user_of("TRADSY");
  c.venue.login.password = password_text("VENUEPASS");
  for (u32 i = 0; i < clients; ++i) {
    c.clients.push_back({.user = client_user(i),
                         .password = "SECRET" + std::to_string(i),
                         .tcp_port = static_cast<u16>(kClientOrderPort + i),
                         .account = static_cast<u16>(i)});
    c.accounts.push_back(account(static_cast<u16>(i)));
  }
  c.strategy_account = static_cast<u16>(clients);
  c.accounts.push_back(account(c.strategy_account));
  c.scopes = scopes_of(c.accounts);
  c.instrument_defaults.max_notional = 2'000'000ULL * 10'000;
  c.instrument_defaults.max_qty = 5'000;
  c.instrument_defaults.tick_size = 10;
  c.instrument_defaults.lot_size = 0;  // from the directory
  c.instrument_defaults.collar_bp = 500;
  c.instrument_defaults.fat_finger_bp = kNoLimit32;
  c.instrument_defaults.band_high = kNoLimit32;
  c.instrument_defaults.feed_silence_max_ms = 5'000;
  c.instrument_defaults.enabled = 1;
  c.instrument_defaults.killed = 0;
  c.release_persons = 1;
  c.orders_max = 32'768;
  return c;
}

dataplane::EdgeConfig small_edge_config(u32 clients, u32 instruments, u64 orders) {
  dataplane::EdgeConfig c = default_edge_config(clients);
  c.drop_copies.push_back({"COPY", "COPYPASS", kDropCopyPort, {}});
  c.books = {.instruments_max = instruments + 1, .orders_max = 1U << 16, .levels_max = 1U << 14};
  c.client_store_messages = static_cast<u32>(std::bit_ceil(orders * 4 + 1'024));
  c.client_store_bytes = usize{c.client_store_messages} * 80;
  c.orders_max = 8'192;
  c.trades_max = 1U << 16;
  return c;
}

risk::GateConfig gate_size(const dataplane::EdgeConfig& config) {
  return {static_cast<u32>(config.accounts.size()), config.books.instruments_max};
}

DropCopyReaderConfig default_drop_copy_reader_config() {
  DropCopyReaderConfig r;
  r.net.mac = kDropCopyMac;
  r.net.ip = kDropCopyIp;
  r.server_ip = kClientSideIp;
  r.server_port = kDropCopyPort;
  r.login.username = user_of("COPY");
  r.login.password = password_text("COPYPASS");
  return r;
}

VenueHostConfig default_venue_config(const std::vector<MarketInstrument>& instruments) {
  VenueHostConfig v;
  v.net.mac = kVenueMac;
  v.net.ip = kVenueIp;
  v.lines[0] = {kGroupA, kFeedPort};
  v.lines[1] = {kGroupB, kFeedPort};
  v.rerequest_port = kRerequestPort;
  for (const MarketInstrument& i : instruments) {
    v.exchange.listings.push_back({i.symbol, i.price_step, i.lot});
  }
  v.members.sessions.push_back({"TRADSY", "VENUEPASS", kVenueOrderPort});
  v.members.session_name = "VENUE00001";
  return v;
}

VenueHostConfig small_venue_config(const std::vector<MarketInstrument>& instruments, u64 day,
                                   bool cancel_on_disconnect) {
  VenueHostConfig v = default_venue_config(instruments);
  v.exchange.cancel_on_disconnect = cancel_on_disconnect;
  v.exchange.orders_max = 1U << 15;
  v.members.session_name = "VENUE" + std::to_string(10'001 + day);
  v.publisher.session = wire::session_text("FEED" + std::to_string(100'001 + day));
  v.publisher.store_bytes = usize{16} << 20;
  v.publisher.store_messages = 1U << 18;
  return v;
}

TraderConfig default_trader_config(u32 client, const std::vector<MarketInstrument>& instruments,
                                   u64 seed) {
  TraderConfig t;
  t.net.mac = client_mac(client);
  t.net.ip = client_ip(client);
  t.server_ip = kClientSideIp;
  t.server_port = static_cast<u16>(kClientOrderPort + client);
  t.login.username = user_of(client_user(client));
  t.login.password = password_text("SECRET" + std::to_string(client));
  for (const MarketInstrument& i : instruments) t.symbols.push_back(i.symbol);
  t.seed = seed;
  return t;
}

dataplane::FollowStrategy::Config default_strategy_config() {
  return {.enabled = true, .trigger = 400, .qty = 100, .position_max = 1'000};
}

}  // namespace tradsys::sim
