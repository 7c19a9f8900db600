// Goal: `tradsys top` shows rates, live on a terminal and plain elsewhere, and leaves the terminal
// as it was. Method: an instance whose counters the test moves while the real program looks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "tests/integration/control/cli/instance.hpp"

namespace tradsys::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Beats and counts on, as a dataplane at work.
class Work {
 public:
  explicit Work(Instance& instance) : instance_(instance), thread_([this] { run(); }) {}
  ~Work() {
    stopping_ = true;
    thread_.join();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

 private:
  void run() {
    ipc::FeedStatus feed = Instance::feed();
    ipc::OrderStatus orders = Instance::orders();
    while (!stopping_) {
      feed.messages += 1'000;
      orders.requests += 10;
      instance_.writer().feed(0, feed);
      instance_.writer().orders(orders);
      instance_.heartbeat();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  Instance& instance_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

TEST(TopCommand, ShowsOneFrameWhenAskedTo) {
  Instance instance;
  const Work work(instance);
  const Outcome got = instance.run({"top", "--once", "-i", "0.2"});
  EXPECT_EQ(got.code, 0);
  for (const char* text : {"sim  alive", "MSG/S", "egx-itch", "REQUESTS/S", "LATENCY", "COMI"})
    EXPECT_THAT(got.out, HasSubstr(text));
  EXPECT_THAT(got.out, Not(HasSubstr("\x1b"))) << "no terminal, no escape sequence";
}

TEST(TopCommand, GivesRatesAsOneLineOfJsonForEachFrame) {
  Instance instance;
  const Work work(instance);
  const Outcome got = instance.run({"top", "-n", "2", "-i", "0.2", "--json"});
  EXPECT_EQ(got.code, 0);
  const size_t end = got.out.find('\n') + 1;
  ASSERT_EQ(got.out.find('\n', end), got.out.size() - 1) << got.out;
  auto json = parse_json(got.out.substr(end));
  EXPECT_EQ(json["schema"], "tradsys/v1/top");
  EXPECT_EQ(json["liveness"], "alive");
  EXPECT_EQ(json["feeds.0.name"], "egx-itch");
  EXPECT_GT(std::stoll(json["feeds.0.messages_per_s"]), 0);
  EXPECT_GT(std::stoll(json["requests_per_s"]), 0);
  EXPECT_GE(std::stoll(json["interval_ms"]), 200);
  EXPECT_EQ(json["instruments.0.symbol"], "COMI");
  EXPECT_EQ(json.count("instruments.3.symbol"), 0U) << "a place that is not in use";
  EXPECT_EQ(json["latency.0.count"], "0") << "nothing was recorded in the interval";
}

TEST(TopCommand, RedrawsOnATerminalAndLeavesItAsItWas) {
  Instance instance;
  const Work work(instance);
  RunOptions options;
  options.typed = "q";
  const Outcome got = instance.run({"top", "-i", "30"}, options);
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out, StartsWith("\x1b[?1049h\x1b[?25l\x1b[H"));
  EXPECT_THAT(got.out, EndsWith("\x1b[?25h\x1b[?1049l"));
  EXPECT_THAT(got.out, HasSubstr("\x1b[32malive")) << "colours";
}

TEST(TopCommand, DrawsWithoutColoursWhenToldTo) {
  Instance instance;
  const Work work(instance);
  RunOptions options;
  options.typed = "q";
  EXPECT_THAT(instance.run({"top", "--no-color"}, options).out, Not(HasSubstr("\x1b[32m")));
  options.env["NO_COLOR"] = "1";
  EXPECT_THAT(instance.run({"top"}, options).out, Not(HasSubstr("\x1b[32m")));
  options.env["NO_COLOR"] = "";
  EXPECT_THAT(instance.run({"top"}, options).out, HasSubstr("\x1b[32m")) << "empty means not set";
}

TEST(TopCommand, StopsWithCtrlC) {
  Instance instance;
  RunOptions options;
  options.typed = "\x03";
  const Outcome got = instance.run({"top", "-i", "30"}, options);
  EXPECT_EQ(got.code, 130);
  EXPECT_THAT(got.out, EndsWith("\x1b[?25h\x1b[?1049l"));
}

TEST(TopCommand, StopsWhenTerminated) {
  Instance instance;
  RunOptions options;
  options.signal_after_output = SIGTERM;
  EXPECT_EQ(instance.run({"top", "-i", "0.05"}, options).code, 130);
}

TEST(TopCommand, ShowsADeadDataplaneAsSuch) {
  Instance instance;
  instance.die();
  const Outcome got = instance.run({"top", "--once", "-i", "0.05"});
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.out, HasSubstr("sim  dead"));
}

TEST(TopCommand, SaysOnTheUsualScreenThatTheInstanceHasGone) {
  Instance instance;
  RunOptions options;
  options.typed = " ";
  std::filesystem::permissions(instance.paths().status(), std::filesystem::perms::owner_all);
  options.on_output = [&](const std::string& shown) {
    if (shown.find("MSG/S") != std::string::npos)
      std::filesystem::remove(instance.paths().status());
  };
  const Outcome got = instance.run({"top", "-i", "0.05"}, options);
  EXPECT_EQ(got.code, 9);
  EXPECT_GT(got.out.find("there is no instance 'sim'"), got.out.find("\x1b[?1049l"));
}

TEST(TopCommand, NeedsAnInstance) {
  Instance instance;
  EXPECT_EQ(instance.run({"top", "--instance", "other"}).code, 9);
}

}  // namespace
}  // namespace tradsys::testing
