#pragma once
// The loop that fills a typed record from a whole message. The generated code says which tag goes
// into which slot, and takes the value of a slot.
#include <utility>

#include "hostsw/wire/fix/data_fields.hpp"
#include "hostsw/wire/fix/record/separators.hpp"
#include "hostsw/wire/fix/record/values.hpp"

namespace tradsys::fix::record {

// Slots below 64 are bits of what was seen: header fields first, then kSkippedHeader, then fields
// of the body, then kSkippedBody. These are no fields of a record:
inline constexpr u8 kSkippedBody = 63;
inline constexpr u8 kLengthSlot = 64;  ///< what follows is data, which may hold separators
inline constexpr u8 kHeaderLengthSlot = 65;
inline constexpr u8 kDataSlot = 66;  ///< data without its length
inline constexpr u8 kTrailerSlot = 67;
inline constexpr u8 kOddSlot = 68;  ///< not told by the table
inline constexpr u16 kTrailerTags[]{93, 89, 10};  ///< signature and its length, checksum

constexpr u64 bit(u32 slot) { return u64{1} << slot; }
constexpr u8 kLate = refused(RejectReason::kTagOutOfOrder);
constexpr u8 kTwice = refused(RejectReason::kTagRepeated);
constexpr u8 kSpecial = 0xFE;  ///< said of a slot that is no field of a record

struct SlotOf {
  u16 tag;
  u8 slot;
};

/// Slots by the digits of a tag as they stand in the text, the first digit in the lowest four bits.
/// What is not named is skipped; what are no digits, zeros in front and long tags are odd.
class Slots {
  template <class Self>
  static constexpr auto& place_of(Self& self, i32 tag) {
    const u32 number = static_cast<u32>(tag);
    const u32 last = number % 10;
    const u32 middle = number / 10 % 10;
    if (number < 10) return self.one_[last];
    if (number < 100) return self.two_[middle | last << 8];
    return self.three_[number / 100 | middle << 4 | last << 8];
  }

