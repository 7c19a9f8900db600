// Goal: an operator hears "done" only when the journal holds it, hears the truth when it never
// will, and nothing is done for commands that name nothing. Method: a real command ring between a
// sender and the desk, with a tile and a journal in hand.
#include "dataplane/app/command_desk.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace tradsys::dataplane {
namespace {

struct FakeLink {
  u64 durable = 0;
  bool broken = false;
  bool room = true;
  [[nodiscard]] u64 durable_seq() const noexcept { return durable; }
  [[nodiscard]] bool failed() const noexcept { return broken; }
  [[nodiscard]] bool has_room(u32) const noexcept { return room; }
};

struct FakeTile {
  u64 seq = 0;
  std::vector<KillOrder> orders;
  u8 persons = 1;
  SwitchState state = SwitchState::kHalted;
  [[nodiscard]] u8 release_persons() const noexcept { return persons; }
  [[nodiscard]] SwitchState switch_state(KillScope, u16) const noexcept { return state; }
  std::optional<KillOutcome> kill(const KillOrder& order) noexcept {
    if (order.index == 99) return std::nullopt;
    orders.push_back(order);
    return KillOutcome{.seq = ++seq, .orders = 5};
  }
};

class CommandDeskTest : public ::testing::Test {
 protected:
  using Desk = CommandDesk<FakeTile, FakeLink>;

  u64 send(ipc::CommandKind kind, KillScope scope = KillScope::kFirm, u16 index = 0,
           std::string_view name = "amina") {
    ipc::Command command;
    command.kind = kind;
    command.scope = scope;
    command.index = index;
    command.operator_name = ipc::Text<40>::from(name);
    return sender_.send(command).value();
  }
  ipc::Answer answer(u64 id) const { return sender_.answer(id); }

  testing::TempDir dir_;
  FakeTile tile_;
  FakeLink link_;
  Desk desk_{ipc::CommandReceiver::create(dir_ / "commands").value(), tile_, link_};
  ipc::CommandSender sender_ = ipc::CommandSender::open(dir_ / "commands").value();
};

TEST_F(CommandDeskTest, AKillIsInForceAtOnceAndDoneWhenItIsDurable) {
  const u64 id = send(ipc::CommandKind::kKill);
  desk_.run();
  ASSERT_EQ(tile_.orders.size(), 1U);
  EXPECT_STREQ(tile_.orders[0].operator_name.data(), "amina");
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  link_.durable = 1;
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kDone);
  EXPECT_EQ(answer(id).detail, 5U);
}

TEST_F(CommandDeskTest, CommandsAreCarriedOutInOrderOneAtATime) {
  const u64 kill = send(ipc::CommandKind::kKill, KillScope::kAccount, 3);
  const u64 resume = send(ipc::CommandKind::kResume, KillScope::kAccount, 3);
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U) << "the second waits for the first one's record";
  link_.durable = 2;
  desk_.run();
  ASSERT_EQ(tile_.orders.size(), 2U);
  EXPECT_EQ(tile_.orders[0].state, SwitchState::kHalted);
  EXPECT_EQ(tile_.orders[1].state, SwitchState::kActive);
  EXPECT_EQ(tile_.orders[1].scope, KillScope::kAccount);
  EXPECT_EQ(answer(kill).result, ipc::CommandResult::kDone);
  EXPECT_EQ(answer(resume).result, ipc::CommandResult::kDone);
}

TEST_F(CommandDeskTest, ABrokenJournalIsSaid) {
  link_.broken = true;
  const u64 id = send(ipc::CommandKind::kKill);
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U) << "in force all the same";
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kNotRecorded);
}

TEST_F(CommandDeskTest, WhatNamesNothingIsRefused) {
  const u64 nothing = send(ipc::CommandKind::kNone);
  const u64 unknown = send(ipc::CommandKind::kKill, KillScope::kAccount, 99);
  desk_.run();
  EXPECT_EQ(answer(nothing).result, ipc::CommandResult::kRefused);
  EXPECT_EQ(answer(unknown).result, ipc::CommandResult::kRefused);
  EXPECT_TRUE(tile_.orders.empty());
}

TEST_F(CommandDeskTest, TwoPersonsReleaseASwitchAndOneSetsIt) {
  using ipc::CommandKind;
  tile_.persons = 2;
  link_.durable = 100;
  const auto ask = [this](CommandKind kind, std::string_view name, u16 account = 3) {
    const u64 id = send(kind, KillScope::kAccount, account, name);
    desk_.run();
    return answer(id).result;
  };
  EXPECT_EQ(ask(CommandKind::kKill, "amina"), ipc::CommandResult::kDone);
  EXPECT_EQ(ask(CommandKind::kResume, "amina"), ipc::CommandResult::kSecondPersonNeeded);
  EXPECT_EQ(ask(CommandKind::kResume, "amina"), ipc::CommandResult::kSecondPersonNeeded);
  EXPECT_EQ(ask(CommandKind::kResume, "basim", 4), ipc::CommandResult::kSecondPersonNeeded);
  EXPECT_EQ(ask(CommandKind::kReduceOnly, "basim"), ipc::CommandResult::kSecondPersonNeeded);
  EXPECT_EQ(tile_.orders.size(), 1U) << "nothing is released yet";
  EXPECT_EQ(ask(CommandKind::kResume, "basim"), ipc::CommandResult::kDone);
  EXPECT_EQ(tile_.orders.back().state, SwitchState::kActive);
  EXPECT_EQ(ask(CommandKind::kResume, "basim"), ipc::CommandResult::kSecondPersonNeeded)
      << "a request counts once";
  EXPECT_EQ(ask(CommandKind::kKill, "basim"), ipc::CommandResult::kDone);
  EXPECT_EQ(ask(CommandKind::kResume, "amina"), ipc::CommandResult::kSecondPersonNeeded)
      << "a new kill makes what was asked before void";
}

TEST_F(CommandDeskTest, TighteningTakesOnePerson) {
  tile_.persons = 2;
  tile_.state = SwitchState::kActive;
  link_.durable = 100;
  const u64 id = send(ipc::CommandKind::kReduceOnly);
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kDone);
}

TEST_F(CommandDeskTest, WaitsWhileTheJournalHasNoRoom) {
  link_.room = false;
  const u64 id = send(ipc::CommandKind::kKill);
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  EXPECT_TRUE(tile_.orders.empty());
  link_.room = true;
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U);
}

}  // namespace
}  // namespace tradsys::dataplane
