// Goal: generated codecs read and write every message exactly, and refuse every wrong length.
// Method: random bytes -> decode -> encode must give the same bytes for every message type; a
// golden order from a published OUCH capture; every truncation of every message. Seed: printed,
// TRADSYS_SEED overrides.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tradsys/itch50_spec.hpp>
#include <tradsys/mold64_spec.hpp>
#include <tradsys/ouch42_spec.hpp>
#include <tradsys/ouch50_spec.hpp>
#include <tradsys/soup_spec.hpp>
#include <vector>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

/// Random bytes of one message, its type code in place.
template <class Message>
std::vector<std::byte> random_message(Random& random) {
  std::vector<std::byte> bytes(Message::kBytes);
  for (std::byte& b : bytes) b = static_cast<std::byte>(random.next());
  return bytes;
}

/// Bytes survive decode and encode; `fixed` first sets what encode computes (type, lengths).
template <class Message, class Fix>
void expect_round_trip(Random& random, const Fix& fix) {
  using View = typename Message::View;
  for (int i = 0; i < 100; ++i) {
    std::vector<std::byte> bytes = random_message<Message>(random);
    fix(bytes, Message{});
    const Message message = decode(View{bytes.data()});
    std::vector<std::byte> again(Message::kBytes + 8, std::byte{0xEE});
    ASSERT_EQ(encode(message, again.data()), Message::kBytes) << Message::kName;
    for (usize k = Message::kBytes; k < again.size(); ++k) {
      ASSERT_EQ(again[k], std::byte{0xEE}) << Message::kName << ": written beyond its end";
    }
    again.resize(Message::kBytes);
    ASSERT_EQ(bytes, again) << Message::kName;
    ASSERT_EQ(decode(View{again.data()}), message) << Message::kName;
  }
}

template <class... Message, class Fix>
void expect_round_trips(MessageList<Message...>, Random& random, const Fix& fix) {
  (expect_round_trip<Message>(random, fix), ...);
}

/// Sets the type code, and a stated tail length of zero.
constexpr auto kFixType = []<class Message>(std::vector<std::byte>& bytes, const Message&) {
  store_char(bytes.data(), Message::kType);
  if constexpr (requires(typename Message::View v) { v.appendage_length(); }) {
    store_be16(bytes.data() + Message::kBytes - 2, 0);
  }
};

TEST(MessageCodec, EveryItchMessageSurvivesDecodeAndEncode) {
  Random random(testing::test_seed(20'240'117));
  expect_round_trips(itch50::Messages{}, random, kFixType);
}

TEST(MessageCodec, EveryOuchMessageSurvivesDecodeAndEncode) {
  Random random(testing::test_seed(20'240'117));
  expect_round_trips(ouch42::inbound::Messages{}, random, kFixType);
  expect_round_trips(ouch42::outbound::Messages{}, random, kFixType);
  expect_round_trips(ouch50::inbound::Messages{}, random, kFixType);
  expect_round_trips(ouch50::outbound::Messages{}, random, kFixType);
}

TEST(MessageCodec, EveryMoldAndSoupMessageSurvivesDecodeAndEncode) {
  Random random(testing::test_seed(20'240'117));
  expect_round_trips(mold64::Messages{}, random, [](auto&, const auto&) {});
  expect_round_trips(soup::Messages{}, random,
                     []<class M>(std::vector<std::byte>& bytes, const M&) {
                       store_be16(bytes.data(), static_cast<u16>(M::kBytes - 2));
                       store_char(bytes.data() + 2, M::kType);
                     });
}

/// Counts what dispatch delivers, by message name.
struct Recorder {
  std::set<std::string> seen;
  template <class View>
  void on(View) {
    seen.insert(std::string(View::Message::kName));
  }
};

template <class... Message, class Dispatch>
void expect_lengths_checked(MessageList<Message...>, const Dispatch& dispatch) {
  (
      [&] {
        std::vector<std::byte> bytes(Message::kBytes + 1);
        encode(Message{}, bytes.data());
        for (usize n = 0; n <= Message::kBytes + 1; ++n) {
          // An exact-size heap copy, so that a read beyond the end is seen by the address
          // sanitizer.
          const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<i64>(n));
          Recorder recorder;
          const DecodeResult result = dispatch(Bytes{cut}, recorder);
          if (n < Message::kBytes) {
            EXPECT_EQ(result, DecodeResult::kTruncated) << Message::kName << " " << n;
          } else if (n == Message::kBytes || Message::View::kLengthRule == LengthRule::kAtLeast) {
            EXPECT_EQ(result, DecodeResult::kOk) << Message::kName << " " << n;
            EXPECT_TRUE(recorder.seen.contains(std::string(Message::kName)));
          } else {
            EXPECT_EQ(result, DecodeResult::kWrongLength) << Message::kName << " " << n;
          }
          EXPECT_EQ(recorder.seen.empty(), result != DecodeResult::kOk) << Message::kName;
        }
      }(),
      ...);
}

