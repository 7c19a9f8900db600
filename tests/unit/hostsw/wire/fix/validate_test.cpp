// Goal: each kind of defect is named with its reason and tag, in every version, and sound messages
// pass. Method: one good order per version, changed in one place.
#include "hostsw/wire/fix/validate.hpp"

#include <gtest/gtest.h>

#include "hostsw/wire/fix/session_config.hpp"
#include "hostsw/wire/fix/tags.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::fix {
namespace {

struct Version {
  const char* name;
  Dialect dialect;
};

class FixValidate : public ::testing::TestWithParam<Version> {
 protected:
  [[nodiscard]] std::optional<Defect> check(const std::string& rest) const {
    const std::string frame =
        testing::fix_message("8=" + GetParam().dialect.begin_string + "|" + rest);
    Message m;
    EXPECT_EQ(m.parse(frame), ParseResult::kOk) << rest;
    return validate(GetParam().dialect.rules, m);
  }
  void expect(const std::string& rest, RejectReason reason, i32 tag) const {
    const std::optional<Defect> defect = check(rest);
    ASSERT_TRUE(defect) << rest;
    EXPECT_EQ(defect->reason, reason) << rest << ": " << text_of(defect->reason);
    EXPECT_EQ(defect->tag, tag) << rest;
  }
  static std::string order(const std::string& more = "") { return kHead + kTerms + more; }

  static inline const std::string kHead = "35=D|34=2|49=TW|52=20260721-09:30:00|56=ISLD|";
  static inline const std::string kTerms =
      "11=id|21=1|40=2|44=81.5|54=1|38=100|55=COMI|60=20260721-09:30:00|";
};

TEST_P(FixValidate, TakesGoodMessages) {
  EXPECT_FALSE(check(order()));
  EXPECT_FALSE(check(order("167=CS|386=2|336=1|336=2|126=20260721-10:00:00.5|")));
  EXPECT_FALSE(check("35=0|34=2|49=TW|52=20260721-09:30:00|56=ISLD|112=x|"));
  EXPECT_FALSE(check(
      "35=D|97=Y|43=N|34=2|49=TW|122=20260721-09:30:00|52=20260721-09:30:00|56=ISLD|" + kTerms));
  EXPECT_FALSE(check(order("386=0|")));
}

TEST_P(FixValidate, NamesTheStructure) {
  expect("35=D|11=id|34=2|49=TW|52=20260721-09:30:00|56=ISLD|", RejectReason::kTagOutOfOrder, 34);
  expect(order("89=x|58=behind|"), RejectReason::kTagOutOfOrder, 58);
}

TEST_P(FixValidate, NamesTheType) {
  expect("35=*|34=2|49=TW|52=20260721-09:30:00|56=ISLD|", RejectReason::kInvalidMsgType, 0);
  EXPECT_FALSE(
      check("35=E|34=2|49=TW|52=20260721-09:30:00|56=ISLD|66=x|"));  // known, not supported
}

TEST_P(FixValidate, NamesWhatIsMissing) {
  expect("35=D|34=2|49=TW|52=20260721-09:30:00|" + kTerms, RejectReason::kRequiredTagMissing, 56);
  expect(kHead + "21=1|40=1|54=1|55=COMI|60=20260721-09:30:00|", RejectReason::kRequiredTagMissing,
         11);
  expect("35=1|34=2|49=TW|52=20260721-09:30:00|56=ISLD|", RejectReason::kRequiredTagMissing, 112);
}

TEST_P(FixValidate, NamesValues) {
  expect(order("58=|"), RejectReason::kTagWithoutValue, 58);
  expect(order("110=+5|"), RejectReason::kIncorrectFormat, 110);
  expect(order("110=1e5|"), RejectReason::kIncorrectFormat, 110);
  expect(order("126=20260721|"), RejectReason::kIncorrectFormat, 126);
  expect(order("59=77|"), RejectReason::kIncorrectFormat, 59);
  expect(order("114=y|"), RejectReason::kIncorrectFormat, 114);
  expect(order("59=z|"), RejectReason::kValueOutOfRange, 59);
  expect(order("167=BOO|"), RejectReason::kValueOutOfRange, 167);
}

TEST_P(FixValidate, NamesTags) {
  expect(order("99999=x|"), RejectReason::kInvalidTag, 99'999);
  expect(order("0=x|"), RejectReason::kInvalidTag, 0);
  expect(order("-1=x|"), RejectReason::kInvalidTag, -1);
  expect(order("39=0|"), RejectReason::kTagNotDefinedForType, 39);
  expect(order("58=a|58=b|"), RejectReason::kTagRepeated, 58);
}

TEST_P(FixValidate, NamesGroups) {
  expect(order("386=3|336=1|336=2|"), RejectReason::kGroupCountWrong, 386);
  expect(order("386=1|"), RejectReason::kGroupCountWrong, 386);
  expect(order("336=1|"), RejectReason::kTagNotDefinedForType, 336);
}

TEST_P(FixValidate, TakesUserTagsWhereTheyAreAllowed) {
  Rules rules = GetParam().dialect.rules;
  rules.allow_user_tags = true;
  Message m;
  const std::string frame =
      testing::fix_message("8=" + GetParam().dialect.begin_string + "|" + order("5001=NIN123|"));
  ASSERT_EQ(m.parse(frame), ParseResult::kOk);
  EXPECT_FALSE(validate(rules, m));
  expect(order("5001=NIN123|"), RejectReason::kInvalidTag, 5'001);
}

INSTANTIATE_TEST_SUITE_P(Versions, FixValidate,
                         ::testing::Values(Version{"fix42", dialect_fix42()},
                                           Version{"fix44", dialect_fix44()},
                                           Version{"fix50sp2", dialect_fix50sp2()}),
                         [](const auto& version) { return version.param.name; });

TEST(FixGroups, NestAndAreBounded) {
  const Dialect dialect = dialect_fix44();
  const auto check = [&](const std::string& group) {
    const std::string frame =
        testing::fix_message("8=FIX.4.4|35=D|34=2|49=TW|52=20260721-09:30:00|56=ISLD|11=id|" +
                             group + "40=1|54=1|55=COMI|60=20260721-09:30:00|");
    Message m;
    EXPECT_EQ(m.parse(frame), ParseResult::kOk);
    return validate(dialect.rules, m);
  };
  EXPECT_FALSE(check("453=2|448=A|447=D|452=1|802=2|523=x|803=1|523=y|803=2|448=B|452=3|"));
  const auto order = check("453=1|452=1|448=A|");
  ASSERT_TRUE(order);
  EXPECT_EQ(order->reason, RejectReason::kGroupOutOfOrder);
  const auto twice = check("453=1|448=A|452=1|452=3|");
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->reason, RejectReason::kTagRepeated);
  const auto inner = check("453=1|448=A|802=3|523=x|");
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->reason, RejectReason::kGroupCountWrong);
  EXPECT_EQ(inner->tag, 802);
}

}  // namespace
}  // namespace tradsys::fix
