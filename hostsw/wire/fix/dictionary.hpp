#pragma once
// What a FIX version defines, as constant tables: fields with type and allowed values, messages and
// groups with their members. The tables are made from hostsw/wire/fix/dictionary.
#include <algorithm>
#include <span>
#include <string_view>

#include "hostsw/core/types.hpp"

namespace tradsys::fix {

/// How the text of a field is checked.
enum class FieldType : u8 {
  kString,
  kChar,
  kInt,
  kCount,  ///< no sign: numbers in sequence, lengths, numbers of group members
  kDecimal,  ///< price, quantity, amount: no plus sign, no exponent
  kBoolean,
  kData,  ///< any bytes; its length stands in the field before
  kTimestamp,
  kTime,
  kDate,
  kMonthYear,
  kWords,  ///< values separated by spaces
};

struct FieldRow {
  u16 tag;
  FieldType type;
  u16 first_value;  ///< into values; none: any value
  u16 value_count;
};
/// A member of a message or group, sorted by tag. `group` is the number of its group from 1; 0: it
/// is a plain field.
struct MemberRow {
  u16 tag;
  bool required;
  u16 group;
};
/// A repeating group: `first_tag` begins each of its entries.
struct GroupRow {
  u16 first_tag;
  u16 first;
  u16 count;
};
/// A message type; without a name it is defined by the standard and not supported here.
struct MessageRow {
  std::string_view type;
  std::string_view name;
  u16 first;
  u16 count;
};
struct TagRange {
  u16 low;
  u16 high;
};
struct MemberRange {
  u16 first;
  u16 count;
};
using Members = std::span<const MemberRow>;

struct Dictionary {
  std::string_view version;
  std::span<const FieldRow> fields;
  std::span<const std::string_view> values;
  std::span<const MemberRow> members;
  std::span<const GroupRow> groups;
  std::span<const MessageRow> messages;
  std::span<const TagRange> ranges;
  MemberRange header;
  MemberRange trailer;

  [[nodiscard]] constexpr Members range(MemberRange r) const {
    return members.subspan(r.first, r.count);
  }
  [[nodiscard]] constexpr Members header_members() const { return range(header); }
  [[nodiscard]] constexpr Members trailer_members() const { return range(trailer); }
  [[nodiscard]] constexpr Members members_of(const MessageRow& row) const {
    return range({row.first, row.count});
  }
  [[nodiscard]] constexpr Members members_of(const GroupRow& row) const {
    return range({row.first, row.count});
  }
  /// nullptr for a tag without a row.
  [[nodiscard]] constexpr const FieldRow* field(i32 tag) const {
    const auto it = std::lower_bound(fields.begin(), fields.end(), tag,
                                     [](const FieldRow& f, i32 t) { return f.tag < t; });
    return it != fields.end() && it->tag == tag ? &*it : nullptr;
  }
  /// Whether the standard knows the tag, here used or not.
  [[nodiscard]] constexpr bool defines(i32 tag) const {
    const auto within = [tag](const TagRange& r) { return r.low <= tag && tag <= r.high; };
    return field(tag) != nullptr || std::any_of(ranges.begin(), ranges.end(), within);
  }
  /// nullptr for a type that the standard does not know.
  [[nodiscard]] constexpr const MessageRow* message(std::string_view type) const {
    const auto same = [type](const MessageRow& m) { return m.type == type; };
    const auto it = std::find_if(messages.begin(), messages.end(), same);
    return it == messages.end() ? nullptr : &*it;
  }
};

/// nullptr when the tag is no member.
[[nodiscard]] constexpr const MemberRow* find_member(Members members, i32 tag) {
  const auto it = std::lower_bound(members.begin(), members.end(), tag,
                                   [](const MemberRow& m, i32 t) { return m.tag < t; });
  return it != members.end() && it->tag == tag ? &*it : nullptr;
}

}  // namespace tradsys::fix
