// Goal: `tradsys status` shows what the dataplane published, and says so when it is not live.
// Method: a status region of the test's own with known values; the real program as a table and as
// JSON, which an independent reader takes apart; then a dead, a stalled and a foreign owner.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/integration/control/cli/instance.hpp"

namespace tradsys::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(StatusCommand, ShowsEveryPartAsText) {
  Instance instance;
  const Outcome got = instance.run({"status"});
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.err, IsEmpty());
  for (const char* text : {"alive (pid ",
                           "running",
                           "9.8.7",
                           "2020-01-01T00:00:00Z, up ",
                           "not killed",
                           "4,001 in, 4,002 out, 3 malformed, 4 dropped",
                           "12.5 % of 1,000",
                           "3, 1 trading, 1 quoted, 2 stale, 2 killed",
                           "egx-itch",
                           "0000000042",
                           "live",
                           "5,013",
                           "4,990",
                           "venue-1",
                           "client-1",

                           "PENDING NEW",
                           "1,234,567",
                           "price_collar",
                           "position_limit",
                           "9,100",
                           "0123456789abcdef",
                           "feed",
                           "51 ns",
                           "100 ns"})
    EXPECT_THAT(got.out, HasSubstr(text));
  EXPECT_THAT(got.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(got.out, Not(HasSubstr("max_quantity"))) << "a reason that refused nothing";
}

TEST(StatusCommand, GivesTheSameAsJson) {
  Instance instance;
  const Outcome got = instance.run({"status", "--json"});
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.err, IsEmpty());
  auto json = parse_json(got.out);
  const std::map<std::string, std::string> expected{{"schema", "tradsys/v1/status"},
                                                    {"instance", "sim"},
                                                    {"liveness", "alive"},
                                                    {"pid", std::to_string(::getpid())},
                                                    {"unreadable", "[]"},
                                                    {"process.state", "running"},
                                                    {"process.started", "2020-01-01T00:00:00Z"},
                                                    {"process.killed", "false"},
                                                    {"process.strategy_enabled", "true"},
                                                    {"process.transmit_drops", "4"},
                                                    {"feeds.0.name", "egx-itch"},
                                                    {"feeds.0.state", "live"},
                                                    {"feeds.0.stale", "false"},
                                                    {"feeds.0.messages", "5013"},
                                                    {"feeds.0.gaps", "6"},
                                                    {"feeds.0.recovered_messages", "60"},
                                                    {"feeds.0.wrong_session", "9"},
                                                    {"feeds.0.lines.0.line", "A"},
                                                    {"feeds.0.lines.0.packets", "501"},
                                                    {"feeds.0.lines.1.duplicates", "4990"},
                                                    {"sessions.0.kind", "venue"},
                                                    {"sessions.0.protocol", "fix44"},
                                                    {"sessions.0.state", "up"},
                                                    {"sessions.1.name", "client-1"},
                                                    {"sessions.1.state", "down"},
                                                    {"sessions.1.cancel_on_disconnect", "true"},
                                                    {"orders.by_state.pending_new", "301"},
                                                    {"orders.by_state.rejected", "305"},
                                                    {"orders.filled_qty", "1234567"},
                                                    {"orders.venue_differences", "11"},
                                                    {"orders.venue_unanswered", "12"},
                                                    {"orders.venue_malformed", "15"},
                                                    {"orders.venue_stalls", "16"},
                                                    {"verdicts.passed", "1400"},
                                                    {"verdicts.refused", "63"},
                                                    {"verdicts.gate.engine", "rtl"},
                                                    {"verdicts.gate.owner", "software"},
                                                    {"verdicts.gate.fallback", "timeout"},
                                                    {"verdicts.gate.compared", "1463"},
                                                    {"verdicts.by_reason.price_collar", "31"},
                                                    {"verdicts.by_reason.position_limit", "32"},
                                                    {"verdicts.by_reason.kill", "0"},
                                                    {"journal.seq", "9100"},
                                                    {"journal.durable_seq", "9090"},
                                                    {"journal.state_hash", "0123456789abcdef"},
                                                    {"latency.0.stage", "feed"},
                                                    {"latency.0.count", "100"},
                                                    {"latency.0.max_ns", "100"},
                                                    {"latency.1.count", "0"},
                                                    {"instruments.count", "3"},
                                                    {"instruments.stale", "2"}};
  for (const auto& [path, value] : expected) EXPECT_EQ(json[path], value) << path;
}