TEST(MessageCodec, DispatchRefusesEveryWrongLengthAndDeliversNothing) {
  expect_lengths_checked(itch50::Messages{},
                         [](Bytes b, Recorder& r) { return itch50::dispatch(b, r); });
  expect_lengths_checked(ouch42::inbound::Messages{},
                         [](Bytes b, Recorder& r) { return ouch42::inbound::dispatch(b, r); });
  expect_lengths_checked(ouch42::outbound::Messages{},
                         [](Bytes b, Recorder& r) { return ouch42::outbound::dispatch(b, r); });
  expect_lengths_checked(ouch50::inbound::Messages{},
                         [](Bytes b, Recorder& r) { return ouch50::inbound::dispatch(b, r); });
  expect_lengths_checked(ouch50::outbound::Messages{},
                         [](Bytes b, Recorder& r) { return ouch50::outbound::dispatch(b, r); });
  expect_lengths_checked(soup::Messages{},
                         [](Bytes b, Recorder& r) { return soup::dispatch(b, r); });
}

TEST(MessageCodec, EveryTypeByteIsEitherInTheLengthTableOrUnknown) {
  usize known = 0;
  for (int type = 0; type < 256; ++type) {
    std::vector<std::byte> bytes(255, std::byte{0});
    bytes[0] = static_cast<std::byte>(type);
    const usize length = itch50::kLength[static_cast<usize>(type)];
    known += length != 0;
    Recorder recorder;
    const DecodeResult result =
        itch50::dispatch(Bytes{bytes.data(), length ? length : 255}, recorder);
    EXPECT_EQ(result, length ? DecodeResult::kOk : DecodeResult::kUnknownType) << type;
    EXPECT_EQ(itch50::name_of_type(static_cast<char>(type)) == "?", length == 0) << type;
  }
  EXPECT_EQ(known, 23U);
}

TEST(MessageCodec, ItchLengthsAreThoseOfTheVenuesDocument) {
  const std::string types = "SRHYLVWKJhAFECXDUPQBINO";
  const int lengths[] = {12, 39, 25, 20, 26, 35, 12, 28, 35, 21, 36, 40,
                         31, 36, 23, 19, 35, 44, 40, 19, 50, 20, 48};
  for (usize i = 0; i < types.size(); ++i) {
    EXPECT_EQ(itch50::kLength[static_cast<u8>(types[i])], lengths[i]) << types[i];
  }
}

TEST(MessageCodec, AHandlerGetsOnlyTheTypesItHasOverloadsFor) {
  struct {
    u64 shares = 0;
    void on(itch50::AddOrderView view) { shares += view.shares(); }
  } handler;
  std::byte bytes[64];
  const usize n = encode(itch50::AddOrder{.shares = 300}, bytes);
  EXPECT_EQ(itch50::dispatch(Bytes{bytes, n}, handler), DecodeResult::kOk);
  const usize m = encode(itch50::OrderDelete{}, bytes);
  EXPECT_EQ(itch50::dispatch(Bytes{bytes, m}, handler), DecodeResult::kOk);
  EXPECT_EQ(handler.shares, 300U);
}

std::vector<std::byte> golden_enter_order() {
  std::vector<std::byte> out;
  const auto raw = [&](std::initializer_list<int> values) {
    for (int v : values) out.push_back(static_cast<std::byte>(v));
  };
  const auto text = [&](std::string_view value) {
    for (char c : value) out.push_back(static_cast<std::byte>(c));
  };
  raw({0x00, 0x36, 0x55, 0x4F, 0x00, 0x00, 0x00, 0x71, 0x54, 0x00, 0x00, 0x00, 0xE1});
  text("CVLT    ");
  raw({0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x9D, 0xB8});
  text("0YANNH8FUB8IV      ");
  raw({0x00, 0x06, 0x05, 0x02});
  text("LIME");
  return out;
}

struct GoldenHandler {
  Bytes order;
  ouch50::inbound::EnterOrder seen;
  ouch50::Options options;
  void on(soup::UnsequencedDataView view) { order = view.payload(); }
  void on(ouch50::inbound::EnterOrderView view) {
    seen = decode(view);
    EXPECT_EQ(ouch50::decode_options(view.appendage(), options), DecodeResult::kOk);
  }
};

TEST(MessageCodec, ACapturedEnterOrderDecodesFieldByFieldAndEncodesToTheSameBytes) {
  const std::vector<std::byte> golden = golden_enter_order();
  GoldenHandler handler;
  ASSERT_EQ(soup::dispatch(Bytes{golden}, handler), DecodeResult::kOk);
  ASSERT_EQ(ouch50::inbound::dispatch(handler.order, handler), DecodeResult::kOk);
  const ouch50::inbound::EnterOrder expected{
      .user_ref_num = 0x71,
      .side = ouch50::side::kSellShort,
      .quantity = 225,
      .symbol = Symbol::from("CVLT"),
      .price = 63'0200,
      .time_in_force = ouch50::time_in_force::kDay,
      .display = ouch50::display::kVisible,
      .capacity = ouch50::capacity::kAgency,
      .inter_market_sweep_eligibility = ouch50::sweep::kNotEligible,
      .cross_type = ouch50::cross_type::kContinuous,
      .clordid = make_text<14>("H8FUB8IV")};
  EXPECT_EQ(handler.seen, expected);
  ouch50::Options options;
  options.firm = make_text<4>("LIME");
  EXPECT_EQ(handler.options, options);

  std::byte appendage[ouch50::kOptionsBytesMax];
  const usize appendage_bytes = encode_options(options, appendage);
  std::byte order[128];
  const usize order_bytes = encode(expected, Bytes{appendage, appendage_bytes}, order);
  std::vector<std::byte> packet(golden.size());
  ASSERT_EQ(encode(soup::UnsequencedData{}, Bytes{order, order_bytes}, packet.data()),
            golden.size());
  EXPECT_EQ(packet, golden);
}

