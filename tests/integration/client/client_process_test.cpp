// Goal: programs of the client library work against a running appliance: the market maker trades,
// its death cancels its orders, it leaves without one when asked to; over deaths of the dataplane a
// session goes on at its number with nothing lost or doubled. Method: exchange, dataplane and
// examples as processes, killed with SIGKILL; what they left is read through a session of the test.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <sstream>

#include "hostsw/client/market.hpp"
#include "hostsw/client/session.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/ipc/status_region.hpp"
#include "sim/app/child_process.hpp"
#include "sim/app/up_config.hpp"
#include "tests/support/process/programs.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::client {
namespace {

using sim::ChildProcess;
using testing::wait_until;

class ClientProcess : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::setenv("TRADSYS_PROGRAM_DIR", testing::bin_dir().c_str(), 1), 0);
    where_ = {.instance = "local", .runtime_dir = dir_.path()};
    const auto paths = ipc::instance_paths(where_.instance, where_.runtime_dir);
    ASSERT_TRUE(paths && ipc::make_instance_folder(paths.value()));
    Result<sim::UpFiles> files = sim::write_up_files(up_, paths.value(), where_.instance);
    ASSERT_TRUE(files) << files.error().message();
    files_ = files.value();
    symbol_ = Symbol::from(sim::first_symbol(up_));
    venue_.emplace(started("tradsys-venue", sim::venue_arguments(up_, files_), files_.venue_log));
    start_dataplane();
    ASSERT_TRUE(wait_until([this] { return two_sided(); }, 20'000));
  }
  static ChildProcess started(const char* program, const std::vector<std::string>& arguments,
                              const std::filesystem::path& log) {
    Result<ChildProcess> process = ChildProcess::start(program, arguments, log);
    EXPECT_TRUE(process) << process.error().message();
    return std::move(process).value();
  }
  void start_dataplane() {
    dataplane_.reset();
    dataplane_.emplace(
        started("tradsys-dataplane", {"--config", files_.config.string()}, files_.dataplane_log));
  }
  static void kill(ChildProcess& process) {
    ASSERT_EQ(::kill(process.pid(), SIGKILL), 0);
    ASSERT_TRUE(wait_until([&] { return !process.running(); }, 5'000));
  }
  ChildProcess start_maker() {
    return started("tradsys-market-maker",
                   {"--symbol", symbol_.str(), "--password-file", files_.local_password.string(),
                    "--runtime-dir", dir_.path().string(), "--instance", where_.instance, "--edge",
                    "0", "--position-max", "5000"},
                   maker_log());
  }
  [[nodiscard]] std::filesystem::path maker_log() const { return dir_ / "maker.log"; }
  /// The market is open and has both sides.
  bool two_sided() {
    Result<Market> market = Market::connect(where_);
    if (!market || market.value().stale() || !market.value().is_open()) return false;
    const std::optional<u32> row = market.value().find(symbol_);
    return row && market.value().read(*row, quote_) && quote_.trading != 0 &&
           quote_.bid_price != 0 && quote_.ask_price != 0;
  }
  /// What the appliance says of the local client.
  [[nodiscard]] ipc::SessionStatus status() const {
    const Result<ipc::StatusReader> reader = ipc::StatusReader::open(files_.status);
    ipc::SessionStatus session;
    for (u32 i = 0; reader && i < ipc::kSessionsMax; ++i)
      if (reader.value().session(i, session) && session.name.str() == sim::kLocalUser)
        return session;
    return {};
  }
  [[nodiscard]] SessionConfig config(u64 next_sequence = 1) const {
    return {.where = where_,
            .user = sim::kLocalUser,
            .password = "LOCALPASS",
            .next_sequence = next_sequence};
  }
  /// Attaches, again and again while the dataplane is not there, until orders can be sent.
  bool come_up(Session& session, std::vector<Event>& told) {
    return wait_until(
        [&] {
          if (!session.attached() && !session.attach()) testing::sleep_ms(20);
          listen(session, told);
          return session.ready();
        },
        30'000);
  }
  static void listen(Session& session, std::vector<Event>& told) {
    for (const Event& e : session.poll()) told.push_back(e);
  }

  testing::TempDir dir_;
  sim::UpConfig up_;
  sim::UpFiles files_;
  Where where_;
  Symbol symbol_;
  Quote quote_;
  std::optional<ChildProcess> venue_;
  std::optional<ChildProcess> dataplane_;
};

/// Counts of a stream, and what is still open by it.
struct Story {
  u32 accepted = 0, executed = 0, doubled = 0;
  std::map<u32, u32> open;

  explicit Story(const std::vector<Event>& told) {
    std::map<std::pair<u32, u64>, u32> fills;
    for (const Event& e : told) {
      if (e.kind == Event::Kind::kAccepted) {
        ++accepted;
        doubled += open.contains(e.ref) ? 1U : 0U;
      }
      if (e.kind == Event::Kind::kReplaced) open[e.previous] = 0;
      if (e.kind == Event::Kind::kAccepted || e.kind == Event::Kind::kReplaced) open[e.ref] = e.qty;
      if (e.kind == Event::Kind::kExecuted) {
        ++executed;
        doubled += fills[{e.ref, e.match}]++;
      }
      if (e.kind == Event::Kind::kExecuted || e.kind == Event::Kind::kCanceled)
        open[e.ref] -= std::min(open[e.ref], e.qty);
    }
  }
  [[nodiscard]] u32 live() const {
    u32 n = 0;
    for (const auto& [ref, qty] : open) n += qty != 0 ? 1U : 0U;
    return n;
  }
};

void expect_gapless(const std::vector<Event>& told) {
  for (usize i = 0; i < told.size(); ++i) ASSERT_EQ(told[i].sequence, i + 1);
}

TEST_F(ClientProcess, TheMakerTradesAndItsDeathCancelsItsOrders) {
  ChildProcess maker = start_maker();
  ASSERT_TRUE(wait_until(
      [this] {
        const ipc::SessionStatus s = status();
        return s.live_orders == 2 && s.packets_out >= 20;
      },
      30'000))
      << "it does not quote";
  kill(maker);
  EXPECT_TRUE(wait_until([this] { return status().live_orders == 0; }, 1'000));
  EXPECT_EQ(status().malformed, 0U);

  std::vector<Event> told;
  Session session(config());
  ASSERT_TRUE(come_up(session, told));
  expect_gapless(told);
  const Story story(told);
  EXPECT_GE(story.accepted, 2U);
  EXPECT_GE(story.executed, 1U);
  EXPECT_EQ(story.live(), 0U);
  EXPECT_EQ(story.doubled, 0U);
}

TEST_F(ClientProcess, TheMakerOutlivesTheDataplaneAndLeavesWithoutAnOrder) {
  ChildProcess maker = start_maker();
  const auto quotes = [this] { return status().live_orders == 2; };
  ASSERT_TRUE(wait_until(quotes, 30'000));
  kill(*dataplane_);
  start_dataplane();
  ASSERT_TRUE(wait_until(
      [&] {
        const ipc::SessionStatus s = status();
        return s.logins == 1 && s.live_orders == 2 && s.packets_in > 5;
      },
      30'000))
      << "it does not come back";
  maker.stop();
  std::stringstream log;
  log << std::ifstream(maker_log()).rdbuf();
  EXPECT_NE(log.str().find("left without an order"), std::string::npos) << log.str();
  EXPECT_TRUE(wait_until([this] { return status().live_orders == 0; }, 1'000));
}

TEST_F(ClientProcess, OverDeathsOfTheDataplaneNothingIsLostOrDoubled) {
  Random random(testing::test_seed(9));
  std::vector<Event> told;
  std::map<u32, u32> entered;
  Session session(config());
  for (u32 round = 0; round < 5; ++round) {
    ASSERT_TRUE(come_up(session, told)) << "round " << round;
    ASSERT_TRUE(wait_until([this] { return two_sided(); }, 20'000));
    for (u32 i = 0; i < 40; ++i) {
      const bool trades = random.below(2) == 0;
      const u32 price = trades ? quote_.ask_price : quote_.bid_price - 1'000;
      if (const u32 ref = session.enter({symbol_, Way::kBuy, 10, price})) ++entered[ref];
      listen(session, told);
      if (i % 8 == 0) testing::sleep_ms(random.below(6));
    }
    kill(*dataplane_);
    start_dataplane();
  }
  ASSERT_TRUE(come_up(session, told));
  expect_gapless(told);
  const Story story(told);
  EXPECT_EQ(story.doubled, 0U);
  EXPECT_GE(story.accepted, 50U);
  EXPECT_GE(story.executed, 10U);
  for (const auto& [ref, times] : entered) EXPECT_EQ(times, 1U) << "reference " << ref << " twice";

  std::vector<Event> again;
  Session second(config());
  ASSERT_TRUE(come_up(second, again));
  ASSERT_GE(again.size(), told.size());
  for (usize i = 0; i < told.size(); ++i) {
    ASSERT_EQ(again[i].kind, told[i].kind) << "message " << i + 1;
    ASSERT_EQ(again[i].ref, told[i].ref) << "message " << i + 1;
    ASSERT_EQ(again[i].match, told[i].match) << "message " << i + 1;
  }
}

TEST_F(ClientProcess, TheSubscriberPrintsTheBestPrices) {
  const std::filesystem::path log = dir_ / "subscriber.log";
  ChildProcess subscriber =
      started("tradsys-subscriber", {symbol_.str(), where_.instance, dir_.path().string()}, log);
  const auto printed = [&] {
    std::stringstream text;
    text << std::ifstream(log).rdbuf();
    return text.str();
  };
  EXPECT_TRUE(wait_until([&] { return printed().find("  ask ") != std::string::npos; }, 5'000))
      << printed();
  EXPECT_EQ(printed().find(symbol_.str() + "  bid "), 0U) << printed();
  kill(*dataplane_);
  EXPECT_TRUE(wait_until([&] { return !subscriber.running(); }, 2'000)) << "its end is noticed";
}

}  // namespace
}  // namespace tradsys::client
