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

Tag read_odd_tag(const char* at, const char* end) noexcept {
  i32 number = 0;
  const usize bytes = fix::read_tag({at, static_cast<usize>(end - at)}, number);
  return {number, static_cast<u32>(bytes)};
}

usize end_of_data(std::string_view frame, const Separators& ends, usize index, i32 length_tag,
                  Value length) noexcept {
  const usize body_end = frame.size() - kTrailerBytes;
  const usize data_at = ends[index] + 1;
  if (data_at >= body_end) return index;
  i32 tag = 0;
  const usize tag_bytes = fix::read_tag(slice(frame, data_at, ends[index + 1] - data_at), tag);
  const std::optional<u64> bytes = parse_count(length.text());
  if (tag_bytes == 0 || tag != data_after(length_tag) || !bytes) return index;
  if (*bytes == 0 || *bytes > frame.size()) return 0;
  const usize data_end = data_at + tag_bytes + static_cast<usize>(*bytes);
  while (ends[index] < data_end && ends[index] < body_end) ++index;
  return ends[index] == data_end ? index : 0;
}

}  // namespace record
}  // namespace tradsys::fix
