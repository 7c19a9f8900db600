#pragma once
// The loop that fills a typed record from a whole message. The generated code says which tag goes
// into which slot, and takes the value of a slot.
#include "hostsw/wire/fix/data_fields.hpp"
#include "hostsw/wire/fix/record/separators.hpp"
#include "hostsw/wire/fix/record/values.hpp"

namespace tradsys::fix::record {

// Slots below 64 are bits of what was seen: header fields first, then kSkippedHeader, then fields of
// the body, then kSkippedBody. These are no fields of a record:
inline constexpr u8 kSkippedBody = 63;
inline constexpr u8 kLengthSlot = 64;  ///< what follows is data, which may hold separators
inline constexpr u8 kHeaderLengthSlot = 65;
inline constexpr u8 kDataSlot = 66;  ///< data without its length
inline constexpr u8 kTrailerSlot = 67;
inline constexpr u8 kInvalidSlot = 68;  ///< tag 0 or below

inline constexpr u16 kTrailerTags[]{93, 89, 10};  ///< signature and its length, checksum

constexpr u64 bit(u32 slot) { return u64{1} << slot; }

constexpr u8 kLate = refused(RejectReason::kTagOutOfOrder);

struct SlotOf {
  u16 tag;
  u8 slot;
};
/// Slot by tag; what is not named is skipped.
template <usize kTags, usize kCount>
constexpr std::array<u8, kTags> typed_slots(const SlotOf (&slots)[kCount]) {
  std::array<u8, kTags> table{};
  table.fill(kSkippedBody);
  const auto put = [&table](usize tag, u8 slot) {
    if (tag < kTags) table[tag] = slot;
  };
  for (const SlotOf& s : slots) put(s.tag, s.slot);
  for (const DataField& field : kDataFields) {
    const bool in_body = field.length_tag >= kTags || table[field.length_tag] == kSkippedBody;
    put(field.length_tag, in_body ? kLengthSlot : kHeaderLengthSlot);
    put(field.data_tag, kDataSlot);
  }
  for (const u16 tag : kTrailerTags) put(tag, kTrailerSlot);
  put(0, kInvalidSlot);
  return table;
}

/// What is wrong, as far as the loop knows: whether the frame is a message at all is asked then.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome refuse(std::string_view frame, u8 reason,
                                                           i32 tag) noexcept;
/// The frame is none, or one of no record: too short to have all that is required.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome refuse_unscanned(std::string_view frame,
                                                                     std::string_view begin_string,
                                                                     std::string_view type,
                                                                     const Rules& rules) noexcept;
/// Fields from a signature on: only those of a trailer may follow.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome read_trailer(std::string_view frame,
                                                                 usize at) noexcept;

/// A tag before its '=': number and bytes with the '='; no bytes where there is none.
struct Tag {
  i32 number;
  u32 bytes;
};
[[nodiscard, gnu::noinline]] Tag read_odd_tag(const char* at, const char* end) noexcept;