 public:
  template <usize kCount>
  explicit constexpr Slots(const SlotOf (&slots)[kCount]) {
    one_.fill(kOddSlot);
    two_.fill(kOddSlot);
    three_.fill(kOddSlot);
    for (i32 tag = 1; tag < 1'000; ++tag) at(tag) = kSkippedBody;
    for (const SlotOf& s : slots) {
      if (s.tag < 1'000)
        at(s.tag) = s.slot;
      else
        long_[long_count_++] = s;
    }
    for (const DataField& field : kDataFields) {
      if (field.data_tag >= 1'000) continue;
      u8& length = at(field.length_tag);
      length = length == kSkippedBody ? kLengthSlot : kHeaderLengthSlot;
      at(field.data_tag) = kDataSlot;
    }
    for (const u16 tag : kTrailerTags) at(tag) = kTrailerSlot;
  }

  [[nodiscard]] u8 of_one(u32 word) const noexcept { return one_[word & 0xF]; }
  [[nodiscard]] u8 of_two(u32 word) const noexcept { return two_[word & 0xF0F]; }
  [[nodiscard]] u8 of_three(u32 word) const noexcept {
    return three_[(word & 0xF) | (word >> 4 & 0xF0) | (word >> 8 & 0xF00)];
  }
  /// Any tag above 0.
  [[nodiscard]] u8 of_tag(i32 tag) const noexcept {
    for (usize i = 0; i < long_count_; ++i)
      if (long_[i].tag == tag) return long_[i].slot;
    if (tag < 1'000) return place_of(*this, tag);
    return data_after(tag) != 0 ? kLengthSlot : length_before(tag) != 0 ? kDataSlot : kSkippedBody;
  }

 private:
  static constexpr usize kLongTagsMax = 16;

  constexpr u8& at(i32 tag) { return place_of(*this, tag); }

  std::array<u8, 16> one_{};
  std::array<u8, 4'096> two_{};  ///< with four bits between the digits, as in the text
  std::array<u8, 4'096> three_{};
  std::array<SlotOf, kLongTagsMax> long_{};  ///< four digits
  usize long_count_ = 0;
};

/// What is wrong, as far as the loop knows: whether the frame is a message at all is asked then.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome refuse(std::string_view frame, u8 reason,
                                                           i32 tag) noexcept;
/// The same for a field with a value that was not taken.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome refuse_field(std::string_view frame,
                                                                 const char* field, const char* end,
                                                                 const char* value,
                                                                 u8 reason) noexcept;
/// The frame is none, or one of no record: too short to have all that is required.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome refuse_unscanned(std::string_view frame,
                                                                     std::string_view begin_string,
                                                                     std::string_view type,
                                                                     const Rules& rules) noexcept;
/// Fields from a signature on: only those of a trailer may follow.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome read_trailer(std::string_view frame,
                                                                 usize at) noexcept;

/// A field before its '=': slot and where its value begins.
struct Place {
  u32 slot;
  const char* value;
};
/// One to three digits at once; everything else is odd. Reads 4 bytes.
template <class Fields>
[[gnu::always_inline]] inline Place read_place(const char* field) noexcept {
  const u32 word = load_half(field);
  if ((word & 0x00'FF'F0'F0) == 0x00'3D'30'30) return {Fields::kSlots.of_two(word), field + 3};
  if ((word & 0xFF'F0'F0'F0) == 0x3D'30'30'30) return {Fields::kSlots.of_three(word), field + 4};
  if ((word & 0x00'00'FF'F0) == 0x00'00'3D'30) return {Fields::kSlots.of_one(word), field + 2};
  return {kOddSlot, field};
}

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
  if (digits == 0 || digits > 8 || !take_digits({frame.data() + kBegin.size(), digits}, said) ||
      std::memcmp(frame.data() + type_at, kType.data(), kType.size()) != 0 ||
      type_at + said != frame.size() - kTrailerBytes)
    return 0;
  return body_at;
}

/// How a special field is taken after all, or why it is not.
struct Passed {
  u32 slot;  ///< of a field of the record, or one of those that are skipped
  u8 reason = kTaken;
  const char* value = nullptr;
  usize index = 0;  ///< of the separator at its end
  i32 tag = 0;  ///< to blame
};
/// A length and the data behind it, a tag of four digits, or something wrong.
[[nodiscard, gnu::noinline]] Passed pass_special(std::string_view frame, const Separators& ends,
                                                 usize at, usize index, const Slots& slots,
                                                 u32 skipped_header) noexcept;
/// The first field that stands there twice, of those in `once`.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome refuse_repeated(std::string_view frame,
                                                                    const Slots& slots,
                                                                    u64 once) noexcept;

/// More fields than a message may have: whether data with separators makes it only look so.
[[nodiscard, gnu::cold, gnu::noinline]] ReadOutcome judge_crowded(std::string_view frame) noexcept;

/// What the loop over the fields of a message ends with.
template <class Fields>
[[gnu::always_inline]] inline ReadOutcome finish(std::string_view frame, u64 seen, usize fields,
                                                 ReadOutcome trailer) noexcept {
  if (static_cast<usize>(std::popcount(seen & Fields::kOnce)) != fields) [[unlikely]]
    return refuse_repeated(frame, Fields::kSlots, Fields::kOnce);
  const u64 missing = Fields::kRequired & ~seen;
  if (missing == 0 || !trailer.ok()) [[likely]]
    return trailer;
  return refuse(frame, refused(RejectReason::kRequiredTagMissing),
                Fields::kTags[static_cast<usize>(std::countr_zero(missing))]);
}

/// Takes the fields between the head and the trailer.
template <class Fields>
[[gnu::always_inline]] inline ReadOutcome read_fields(std::string_view frame,
                                                      const Separators& ends, usize body,
                                                      typename Fields::Record& out) noexcept {
  const char* const base = frame.data();
  const char* const body_end = base + frame.size() - kTrailerBytes;
  const char* field = base + body;
  u64 seen = Fields::kHeadSeen;
  usize index = 3;
  usize skipped = 0;  ///< separators that end no field of the record
  Day day;
  while (field < body_end) {
    const char* end = base + ends[index];
    Place place = read_place<Fields>(field);
    u8 reason = kTaken;
    for (;;) {
      const Value value{place.value, static_cast<usize>(end - place.value)};
      reason = Fields::take(place.slot, value, seen, skipped, day, out);
      if (reason != kSpecial) [[likely]]
        break;
      if (place.slot == kTrailerSlot)
        return finish<Fields>(frame, seen, index - skipped,
                              read_trailer(frame, static_cast<usize>(field - base)));
      const Passed passed = pass_special(frame, ends, static_cast<usize>(field - base), index,
                                         Fields::kSlots, Fields::kFirstBody - 1);
      if (passed.reason != kTaken) return refuse(frame, passed.reason, passed.tag);
      skipped += passed.index - index;
      index = passed.index;
      end = base + ends[index];
      place = {passed.slot, passed.value};
    }
    if (reason != kTaken) [[unlikely]]
      return refuse_field(frame, field, end, place.value, reason);
    field = end + 1;
    ++index;
  }
  if (field != body_end) [[unlikely]]
    return {.result = ReadResult::kGarbled};
  return finish<Fields>(frame, seen, index - skipped,
                        index < kFieldsMax ? ReadOutcome{} : judge_crowded(frame));
}

/// `record = {}` lane by lane: left to itself, or with a loop, the compiler makes a string
/// instruction of it that takes as long as some fields.
template <class Record>
[[gnu::always_inline]] inline void clear(Record& record) noexcept {
  static constexpr Record kEmpty{};
  constexpr usize kLaneBytes = 32;
  static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) >= kLaneBytes);
  const char* const from = reinterpret_cast<const char*>(&kEmpty);
  char* const to = reinterpret_cast<char*>(&record);
  const auto copy_lane = [&](usize at) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + at), load_lanes(from + at));
  };
  [&]<usize... kLanes>(std::index_sequence<kLanes...>) { (copy_lane(kLanes * kLaneBytes), ...); }
  (std::make_index_sequence<sizeof(Record) / kLaneBytes>{});
  copy_lane(sizeof(Record) - kLaneBytes);
}

template <class Fields>
[[gnu::always_inline]] inline ReadOutcome read_record(std::string_view frame,
                                                      typename Fields::Record& out) noexcept {
  Separators ends;
  usize body = 0;
  if (!ends.scan(frame) || (body = read_head<Fields>(frame, ends)) == 0) [[unlikely]]
    return refuse_unscanned(frame, Fields::kBeginString, Fields::kMsgType, Fields::kRules);
  clear(out);
  return read_fields<Fields>(frame, ends, body, out);
}

}  // namespace tradsys::fix::record
