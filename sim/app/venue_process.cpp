#include "sim/app/venue_process.hpp"

#include <time.h>

#include <cinttypes>
#include <cstdio>
#include <map>
#include <memory>
#include <vector>

#include "dataplane/engine/venue_token.hpp"
#include "drivers/clock/tsc_clock.hpp"
#include "drivers/nic/shm_wire.hpp"
#include "sim/client/trader.hpp"
#include "sim/venue/background_flow.hpp"
#include "sim/venue/venue_host.hpp"
#include "sim/wire/hub.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::sim {
namespace {

using clock::TscClock;
using Venue = VenueHost<nic::ShmWire, TscClock>;
using Client = Trader<MemoryPort, TscClock>;

constexpr u32 kBurst = 32;
constexpr u32 kSpins = 500;
constexpr long kNapNs = 50'000;
constexpr u32 kStandingOrders = 4'000;

/// Copies frames between a shared-memory wire and the hub that the clients sit on.
class Uplink {
 public:
  Uplink(nic::ShmWire& wire, MemoryPort& hub) : wire_(wire), hub_(hub) {}
  u32 pump() { return move(wire_, hub_) + move(hub_, wire_); }

 private:
  template <class From, class To>
  static u32 move(From& from, To& to) {
    nic::RxFrame frames[kBurst];
    const u32 count = from.rx_burst(frames, kBurst);
    for (u32 i = 0; i < count; ++i) {
      std::byte* out = to.tx_alloc();
      if (out == nullptr) continue;
      std::memcpy(out, frames[i].data, frames[i].len_bytes);
      to.tx_send(frames[i].len_bytes);
    }
    from.release(frames, count);
    return count;
  }
  nic::ShmWire& wire_;
  MemoryPort& hub_;
};

class VenueProcess {
 public:
  VenueProcess(const VenueProcessConfig& config, TscClock tsc, nic::ShmWire wire)
      : config_(config),
        clock_(std::move(tsc)),
        wire_(std::move(wire)),
        instruments_(make_instruments(config.instruments, config.seed)),
        venue_(venue_config(), wire_, clock_),
        flow_({.seed = config.seed, .standing_orders = kStandingOrders, .mix = {}}, instruments_,
              venue_.exchange(), config.flow_per_s) {
    venue_.on_fill = [this](const MemberFill& fill) { on_fill(fill); };
  }

  void add_clients(nic::ShmWire wire) {
    client_wire_ = std::make_unique<nic::ShmWire>(std::move(wire));
    uplink_ = std::make_unique<Uplink>(*client_wire_, hub_.plug());
    for (u32 i = 0; i < config_.clients; ++i) {
      TraderConfig t = default_trader_config(i, instruments_, config_.seed * 131 + i);
      t.orders = config_.orders == 0 ? ~u64{0} : config_.orders;
      t.interval = {kSecond.v / config_.orders_per_s};
      clients_.push_back(std::make_unique<Client>(t, hub_.plug(), clock_));
    }
  }