/// One to three digits at once; everything else is rare. Reads 8 bytes.
inline Tag read_tag(const char* at, const char* end) noexcept {
  constexpr u32 kEquals = 0x3D3D'3D3D;
  const u32 word = load_half(at);
  const u32 others = word ^ kEquals;
  const u32 found = (others - 0x0101'0101) & ~others & 0x8080'8080;
  if ((found & 0x8080'8000) == 0 || (found & 0x80) != 0) [[unlikely]] return read_odd_tag(at, end);
  const u32 bits = static_cast<u32>(std::countr_zero(found)) - 7;  // of the digits: 8, 16 or 24
  const u32 digits = (word ^ 0x3030'3030) << (32 - bits);
  const bool wrong = (((digits + 0x7676'7676) | digits) & 0x8080'8080) != 0;
  const bool padded = (word & 0xFF) == '0';
  if (wrong || padded) [[unlikely]] return read_odd_tag(at, end);
  const u32 number = (digits >> 24) + (digits >> 16 & 0xFF) * 10 + (digits >> 8 & 0xFF) * 100;
  return {static_cast<i32>(number), bits / 8 + 1};
}

/// Where the value of the data field ends that follows a length field, as an index of separators;
/// 0 when it does not end. Without a data field that belongs to it the length says nothing.
[[nodiscard, gnu::cold, gnu::noinline]] usize end_of_data(std::string_view frame,
                                                          const Separators& ends, usize index,
                                                          i32 length_tag, Value length) noexcept;

/// Begin of the body behind "8=...|9=ddd|35=X|", 0 when the head is another one.
template <class Fields>
inline usize read_head(std::string_view frame, const Separators& ends) noexcept {
  constexpr std::string_view kBegin = Fields::kBegin;  // "8=FIX.4.4|9="
  constexpr std::string_view kType = Fields::kType;  // "35=D|"
  if (std::memcmp(frame.data(), kBegin.data(), kBegin.size()) != 0) return 0;
  const usize type_at = ends[1] + 1;
  const usize body_at = type_at + kType.size();
  u64 said = 0;
  const usize digits = ends[1] - kBegin.size();
  if (digits == 0 || digits > 8 ||
      !take_digits({frame.data() + kBegin.size(), digits}, said) ||
      std::memcmp(frame.data() + type_at, kType.data(), kType.size()) != 0 ||
      type_at + said != frame.size() - kTrailerBytes)
    return 0;
  return body_at;
}

/// Takes the fields between the head and the trailer.
template <class Fields>
class Loop {
 public:
  Loop(std::string_view frame, const Separators& ends, typename Fields::Record& out) noexcept
      : frame_(frame), ends_(ends), out_(out) {}

  [[nodiscard]] ReadOutcome run(usize at) noexcept {
    const usize body_end = frame_.size() - kTrailerBytes;
    u64 seen = Fields::kHeadSeen;
    Day day;
    usize index = 3;
    while (at < body_end) {
      const char* const field = frame_.data() + at;
      const char* const end = frame_.data() + ends_[index];
      const Tag tag = read_tag(field, end);
      const Value value{field + tag.bytes, static_cast<usize>(end - field) - tag.bytes};
      const u8 slot = slot_of(tag.number);
      if (tag.bytes == 0 || value.begin >= end) [[unlikely]]
        return refuse(frame_, refused(RejectReason::kTagWithoutValue), tag.number);
      if (slot >= kLengthSlot) [[unlikely]] {
        if (slot == kTrailerSlot) return finish(seen, read_trailer(frame_, at));
        i32 blamed = tag.number;
        const u8 reason = pass_data(slot, blamed, value, seen, index);
        if (reason != kTaken) return refuse(frame_, reason, blamed);
      } else {
        if ((seen & bit(slot) & Fields::kOnce) != 0) [[unlikely]]
          return refuse(frame_, again(slot, seen), tag.number);
        seen |= bit(slot);
        const u8 reason = Fields::take(slot, value, seen, day, out_);
        if (reason != kTaken) [[unlikely]] return refuse(frame_, reason, tag.number);
      }
      at = ends_[index++] + 1;
    }
    if (at != body_end) [[unlikely]] return {.result = ReadResult::kGarbled};
    return finish(seen, {});
  }

 private:
  static u8 slot_of(i32 tag) noexcept {
    const u32 index = static_cast<u32>(tag);
    if (index < Fields::kSlots.size()) [[likely]] return Fields::kSlots[index];
    if (tag < 0) return kInvalidSlot;
    return data_after(tag) != 0 ? kLengthSlot : length_before(tag) != 0 ? kDataSlot : kSkippedBody;
  }
  static u8 again(u8 slot, u64 seen) noexcept {
    return refused(slot < Fields::kFirstBody && seen >= bit(Fields::kFirstBody)
                       ? RejectReason::kTagOutOfOrder
                       : RejectReason::kTagRepeated);
  }
  ReadOutcome finish(u64 seen, ReadOutcome so_far) const noexcept {
    if (so_far.result == ReadResult::kGarbled) [[unlikely]] return so_far;
    const u64 missing = Fields::kRequired & ~seen;
    if (missing == 0) [[likely]] return so_far;
    const u16 tag = Fields::kTags[static_cast<usize>(std::countr_zero(missing))];
    return refuse(frame_, refused(RejectReason::kRequiredTagMissing), tag);
  }
  /// A length field, and the data behind it.
  [[gnu::cold, gnu::noinline]] u8 pass_data(u8 slot, i32& tag, Value value, u64& seen,
                                            usize& index) const noexcept {
    if (slot == kInvalidSlot) return refused(RejectReason::kInvalidTag);
    if (slot == kDataSlot) {
      tag = length_before(tag);
      return refused(RejectReason::kRequiredTagMissing);
    }
    if (slot == kHeaderLengthSlot && seen >= bit(Fields::kFirstBody))
      return refused(RejectReason::kTagOutOfOrder);
    if (slot == kLengthSlot) seen |= bit(kSkippedBody);
    index = end_of_data(frame_, ends_, index, tag, value);
    if (index == 0) tag = data_after(tag);
    return index != 0 ? kTaken : refused(RejectReason::kTagWithoutValue);
  }

  std::string_view frame_;
  const Separators& ends_;
  typename Fields::Record& out_;
};

template <class Fields>
[[gnu::always_inline]] inline ReadOutcome read_record(std::string_view frame,
                                               typename Fields::Record& out) noexcept {
  Separators ends;
  usize body = 0;
  if (!ends.scan(frame) || (body = read_head<Fields>(frame, ends)) == 0) [[unlikely]]
    return refuse_unscanned(frame, Fields::kBeginString, Fields::kMsgType, Fields::kRules);
  out = {};
  return Loop<Fields>(frame, ends, out).run(body);
}

}  // namespace tradsys::fix::record
