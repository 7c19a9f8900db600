// Goal: real OUCH 5.0 over SoupBinTCP is read exactly as it was sent. Method: captured frames go
// through our Ethernet, IPv4 and TCP code, the framer (cut at every byte) and the OUCH codecs.
#include <gmock/gmock.h>

#include <tradsys/ouch50_spec.hpp>

#include "hostsw/wire/soup_framer.hpp"
#include "tests/conformance/wire/captured.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using tradsys::testing::captured_payloads;
using tradsys::testing::CapturedPayload;
using tradsys::testing::TypeCounter;

const std::string kFolder = "pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0/";

/// The one SoupBinTCP packet of a one-frame capture, whatever way TCP might have cut it.
std::vector<std::byte> only_packet(const std::filesystem::path& path) {
  const std::vector<CapturedPayload> frames = captured_payloads(path);
  EXPECT_EQ(frames.size(), 1U);
  const Bytes stream = frames.at(0).payload;
  std::vector<std::byte> packet;
  for (usize cut = 0; cut <= stream.size(); ++cut) {
    SoupFramer framer(256);
    u32 packets = 0;
    const auto take = [&](const SoupPacket& seen) {
      packet.assign(seen.bytes.begin(), seen.bytes.end());
      ++packets;
      return true;
    };
    EXPECT_EQ(framer.feed(stream.first(cut), take), FrameResult::kOk);
    EXPECT_EQ(framer.feed(stream.subspan(cut), take), FrameResult::kOk);
    EXPECT_EQ(packets, 1U) << cut;
    EXPECT_EQ(packet.size(), stream.size()) << "the packet is the whole TCP payload";
  }
  return packet;
}

