// Goal: a kill or resume reaches the dataplane exactly as said, and its exit code tells what is
// known about the outcome. Method: a command socket of the test's own whose owner answers, refuses,
// stays silent or is gone; the real program, also on a terminal where it asks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "hostsw/orders/events.hpp"
#include "tests/integration/control/cli/receiver.hpp"
#include "tests/support/child_process.hpp"

namespace tradsys::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using ipc::CommandKind;
using ipc::CommandResult;

TEST(RiskCommand, KillsAndSaysWhatWasDone) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone, 1'234);
  const Outcome got = instance.run({"risk", "kill", "--scope", "all", "--yes"});
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(got.out, "kill all: done, 1,234 orders affected\n");
  EXPECT_THAT(got.err, HasSubstr("undo with: tradsys risk resume --scope all"));
  ASSERT_EQ(receiver.commands().size(), 1U);
  EXPECT_EQ(receiver.commands()[0].kind, CommandKind::kKill);
  EXPECT_EQ(receiver.commands()[0].scope, KillScope::kFirm);
  EXPECT_FALSE(receiver.commands()[0].operator_name.str().empty());
}

TEST(RiskCommand, NamesTheScopeInTheCommand) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  EXPECT_EQ(instance.run({"risk", "kill", "--scope", "account:7", "-y"}).code, 0);
  EXPECT_EQ(instance.run({"risk", "resume", "--scope", "account:7", "-y"}).code, 0);
  EXPECT_EQ(instance.run({"risk", "kill", "--scope", "instrument:HRHO", "-y"}).code, 0);
  EXPECT_EQ(instance.run({"risk", "reduce-only", "--scope", "strategy:1", "-y"}).code, 0);
  EXPECT_EQ(instance.run({"risk", "resume", "--scope", "all", "-y"}).code, 0);
  const std::vector<ipc::Command>& commands = receiver.commands();
  ASSERT_EQ(commands.size(), 5U);
  const auto is = [&](usize at, CommandKind kind, KillScope scope, u16 index) {
    EXPECT_EQ(commands[at].kind, kind);
    EXPECT_EQ(commands[at].scope, scope);
    EXPECT_EQ(commands[at].index, index);
  };
  is(0, CommandKind::kKill, KillScope::kAccount, 7);
  is(1, CommandKind::kResume, KillScope::kAccount, 7);
  is(2, CommandKind::kKill, KillScope::kInstrument, 2);
  is(3, CommandKind::kReduceOnly, KillScope::kStrategy, 1);
  is(4, CommandKind::kResume, KillScope::kFirm, 0);
}

orders::MassCancelEvent mass_cancel_in(const ipc::Command& command) {
  orders::MassCancelEvent what;
  std::memcpy(static_cast<void*>(&what), command.payload.data(), sizeof what);
  return what;
}

TEST(RiskCommand, CancelsWhatAllOptionsName) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone, 12);
  const Outcome got = instance.run({"risk", "cancel", "--account", "7", "--session", "client-1",
                                    "--instrument", "HRHO", "--side", "sell", "--yes"});
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(got.out,
            "cancel session:client-1 account:7 instrument:HRHO side:sell: done, "
            "12 orders affected\n");
  EXPECT_EQ(instance.run({"risk", "cancel", "--strategy", "0", "-y"}).code, 0);
  EXPECT_EQ(instance.run({"risk", "cancel", "--all", "-y"}).code, 0);
  const std::vector<ipc::Command>& commands = receiver.commands();
  ASSERT_EQ(commands.size(), 3U);
  constexpr u16 kAny = orders::MassCancelEvent::kAny;
  const auto is = [&](usize at, u16 session, u16 account, u16 instrument, u16 strategy, Side side) {
    EXPECT_EQ(commands[at].kind, CommandKind::kMassCancel);
    const orders::MassCancelEvent what = mass_cancel_in(commands[at]);
    EXPECT_EQ(what.session, session) << at;
    EXPECT_EQ(what.account, account) << at;
    EXPECT_EQ(what.instrument, instrument) << at;
    EXPECT_EQ(what.strategy, strategy) << at;
    EXPECT_EQ(what.side, side) << at;
  };
  is(0, 2, 7, 2, kAny, Side::kSell);
  is(1, kAny, kAny, kAny, 0, Side::kNone);
  is(2, kAny, kAny, kAny, kAny, Side::kNone);
}

TEST(RiskCommand, CancelsNothingWithoutAScopeOrOneThatIsNone) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  EXPECT_EQ(instance.run({"risk", "cancel", "-y"}).code, 2);
  EXPECT_EQ(instance.run({"risk", "cancel", "--side", "both", "-y"}).code, 2);
  EXPECT_EQ(instance.run({"risk", "cancel", "--account", "300", "-y"}).code, 2);
  EXPECT_EQ(instance.run({"risk", "cancel", "--all", "--account", "3", "-y"}).code, 2);
  EXPECT_EQ(instance.run({"risk", "cancel", "--session", "venue-1", "-y"}).code, 4);
  EXPECT_EQ(instance.run({"risk", "cancel", "--instrument", "NOPE", "-y"}).code, 4);
  EXPECT_EQ(instance.run({"risk", "cancel", "--all"}).code, 6);
  EXPECT_THAT(receiver.commands(), IsEmpty());
}

