// Goal: what the FIX framer and parser take is exactly what a peer meant; everything else is
// ignored and the stream goes on. Method: messages cut at every byte, damaged at every byte, and
// hostile.
#include "hostsw/wire/fix/message.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "hostsw/wire/fix/framer.hpp"
#include "hostsw/wire/fix/utc.hpp"
#include "hostsw/wire/fix/writer.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::fix {
namespace {

using testing::bytes_of;
using testing::fix_message;
using testing::with_bars;

const std::string kOrder = fix_message(
    "8=FIX.4.4|35=D|34=2|49=TW|52=20260721-09:30:00.123|56=ISLD|11=a|54=1|55=COMI|40=2|44=81.50|");

std::vector<std::string> frames_of(Framer& framer, std::string_view bytes) {
  std::vector<std::string> frames;
  framer.feed(bytes_of(bytes), [&](std::string_view frame) {
    frames.emplace_back(frame);
    return true;
  });
  return frames;
}

TEST(FixMessage, GivesItsFieldsInOrder) {
  Message m;
  ASSERT_EQ(m.parse(kOrder), ParseResult::kOk);
  EXPECT_EQ(m.begin_string(), "FIX.4.4");
  EXPECT_EQ(m.type(), "D");
  EXPECT_EQ(m.number(34), 2U);
  EXPECT_EQ(m.text(44), "81.50");
  EXPECT_FALSE(m.find(38));
  EXPECT_FALSE(m.number(44));
  EXPECT_EQ(m.fields().size(), 13U);
}

TEST(FixMessage, IsGarbledWhenAnyByteIsCutOrChanged) {
  Message m;
  for (usize bytes = 0; bytes < kOrder.size(); ++bytes)
    EXPECT_EQ(m.parse(std::string_view(kOrder).substr(0, bytes)), ParseResult::kGarbled) << bytes;
  for (usize at = 0; at < kOrder.size(); ++at) {
    std::string damaged = kOrder;
    damaged[at] = static_cast<char>(damaged[at] + 1);
    EXPECT_EQ(m.parse(damaged), ParseResult::kGarbled) << at;
  }
}

TEST(FixMessage, IsGarbledWithoutItsFirstThreeFieldsInOrder) {
  Message m;
  EXPECT_EQ(m.parse(fix_message("8=FIX.4.4|34=2|35=0|")), ParseResult::kGarbled);
  EXPECT_EQ(m.parse(fix_message("35=0|8=FIX.4.4|34=2|")), ParseResult::kGarbled);
  EXPECT_EQ(m.parse(fix_message("8=FIX.4.4|35=0|3x4=2|")), ParseResult::kGarbled);
  EXPECT_EQ(m.parse(fix_message("8=FIX.4.4|35=0|34|")), ParseResult::kGarbled);
  EXPECT_EQ(m.parse(fix_message("8=FIX.4.4|35=0|34=2|10=0")), ParseResult::kGarbled);
  EXPECT_EQ(m.parse(fix_message("8=FIX.4.4|35=0|-1=x|0=y|")), ParseResult::kOk);
  EXPECT_EQ(m.fields()[3].tag, -1);
}

TEST(FixMessage, DataMayHoldSeparators) {
  Message m;
  const std::string news = fix_message("8=FIX.4.4|35=B|34=2|148=x|95=5|96=a|=b|10=|33=1|58=t|");
  // 96 is five bytes long: "a|=b|" and the separator behind them.
  const std::string whole = fix_message("8=FIX.4.4|35=B|95=5|96=a|=b||58=t|");
  ASSERT_EQ(m.parse(whole), ParseResult::kOk);
  EXPECT_EQ(with_bars(m.text(96)), "a|=b|");
  EXPECT_EQ(m.text(58), "t");
  EXPECT_EQ(m.parse(fix_message("8=FIX.4.4|35=B|95=99|96=ab|58=t|")), ParseResult::kGarbled);
  EXPECT_EQ(m.parse(news), ParseResult::kGarbled);
}

TEST(FixMessage, BoundsTheNumberOfFields) {
  Message m;
  std::string text = "8=FIX.4.4|35=0|";
  for (usize i = 0; i < kFieldsMax - 4; ++i) text += "1=x|";
  EXPECT_EQ(m.parse(fix_message(text)), ParseResult::kOk);
  EXPECT_EQ(m.parse(fix_message(text + "1=x|")), ParseResult::kGarbled);
}

TEST(FixFramer, FindsMessagesWhereverTheStreamIsCut) {
  const std::string stream = kOrder + kOrder + kOrder;
  for (usize cut = 0; cut <= stream.size(); ++cut) {
    Framer framer;
    std::vector<std::string> frames = frames_of(framer, stream.substr(0, cut));
    for (const std::string& frame : frames_of(framer, stream.substr(cut))) frames.push_back(frame);
    ASSERT_EQ(frames, (std::vector<std::string>{kOrder, kOrder, kOrder})) << cut;
    EXPECT_EQ(framer.skipped_bytes(), 0U);
  }
}

TEST(FixFramer, SkipsWhatIsNoMessage) {
  Framer framer;
  EXPECT_EQ(frames_of(framer, "noise" + kOrder +
                                  "8=FIX.4.4\x01"
                                  "7=1\x01" +
                                  kOrder)
                .size(),
            2U);
  EXPECT_EQ(framer.skipped_bytes(), 5U + 14U);
  EXPECT_EQ(frames_of(framer,
                      "8=FIX.4.4\x01"
                      "9=123456\x01" +
                          kOrder)
                .size(),
            1U);
  EXPECT_EQ(frames_of(framer,
                      "8=FIX.4.4\x01"
                      "9=-1\x01" +
                          kOrder)
                .size(),
            1U);
}

TEST(FixFramer, ALengthTooLongTakesTheNextMessageWithIt) {
  std::string longer = kOrder;
  longer.replace(12, 2, "99");  // behind "8=FIX.4.4|9="
  Framer framer;
  const std::vector<std::string> frames = frames_of(framer, longer + kOrder + kOrder);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0], longer + kOrder);
  EXPECT_EQ(frames[1], kOrder);
}

