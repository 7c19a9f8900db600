// Goal: real MoldUDP64 traffic is read exactly as it was sent. Method: captured Ethernet frames of
// a US venue go through our Ethernet, 802.1Q, IPv4 and UDP code and the ITCH 5.0 codecs; recorded
// datagrams of a start of day at Borsa Istanbul, the last of them cut, go through the packet reader
// and the receiver.
#include <gmock/gmock.h>

#include <tradsys/itch50_spec.hpp>

#include "dataplane/feed/mold_receiver.hpp"
#include "hostsw/wire/mold64.hpp"
#include "tests/conformance/wire/captured.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using tradsys::testing::captured_payloads;
using tradsys::testing::CapturedPayload;
using tradsys::testing::TypeCounter;

/// Decodes a datagram; every block length must consume the UDP payload exactly.
std::map<char, u64> decode_itch(const CapturedPayload& captured) {
  MoldPacketReader packet(captured.payload);
  EXPECT_TRUE(packet.valid());
  EXPECT_EQ(packet.trailing_bytes(), 0U);
  TypeCounter counter;
  Bytes message;
  while (packet.next(message)) EXPECT_EQ(itch50::dispatch(message, counter), DecodeResult::kOk);
  return counter.count;
}

TEST(RealMold64, TheTwoPacketsOfTheCaptureHaveTheirSequenceCountAndTypes) {
  TRADSYS_REQUIRE_DATA(path,
                       "pcap/Nasdaq/Nasdaq.Equities.TotalView.Itch.v5.0/Multiple.Packets.pcap");
  const std::vector<CapturedPayload> frames = captured_payloads(path);
  ASSERT_EQ(frames.size(), 2U);
  const std::pair<u64, u16> expected[] = {{14'764'496, 1}, {19'009'117, 38}};
  for (usize i = 0; i < 2; ++i) {
    const MoldHeader header = MoldHeader::load(frames[i].payload.data());
    EXPECT_EQ(header.session, make_text<10>("000010059B"));
    EXPECT_EQ(header.sequence, expected[i].first);
    EXPECT_EQ(header.count, expected[i].second);
  }
  EXPECT_THAT(decode_itch(frames[0]), ElementsAre(Pair('D', 1)));
  EXPECT_THAT(decode_itch(frames[1]), ElementsAre(Pair('A', 36), Pair('F', 2)));
  EXPECT_EQ(frames[0].time.v, 1'692'711'000'007'661'955);
}

struct Capture {
  const char* name;
  char type;
};

/// Every single-message capture of a folder: one frame, one block, of the type its name says.
void expect_single_messages(const std::string& folder, std::string_view session, u16 vlan_id,
                            net::Ipv4 group, u16 port, std::initializer_list<Capture> captures) {
  for (const Capture& capture : captures) {
    const std::string relative = folder + capture.name + ".pcap";
    const std::filesystem::path path = tradsys::testing::test_data(relative);
    ASSERT_FALSE(path.empty()) << relative;
    const std::vector<CapturedPayload> frames = captured_payloads(path);
    ASSERT_EQ(frames.size(), 1U) << capture.name;
    EXPECT_EQ(frames[0].vlan_id, vlan_id);
    EXPECT_EQ(frames[0].dst_ip, group);
    EXPECT_EQ(frames[0].dst_port, port);
    EXPECT_EQ(MoldHeader::load(frames[0].payload.data()).session, make_text<10>(session));
    EXPECT_THAT(decode_itch(frames[0]), ElementsAre(Pair(capture.type, 1))) << capture.name;
  }
}

TEST(RealMold64, EveryCaptureOfOneMessageDecodesAsTheMessageItIsNamedFor) {
  const std::string folder = "pcap/Nasdaq/Nasdaq.Equities.TotalView.Itch.v5.0/";
  TRADSYS_REQUIRE_DATA(path, folder + "OrderDeleteMessage.pcap");
  expect_single_messages(folder, "000010059B", 141, net::ipv4(233, 54, 12, 111), 26'477,
                         {{"AddOrderNoMpidAttributionMessage", 'A'},
                          {"MarketParticipantPositionMessage", 'L'},
                          {"NetOrderImbalanceIndicatorMessage", 'I'},
                          {"OrderDeleteMessage", 'D'},
                          {"OrderExecutedMessage", 'E'},
                          {"OrderReplaceMessage", 'U'},
                          {"StockTradingActionMessage", 'H'}});
}

TEST(RealMold64, TheSisterVenueDecodesByTheSameCodecs) {
  const std::string folder = "pcap/Nasdaq/Bx.Equities.TotalView.Itch.v5.0/";
  TRADSYS_REQUIRE_DATA(path, folder + "OrderDeleteMessage.pcap");
  expect_single_messages(folder, "000010059D", 142, net::ipv4(233, 49, 196, 40), 25'475,
                         {{"AddOrderNoMpidAttributionMessage", 'A'},
                          {"OrderDeleteMessage", 'D'},
                          {"OrderReplaceMessage", 'U'}});
}

