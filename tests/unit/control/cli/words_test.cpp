// Goal: words of the command line mean exactly one thing. Method: forms that are nearly right.
#include <gtest/gtest.h>

#include "control/cli/command_line.hpp"
#include "control/cli/risk/scope.hpp"

namespace tradsys::cli {
namespace {

using Words = std::vector<std::string>;
using Call = SiblingCall::Kind;

TEST(Scope, HasFiveForms) {
  EXPECT_EQ(parse_scope("all").value().kind, KillScope::kFirm);
  const Scope account = parse_scope("account:255").value();
  EXPECT_EQ(account.kind, KillScope::kAccount);
  EXPECT_EQ(account.index, 255);
  EXPECT_EQ(parse_scope("client:7").value().kind, KillScope::kClient);
  EXPECT_EQ(parse_scope("strategy:1").value().kind, KillScope::kStrategy);
  const Scope instrument = parse_scope("instrument:COMI").value();
  EXPECT_EQ(instrument.kind, KillScope::kInstrument);
  EXPECT_EQ(instrument.symbol, "COMI");
}

TEST(Scope, HasNoOther) {
  for (const char* text : {"", "ALL", "all ", "firm", "account", "account:", "account:-1",
                           "account:1x", "account: 1", "account:256", "client:256", "strategy:",
                           "account:4294967297", "instrument:", "instrument:NINECHARS", "symbol:X"})
    EXPECT_FALSE(parse_scope(text).ok()) << text;
}

TEST(SiblingCall, TakesEverythingBehindItsName) {
  const SiblingCall call = find_sibling_call({"sim", "run", "--json", "--", "bench"});
  EXPECT_EQ(call.kind, Call::kCall);
  EXPECT_EQ(call.name, "sim");
  EXPECT_EQ(call.args, (Words{"run", "--json", "--", "bench"}));
  EXPECT_EQ(find_sibling_call({"bench"}).name, "bench");
}

TEST(SiblingCall, TellsFlagsInFront) {
  for (const Words& words : {Words{"--json", "sim"}, Words{"--instance", "x", "sim"},
                             Words{"--runtime-dir=x", "-q", "bench"}})
    EXPECT_EQ(find_sibling_call(words).kind, Call::kFlagsInFront);
}

TEST(SiblingCall, IsNotAnyOtherUseOfTheWord) {
  for (const Words& words : {Words{}, Words{"--instance", "sim"}, Words{"--instance"},
                             Words{"--instance", "sim", "status"}, Words{"book", "show", "sim"},
                             Words{"simulate"}, Words{"-q"}})
    EXPECT_EQ(find_sibling_call(words).kind, Call::kNone);
}

}  // namespace
}  // namespace tradsys::cli
