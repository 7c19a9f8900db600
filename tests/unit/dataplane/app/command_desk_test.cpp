// Goal: an operator hears "done" only when the journal holds it, hears the truth when it never
// will, and nothing is done for commands that name nothing. Method: the queue of commands before
// the desk, with a tile and a journal in hand.
#include "dataplane/app/command_desk.hpp"

#include <gtest/gtest.h>

#include "drivers/offload/soft_gate.hpp"
#include "tests/support/gate/world.hpp"

namespace tradsys::dataplane {
namespace {

struct FakeLink {
  u64 durable = 0;
  bool broken = false;
  u32 room = 1'000;
  [[nodiscard]] u64 durable_seq() const noexcept { return durable; }
  [[nodiscard]] bool failed() const noexcept { return broken; }
  [[nodiscard]] bool has_room(u32 records) const noexcept { return room >= records; }
};

/// A real gate behind a tile that only counts records.
struct FakeTile {
  offload::SoftGate gate_ = offload::SoftGate::make({2, 4}).value();
  [[nodiscard]] const offload::SoftGate& gate() const noexcept { return gate_; }
  template <class Row>
  u64 set_limits(const Row& row, const std::array<char, 40>& name) noexcept {
    EXPECT_TRUE(gate_.set(row));
    limits_set_by = name.data();
    return ++seq;
  }
  [[nodiscard]] Verdict what_if(const OrderRequest& r) const noexcept {
    return gate_.what_if(r, testing::open_market(r.instrument), Nanos{1});
  }
  u64 seq = 0;
  std::vector<KillOrder> orders;
  u8 persons = 1;
  SwitchState state = SwitchState::kHalted;
  [[nodiscard]] u8 release_persons() const noexcept { return persons; }
  [[nodiscard]] SwitchState switch_state(KillScope, u16) const noexcept { return state; }
  u32 day_orders = 0;
  std::string day_ended_by;
  std::string limits_set_by;
  std::optional<u64> end_day(const std::array<char, 40>& name, u32& in_the_way) noexcept {
    in_the_way = day_orders;
    if (day_orders != 0) return std::nullopt;
    day_ended_by = name.data();
    return ++seq;
  }
  bool full = false;
  std::vector<orders::MassCancelEvent> mass_cancels;
  std::string canceled_by;
  [[nodiscard]] bool mass_cancels_full() const noexcept { return full; }
  std::optional<KillOutcome> mass_cancel(const orders::MassCancelEvent& what,
                                         const std::array<char, 40>& name) noexcept {
    if (what.account == 99) return std::nullopt;
    mass_cancels.push_back(what);
    canceled_by = name.data();
    return KillOutcome{.seq = ++seq, .orders = 7};
  }
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
    return send(command);
  }
  u64 send(ipc::Command command) {
    command.id = ++sent_;
    EXPECT_TRUE(queue_.push(command));
    return command.id;
  }
  ipc::Answer answer(u64 id) {
    for (ipc::Answer answer; queue_.pop_answer(answer);) answers_.push_back(answer);
    for (const ipc::Answer& answer : answers_)
      if (answer.id == id) return answer;
    return {};
  }

  FakeTile tile_;
  FakeLink link_;
  ipc::CommandQueue queue_;
  u64 sent_ = 0;
  std::vector<ipc::Answer> answers_;
  Desk desk_{queue_, tile_, link_};
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

TEST_F(CommandDeskTest, CommandsAreCarriedOutInOrderAndAnsweredAsTheDiskFollows) {
  const u64 kill = send(ipc::CommandKind::kKill, KillScope::kAccount, 3);
  const u64 resume = send(ipc::CommandKind::kResume, KillScope::kAccount, 3);
  desk_.run();
  ASSERT_EQ(tile_.orders.size(), 2U) << "the second does not wait for the disk";
  EXPECT_EQ(tile_.orders[0].state, SwitchState::kHalted);
  EXPECT_EQ(tile_.orders[1].state, SwitchState::kActive);
  EXPECT_EQ(tile_.orders[1].scope, KillScope::kAccount);
  link_.durable = 1;
  desk_.run();
  EXPECT_EQ(answer(kill).result, ipc::CommandResult::kDone);
  EXPECT_EQ(answer(resume).result, ipc::CommandResult::kPending);
  link_.durable = 2;
  desk_.run();
  EXPECT_EQ(answer(resume).result, ipc::CommandResult::kDone);
}

TEST_F(CommandDeskTest, AKillTakesTheLastPlaceOfAJournalThatStandsStill) {
  link_.room = kOperatorReserve - 1;
  const u64 release = send(ipc::CommandKind::kResume);
  const u64 kill = send(ipc::CommandKind::kKill);
  desk_.run();
  EXPECT_EQ(answer(release).result, ipc::CommandResult::kBusy) << "nothing else does";
  ASSERT_EQ(tile_.orders.size(), 1U);
  EXPECT_EQ(tile_.orders[0].state, SwitchState::kHalted);
  EXPECT_EQ(answer(kill).result, ipc::CommandResult::kPending);
}

TEST_F(CommandDeskTest, ABrokenJournalIsSaid) {
  link_.broken = true;
  const u64 id = send(ipc::CommandKind::kKill);
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U) << "in force all the same";
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kNotRecorded);
}

