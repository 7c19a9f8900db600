#pragma once
// SoupBinTCP 3.00, what client and server have in common: timers, close reasons, counters, and the
// text fields of the login packets. Packet layouts are generated (<tradsys/soup_spec.hpp>).
#include <tradsys/soup_spec.hpp>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::wire {

/// Bytes in front of a payload: length and type.
inline constexpr usize kSoupHeaderBytes = soup::SequencedData::kBytes;
/// Longest payload the length field can state.
inline constexpr usize kSoupPayloadMaxBytes = 0xFFFF - 1;

using SoupSessionName = Text<10>;

/// Defaults are those of the document; a venue may state others.
struct SoupConfig {
  /// Heartbeat after so long without sending anything.
  Nanos heartbeat = kSecond;
  /// The peer is gone after so long without receiving anything.
  Nanos silence_max{15'000'000'000};
  /// How long the server waits for the login, and the client for its answer.
  Nanos login_wait{30'000'000'000};
  /// A server drops a client that has taken nothing of what waits for it for so long.
  Nanos stall_max{5'000'000'000};
  /// Longer packets, length field included, are a protocol error; at least 64.
  usize packet_max_bytes = 4'096;
};

/// Why a session came to its end.
enum class SoupClose : u8 {
  kNone,  ///< it has not
  kLogout,  ///< either side said goodbye
  kRejected,  ///< the login was refused
  kLoginTimeout,  ///< no login, or no answer to it, in time
  kSilence,  ///< nothing came for too long
  kProtocol,  ///< a packet that has no place here: type, length, order
  kEndOfSession,  ///< the server's session is over for good
  kTooSlow,  ///< the peer fell behind what the store still holds, or stopped taking anything
  kSendFailed,  ///< the transport did not take the login
  kDisconnected,  ///< the transport closed
  kFlooded,  ///< it sends faster than the owner can record
};
std::string_view name_of(SoupClose reason) noexcept;

/// What happened on one session object since it was made.
struct SoupCounters {
  u64 packets_in = 0;
  u64 packets_out = 0;
  u64 heartbeats_in = 0;
  u64 heartbeats_out = 0;
  u64 protocol_errors = 0;
  u64 send_refused = 0;  ///< the transport had no room
};

/// The content of a login request.
struct SoupLogin {
  Text<6> username = kSpaces<6>;
  Text<10> password = kSpaces<10>;
  SoupSessionName session = kSpaces<10>;  ///< blank: the current one
  u64 sequence = 1;  ///< first wanted; 0: only what is new
};

/// `text` without spaces and NULs on either side: venues pad on the left, on the right, or with
/// NULs.
std::string_view trimmed(std::string_view text) noexcept;

template <usize N>
[[nodiscard]] std::string_view trimmed(const Text<N>& text) noexcept {
  return trimmed(std::string_view(text.data(), N));
}

/// A decimal number padded with spaces on the left, as the document wants it.
Text<20> number_text(u64 value) noexcept;
/// The number in a field padded on either side; nothing when it is blank, no number or beyond 64
/// bits.
std::optional<u64> parse_number(const Text<20>& text) noexcept;
/// `name` padded with spaces on the left, as sessions are sent; longer names are cut.
SoupSessionName session_text(std::string_view name) noexcept;

/// Compares names or passwords without regard to case and padding; the time taken does not depend
/// on where they differ. Both are cut at 32 characters.
bool same_credential(std::string_view a, std::string_view b) noexcept;

/// The login of a request whose length was checked; nothing when its sequence is not a number.
std::optional<SoupLogin> login_of(soup::LoginRequestView view) noexcept;
soup::LoginRequest login_request(const SoupLogin& login) noexcept;

/// When to send a heartbeat, and when the peer has been silent for too long.
class SoupPulse {
 public:
  void start(Nanos now) noexcept { last_sent_ = last_received_ = now; }
  void sent(Nanos now) noexcept { last_sent_ = now; }
  void received(Nanos now) noexcept { last_received_ = now; }
  [[nodiscard]] bool heartbeat_due(const SoupConfig& config, Nanos now) const noexcept {
    return now - last_sent_ >= config.heartbeat;
  }
  [[nodiscard]] bool silent(const SoupConfig& config, Nanos now) const noexcept {
    return now - last_received_ >= config.silence_max;
  }

 private:
  Nanos last_sent_{};
  Nanos last_received_{};
};

}  // namespace tradsys::wire
