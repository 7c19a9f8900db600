#pragma once
// What typed FIX records must agree on with the general way over Message and validate, whatever the
// bytes: shared by tests and the fuzzer.
#include <string>

#include <tradsys/fix_dictionaries.hpp>
#include <tradsys/fix_record_fields.hpp>

#include "hostsw/wire/fix/session_config.hpp"

namespace tradsys::testing {

/// The three versions with their dialects: visit(dialect, [](auto each) { each(type, record); }).
template <class Visitor>
void visit_versions(Visitor&& visit) {
  visit(fix::dialect_fix42(), [](auto&& each) { fix::fix42::visit_records(each); });
  visit(fix::dialect_fix44(), [](auto&& each) { fix::fix44::visit_records(each); });
  visit(fix::dialect_fix50sp2(), [](auto&& each) { fix::fix50sp2::visit_records(each); });
}

template <class Record>
bool carries(i32 tag) {
  bool found = tag == 8 || tag == 9 || tag == 35;
  Record record;
  visit_fields(record, [&](const fix::FieldInfo& info, auto&) { found |= info.tag == tag; });
  return found;
}

/// Nothing when read() says of the frame what it should, else what is wrong. A record that was read
/// is handed to `on_record`.
template <class Record, class OnRecord>
std::string disagreement(const fix::Dialect& dialect, std::string_view type, std::string_view frame,
                         OnRecord&& on_record) {
  Record record;
  const fix::ReadOutcome typed = read(frame, record);
  fix::Message message;
  if (message.parse(frame) == fix::ParseResult::kGarbled)
    return typed.result == fix::ReadResult::kGarbled ? "" : "a garbled message was read";
  if (message.begin_string() != dialect.begin_string || message.type() != type)
    return typed.result == fix::ReadResult::kRefused ? "" : "another version or type was read";
  fix::Rules rules = dialect.rules;
  rules.allow_user_tags = true;
  const std::optional<fix::Defect> defect = validate(rules, message);
  if (typed.ok()) {
    if (defect && carries<Record>(defect->tag))
      return "a defect was not seen: " + std::string(text_of(defect->reason)) + ", tag " +
             std::to_string(defect->tag);
    return on_record(record);
  }
  if (defect || frame.size() > fix::kMessageBytesMax || message.text(9).size() > 8) return "";
  // A record holds whole shares, a stated number of decimals and texts of bounded length.
  const bool bounded = typed.result == fix::ReadResult::kRefused &&
                       typed.reason == fix::RejectReason::kValueOutOfRange;
  return bounded ? ""
                 : "a sound message was refused: " + std::string(text_of(typed.reason)) + ", tag " +
                       std::to_string(typed.tag);
}

/// Whether all times are whole milliseconds: no others are written.
template <class Record>
bool has_coarse_times(const Record& record) {
  bool coarse = true;
  visit_fields(record, [&](const fix::FieldInfo&, const auto& field) {
    using Type = std::remove_cvref_t<decltype(field)>;
    if constexpr (std::is_same_v<Type, Nanos>) coarse &= field.v % 1'000'000 == 0;
    if constexpr (std::is_same_v<Type, std::optional<Nanos>>)
      coarse &= !field || field->v % 1'000'000 == 0;
  });
  return coarse;
}

/// What write() must do with a record that was read.
template <class Record>
std::string not_written_back(const Record& record) {
  std::array<char, Record::kBytesMax> room;
  const usize bytes = write(record, room);
  if (bytes == 0) return "cannot be written";
  std::string tight(bytes, '\0');
  if (write(record, tight) != bytes) return "does not fit into its own length";
  if (write(record, std::span(tight.data(), bytes - 1)) != 0) return "fits into less";
  if (tight != std::string_view(room.data(), bytes)) return "is written in two ways";
  fix::Message message;
  if (message.parse(tight) == fix::ParseResult::kGarbled) return "is written as no message";
  const usize body = write_body(record, room);
  if (!std::string_view(tight).substr(0, bytes - 7).ends_with(std::string_view(room.data(), body)))
    return "has another body";
  Record again;
  if (!read(tight, again).ok()) return "cannot be read again";
  return again == record || !has_coarse_times(record) ? "" : "is another one when it is read again";
}

}  // namespace tradsys::testing