TEST_F(CommandDeskTest, TheDayEndsWhenNothingIsInItsWayAndIsDoneWhenItIsDurable) {
  tile_.day_orders = 3;
  const u64 early = send(ipc::CommandKind::kEndDay);
  desk_.run();
  EXPECT_EQ(answer(early).result, ipc::CommandResult::kRefused);
  EXPECT_EQ(answer(early).detail, 3U);
  tile_.day_orders = 0;
  const u64 id = send(ipc::CommandKind::kEndDay);
  desk_.run();
  EXPECT_EQ(tile_.day_ended_by, "amina");
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  link_.durable = 1;
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kDone);
}

TEST_F(CommandDeskTest, AMassCancelIsDoneWhenItIsDurableAndLeavesTheSwitchesAlone) {
  const auto cancel = [this](const orders::MassCancelEvent& what) {
    ipc::Command command;
    command.kind = ipc::CommandKind::kMassCancel;
    command.operator_name = ipc::Text<40>::from("amina");
    std::memcpy(command.payload.data(), &what, sizeof what);
    return send(command);
  };
  const u64 id = cancel({.account = 3, .side = Side::kBuy});
  desk_.run();
  ASSERT_EQ(tile_.mass_cancels.size(), 1U);
  EXPECT_EQ(tile_.mass_cancels[0].account, 3U);
  EXPECT_EQ(tile_.mass_cancels[0].instrument, orders::MassCancelEvent::kAny);
  EXPECT_EQ(tile_.canceled_by, "amina");
  EXPECT_TRUE(tile_.orders.empty());
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  link_.durable = 1;
  const u64 nobody = cancel({.account = 99});
  const u64 no_side = cancel({.side = static_cast<Side>(7)});
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kDone);
  EXPECT_EQ(answer(id).detail, 7U);
  EXPECT_EQ(answer(nobody).result, ipc::CommandResult::kRefused);
  EXPECT_EQ(answer(no_side).result, ipc::CommandResult::kRefused);
  tile_.full = true;
  const u64 busy = cancel({});
  desk_.run();
  EXPECT_EQ(answer(busy).result, ipc::CommandResult::kBusy);
  EXPECT_EQ(tile_.mass_cancels.size(), 1U);
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

class LimitCommandTest : public CommandDeskTest {
 protected:
  LimitCommandTest() {
    testing::open_gate(tile_.gate_, 1, 2);
    link_.durable = 100;
  }
  ipc::Answer ask(ipc::Command command) {
    const u64 id = send(command);
    desk_.run();
    return answer(id);
  }
  static ipc::Command firm(ipc::CommandKind kind) {
    ipc::Command command;
    command.kind = kind;
    command.row = ipc::LimitRow::kScope;
    return command;
  }
  template <class Record>
  static Record in(const ipc::Payload& payload) {
    Record record;
    std::memcpy(static_cast<void*>(&record), payload.data(), sizeof record);
    return record;
  }
};

