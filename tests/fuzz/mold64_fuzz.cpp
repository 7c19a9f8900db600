// Goal: no datagram and no order of datagrams makes the packet reader or the receiver deliver a
// message twice, out of order, from the wrong session or while frozen, or hold more than its
// bounds. Method: the input is a script of steps: a raw datagram, or a well-formed one with chosen
// numbers, on a chosen line, with time passing between. Well-formed messages say their number; the
// sink checks it.
#include <cstdlib>

#include "dataplane/feed/mold_receiver.hpp"
#include "tests/support/bytes_text.hpp"

namespace tradsys {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const wire::MoldSession kOurs = make_text<10>("FUZZ000001");
const wire::MoldSession kTheirs = make_text<10>("FUZZ000002");
constexpr u32 kBufferMessages = 128;

struct Script {
  Bytes left;

  u64 take(usize bytes) {
    u64 value = 0;
    for (; bytes > 0 && !left.empty(); --bytes, left = left.subspan(1))
      value = (value << 8) | load_u8(left.data());
    return value;
  }
  Bytes take_bytes(usize bytes) {
    const Bytes taken = left.first(std::min(bytes, left.size()));
    left = left.subspan(taken.size());
    return taken;
  }
};

struct Sink {
  u64 next = 0;
  bool frozen = false;
  bool ended = false;
  bool stale = true;
  bool raw = false;  // raw datagrams may carry any content

  void on_message(u64 sequence, Bytes message) {
    require(!frozen && !ended && sequence == next);
    require(raw || testing::text_of(message) == std::to_string(sequence));
    next = sequence + 1;
  }
  void on_stale(Nanos) {
    require(!stale);
    stale = true;
  }
  void on_contiguous(Nanos) {
    require(stale && !frozen);
    stale = false;
  }
  void on_end_of_session() {
    require(!ended && !frozen);
    ended = true;
  }
  void on_frozen(feed::FreezeReason reason, Nanos) {
    require(stale && !frozen && reason != feed::FreezeReason::kNone);
    frozen = true;
  }
  void send_request(u32 server, Bytes datagram) {
    wire::MoldHeader request;
    require(server < 2 && wire::decode_mold_request(datagram, request));
    require(request.sequence == next && !frozen);
  }
};

/// The reader's own promises, whatever the bytes.
void check_reader(Bytes datagram) {
  wire::MoldPacketReader packet(datagram);
  Bytes message;
  usize bytes = wire::kMoldHeaderBytes;
  u32 messages = 0;
  for (; packet.next(message); ++messages) {
    require(packet.valid() && message.data() + message.size() <= datagram.data() + datagram.size());
    bytes += wire::kMoldBlockHeaderBytes + message.size();
  }
  if (packet.valid()) {
    require(messages == packet.header().messages());
    require(bytes + packet.trailing_bytes() == datagram.size());
  }
}

/// A datagram of up to 15 messages near `around`, or far from it.
Bytes compose(Script& script, wire::MoldPacketBuilder& builder, u64 around) {
  const u64 shape = script.take(1);
  const wire::MoldSession& session = (shape & 0x30U) == 0x30U ? kTheirs : kOurs;
  u64 first = around + script.take(1) - 64;
  if ((shape & 0xC0U) == 0xC0U) first = script.take(8);
  if (shape % 16 == 15) return builder.end_of_session(session, first);
  builder.start(session, first);
  for (u64 i = 0; i < shape % 16; ++i)
    if (!builder.add(testing::bytes_of(std::to_string(first + i)))) break;
  return builder.packet();
}

feed::FeedConfig config_of(Script& script) {
  feed::FeedConfig config;
  const u64 flags = script.take(1);
  if ((flags & 1U) != 0) config.session = kOurs;
  config.first_sequence = (flags & 2U) != 0 ? 100 : 1;
  config.gap_window_messages = 1 + (flags >> 2) % 8 * 8;
  config.buffer_messages = kBufferMessages;
  config.buffer_bytes = feed::kReorderChunkBytes;
  config.request_servers = 2;
  config.request_attempts_max = 3;
  config.far_ahead_messages_max = 1'000;
  return config;
}

void run(Script script) {
  const feed::FeedConfig config = config_of(script);
  Sink sink;
  sink.next = config.first_sequence;
  feed::MoldReceiver<Sink> receiver(config, sink);
  wire::MoldPacketBuilder builder;
  Nanos now{1};
  while (!script.left.empty()) {
    const u64 step = script.take(1);
    const u32 line = static_cast<u32>(step % feed::kLineCount);
    now = now + Nanos{static_cast<i64>(script.take(1)) << (step % 32)};
    if ((step & 0xC0U) == 0xC0U) {
      receiver.on_timer(now);
    } else if ((step & 0xC0U) == 0x80U) {
      sink.raw = true;
      const Bytes datagram = script.take_bytes(script.take(1));
      check_reader(datagram);
      receiver.on_packet(line, datagram, now);
    } else {
      const Bytes datagram = compose(script, builder, sink.next);
      check_reader(datagram);
      receiver.on_packet(line, datagram, now);
    }
    require(receiver.expected() == sink.next && receiver.next_seen() >= receiver.expected());
    require(receiver.buffered_messages() < kBufferMessages);
    require(receiver.stale() == sink.stale);
    require((receiver.state() == feed::FeedState::kFrozen) == sink.frozen);
  }
}

}  // namespace
}  // namespace tradsys

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  tradsys::run({std::as_bytes(std::span(data, bytes))});
  return 0;
}