TEST(RiskCommand, GivesTheOutcomeAsJson) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone, 3);
  const Outcome got = instance.run({"risk", "kill", "--scope", "account:9", "-y", "--json", "-q"});
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.err, IsEmpty());
  const std::map<std::string, std::string> expected{{"schema", "tradsys/v1/command"},
                                                    {"instance", "sim"},
                                                    {"command", "kill"},
                                                    {"scope", "account:9"},
                                                    {"id", "1"},
                                                    {"result", "done"},
                                                    {"detail", "3"}};
  EXPECT_EQ(parse_json(got.out), expected);
}

TEST(RiskCommand, SaysThatASecondPersonIsNeeded) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kSecondPersonNeeded);
  const Outcome got = instance.run({"risk", "resume", "--scope", "all", "--yes"});
  EXPECT_EQ(got.code, 6);
  EXPECT_THAT(got.err, HasSubstr("another operator must send the same command"));
}

TEST(RiskCommand, SaysWhenTheDataplaneRefuses) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kRefused);
  const Outcome got = instance.run({"risk", "resume", "--scope", "all", "--yes"});
  EXPECT_EQ(got.code, 1);
  EXPECT_THAT(got.out, IsEmpty());
  EXPECT_THAT(got.err, HasSubstr("resume all: refused by the dataplane"));
  EXPECT_THAT(got.err, Not(HasSubstr("undo")));
}

TEST(RiskCommand, SaysWhenAKillIsInForceButARestartWouldForgetIt) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kNotRecorded, 2);
  const Outcome got = instance.run({"risk", "kill", "--scope", "all", "--yes"});
  EXPECT_EQ(got.code, 1);
  EXPECT_THAT(got.err, HasSubstr("in force, but the journal cannot be written"));
  const Outcome json = instance.run({"risk", "kill", "--scope", "all", "--yes", "--json"});
  EXPECT_EQ(parse_json(json.out)["result"], "not_recorded");
}

TEST(RiskCommand, SaysThatASilentOutcomeIsUnknown) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kPending);
  const std::vector<std::string> kill{"risk", "kill", "--scope", "all", "-y", "--timeout", "0.1"};
  const Outcome got = instance.run(kill);
  EXPECT_EQ(got.code, 8);
  EXPECT_THAT(got.err, HasSubstr("the outcome is unknown, it may still take effect"));
  EXPECT_THAT(got.err, HasSubstr("tradsys status"));
  std::vector<std::string> as_json = kill;
  as_json.emplace_back("--json");
  const Outcome json = instance.run(as_json);
  EXPECT_EQ(json.code, 8);
  EXPECT_EQ(parse_json(json.out)["result"], "unknown");
}

TEST(RiskCommand, CannotReachADeadDataplane) {
  Instance instance;
  const std::filesystem::path path = instance.paths().commands();
  ChildProcess dataplane([&] {
    const auto server = ipc::CommandServer::listen(path);
    for (;;) ::pause();
    return server ? 0 : 1;
  });
  while (!ipc::CommandConnection::open(path).ok())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  dataplane.kill();
  const Outcome got = instance.run({"risk", "kill", "--scope", "all", "--yes"});
  EXPECT_EQ(got.code, 9);
  EXPECT_THAT(got.err, HasSubstr("no dataplane listens there"));
}

TEST(RiskCommand, CannotReachAnInstanceThatIsNotThere) {
  Instance instance;
  const Outcome got = instance.run({"risk", "kill", "--scope", "all", "--yes"});
  EXPECT_EQ(got.code, 9) << "there is a status region, but nobody takes commands";
}

TEST(RiskCommand, RefusesAnUnknownInstrument) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  EXPECT_EQ(instance.run({"risk", "kill", "--scope", "instrument:NOPE", "-y"}).code, 4);
  EXPECT_THAT(receiver.commands(), IsEmpty());
}

TEST(RiskCommand, RefusesAScopeThatIsNone) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  for (const char* scope : {"", "everything", "account:x", "instrument:"}) {
    const Outcome got = instance.run({"risk", "kill", "--scope", scope, "-y"});
    EXPECT_EQ(got.code, 2) << scope;
    EXPECT_THAT(got.err, HasSubstr("use all, client:N, account:N, strategy:N or instrument:SYM"));
  }
  EXPECT_THAT(receiver.commands(), IsEmpty());
}

TEST(RiskCommand, KillsAllWithoutAStatusRegion) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  instance.die();
  std::filesystem::remove(instance.paths().status());
  EXPECT_EQ(instance.run({"risk", "kill", "--scope", "all", "--yes"}).code, 0);
}

TEST(RiskCommand, SendsNothingUnconfirmed) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  const Outcome got = instance.run({"risk", "kill", "--scope", "all"});
  EXPECT_EQ(got.code, 6);
  EXPECT_THAT(got.err, HasSubstr("add --yes"));
  EXPECT_THAT(receiver.commands(), IsEmpty());
}

TEST(RiskCommand, AsksOnATerminal) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  RunOptions options;
  options.typed = "account:7\n";
  const Outcome yes = instance.run({"risk", "kill", "--scope", "account:7"}, options);
  EXPECT_EQ(yes.code, 0);
  EXPECT_THAT(yes.out, HasSubstr("This will stop trading of 'account:7' in instance 'sim'"));
  options.typed = "yes\n";
  EXPECT_EQ(instance.run({"risk", "kill", "--scope", "account:7"}, options).code, 6);
  EXPECT_EQ(receiver.commands().size(), 1U);
}

}  // namespace
}  // namespace tradsys::testing
