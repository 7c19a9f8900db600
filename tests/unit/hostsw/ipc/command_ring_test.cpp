// Goal: each command is delivered once, in order, and answered to whoever asks; a full ring, a dead
// dataplane and a killed operator do no harm. Method: both ends in one process and in two.
#include "hostsw/ipc/command_ring.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::ipc {
namespace {

using tradsys::testing::ChildProcess;
using tradsys::testing::TempDir;

Command kill_instrument(u16 instrument) {
  Command command;
  command.kind = CommandKind::kKill;
  command.scope = KillScope::kInstrument;
  command.index = instrument;
  command.operator_name = Text<40>::from("amal");
  return command;
}

TEST(CommandRing, ACommandArrivesWholeAndItsAnswerGoesBack) {
  const TempDir dir;
  auto receiver = CommandReceiver::create(dir / "commands");
  auto sender = CommandSender::open(dir / "commands");
  ASSERT_TRUE(receiver.ok() && sender.ok());
  Command got;
  EXPECT_FALSE(receiver.value().poll(got));
  const auto id = sender.value().send(kill_instrument(17));
  ASSERT_TRUE(id.ok()) << id.error().message();
  EXPECT_EQ(id.value(), 1U);
  EXPECT_EQ(sender.value().answer(1).result, CommandResult::kPending);
  ASSERT_TRUE(receiver.value().poll(got));
  ASSERT_TRUE(receiver.value().poll(got)) << "it stays the oldest until answered";
  EXPECT_EQ(got.id, 1U);
  EXPECT_EQ(got.kind, CommandKind::kKill);
  EXPECT_EQ(got.index, 17);
  EXPECT_EQ(got.operator_name.str(), "amal");
  receiver.value().answer(CommandResult::kDone, 5);
  EXPECT_EQ(sender.value().answer(1).result, CommandResult::kDone);
  EXPECT_EQ(sender.value().answer(1).detail, 5U);
  EXPECT_FALSE(receiver.value().poll(got));
  EXPECT_EQ(sender.value().answer(0).result, CommandResult::kUnknown);
  EXPECT_EQ(sender.value().answer(2).result, CommandResult::kUnknown);
}

TEST(CommandRing, AFullRingIsAnErrorAndLosesNothing) {
  const TempDir dir;
  auto receiver = CommandReceiver::create(dir / "commands");
  auto sender = CommandSender::open(dir / "commands");
  ASSERT_TRUE(receiver.ok() && sender.ok());
  for (u16 i = 0; i < kCommandSlots; ++i) ASSERT_TRUE(sender.value().send(kill_instrument(i)).ok());
  const auto refused = sender.value().send(kill_instrument(999));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("64 commands wait"), std::string::npos);
  Command got;
  for (u16 i = 0; i < kCommandSlots; ++i) {
    ASSERT_TRUE(receiver.value().poll(got));
    EXPECT_EQ(got.index, i);
    receiver.value().answer(CommandResult::kRefused, 0xFFFF'FFFF);
  }
  EXPECT_EQ(sender.value().answer(64).detail, kDetailMax);
}

TEST(CommandRing, AnAnswerWhoseSlotWasUsedAgainIsUnknown) {
  const TempDir dir;
  auto receiver = CommandReceiver::create(dir / "commands");
  auto sender = CommandSender::open(dir / "commands");
  ASSERT_TRUE(receiver.ok() && sender.ok());
  Command got;
  for (u32 i = 0; i < 3 * kCommandSlots; ++i) {
    ASSERT_TRUE(sender.value().send(kill_instrument(1)).ok());
    ASSERT_TRUE(receiver.value().poll(got));
    ASSERT_EQ(got.id, i + 1);
    receiver.value().answer(CommandResult::kDone, i);
  }
  EXPECT_EQ(sender.value().answer(1).result, CommandResult::kUnknown);
  EXPECT_EQ(sender.value().answer(3 * kCommandSlots).detail, 3 * kCommandSlots - 1);
}

TEST(CommandRing, OperatorsInOtherProcessesAreServedInOrderOneByOne) {
  const TempDir dir;
  auto receiver = CommandReceiver::create(dir / "commands");
  ASSERT_TRUE(receiver.ok());
  constexpr u32 kEach = 500;
  const auto operate = [&] {
    auto sender = CommandSender::open(dir / "commands");
    if (!sender) return 1;
    for (u32 sent = 0; sent < kEach;) {
      const auto id = sender.value().send(kill_instrument(static_cast<u16>(sent)));
      if (!id) {
        std::this_thread::yield();
        continue;
      }
      Answer answer;
      while ((answer = sender.value().answer(id.value())).result == CommandResult::kPending)
        std::this_thread::yield();
      // Whoever sleeps while the other sends 64 more finds the slot used again.
      const bool reused = answer.result == CommandResult::kUnknown;
      if (!reused && (answer.result != CommandResult::kDone || answer.detail != sent)) return 2;
      ++sent;
    }
    return 0;
  };
  ChildProcess first(operate), second(operate);
  Command got;
  u64 idle = 0;
  for (u64 served = 0; served < 2 * kEach;) {
    if (!receiver.value().poll(got)) {
      ASSERT_LT(++idle, 50'000'000U) << "the operators sent no more after " << served;
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(got.id, ++served);
    receiver.value().answer(CommandResult::kDone, got.index);
  }
  EXPECT_EQ(first.join(), 0);
  EXPECT_EQ(second.join(), 0);
}

TEST(CommandRing, CommandsToADeadDataplaneAreRefused) {
  const TempDir dir;
  const std::filesystem::path path = dir / "commands";
  ChildProcess owner([&] {
    auto receiver = CommandReceiver::create(path);
    if (!receiver) return 1;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  for (int i = 0; i < 1'000 && !std::filesystem::exists(path); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  auto sender = CommandSender::open(path);
  ASSERT_TRUE(sender.ok()) << sender.error().message();
  EXPECT_TRUE(sender.value().send(kill_instrument(1)).ok());
  owner.kill();
  const auto refused = sender.value().send(kill_instrument(2));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("not running"), std::string::npos);
}

TEST(CommandRing, AStatusRegionIsNotACommandRing) {
  const TempDir dir;
  const Layout other{.magic = 1, .version = 1, .hash = 1, .what = "status region"};
  auto file = SharedFile::create(dir / "commands", other, 4096, 0);
  ASSERT_TRUE(file.ok() && file.value().publish().ok());
  EXPECT_FALSE(CommandSender::open(dir / "commands").ok());
}

}  // namespace
}  // namespace tradsys::ipc