TEST(RealMold64, TheFieldsOfACapturedOrderAreWhatItsBytesSay) {
  TRADSYS_REQUIRE_DATA(path,
                       "pcap/Nasdaq/Nasdaq.Equities.TotalView.Itch.v5.0/"
                       "AddOrderNoMpidAttributionMessage.pcap");
  const std::vector<CapturedPayload> frames = captured_payloads(path);
  ASSERT_EQ(frames.size(), 1U);
  MoldPacketReader packet(frames[0].payload);
  Bytes message;
  ASSERT_TRUE(packet.next(message));
  const itch50::AddOrder order = itch50::decode(itch50::AddOrderView{message.data()});
  EXPECT_EQ(order.stock_locate, 0x1598U);
  EXPECT_EQ(order.timestamp_ns, 0x1F1ACED85306U);
  EXPECT_EQ(order.order_reference_number, 0x0166B53EU);
  EXPECT_EQ(order.buy_sell_indicator, 'B');
  EXPECT_EQ(order.shares, 0x640U);
  EXPECT_EQ(order.stock.str(), "IVOO");
  EXPECT_EQ(order.price, 0x0D55ACU);
}

/// One file of datagrams without UDP headers: each ends where its blocks end.
std::vector<Bytes> split_datagrams(Bytes file) {
  std::vector<Bytes> datagrams;
  while (file.size() > kMoldHeaderBytes) {
    MoldPacketReader packet(file);
    const usize bytes = packet.valid() ? kMoldHeaderBytes + packet.blocks().size() : file.size();
    datagrams.push_back(file.first(bytes));
    file = file.subspan(bytes);
  }
  return datagrams;
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::vector<std::byte> content;
  Result<ByteSource> source = ByteSource::open(path);
  EXPECT_TRUE(source);
  const Bytes bytes = source.value().peek(ByteSource::kWindowBytes);
  content.assign(bytes.begin(), bytes.end());
  return content;
}

TEST(RealMold64, TheStartOfDayOfAnotherVenueIsReadToItsCutLastPacket) {
  TRADSYS_REQUIRE_DATA(path, "mold64/moldudp-unwrap.sample.dat");
  const std::vector<std::byte> file = read_file(path);
  const std::vector<Bytes> datagrams = split_datagrams(file);
  ASSERT_EQ(datagrams.size(), 3U);
  const std::pair<u64, u16> expected[] = {{1, 15}, {16, 13}, {29, 13}};
  // The layout of 2014: a directory entry has 113 bytes, where today's has 130.
  const std::map<char, usize> layout{{'T', 5}, {'S', 6}, {'R', 113}, {'L', 25}};
  std::map<char, u64> count;
  for (usize i = 0; i < 3; ++i) {
    MoldPacketReader packet(datagrams[i]);
    EXPECT_EQ(packet.header().session, MoldSession{});
    EXPECT_EQ(packet.header().sequence, expected[i].first);
    EXPECT_EQ(packet.header().count, expected[i].second);
    EXPECT_EQ(packet.valid(), i != 2);
    Bytes rest = datagrams[i].subspan(kMoldHeaderBytes);
    const u32 whole = i == 2 ? packet.whole_blocks() : packet.remaining();
    for (u32 block = 0; block < whole; ++block) {
      const usize bytes = load_be16(rest.data());
      const char type = load_char(rest.data() + kMoldBlockHeaderBytes);
      EXPECT_EQ(layout.at(type), bytes);
      ++count[type];
      rest = rest.subspan(kMoldBlockHeaderBytes + bytes);
    }
    if (i != 2) continue;
    EXPECT_EQ(packet.whole_blocks(), 12U);
    EXPECT_EQ(packet.missing_bytes(), 5U) << "the last packet is 5 bytes short";
    ++count[load_char(rest.data() + kMoldBlockHeaderBytes)];  // the cut message still has its type
  }
  EXPECT_THAT(count, ElementsAre(Pair('L', 19), Pair('R', 19), Pair('S', 1), Pair('T', 2)));
}

struct CountingSink {
  u64 messages = 0;
  void on_message(u64 sequence, Bytes) { EXPECT_EQ(sequence, ++messages); }
  void on_stale(Nanos) {}
  void on_contiguous(Nanos) {}
  void on_end_of_session() {}
  void send_request(u32, Bytes) {}
};

TEST(RealMold64, TheReceiverDeliversTheWholePacketsAndCountsTheCutOne) {
  TRADSYS_REQUIRE_DATA(path, "mold64/moldudp-unwrap.sample.dat");
  const std::vector<std::byte> file = read_file(path);
  CountingSink sink;
  feed::MoldReceiver<CountingSink> receiver(feed::FeedConfig{}, sink);
  for (const Bytes& datagram : split_datagrams(file))
    for (u32 line : {feed::kLineA, feed::kLineB}) receiver.on_packet(line, datagram, Nanos{1});
  EXPECT_EQ(sink.messages, 28U);
  EXPECT_EQ(receiver.counters().malformed, 2U);
  EXPECT_EQ(receiver.counters().line[feed::kLineB].duplicates, 28U);
  EXPECT_FALSE(receiver.stale());
}

}  // namespace
}  // namespace tradsys::wire
