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
  std::optional<KillOutcome> kill(const KillOrder& order) noexcept {
    if (order.index == 99) return std::nullopt;
    orders.push_back(order);
    return KillOutcome{.seq = ++seq, .orders = 5};
  }
};

class CommandDeskTest : public ::testing::Test {
 protected:
  using Desk = CommandDesk<FakeTile, FakeLink>;

  u64 send(ipc::CommandKind kind, u16 account = 0) {
    ipc::Command command;
    command.kind = kind;
    command.account = account;
    command.operator_name = ipc::Text<40>::from("amina");
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
  const u64 id = send(ipc::CommandKind::kKillFirm);
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
  const u64 kill = send(ipc::CommandKind::kKillAccount, 3);
  const u64 resume = send(ipc::CommandKind::kResumeAccount, 3);
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U) << "the second waits for the first one's record";
  link_.durable = 2;
  desk_.run();
  ASSERT_EQ(tile_.orders.size(), 2U);
  EXPECT_EQ(tile_.orders[0].killed, 1);
  EXPECT_EQ(tile_.orders[1].killed, 0);
  EXPECT_EQ(tile_.orders[1].scope, KillScope::kAccount);
  EXPECT_EQ(answer(kill).result, ipc::CommandResult::kDone);
  EXPECT_EQ(answer(resume).result, ipc::CommandResult::kDone);
}

TEST_F(CommandDeskTest, ABrokenJournalIsSaid) {
  link_.broken = true;
  const u64 id = send(ipc::CommandKind::kKillFirm);
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U) << "in force all the same";
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kNotRecorded);
}

TEST_F(CommandDeskTest, WhatNamesNothingIsRefused) {
  const u64 nothing = send(ipc::CommandKind::kNone);
  const u64 unknown = send(ipc::CommandKind::kKillAccount, 99);
  desk_.run();
  EXPECT_EQ(answer(nothing).result, ipc::CommandResult::kRefused);
  EXPECT_EQ(answer(unknown).result, ipc::CommandResult::kRefused);
  EXPECT_TRUE(tile_.orders.empty());
}

TEST_F(CommandDeskTest, WaitsWhileTheJournalHasNoRoom) {
  link_.room = false;
  const u64 id = send(ipc::CommandKind::kKillFirm);
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  EXPECT_TRUE(tile_.orders.empty());
  link_.room = true;
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U);
}

}  // namespace
}  // namespace tradsys::dataplane