TEST(StatusCommand, ShowsACircuitBesideTheGateAndThatItFellBack) {
  Instance instance;
  const std::string circuit = instance.run({"status"}).out;
  EXPECT_THAT(circuit, HasSubstr("GATE  DECIDES   FALLBACK  COMPARED"));
  EXPECT_THAT(circuit, HasSubstr("gate_fallback"));
  EXPECT_THAT(circuit, HasSubstr("lost the right to decide (timeout)"));
  ipc::OrderStatus alone = Instance::orders();
  alone.gate = ipc::Text<16>::from("soft");
  alone.gate_fallback = ipc::Text<16>::from("none");
  instance.writer().orders(alone);
  const std::string soft = instance.run({"status"}).out;
  EXPECT_THAT(soft, Not(HasSubstr("FALLBACK")));
  EXPECT_THAT(soft, Not(HasSubstr("gate_fallback")));
}

TEST(StatusCommand, KeepsTheOrderOfItsKeys) {
  Instance instance;
  EXPECT_EQ(json_keys(instance.run({"status", "--json"}).out),
            "schema instance liveness pid heartbeats heartbeat_age_ms unreadable process feeds "
            "sessions orders verdicts journal latency instruments");
}

TEST(StatusCommand, ShowsTheLastStateOfADeadDataplaneAsSuch) {
  Instance instance;
  instance.die();
  const Outcome text = instance.run({"status"});
  EXPECT_EQ(text.code, 3);
  EXPECT_THAT(text.out, HasSubstr("dead (pid "));
  EXPECT_THAT(text.out, HasSubstr("5,013"));
  EXPECT_THAT(text.out, Not(HasSubstr(", up "))) << "a dead process has no uptime";
  EXPECT_THAT(text.err, HasSubstr("the dataplane is dead"));
  const Outcome json = instance.run({"status", "--json"});
  EXPECT_EQ(json.code, 3);
  EXPECT_EQ(parse_json(json.out)["liveness"], "dead");
}

TEST(StatusCommand, TellsAStalledDataplaneFromADeadOne) {
  Instance instance;
  instance.beat({5 * kSecond.v});
  const Outcome got = instance.run({"status"});
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.out, HasSubstr("stalled (pid "));
  EXPECT_THAT(got.err, HasSubstr("does not beat"));
}

TEST(StatusCommand, KeepsRemarksToItselfWhenQuiet) {
  Instance instance;
  instance.die();
  const Outcome got = instance.run({"-q", "status"});
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.err, IsEmpty());
}

TEST(StatusCommand, NamesTheInstancesThatAreThere) {
  Instance instance;
  const Outcome got = instance.run({"status", "--instance", "egx-1"});
  EXPECT_EQ(got.code, 9);
  EXPECT_THAT(got.out, IsEmpty());
  EXPECT_THAT(got.err, HasSubstr("there is no instance 'egx-1'"));
  EXPECT_THAT(got.err, HasSubstr("--instance: sim"));
}

TEST(StatusCommand, FindsTheRuntimeFolderByTheEnvironment) {
  Instance instance;
  const std::string folder = (instance.dir() / "run").string();
  instance.heartbeat();
  EXPECT_EQ(run_program({"status"}, {.env = {{"TRADSYS_RUNTIME_DIR", folder}}}).code, 0);
  EXPECT_EQ(run_program({"status"}, {.env = {{"TRADSYS_RUNTIME_DIR", folder + "x"}}}).code, 9);
}

TEST(StatusCommand, RefusesARegionOfAnotherLayout) {
  Instance instance;
  const int fd = ::open(instance.paths().status().c_str(), O_RDWR | O_CLOEXEC);
  const u32 version = 77;
  ASSERT_EQ(::pwrite(fd, &version, sizeof version, offsetof(ipc::SharedHeader, version)), 4);
  ::close(fd);
  const Outcome got = instance.run({"status"});
  EXPECT_EQ(got.code, 9);
  EXPECT_THAT(got.out, IsEmpty());
  EXPECT_THAT(got.err, HasSubstr("version 77"));
  EXPECT_THAT(got.err, HasSubstr("use programs of one release"));
}

TEST(StatusCommand, RefusesAFileThatIsNotAStatusRegion) {
  Instance instance;
  ASSERT_EQ(::truncate(instance.paths().status().c_str(), 10), 0);
  instance.die();
  EXPECT_EQ(instance.run({"status"}).code, 9);
}

TEST(StatusCommand, SaysWhenItMayNotLook) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can run a program as another user";
  Instance instance;
  ASSERT_EQ(::chmod(instance.dir().path().c_str(), 0755), 0);
  const RunOptions nobody{.env = {}, .program = "", .as_user = 65'534};
  if (run_program({"version"}, nobody).code != 0)
    GTEST_SKIP() << "another user cannot run the program where it is built";
  const Outcome got = instance.run({"status"}, nobody);
  EXPECT_EQ(got.code, 5);
  EXPECT_THAT(got.err, HasSubstr("access denied"));
}

}  // namespace
}  // namespace tradsys::testing