TEST(RealOuch, TheEnteredOrderHasTheFieldsOfTheCapture) {
  TRADSYS_REQUIRE_DATA(path, kFolder + "EnterOrderMessage.pcap");
  const std::vector<std::byte> bytes = only_packet(path);
  const SoupPacket packet{bytes};
  ASSERT_EQ(packet.type(), soup::UnsequencedData::kType);
  const Bytes message = packet.payload();
  TypeCounter counter;
  ASSERT_EQ(ouch50::inbound::dispatch(message, counter), DecodeResult::kOk);
  EXPECT_THAT(counter.count, ElementsAre(Pair('O', 1)));
  const ouch50::inbound::EnterOrderView view{message.data()};
  const ouch50::inbound::EnterOrder order = ouch50::inbound::decode(view);
  EXPECT_EQ(order.user_ref_num, 0x71U);
  EXPECT_EQ(order.side, ouch50::side::kSellShort);
  EXPECT_EQ(order.quantity, 225U);
  EXPECT_EQ(order.symbol.str(), "CVLT");
  EXPECT_EQ(order.price, 63'0200U);
  EXPECT_EQ(order.time_in_force, ouch50::time_in_force::kDay);
  EXPECT_EQ(order.display, 'Y');
  EXPECT_EQ(order.capacity, 'A');
  EXPECT_EQ(order.inter_market_sweep_eligibility, 'N');
  EXPECT_EQ(order.cross_type, 'N');
  EXPECT_EQ(order.clordid, make_text<14>("H8FUB8IV"));
  ouch50::Options options;
  ASSERT_EQ(ouch50::decode_options(view.appendage(), options), DecodeResult::kOk);
  ouch50::Options expected;
  expected.firm = make_text<4>("LIME");
  EXPECT_EQ(options, expected);
}

TEST(RealOuch, WhatWasDecodedEncodesToTheBytesOfTheCapture) {
  TRADSYS_REQUIRE_DATA(path, kFolder + "EnterOrderMessage.pcap");
  const std::vector<std::byte> bytes = only_packet(path);
  const ouch50::inbound::EnterOrderView view{SoupPacket{bytes}.payload().data()};
  ouch50::Options options;
  ASSERT_EQ(ouch50::decode_options(view.appendage(), options), DecodeResult::kOk);
  std::array<std::byte, ouch50::kOptionsBytesMax> appendage;
  const usize appendage_bytes = ouch50::encode_options(options, appendage.data());
  std::array<std::byte, 256> message;
  const usize message_bytes = ouch50::inbound::encode(
      ouch50::inbound::decode(view), Bytes(appendage).first(appendage_bytes), message.data());
  std::array<std::byte, 256> packet;
  const usize packet_bytes =
      soup::encode(soup::UnsequencedData{}, Bytes(message).first(message_bytes), packet.data());
  EXPECT_EQ(std::vector<std::byte>(packet.begin(), packet.begin() + static_cast<i64>(packet_bytes)),
            bytes);
}

TEST(RealOuch, TheAnswersOfTheVenueDecode) {
  TRADSYS_REQUIRE_DATA(accepted_path, kFolder + "OrderAcceptedMessage.pcap");
  TRADSYS_REQUIRE_DATA(canceled_path, kFolder + "CanceledMessage.pcap");
  const std::vector<std::byte> accepted_bytes = only_packet(accepted_path);
  const SoupPacket accepted{accepted_bytes};
  ASSERT_EQ(accepted.type(), soup::SequencedData::kType);
  TypeCounter counter;
  ASSERT_EQ(ouch50::outbound::dispatch(accepted.payload(), counter), DecodeResult::kOk);
  const ouch50::outbound::OrderAcceptedView view{accepted.payload().data()};
  EXPECT_EQ(view.user_ref_num(), 0x753A8DU);
  EXPECT_EQ(view.symbol().str(), "ADBE");
  EXPECT_EQ(view.quantity(), 40U);
  EXPECT_EQ(view.price(), 0x48E748U);
  EXPECT_EQ(view.order_state(), ouch50::order_state::kLive);
  ouch50::Options options;
  ASSERT_EQ(ouch50::decode_options(view.appendage(), options), DecodeResult::kOk);
  EXPECT_EQ(options.firm, make_text<4>("MLRO"));
  const std::vector<std::byte> canceled_bytes = only_packet(canceled_path);
  const SoupPacket canceled{canceled_bytes};
  ASSERT_EQ(ouch50::outbound::dispatch(canceled.payload(), counter), DecodeResult::kOk);
  EXPECT_EQ(ouch50::outbound::CanceledView{canceled.payload().data()}.user_ref_num(), 0x753A8DU);
  EXPECT_EQ(ouch50::outbound::CanceledView{canceled.payload().data()}.quantity(), 40U);
  EXPECT_THAT(counter.count, ElementsAre(Pair('A', 1), Pair('C', 1)));
}

TEST(RealOuch, TheCancelAndBothHeartbeatsDecodeBehindTheFramesPadding) {
  TRADSYS_REQUIRE_DATA(cancel_path, kFolder + "CancelOrderMessage.pcap");
  const std::vector<std::byte> cancel = only_packet(cancel_path);
  TypeCounter counter;
  ASSERT_EQ(ouch50::inbound::dispatch(SoupPacket{cancel}.payload(), counter), DecodeResult::kOk);
  EXPECT_THAT(counter.count, ElementsAre(Pair('X', 1)));
  TRADSYS_REQUIRE_DATA(client_path, kFolder + "ClientHeartbeatPacket.pcap");
  TRADSYS_REQUIRE_DATA(server_path, kFolder + "ServerHeartbeatPacket.pcap");
  const std::vector<std::byte> client = only_packet(client_path);
  const std::vector<std::byte> server = only_packet(server_path);
  EXPECT_EQ(SoupPacket{client}.type(), soup::ClientHeartbeat::kType);
  EXPECT_EQ(SoupPacket{server}.type(), soup::ServerHeartbeat::kType);
  EXPECT_GT(captured_payloads(client_path).at(0).trailing_bytes, 0U);
}

}  // namespace
}  // namespace tradsys::wire
