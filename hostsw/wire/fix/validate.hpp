#pragma once
// Holds a message against the dictionary of its version: structure, required fields, values.
#include "hostsw/wire/fix/dictionary.hpp"
#include "hostsw/wire/fix/message.hpp"

namespace tradsys::fix {

/// SessionRejectReason (373).
enum class RejectReason : u8 {
  kInvalidTag = 0,
  kRequiredTagMissing = 1,
  kTagNotDefinedForType = 2,
  kTagWithoutValue = 4,
  kValueOutOfRange = 5,
  kIncorrectFormat = 6,
  kCompIdProblem = 9,
  kSendingTimeProblem = 10,
  kInvalidMsgType = 11,
  kTagRepeated = 13,
  kTagOutOfOrder = 14,
  kGroupOutOfOrder = 15,
  kGroupCountWrong = 16,
};
/// The text that goes with it (58).
[[nodiscard]] std::string_view text_of(RejectReason reason) noexcept;

/// What is wrong with a message first; tag 0 where no field is to blame.
struct Defect {
  RejectReason reason = RejectReason::kInvalidTag;
  i32 tag = 0;
  bool has_tag = false;
};

/// What a session accepts.
struct Rules {
  const Dictionary* session = nullptr;  ///< header, trailer and session messages
  const Dictionary* application = nullptr;  ///< the same one below FIX 5.0
  /// Tags from 5000 on that no dictionary has: false refuses them.
  bool allow_user_tags = false;
  /// Bodies of application messages are taken as they come: a report that a dictionary does not
  /// know in every field must not be lost, and its reader judges what it needs.
  bool any_body = false;
};

/// Checks in this order: structure, message type, required fields, then field by field (header,
/// trailer, body, each by tag): repeated, empty, format, values, known, allowed here, group count.
/// A type that the standard knows and we do not support is checked as far as its header.
[[nodiscard]] std::optional<Defect> validate(const Rules& rules, const Message& message) noexcept;

/// Whether `value` is written as the type asks.
[[nodiscard]] bool has_format(FieldType type, std::string_view value) noexcept;
/// Whether the field allows `value`, or each of its words.
[[nodiscard]] bool has_allowed_value(const Dictionary& dictionary, const FieldRow& row,
                                     std::string_view value) noexcept;

}  // namespace tradsys::fix