  Status run(const StopFlag& stop) {
    if (!venue_.start()) return Error{"venue", "cannot open the member ports", ""};
    flow_.warm(clock_.now());
    venue_.flush();
    for (const auto& client : clients_) client->start();
    std::printf("tradsys-venue: open; %zu instruments, %zu clients\n", instruments_.size(),
                clients_.size());
    std::fflush(stdout);
    Nanos next_housekeep{};
    u32 empty = 0;
    while (!stop.load(std::memory_order_relaxed) && !done()) {
      const u32 work = poll();
      const Nanos now = clock_.now();
      if (now >= next_housekeep) {
        next_housekeep = now + Nanos{200'000};
        housekeep(now);
      }
      idle(work, empty);
    }
    return report();
  }

 private:
  VenueHostConfig venue_config() const {
    VenueHostConfig v = default_venue_config(instruments_);
    v.exchange.cancel_on_disconnect = !config_.keep_orders;
    v.publisher.store_bytes = usize{256} << 20;
    v.publisher.store_messages = 1U << 23;
    v.members.store_bytes = usize{128} << 20;
    v.members.store_messages = usize{1} << 21;
    return v;
  }
  u32 poll() {
    u32 work = venue_.poll(kBurst) + hub_.pump();
    if (uplink_) work += uplink_->pump();
    for (const auto& client : clients_) work += client->poll(kBurst);
    if (flow_.run(clock_.now()) != 0) venue_.flush();
    return work;
  }
  void housekeep(Nanos now) {
    venue_.housekeep(now);
    for (const auto& client : clients_) {
      client->housekeep(now, [this](Symbol symbol) { return price_of(symbol); });
    }
  }
  static void idle(u32 work, u32& empty) {
    if (work != 0) {
      empty = 0;
    } else if (++empty > kSpins) {
      const timespec nap{0, kNapNs};
      nanosleep(&nap, nullptr);
    }
  }
  [[nodiscard]] bool done() const {
    if (config_.orders == 0 || clients_.empty()) return false;
    return std::all_of(clients_.begin(), clients_.end(), [](const auto& c) { return c->done(); });
  }
  [[nodiscard]] u32 price_of(Symbol symbol) const {
    for (u32 i = 0; i < instruments_.size(); ++i) {
      if (!(instruments_[i].symbol == symbol)) continue;
      const auto number = static_cast<u16>(i + 1);
      const u32 bid = venue_.exchange().engine().best_price(number, Side::kBuy);
      const u32 ask = venue_.exchange().engine().best_price(number, Side::kSell);
      const u32 step = instruments_[i].price_step;
      return bid == 0 || ask == 0 ? 0 : (bid / 2 + ask / 2) / step * step;
    }
    return 0;
  }
  void on_fill(const MemberFill& fill) {
    const auto token = engine::decode_token(fill.clordid);
    const u16 account = token ? token->account : u16{0xFFFF};
    const bool adds = match::is_buy(fill.side) != fill.broken;
    positions_[{account, fill.instrument}] += adds ? i64{fill.qty} : -i64{fill.qty};
  }

  [[nodiscard]] Status report() const {
    if (config_.report_file.empty()) return Done{};
    std::FILE* file = std::fopen(config_.report_file.c_str(), "w");
    if (file == nullptr)
      return Error{config_.report_file.string(), "cannot be written", "name another file"};
    std::fprintf(
        file,
        "{\"schema\":\"tradsys/v1/venue-report\",\"live_member_orders\":%u,\"orders\":%" PRIu64
        ",\"clients\":[",
        venue_.exchange().live_member_orders(), venue_.exchange().counters().orders);
    for (usize i = 0; i < clients_.size(); ++i) {
      const TraderCounters& c = clients_[i]->counters();
      std::fprintf(file,
                   "%s{\"sent\":%" PRIu64 ",\"terminal\":%" PRIu64 ",\"fills\":%" PRIu64
                   ",\"logins\":%" PRIu64 ",\"unsent\":%" PRIu64 ",\"impossible\":%" PRIu64
                   ",\"contradiction\":\"%s\",\"position_mismatches\":%u}",
                   i == 0 ? "" : ",", c.sent, clients_[i]->terminal(), c.executions, c.logins,
                   c.unsent, c.impossible, clients_[i]->first_contradiction().c_str(),
                   mismatches(static_cast<u16>(i)));
    }
    std::fprintf(file, "]}\n");
    std::fclose(file);
    return Done{};
  }
  /// Instruments in which the client and the venue have different positions.
  [[nodiscard]] u32 mismatches(u16 account) const {
    u32 count = 0;
    for (u32 i = 0; i < instruments_.size(); ++i) {
      const auto& told = clients_[account]->positions();
      const auto client = told.find(instruments_[i].symbol.word());
      const auto venue = positions_.find({account, static_cast<u16>(i + 1)});
      const i64 a = client == told.end() ? 0 : client->second;
      const i64 b = venue == positions_.end() ? 0 : venue->second;
      count += a != b;
    }
    return count;
  }

  const VenueProcessConfig& config_;
  TscClock clock_;
  nic::ShmWire wire_;
  std::vector<MarketInstrument> instruments_;
  Venue venue_;
  BackgroundFlow<Exchange<Venue>> flow_;
  Hub hub_;
  std::unique_ptr<nic::ShmWire> client_wire_;
  std::unique_ptr<Uplink> uplink_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::map<std::pair<u16, u16>, i64> positions_;  // (account, instrument), as the venue traded
};

}  // namespace

Status run_venue(const VenueProcessConfig& config, const StopFlag& stop) {
  Result<TscClock> tsc = TscClock::make();
  if (!tsc) return tsc.error();
  Result<nic::ShmWire> wire =
      nic::ShmWire::attach({config.venue_wire, nic::ShmSide::kRight, 2'048});
  if (!wire) return wire.error();
  VenueProcess process(config, std::move(tsc).value(), std::move(wire).value());
  if (!config.client_wire.empty()) {
    Result<nic::ShmWire> client =
        nic::ShmWire::attach({config.client_wire, nic::ShmSide::kRight, 2'048});
    if (!client) return client.error();
    process.add_clients(std::move(client).value());
  }
  return process.run(stop);
}

}  // namespace tradsys::sim
