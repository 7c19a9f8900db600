// Goal: the end of a day reaches the dataplane as asked, is never sent unconfirmed, and its exit
// code tells what is known. Method: a command socket of the test's own; the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/control/cli/receiver.hpp"

namespace tradsys::testing {
namespace {

using ipc::CommandResult;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(DayCommand, EndsTheDayAndSaysHowToBeginTheNext) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  const Outcome got = instance.run({"day", "end", "--yes"});
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(got.out, "day end: done\n");
  EXPECT_THAT(got.err, HasSubstr("tradsys journal roll"));
  ASSERT_EQ(receiver.commands().size(), 1U);
  EXPECT_EQ(receiver.commands()[0].kind, ipc::CommandKind::kEndDay);
}

TEST(DayCommand, NamesTheOrdersInItsWay) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kRefused, 1'234);
  const Outcome got = instance.run({"day", "end", "--yes"});
  EXPECT_EQ(got.code, 6);
  EXPECT_THAT(got.err, HasSubstr("1,234 orders"));
  EXPECT_THAT(got.err, HasSubstr("risk kill --scope all"));
}

TEST(DayCommand, UnconfirmedSendsNothing) {
  Instance instance;
  Receiver receiver(instance, CommandResult::kDone);
  const Outcome got = instance.run({"day", "end"});
  EXPECT_EQ(got.code, 6);
  EXPECT_THAT(got.err, HasSubstr("--yes"));
  EXPECT_THAT(receiver.commands(), IsEmpty());
}

TEST(DayCommand, SaysWhenTheOutcomeIsUnknownOrWillBeForgotten) {
  Instance instance;
  {
    Receiver receiver(instance, CommandResult::kPending);
    EXPECT_EQ(instance.run({"day", "end", "--yes", "--timeout", "0.05"}).code, 8);
  }
  Receiver receiver(instance, CommandResult::kNotRecorded);
  const Outcome got = instance.run({"day", "end", "--yes", "--json"});
  EXPECT_EQ(got.code, 1);
  EXPECT_THAT(got.out, HasSubstr("\"result\": \"not_recorded\""));
  EXPECT_THAT(got.err, HasSubstr("a restart forgets it"));
}

}  // namespace
}  // namespace tradsys::testing