TEST(MessageCodec, AStatedLengthThatContradictsTheBytesIsRefused) {
  std::vector<std::byte> golden = golden_enter_order();
  Recorder recorder;
  for (usize n = 0; n < golden.size(); ++n) {
    const std::vector<std::byte> cut(golden.begin(), golden.begin() + static_cast<i64>(n));
    EXPECT_EQ(soup::dispatch(Bytes{cut}, recorder), DecodeResult::kTruncated) << n;
  }
  store_be16(golden.data() + 3 + 45, 5);  // the appendage claims less than is there
  EXPECT_EQ(ouch50::inbound::dispatch(Bytes{golden}.subspan(3), recorder),
            DecodeResult::kWrongLength);
  store_be16(golden.data() + 3 + 45, 0xFFFF);
  EXPECT_EQ(ouch50::inbound::dispatch(Bytes{golden}.subspan(3), recorder),
            DecodeResult::kTruncated);
  store_be16(golden.data(), 0);  // less than the type byte itself
  EXPECT_EQ(soup::dispatch(Bytes{golden}, recorder), DecodeResult::kWrongLength);
  std::byte heartbeat[3];
  encode(soup::ServerHeartbeat{}, heartbeat);
  store_be16(heartbeat, 2);
  EXPECT_EQ(soup::dispatch(Bytes{heartbeat}, recorder), DecodeResult::kWrongLength);
  EXPECT_TRUE(recorder.seen.empty());
}

TEST(MessageCodecDeathTest, AnAppendageTooLongForItsLengthFieldIsAContract) {
  const std::vector<std::byte> appendage(0x10000);
  std::vector<std::byte> out(0x10100);
  EXPECT_DEATH(encode(ouch50::inbound::EnterOrder{}, Bytes{appendage}, out.data()), "appendage");
}

TEST(MessageCodec, EveryOptionSurvivesEncodeAndDecode) {
  ouch50::Options all;
  all.secondary_ord_ref_num = 0x0102030405060708ULL;
  all.firm = make_text<4>("AB");
  all.min_qty = 1;
  all.customer_type = 'R';
  all.max_floor = 2;
  all.price_type = 'P';
  all.peg_offset = -3;
  all.discretion_price = 4;
  all.discretion_price_type = 'L';
  all.discretion_peg_offset = -5;
  all.post_only = 'P';
  all.random_reserves = 6;
  all.route = make_text<4>("SCAN");
  all.expire_time = 7;
  all.trade_now = 'Y';
  all.handle_inst = 'I';
  all.bbo_weight_indicator = '1';
  all.display_quantity = 8;
  all.display_price = 9;
  all.group_id = 10;
  all.shares_located = 'Y';
  std::byte bytes[ouch50::kOptionsBytesMax];
  ASSERT_EQ(encode_options(all, bytes), ouch50::kOptionsBytesMax);
  ouch50::Options again;
  ASSERT_EQ(decode_options(Bytes{bytes}, again), DecodeResult::kOk);
  EXPECT_EQ(again, all);
}

TEST(MessageCodec, AMalformedAppendageIsRefusedAndAnUnknownTagSkipped) {
  const auto decoded = [](std::initializer_list<int> values, ouch50::Options& options) {
    std::vector<std::byte> bytes;
    for (int v : values) bytes.push_back(static_cast<std::byte>(v));
    return ouch50::decode_options(Bytes{bytes}, options);
  };
  ouch50::Options options;
  EXPECT_EQ(decoded({}, options), DecodeResult::kOk);
  EXPECT_EQ(decoded({0}, options), DecodeResult::kWrongLength);
  EXPECT_EQ(decoded({2}, options), DecodeResult::kTruncated);
  EXPECT_EQ(decoded({5, 2, 'L', 'I', 'M'}, options), DecodeResult::kTruncated);
  EXPECT_EQ(decoded({4, 2, 'L', 'I', 'M'}, options), DecodeResult::kWrongLength);
  EXPECT_EQ(options, ouch50::Options{});
  EXPECT_EQ(decoded({3, 200, 1, 2, 2, 12, 'P'}, options), DecodeResult::kOk);
  EXPECT_EQ(options.post_only, 'P');
}

}  // namespace
}  // namespace tradsys
