// Goal: typed records say what stands in a message, name what is wrong with it, and are written as
// the standard asks. Method: messages by hand with one thing changed.
#include <gtest/gtest.h>
#include <tradsys/fix_records.hpp>

#include "hostsw/wire/fix/session_config.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::fix {
namespace {

using testing::fix_message;
using testing::with_bars;

const std::string kHead = "8=FIX.4.4|35=D|34=7|49=TW|52=20260721-09:30:00.123|56=ISLD|";
const std::string kTerms = "11=id|40=2|44=81.5|54=1|38=100|55=COMI|60=20260721-09:30:00|";
constexpr i64 kHalfPastNine = 1'784'626'200'000'000'000;

ReadOutcome outcome_of(const std::string& text) {
  const std::string frame = fix_message(text);
  fix44::NewOrderSingle order;
  return read(frame, order);
}
ReadOutcome order(const std::string& more) { return outcome_of(kHead + kTerms + more); }

constexpr ReadOutcome refused(RejectReason reason, i32 tag) {
  return {ReadResult::kRefused, reason, tag};
}

TEST(FixRecord, ReadsWhatStandsInAMessage) {
  const std::string frame =
      fix_message(kHead + kTerms + "1=ACC|59=3|110=10.00|114=N|432=20260730|");
  fix44::NewOrderSingle order;
  ASSERT_TRUE(read(frame, order).ok());
  EXPECT_EQ(order.header.msg_seq_num, 7U);
  EXPECT_EQ(order.header.sender_comp_id, "TW");
  EXPECT_EQ(order.header.target_comp_id, "ISLD");
  EXPECT_EQ(order.header.sending_time.v, kHalfPastNine + 123'000'000);
  EXPECT_FALSE(order.header.poss_dup_flag);
  EXPECT_EQ(order.cl_ord_id, "id");
  EXPECT_EQ(order.cl_ord_id.data(), frame.data() + frame.find("11=id") + 3) << "a copy";
  EXPECT_EQ(order.account, "ACC");
  EXPECT_EQ(order.ord_type, '2');
  EXPECT_EQ(order.price->units, 81'5000);
  EXPECT_EQ(order.side, '1');
  EXPECT_EQ(order.order_qty, 100U);
  EXPECT_EQ(order.time_in_force, '3');
  EXPECT_EQ(order.min_qty, 10U);
  EXPECT_EQ(order.locate_reqd, false);
  EXPECT_EQ(order.expire_date, 20'260'730U);
  EXPECT_EQ(order.transact_time.v, kHalfPastNine);
  EXPECT_FALSE(order.stop_px);
  EXPECT_EQ(order.handl_inst, 0);
  EXPECT_TRUE(order.text.empty());
}

TEST(FixRecord, IsReadFromAMessageThatASessionHandsOut) {
  const std::string frame = fix_message(kHead + kTerms);
  Message message;
  ASSERT_EQ(message.parse(frame), ParseResult::kOk);
  fix44::NewOrderSingle order;
  ASSERT_TRUE(read(message.frame(), order).ok());
  EXPECT_EQ(order.cl_ord_id.data(), message.text(11).data());
}

TEST(FixRecord, AnswersGarbledMessagesAsNone) {
  const std::string frame = fix_message(kHead + kTerms);
  fix44::NewOrderSingle order;
  for (usize cut = 0; cut < frame.size(); ++cut)
    EXPECT_EQ(read(frame.substr(0, cut), order).result, ReadResult::kGarbled) << cut;
  for (usize at = 0; at < frame.size(); ++at) {
    std::string changed = frame;
    changed[at] = static_cast<char>(changed[at] + 1);
    EXPECT_EQ(read(changed, order).result, ReadResult::kGarbled) << with_bars(changed);
  }
  EXPECT_EQ(outcome_of(kHead + kTerms + "58text|").result, ReadResult::kGarbled);
  EXPECT_EQ(outcome_of(kHead + kTerms + "10=0").result, ReadResult::kGarbled);
  for (const char c : std::string(":;<>?/ "))  // beside the digits
    for (const std::string& tag : {std::string{c}, std::string{'1', c}, std::string{c, '1'},
                                   std::string{'1', '1', c}, std::string{'1', c, '1'}})
      EXPECT_EQ(outcome_of(kHead + kTerms + tag + "=x|").result, ReadResult::kGarbled) << tag;
  EXPECT_EQ(outcome_of(kHead + kTerms + "59=z|058=x|").result, ReadResult::kGarbled) << "both";
}

TEST(FixRecord, NamesTheVersionAndTheType) {
  EXPECT_EQ(outcome_of("8=FIX.4.2" + kHead.substr(9) + kTerms),
            refused(RejectReason::kValueOutOfRange, 8));
  EXPECT_EQ(outcome_of("8=FIX.4.4|35=8" + kHead.substr(14) + kTerms),
            refused(RejectReason::kInvalidMsgType, 35));
  EXPECT_EQ(outcome_of("8=FIX.4.4|35=0|34=7|49=TW|56=ISLD|52=20260721-09:30:00|"),
            refused(RejectReason::kInvalidMsgType, 35));
}

TEST(FixRecord, NamesTheStructure) {
  EXPECT_EQ(order("49=TW|"), refused(RejectReason::kTagOutOfOrder, 49));
  EXPECT_EQ(order("35=D|"), refused(RejectReason::kTagOutOfOrder, 35));
  EXPECT_EQ(order("142=x|"), refused(RejectReason::kTagOutOfOrder, 142)) << "not carried";
  EXPECT_EQ(order("93=1|89=x|58=behind|"), refused(RejectReason::kTagOutOfOrder, 58));
  EXPECT_EQ(order("10=123|"), refused(RejectReason::kTagRepeated, 10));
  EXPECT_EQ(order("11=id|"), refused(RejectReason::kTagRepeated, 11));
  EXPECT_EQ(outcome_of(kHead + "49=TW|" + kTerms), refused(RejectReason::kTagRepeated, 49));
  EXPECT_EQ(outcome_of(kHead + "9=5|" + kTerms), refused(RejectReason::kTagRepeated, 9));
  EXPECT_EQ(outcome_of(kHead + "11=id|40=2|54=1|55=COMI|"),
            refused(RejectReason::kRequiredTagMissing, 60));
  EXPECT_EQ(outcome_of("8=FIX.4.4|35=D|34=7|49=TW|52=20260721-09:30:00.123|" + kTerms),
            refused(RejectReason::kRequiredTagMissing, 56));
}

TEST(FixRecord, NamesValues) {
  EXPECT_EQ(order("58=|"), refused(RejectReason::kTagWithoutValue, 58));
  EXPECT_EQ(order("66=|"), refused(RejectReason::kTagWithoutValue, 66)) << "not carried";
  EXPECT_EQ(order("110=+5|"), refused(RejectReason::kIncorrectFormat, 110));
  EXPECT_EQ(order("110=1e5|"), refused(RejectReason::kIncorrectFormat, 110));
  EXPECT_EQ(order("99=1.2.3|"), refused(RejectReason::kIncorrectFormat, 99));
  EXPECT_EQ(order("99=.|"), refused(RejectReason::kIncorrectFormat, 99));
  EXPECT_EQ(order("126=20260721|"), refused(RejectReason::kIncorrectFormat, 126));
  EXPECT_EQ(order("126=20260230-10:00:00.000|"), refused(RejectReason::kIncorrectFormat, 126));
  EXPECT_EQ(order("126=20260221-24:00:00.000|"), refused(RejectReason::kIncorrectFormat, 126));
  EXPECT_EQ(order("59=77|"), refused(RejectReason::kIncorrectFormat, 59));
  EXPECT_EQ(order("114=y|"), refused(RejectReason::kIncorrectFormat, 114));
  EXPECT_EQ(order("59=z|"), refused(RejectReason::kValueOutOfRange, 59));
  EXPECT_EQ(order("22=AB|"), refused(RejectReason::kValueOutOfRange, 22));
  EXPECT_EQ(order("18=G ?|"), refused(RejectReason::kValueOutOfRange, 18));
  EXPECT_EQ(order("582=05|"), refused(RejectReason::kValueOutOfRange, 582));
  EXPECT_EQ(order("0=x|"), refused(RejectReason::kInvalidTag, 0));
  EXPECT_EQ(order("-1=x|"), refused(RejectReason::kInvalidTag, -1));
}

TEST(FixRecord, RefusesWhatItCannotHold) {
  EXPECT_EQ(order("110=1.5|"), refused(RejectReason::kValueOutOfRange, 110)) << "part of a share";
  EXPECT_EQ(order("110=-1|"), refused(RejectReason::kValueOutOfRange, 110));
  EXPECT_EQ(order("99=0.00001|"), refused(RejectReason::kValueOutOfRange, 99));
  EXPECT_EQ(order("99=922337203685477.5808|"), refused(RejectReason::kValueOutOfRange, 99));
  EXPECT_EQ(order("110=18446744073709551616|"), refused(RejectReason::kValueOutOfRange, 110));
  EXPECT_EQ(order("58=" + std::string(257, 'x') + "|"),
            refused(RejectReason::kValueOutOfRange, 58));
  EXPECT_TRUE(
      order("58=" + std::string(256, 'x') + "|99=0.00010|110=000018446744073709551615.0|").ok());
}

TEST(FixRecord, ReadsDecimalsHoweverTheyAreWritten) {
  const auto price = [](const std::string& text) {
    const std::string frame = fix_message(kHead + kTerms + "99=" + text + "|");
    fix44::NewOrderSingle order;
    EXPECT_TRUE(read(frame, order).ok()) << text;
    return order.stop_px.value_or(Decimal<4>{-1}).units;
  };
  EXPECT_EQ(price("0"), 0);
  EXPECT_EQ(price("-0"), 0);
  EXPECT_EQ(price(".5"), 5'000);
  EXPECT_EQ(price("5."), 5'0000);
  EXPECT_EQ(price("-.5"), -5'000);
  EXPECT_EQ(price("1.2345"), 1'2345);
  EXPECT_EQ(price("00001.20"), 1'2000);
  EXPECT_EQ(price("12345678"), 12'345'678'0000);
  EXPECT_EQ(price("123456789.0001"), 123'456'789'0001);
  EXPECT_EQ(price("922337203685477.5807"), std::numeric_limits<i64>::max());
}

TEST(FixRecord, SkipsDataWithSeparatorsInIt) {
  EXPECT_TRUE(order("354=9|355=|11=twice|66=list|").ok());
  EXPECT_TRUE(outcome_of(kHead + "212=6|213=a|b=c||" + kTerms).ok());
  EXPECT_TRUE(order("93=3|89=|=||").ok());
  EXPECT_EQ(order("355=x|"), refused(RejectReason::kRequiredTagMissing, 354));
  EXPECT_EQ(order("89=x|"), refused(RejectReason::kRequiredTagMissing, 93));
  EXPECT_EQ(order("354=0|355=|"), refused(RejectReason::kTagWithoutValue, 355));
  EXPECT_EQ(order("212=1|213=x|"), refused(RejectReason::kTagOutOfOrder, 212));
  EXPECT_EQ(order("354=4|355=x|").result, ReadResult::kGarbled);
  EXPECT_EQ(order("354=400|355=x|").result, ReadResult::kGarbled);
}

TEST(FixRecord, CountsFieldsAsMessagesDo) {
  const auto with_more = [](usize fields) {
    std::string more;
    for (usize i = 0; i < fields; ++i) more += "5001=x|";
    return order(more).result;
  };
  const usize own = 15;  // 8, 9, 35, four of the header, seven terms, 10
  EXPECT_EQ(with_more(kFieldsMax - own), ReadResult::kOk);
  EXPECT_EQ(with_more(kFieldsMax - own + 1), ReadResult::kGarbled);
  const std::string data(kFieldsMax, '|');
  EXPECT_TRUE(order("354=512|355=" + data + "|").ok());
}

TEST(FixRecord, SkipsGroupsAndWhatItDoesNotKnow) {
  EXPECT_TRUE(order("453=2|448=A|447=D|452=1|448=B|447=D|452=3|").ok());
  EXPECT_TRUE(order("5001=NIN|12345=x|123456789=y|").ok());
}

fix44::OrderCancelReject reject() {
  fix44::OrderCancelReject reject;
  reject.header.msg_seq_num = 12;
  reject.header.sender_comp_id = "ISLD";
  reject.header.target_comp_id = "TW";
  reject.header.sending_time = Nanos{kHalfPastNine + 7'654'321};
  reject.order_id = "NONE";
  reject.cl_ord_id = "b";
  reject.orig_cl_ord_id = "a";
  reject.ord_status = '8';
  reject.cxl_rej_response_to = '1';
  return reject;
}

TEST(FixRecord, IsWrittenInTheOrderOfItsFields) {
  fix44::OrderCancelReject record = reject();
  record.cxl_rej_reason = 1;
  std::array<char, fix44::OrderCancelReject::kBytesMax> out;
  EXPECT_EQ(with_bars({out.data(), write(record, out)}),
            with_bars(fix_message("8=FIX.4.4|35=9|34=12|49=ISLD|52=20260721-09:30:00.007|56=TW|"
                                  "37=NONE|11=b|41=a|39=8|434=1|102=1|")));
  EXPECT_EQ(with_bars({out.data(), write_body(record, out)}),
            "37=NONE|11=b|41=a|39=8|434=1|102=1|");
}

TEST(FixRecord, IsWrittenWithAnyBodyLength) {
  fix44::OrderCancelReject record = reject();
  std::array<char, fix44::OrderCancelReject::kBytesMax> out;
  const std::string longest(256, 'x');
  const std::string id(64, 'y');
  for (usize more = 1; more <= longest.size(); ++more) {
    record.text = std::string_view(longest).substr(0, more);
    const std::string_view frame(out.data(), write(record, out));
    Message message;
    ASSERT_EQ(message.parse(frame), ParseResult::kOk) << with_bars(frame);
  }
  record.order_id = record.cl_ord_id = record.orig_cl_ord_id = record.account = id;
  record.secondary_order_id = record.header.sender_sub_id = record.header.target_sub_id = id;
  record.header.sender_comp_id = record.header.target_comp_id = id;
  record.header.on_behalf_of_comp_id = record.header.deliver_to_comp_id = id;
  const std::string_view frame(out.data(), write(record, out));
  Message message;
  ASSERT_EQ(message.parse(frame), ParseResult::kOk);
  EXPECT_EQ(message.text(9).size(), 4U);
}

TEST(FixRecord, IsNotWrittenWhenAValueCannotBeSaid) {
  std::array<char, fix44::OrderCancelReject::kBytesMax> out;
  const auto size_with = [&](auto change) {
    fix44::OrderCancelReject record = reject();
    change(record);
    return write(record, out);
  };
  const std::string too_long(65, 'x');
  EXPECT_NE(size_with([](auto&) {}), 0U);
  EXPECT_EQ(size_with([](auto& r) { r.cl_ord_id = {}; }), 0U) << "required";
  EXPECT_EQ(size_with([](auto& r) { r.ord_status = 0; }), 0U) << "required";
  EXPECT_EQ(size_with([](auto& r) { r.ord_status = 'z'; }), 0U) << "not allowed";
  EXPECT_EQ(size_with([](auto& r) { r.cxl_rej_reason = 98; }), 0U) << "not allowed";
  EXPECT_EQ(size_with([&](auto& r) { r.cl_ord_id = too_long; }), 0U);
  EXPECT_EQ(size_with([](auto& r) {
              r.cl_ord_id =
                  "x\x01"
                  "58=y";
            }),
            0U)
      << "a field smuggled in";
  EXPECT_EQ(size_with([](auto& r) { r.header.sending_time = Nanos{-1}; }), 0U);
  EXPECT_EQ(size_with([](auto& r) { r.header.sending_time.v = 8'640'086'400'000'000'000; }), 0U);
  EXPECT_NE(size_with([](auto& r) { r.header.sending_time.v = 8'640'086'399'999'999'999; }), 0U);
}

TEST(FixRecord, KnowsTheTypeOfAFrame) {
  EXPECT_EQ(type_of(fix_message(kHead + kTerms)), "D");
  EXPECT_EQ(type_of(fix_message("8=FIXT.1.1|35=AE|34=1|")), "AE");
  EXPECT_EQ(type_of(""), "");
  EXPECT_EQ(type_of("8=FIX.4.4\x01"), "");
  EXPECT_EQ(type_of("8=FIX.4.4\x01"
                    "9=5\x01"
                    "35=D"),
            "");
}

TEST(FixRecord, NamesFieldsAlikeInAllVersions) {
  const std::string terms = "37=a|17=b|150=2|39=2|55=COMI|54=1|151=0|14=5|6=1.5|32=5|31=1.5|";
  const std::string in42 =
      fix_message("8=FIX.4.2|35=8|34=1|49=A|52=20260721-09:30:00|56=B|20=0|" + terms);
  fix42::ExecutionReport report;
  ASSERT_TRUE(read(in42, report).ok());
  EXPECT_EQ(report.last_qty, 5U);
  EXPECT_EQ(report.exec_trans_type, '0');
  const std::string in50 =
      "8=FIXT.1.1|35=8|1128=9|34=1|49=A|52=20260721-09:30:00|56=B|37=a|17=b|150=F|39=2|"
      "54=1|151=0|14=5|6=1.5|32=5|31=1.5|";
  fix50sp2::ExecutionReport newer;
  const std::string frame = fix_message(in50);
  ASSERT_TRUE(read(frame, newer).ok());
  EXPECT_EQ(newer.header.appl_ver_id, '9');
  EXPECT_EQ(newer.last_qty, 5U);
}

}  // namespace
}  // namespace tradsys::fix
