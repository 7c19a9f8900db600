#include "hostsw/wire/fix/validate.hpp"

#include <algorithm>

#include "hostsw/wire/fix/data_fields.hpp"
#include "hostsw/wire/fix/tags.hpp"
#include "hostsw/wire/fix/utc.hpp"

namespace tradsys::fix {
namespace {

constexpr i32 kFirstUserTag = 5'000;

bool is_digits(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_decimal(std::string_view text) noexcept {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  const usize dot = text.find('.');
  if (dot == std::string_view::npos) return is_digits(text);
  const std::string_view whole = slice(text, 0, dot);
  const std::string_view part = slice(text, dot + 1);
  return (whole.empty() || is_digits(whole)) && (part.empty() || is_digits(part)) &&
         whole.size() + part.size() != 0;
}

bool is_month_year(std::string_view text) noexcept {
  if (text.size() == 8 && text[6] == 'w') return is_digits(slice(text, 0, 6));
  return (text.size() == 6 || text.size() == 8) && is_digits(text);
}

/// Walks one message. Every check returns false after it has noted the defect.
class Checker {
 public:
  Checker(const Rules& rules, const Message& message) noexcept
      : rules_(rules), fields_(message.fields()), row_(nullptr) {}

  std::optional<Defect> run(std::string_view type) noexcept {
    reads_body_ = !rules_.any_body || type::is_session(type);
    const bool sound = split() && know(type) && have_required() && check_all();
    return sound ? std::nullopt : std::optional(defect_);
  }

 private:
  bool fail(RejectReason reason, i32 tag) noexcept {
    defect_ = {reason, tag, true};
    return false;
  }
  [[nodiscard]] const Dictionary& body_dictionary() const noexcept { return *body_; }

  static bool belongs(const Dictionary& d, Members members, i32 tag) noexcept {
    for (const MemberRow& m : members) {
      if (m.tag == tag) return true;
      if (m.group != 0 && find_member(d.members_of(d.groups[m.group - 1]), tag) != nullptr)
        return true;
    }
    return false;
  }

  /// Header, then body, then trailer.
  bool split() noexcept {
    const Dictionary& d = *rules_.session;
    usize at = 0;
    while (at < fields_.size() && belongs(d, d.header_members(), fields_[at].tag)) ++at;
    header_end_ = at;
    while (at < fields_.size() && !belongs(d, d.trailer_members(), fields_[at].tag)) {
      if (belongs(d, d.header_members(), fields_[at].tag))
        return fail(RejectReason::kTagOutOfOrder, fields_[at].tag);
      ++at;
    }
    body_end_ = at;
    for (; at < fields_.size(); ++at)
      if (!belongs(d, d.trailer_members(), fields_[at].tag))
        return fail(RejectReason::kTagOutOfOrder, fields_[at].tag);
    return true;
  }

  bool know(std::string_view type) noexcept {
    body_ = rules_.session;
    row_ = rules_.session->message(type);
    if (row_ == nullptr) {
      body_ = rules_.application;
      row_ = rules_.application->message(type);
    }
    if (row_ != nullptr) return true;
    defect_ = {RejectReason::kInvalidMsgType, 0, false};
    return false;
  }

  bool have_required() noexcept {
    const auto header = fields_.subspan(0, header_end_);
    const auto body = fields_.subspan(header_end_, body_end_ - header_end_);
    const auto trailer = fields_.subspan(body_end_);
    return has_all(rules_.session->header_members(), header) &&
           (!reads_body_ || has_all(body_dictionary().members_of(*row_), body)) &&
           has_all(rules_.session->trailer_members(), trailer);
  }
  bool has_all(Members members, std::span<const Field> fields) noexcept {
    for (const MemberRow& m : members) {
      if (!m.required) continue;
      const auto same = [&m](const Field& f) { return f.tag == m.tag; };
      if (std::none_of(fields.begin(), fields.end(), same))
        return fail(RejectReason::kRequiredTagMissing, m.tag);
    }
    return true;
  }

  bool check_all() noexcept {
    const bool known = !row_->name.empty() && reads_body_;
    return check_region(*rules_.session, rules_.session->header_members(), 0, header_end_) &&
           check_region(*rules_.session, rules_.session->trailer_members(), body_end_,
                        fields_.size()) &&
           (!known || check_region(body_dictionary(), body_dictionary().members_of(*row_),
                                   header_end_, body_end_));
  }

  /// The fields of a region outside of groups, by tag.
  bool check_region(const Dictionary& d, Members members, usize begin, usize end) noexcept {
    usize count = 0;
    for (usize at = begin; at < end;) {
      order_[count++] = static_cast<u16>(at);
      const MemberRow* member = find_member(members, fields_[at].tag);
      at = member != nullptr && member->group != 0
               ? group_end(d, d.groups[member->group - 1], at + 1, end)
               : at + 1;
    }
    std::sort(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count),
              [this](u16 x, u16 y) {
                return fields_[x].tag != fields_[y].tag ? fields_[x].tag < fields_[y].tag : x < y;
              });
    for (usize i = 0; i < count; ++i) {
      const Field& field = fields_[order_[i]];
      if (i != 0 && field.tag == fields_[order_[i - 1]].tag)
        return fail(RejectReason::kTagRepeated, field.tag);
      if (!check_field(d, members, field)) return false;
      const MemberRow* member = find_member(members, field.tag);
      if (member == nullptr || member->group == 0) continue;
      if (!check_group(d, d.groups[member->group - 1], order_[i], end)) return false;
    }
    return true;
  }

  bool check_field(const Dictionary& d, Members members, const Field& field) noexcept {
    if (field.value.empty()) return fail(RejectReason::kTagWithoutValue, field.tag);
    if (const FieldRow* row = d.field(field.tag)) {
      if (row->type == FieldType::kData && !follows_its_length(field))
        return fail(RejectReason::kRequiredTagMissing, length_before(field.tag));
      if (!has_format(row->type, field.value))
        return fail(RejectReason::kIncorrectFormat, field.tag);
      if (!has_allowed_value(d, *row, field.value))
        return fail(RejectReason::kValueOutOfRange, field.tag);
    }
    if (field.tag >= kFirstUserTag && rules_.allow_user_tags) return true;
    if (!d.defines(field.tag)) return fail(RejectReason::kInvalidTag, field.tag);
    if (find_member(members, field.tag) == nullptr)
      return fail(RejectReason::kTagNotDefinedForType, field.tag);
    return true;
  }

  /// Whether the field before says how long the data is: without it a separator could end it.
  [[nodiscard]] bool follows_its_length(const Field& data) const noexcept {
    return &data != fields_.data() && (&data - 1)->tag == length_before(data.tag);
  }

  /// Where the entries of a group end that begin at `at`.
  usize group_end(const Dictionary& d, const GroupRow& group, usize at, usize end) const noexcept {
    const Members members = d.members_of(group);
    while (at < end) {
      const MemberRow* member = find_member(members, fields_[at].tag);
      if (member == nullptr) break;
      at = member->group != 0 ? group_end(d, d.groups[member->group - 1], at + 1, end) : at + 1;
    }
    return at;
  }

  /// The entries behind the count field at `count_at`.
  bool check_group(const Dictionary& d, const GroupRow& group, usize count_at, usize end) noexcept {
    const Members members = d.members_of(group);
    const usize stop = group_end(d, group, count_at + 1, end);
    u64 entries = 0;
    usize entry_begin = count_at + 1;
    for (usize at = count_at + 1; at < stop;) {
      const Field& field = fields_[at];
      if (field.tag == group.first_tag) {
        if (entries != 0 && !has_all(members, fields_.subspan(entry_begin, at - entry_begin)))
          return false;
        ++entries;
        entry_begin = at;
      } else if (entries == 0) {
        return fail(RejectReason::kGroupOutOfOrder, field.tag);
      } else if (repeats(entry_begin, at)) {
        return fail(RejectReason::kTagRepeated, field.tag);
      }
      if (!check_field(d, members, field)) return false;
      const MemberRow* member = find_member(members, field.tag);
      if (member->group == 0) {
        ++at;
        continue;
      }
      const GroupRow& inner = d.groups[member->group - 1];
      if (!check_group(d, inner, at, stop)) return false;
      at = group_end(d, inner, at + 1, stop);
    }
    if (entries != 0 && !has_all(members, fields_.subspan(entry_begin, stop - entry_begin)))
      return false;
    const std::optional<u64> said = parse_count(fields_[count_at].value);
    return (said && *said == entries) ||
           fail(RejectReason::kGroupCountWrong, fields_[count_at].tag);
  }
  [[nodiscard]] bool repeats(usize entry_begin, usize at) const noexcept {
    for (usize i = entry_begin; i < at; ++i)
      if (fields_[i].tag == fields_[at].tag) return true;
    return false;
  }

  const Rules& rules_;
  std::span<const Field> fields_;
  const MessageRow* row_;
  const Dictionary* body_ = nullptr;
  bool reads_body_ = true;
  usize header_end_ = 0;
  usize body_end_ = 0;
  std::array<u16, kFieldsMax> order_;
  Defect defect_;
};

}  // namespace

std::string_view text_of(RejectReason reason) noexcept {
  switch (reason) {
    case RejectReason::kInvalidTag:
      return "Invalid tag number";
    case RejectReason::kRequiredTagMissing:
      return "Required tag missing";
    case RejectReason::kTagNotDefinedForType:
      return "Tag not defined for this message type";
    case RejectReason::kTagWithoutValue:
      return "Tag specified without a value";
    case RejectReason::kValueOutOfRange:
      return "Value is incorrect (out of range) for this tag";
    case RejectReason::kIncorrectFormat:
      return "Incorrect data format for value";
    case RejectReason::kCompIdProblem:
      return "CompID problem";
    case RejectReason::kSendingTimeProblem:
      return "SendingTime accuracy problem";
    case RejectReason::kInvalidMsgType:
      return "Invalid MsgType";
    case RejectReason::kTagRepeated:
      return "Tag appears more than once";
    case RejectReason::kTagOutOfOrder:
      return "Tag specified out of required order";
    case RejectReason::kGroupOutOfOrder:
      return "Repeating group fields out of order";
    case RejectReason::kGroupCountWrong:
      return "Incorrect NumInGroup count for repeating group";
  }
  return "";
}

bool has_format(FieldType type, std::string_view value) noexcept {
  switch (type) {
    case FieldType::kString:
    case FieldType::kData:
    case FieldType::kWords:
      return true;
    case FieldType::kChar:
      return value.size() == 1;
    case FieldType::kInt:
      return is_digits(slice(value, value.size() > 1 && value[0] == '-' ? 1 : 0));
    case FieldType::kCount:
      return is_digits(value);
    case FieldType::kDecimal:
      return is_decimal(value);
    case FieldType::kBoolean:
      return value == "Y" || value == "N";
    case FieldType::kTimestamp:
      return parse_timestamp(value).has_value();
    case FieldType::kTime:
      return is_time(value);
    case FieldType::kDate:
      return is_date(value);
    case FieldType::kMonthYear:
      return is_month_year(value);
  }
  return false;
}

bool has_allowed_value(const Dictionary& dictionary, const FieldRow& row,
                       std::string_view value) noexcept {
  if (row.value_count == 0) return true;
  const auto values = dictionary.values.subspan(row.first_value, row.value_count);
  const auto allowed = [&](std::string_view word) {
    return std::find(values.begin(), values.end(), word) != values.end();
  };
  if (row.type != FieldType::kWords) return allowed(value);
  while (!value.empty()) {
    const usize space = std::min(value.find(' '), value.size());
    if (!allowed(slice(value, 0, space))) return false;
    value.remove_prefix(std::min(space + 1, value.size()));
  }
  return true;
}

std::optional<Defect> validate(const Rules& rules, const Message& message) noexcept {
  return Checker(rules, message).run(message.type());
}

}  // namespace tradsys::fix
