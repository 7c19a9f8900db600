#include "hostsw/wire/fix/record/read.hpp"

namespace tradsys::fix {

std::string_view type_of(std::string_view frame) noexcept {
  constexpr std::string_view kType = "35=";
  const usize begin_end = frame.find(kSoh);
  if (begin_end == std::string_view::npos) return {};
  const usize length_end = frame.find(kSoh, begin_end + 1);
  if (length_end == std::string_view::npos) return {};
  const std::string_view rest = slice(frame, length_end + 1);
  const usize end = rest.find(kSoh);
  if (end == std::string_view::npos || slice(rest, 0, kType.size()) != kType) return {};
  return slice(rest, kType.size(), end - kType.size());
}

namespace record {
namespace {

constexpr i32 kBeginStringTag = 8;
constexpr i32 kMsgTypeTag = 35;
constexpr i32 kCheckSumTag = 10;

constexpr ReadOutcome kGarbled{.result = ReadResult::kGarbled};

bool is_garbled(std::string_view frame) noexcept {
  Message message;
  return message.parse(frame) == ParseResult::kGarbled;
}
constexpr ReadOutcome refused_for(RejectReason reason, i32 tag) {
  return {ReadResult::kRefused, reason, tag};
}

/// Any tag that is one: number and bytes with the '='; no bytes where there is none.
struct Tag {
  i32 number;
  u32 bytes;
};
Tag tag_of(const char* field, const char* end) noexcept {
  i32 number = 0;
  const usize bytes = read_tag({field, static_cast<usize>(end - field)}, number);
  return {number, static_cast<u32>(bytes)};
}

/// Where the value of the data field ends that follows a length field, as an index of separators;
/// 0 when it does not end. Without a data field that belongs to it the length says nothing.
usize end_of_data(std::string_view frame, const Separators& ends, usize index, i32 length_tag,
                  std::string_view length) noexcept {
  const usize body_end = frame.size() - kTrailerBytes;
  const usize data_at = ends[index] + 1;
  const std::optional<u64> bytes = parse_count(length);
  if (bytes && *bytes > frame.size()) return 0;  // garbled, whatever follows
  if (data_at >= body_end) return index;
  i32 tag = 0;
  const usize tag_bytes = read_tag(slice(frame, data_at, ends[index + 1] - data_at), tag);
  if (tag_bytes == 0 || tag != data_after(length_tag) || !bytes) return index;
  if (*bytes == 0) return 0;
  const usize data_end = data_at + tag_bytes + static_cast<usize>(*bytes);
  while (ends[index] < data_end && ends[index] < body_end) ++index;
  return ends[index] == data_end ? index : 0;
}

}  // namespace

ReadOutcome refuse(std::string_view frame, u8 reason, i32 tag) noexcept {
  if (is_garbled(frame)) return kGarbled;
  return refused_for(tag > 0 ? static_cast<RejectReason>(reason) : RejectReason::kInvalidTag, tag);
}

ReadOutcome refuse_unscanned(std::string_view frame, std::string_view begin_string,
                             std::string_view type, const Rules& rules) noexcept {
  Message message;
  if (message.parse(frame) == ParseResult::kGarbled) return kGarbled;
  if (message.begin_string() != begin_string)
    return refused_for(RejectReason::kValueOutOfRange, kBeginStringTag);
  if (message.type() != type) return refused_for(RejectReason::kInvalidMsgType, kMsgTypeTag);
  const std::optional<Defect> defect = validate(rules, message);
  return defect ? refused_for(defect->reason, defect->tag) : kGarbled;
}

ReadOutcome read_trailer(std::string_view frame, usize at) noexcept {
  Message message;
  if (message.parse(frame) == ParseResult::kGarbled) return kGarbled;
  u32 counts[3]{};
  bool begun = false;
  for (const Field& field : message.fields()) {
    begun = begun || field.value.data() > frame.data() + at;
    if (!begun) continue;
    const i32 tag = field.tag;
    if (tag != 93 && tag != 89 && tag != kCheckSumTag)
      return refused_for(RejectReason::kTagOutOfOrder, tag);
    if (field.value.empty()) return refused_for(RejectReason::kTagWithoutValue, tag);
    u32& count = counts[tag == 93 ? 0 : tag == 89 ? 1 : 2];
    if (++count > 1) return refused_for(RejectReason::kTagRepeated, tag);
    if (tag == 89 && counts[0] == 0) return refused_for(RejectReason::kRequiredTagMissing, 93);
    if (tag == 93 && !has_format(FieldType::kCount, field.value))
      return refused_for(RejectReason::kIncorrectFormat, tag);
  }
  return {};
}

ReadOutcome refuse_field(std::string_view frame, const char* field, const char* end,
                         const char* value, u8 reason) noexcept {
  const bool empty = value >= end;
  return refuse(frame, empty ? refused(RejectReason::kTagWithoutValue) : reason,
                tag_of(field, end).number);
}

Passed pass_special(std::string_view frame, const Separators& ends, usize at, usize index,
                    const Slots& slots, u32 skipped_header) noexcept {
  const auto fails = [](RejectReason reason, i32 tag) {
    return Passed{.slot = kOddSlot, .reason = refused(reason), .tag = tag};
  };
  const char* const field = frame.data() + at;
  const char* const end = frame.data() + ends[index];
  const Tag tag = tag_of(field, end);
  const char* const value = field + tag.bytes;
  if (tag.bytes == 0 || tag.number <= 0) return fails(RejectReason::kInvalidTag, tag.number);
  if (value == end) return fails(RejectReason::kTagWithoutValue, tag.number);
  const u32 slot = slots.of_tag(tag.number);
  if (slot == kDataSlot) return fails(RejectReason::kRequiredTagMissing, length_before(tag.number));
  if (slot != kLengthSlot && slot != kHeaderLengthSlot)
    return {.slot = slot, .value = value, .index = index};
  const std::string_view length(value, static_cast<usize>(end - value));
  const usize data_end = end_of_data(frame, ends, index, tag.number, length);
  if (data_end == 0) return fails(RejectReason::kTagWithoutValue, data_after(tag.number));
  return {.slot = slot == kLengthSlot ? kSkippedBody : skipped_header,
          .value = value,
          .index = data_end};
}

ReadOutcome judge_crowded(std::string_view frame) noexcept {
  return is_garbled(frame) ? kGarbled : ReadOutcome{};
}

ReadOutcome refuse_repeated(std::string_view frame, const Slots& slots, u64 once) noexcept {
  Message message;
  if (message.parse(frame) == ParseResult::kGarbled) return kGarbled;
  u64 seen = 0;
  for (const Field& field : message.fields()) {
    const u32 slot = slots.of_tag(field.tag);
    const u64 own = slot < 64 ? bit(slot) & once : 0;
    if ((seen & own) != 0) return refused_for(RejectReason::kTagRepeated, field.tag);
    seen |= own;
  }
  return kGarbled;
}

}  // namespace record
}  // namespace tradsys::fix