TEST_F(LimitCommandTest, ReadsARowChangesItAndHasTheNextOrderHeldAgainstIt) {
  const ipc::Answer read = ask(firm(ipc::CommandKind::kReadLimits));
  ScopeLimits row = in<ScopeLimits>(read.reply);
  EXPECT_EQ(row.open_orders_max, 50U);
  row.gross_value_max = 999'999;
  ipc::Command change = firm(ipc::CommandKind::kSetLimits);
  change.seen = ipc::mark_of(read.reply);
  std::memcpy(change.payload.data(), &row, sizeof row);
  change.operator_name = ipc::Text<40>::from("omar");
  EXPECT_EQ(ask(change).result, ipc::CommandResult::kDone);
  EXPECT_EQ(tile_.limits_set_by, "omar");
  ipc::Command whatif;
  whatif.kind = ipc::CommandKind::kWhatIf;
  const OrderRequest order = testing::buy(1, 2);
  std::memcpy(whatif.payload.data(), &order, sizeof order);
  const Verdict verdict = in<Verdict>(ask(whatif).reply);
  EXPECT_EQ(verdict.primary_reason, RejectReason::kGrossValue);
  EXPECT_EQ(verdict.limit_value, 999'999);
}

TEST_F(LimitCommandTest, OfTwoOperatorsWhoReadTheSameRowOnlyOneChangesIt) {
  const ipc::Answer read = ask(firm(ipc::CommandKind::kReadLimits));
  const auto change = [&](u32 orders, u64 value) {
    ScopeLimits row = in<ScopeLimits>(read.reply);
    row.open_orders_max = orders;
    row.gross_value_max = value;
    ipc::Command command = firm(ipc::CommandKind::kSetLimits);
    command.seen = ipc::mark_of(read.reply);
    std::memcpy(command.payload.data(), &row, sizeof row);
    return ask(command).result;
  };
  EXPECT_EQ(change(7, in<ScopeLimits>(read.reply).gross_value_max), ipc::CommandResult::kDone);
  EXPECT_EQ(change(50, 5), ipc::CommandResult::kChanged);
  const auto now = in<ScopeLimits>(ask(firm(ipc::CommandKind::kReadLimits)).reply);
  EXPECT_EQ(now.open_orders_max, 7U) << "what the first one set stands";
  EXPECT_EQ(now.gross_value_max, in<ScopeLimits>(read.reply).gross_value_max);
}

TEST_F(LimitCommandTest, AChangeIsAnsweredWhenItIsDurable) {
  const u32 seen = ipc::mark_of(ask(firm(ipc::CommandKind::kReadLimits)).reply);
  link_.durable = 0;
  ipc::Command change = firm(ipc::CommandKind::kSetLimits);
  change.seen = seen;
  const ScopeLimits row = testing::open_scope(LimitScope::kFirm, 0);
  std::memcpy(change.payload.data(), &row, sizeof row);
  const u64 id = send(change);
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  link_.durable = 1;
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kDone);
}

TEST_F(LimitCommandTest, RefusesRowsThatAreNotThereOrSayAnotherName) {
  ipc::Command unknown = firm(ipc::CommandKind::kReadLimits);
  unknown.limit_scope = LimitScope::kClient;
  unknown.index = 9;
  EXPECT_EQ(ask(unknown).result, ipc::CommandResult::kRefused);
  unknown.limit_scope = static_cast<LimitScope>(200);
  unknown.index = 0xFFFF;
  EXPECT_EQ(ask(unknown).result, ipc::CommandResult::kRefused);
  ipc::Command other = firm(ipc::CommandKind::kSetLimits);
  const ScopeLimits row = testing::open_scope(LimitScope::kAccount, 1);
  std::memcpy(other.payload.data(), &row, sizeof row);
  EXPECT_EQ(ask(other).result, ipc::CommandResult::kRefused);
  ipc::Command moved;
  moved.kind = ipc::CommandKind::kSetLimits;
  moved.index = 1;
  AccountLimits account = testing::open_account(1);
  account.client = 5;
  std::memcpy(moved.payload.data(), &account, sizeof account);
  EXPECT_EQ(ask(moved).result, ipc::CommandResult::kRefused);
  moved.row = static_cast<ipc::LimitRow>(77);
  EXPECT_EQ(ask(moved).result, ipc::CommandResult::kRefused);
}

TEST_F(CommandDeskTest, AKillWaitsWhereThereIsNotEvenThat) {
  link_.room = 0;
  const u64 id = send(ipc::CommandKind::kKill);
  desk_.run();
  EXPECT_EQ(answer(id).result, ipc::CommandResult::kPending);
  EXPECT_TRUE(tile_.orders.empty());
  link_.room = 1;
  desk_.run();
  EXPECT_EQ(tile_.orders.size(), 1U);
}

}  // namespace
}  // namespace tradsys::dataplane