TEST(FixFramer, AStreamWithoutAnEndCostsABufferAndNoMore) {
  Framer framer;
  std::string flood;
  while (flood.size() < kMessageBytesMax * 8)
    flood +=
        "8=FIX.4.4\x01"
        "9=8000\x01"
        "35=0\x01";
  EXPECT_TRUE(frames_of(framer, flood).empty());
  EXPECT_GT(framer.skipped_bytes(), kMessageBytesMax * 4);
  EXPECT_EQ(frames_of(framer, std::string(kMessageBytesMax * 3, 'x') + kOrder).size(), 1U);
}

TEST(FixWriter, WritesWhatTheParserReads) {
  Writer w;
  w.text(35, "8").number(34, 12).decimal(44, 8'150, 2).decimal(31, 5, 4).character(54, '1');
  w.timestamp(60, Nanos{1'784'626'200'123'456'789}, 6);
  Message m;
  ASSERT_EQ(m.parse(w.finish("FIX.4.2")), ParseResult::kOk);
  EXPECT_EQ(m.text(44), "81.50");
  EXPECT_EQ(m.text(31), "0.0005");
  EXPECT_EQ(m.text(60), "20260721-09:30:00.123456");
}

TEST(FixWriter, NeverCutsWhatDoesNotFit) {
  Writer w;
  w.text(35, "B").text(58, std::string(kMessageBytesMax, 'x')).text(1, "a");
  EXPECT_TRUE(w.finish("FIX.4.4").empty());
  EXPECT_TRUE(w.body().empty());
  w.clear();
  EXPECT_FALSE(w.text(35, "0").finish("FIX.4.4").empty());
}

TEST(FixUtc, ReadsWhatItWritesAndRefusesTheRest) {
  for (const char* text : {"19700101-00:00:00", "20240229-23:59:59.999", "20260721-09:30:00.123456",
                           "20991231-12:00:00.000000001"}) {
    const auto time = parse_timestamp(text);
    ASSERT_TRUE(time) << text;
    char out[kTimestampBytesMax];
    const usize length = std::string_view(text).size();
    const u32 digits = length == 17 ? 0 : static_cast<u32>(length - 18);
    EXPECT_EQ(std::string_view(out, format_timestamp(*time, digits, out)), text);
  }
  for (const char* text :
       {"", "20260721", "20260229-00:00:00", "20261301-00:00:00", "20260721 09:30:00",
        "20260721-24:00:00", "20260721-09:60:00", "20260721-09:30:61", "20260721-09:30:00.",
        "20260721-9:30:00", "20260721-09:30:00.1234567890", "2026072x-09:30:00"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
  EXPECT_TRUE(is_date("20240229"));
  EXPECT_FALSE(is_date("20230229"));
  EXPECT_TRUE(is_time("23:59:60"));
}

}  // namespace
}  // namespace tradsys::fix
