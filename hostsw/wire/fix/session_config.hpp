#pragma once
// What a FIX session is told and what it tells: configuration, numbers, reasons of its end.
#include <string>

#include "hostsw/core/units.hpp"
#include "hostsw/wire/fix/validate.hpp"

namespace tradsys::fix {

enum class Role : u8 { kAcceptor, kInitiator };

/// Differences between versions that are not in the dictionaries.
struct Dialect {
  std::string begin_string;  ///< "FIX.4.2", "FIX.4.4", "FIXT.1.1"
  std::string default_appl_ver_id;  ///< FIXT only: "9" is FIX 5.0 SP2
  /// Largest SessionRejectReason that the version knows; others go without tag 373.
  u8 reject_reason_max = 99;
  Rules rules;
};
[[nodiscard]] Dialect dialect_fix42();
[[nodiscard]] Dialect dialect_fix44();
[[nodiscard]] Dialect dialect_fix50sp2();

struct SessionConfig {
  Role role = Role::kAcceptor;
  Dialect dialect;
  std::string sender_comp_id;  ///< ours, 49 of what we send
  std::string target_comp_id;  ///< the peer's
  std::string sender_sub_id;  ///< 50 of what we send; empty: without
  std::string target_sub_id;  ///< 57, the same
  std::string header_fields;  ///< further ones, each with its separator: locations, on behalf of
  std::string username;  ///< initiator, 553 of its logon; empty: without
  std::string password;  ///< 554, the same
  u32 heartbeat_s = 30;  ///< initiator; an acceptor takes what it is asked for
  u32 timestamp_digits = 3;
  Nanos sending_time_tolerance{120'000'000'000};
  Nanos logon_timeout{10'000'000'000};
  Nanos logout_timeout{2'000'000'000};
  Nanos resend_timeout{5'000'000'000};  ///< without progress: asks for a gap again
  u32 resend_window = 0;  ///< messages asked for at once; 0: all that is missing
  bool reset_on_logon = false;  ///< initiator: asks for it with ResetSeqNumFlag
  bool reset_on_logout = false;
  bool reset_on_disconnect = false;
  /// Nothing of the peer is ever counted as read without its owner having read it: an application
  /// message with defects in its header is handed on; one with a wrong time, name or version ends
  /// the connection, and the next one asks for it again.
  bool skips_nothing = false;
  bool accept_reset =
      true;  ///< acceptor: ResetSeqNumFlag of the peer is followed, or ends the session
};

/// Numbers of the next messages; all a session has to keep over a restart beside what it sent.
struct SequenceNumbers {
  u64 next_in = 1;
  u64 next_out = 1;
  bool operator==(const SequenceNumbers&) const = default;
};

/// Why a session closed its connection.
enum class CloseReason : u8 {
  kLoggedOut,  ///< either side said so
  kNotALogon,  ///< first message
  kLogonRefused,  ///< wrong names, version, time or credentials
  kSequenceTooLow,
  kTimeout,  ///< no logon, no answer to a test request, or none to a logout
  kDisconnected,  ///< by the transport
};

struct SessionCounters {
  u64 received = 0;
  u64 sent = 0;
  u64 garbled = 0;  ///< ignored as if they had never come
  u64 rejected = 0;  ///< by us, session or business level
  u64 defective = 0;  ///< handed on in spite of it (skips_nothing)
  u64 duplicates = 0;  ///< PossDup messages that were there already
  u64 resent = 0;  ///< messages sent again
  u64 resend_requests = 0;  ///< by us
  u64 held_back = 0;  ///< messages that came too early and wait
  u64 skipped = 0;  ///< numbers that the peer passed over instead of sending what had them
};

}  // namespace tradsys::fix
