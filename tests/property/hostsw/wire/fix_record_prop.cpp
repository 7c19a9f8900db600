// Goal: what is written of a typed record is a sound message and reads as the same record, in any
// order of its fields; and read() finds the defects that validation finds. Method: seeded random
// records of every type and version; messages with one thing changed, held against Message and
// validate.
#include <gtest/gtest.h>

#include "hostsw/core/random.hpp"
#include "tests/support/fix/record_check.hpp"
#include "tests/support/seed.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::testing {
namespace {

/// Fills the fields of a record with values that it can say.
class Maker {
 public:
  Maker(Random& random, const fix::Dialect& dialect) : random_(random), dialect_(dialect) {}

  template <class Record>
  Record make() {
    Record record;
    texts_.clear();
    visit_fields(record, [this](const fix::FieldInfo& info, auto& field) {
      info_ = &info;
      if (info.required || random_.chance(500'000)) fill(field);
    });
    return record;
  }

 private:
  template <class T>
  void fill(std::optional<T>& field) {
    fill(field.emplace());
  }
  void fill(bool& field) { field = random_.chance(500'000); }
  void fill(char& field) { field = one_of_values()[0]; }
  void fill(Nanos& field) {
    constexpr i64 kMsMax = 100'001 * i64{86'400'000};
    field = Nanos{static_cast<i64>(random_.below(kMsMax)) * 1'000'000};
  }
  void fill(u64& field) { field = random_.next() >> random_.below(64); }
  void fill(i64& field) { field = static_cast<i64>(random_.next()) >> random_.below(64); }
  template <u32 kDecimals>
  void fill(fix::Decimal<kDecimals>& field) {
    do fill(field.units);
    while (field.units == std::numeric_limits<i64>::min());
    if (random_.chance(300'000)) field.units -= field.units % 10'000;
  }
  void fill(u32& field) {
    if (info_->type == fix::FieldType::kDate)
      field = static_cast<u32>(random_.between(1970, 2200) * 10'000 + random_.between(1, 12) * 100 +
                               random_.between(1, 28));
    else
      field = static_cast<u32>(std::stoul(one_of_values()));
  }
  void fill(std::string_view& field) {
    std::string text = one_of_values();
    if (text.empty())
      for (usize n = random_.between(1, info_->bytes_max); n != 0; --n)
        if (const u64 c = random_.between(2, 255); c != '|') text += static_cast<char>(c);
    if (text.empty()) text = "x";
    texts_.push_back(std::make_unique<std::string>(text));
    field = *texts_.back();
  }
  std::string one_of_values() {
    const fix::Dictionary& d =
        info_->in_header ? *dialect_.rules.session : *dialect_.rules.application;
    const fix::FieldRow* row = d.field(info_->tag);
    if (row == nullptr || row->value_count == 0) return {};
    return std::string(d.values[row->first_value + random_.below(row->value_count)]);
  }

  Random& random_;
  const fix::Dialect& dialect_;
  const fix::FieldInfo* info_ = nullptr;
  std::vector<std::unique_ptr<std::string>> texts_;
};

/// "tag=value" of each field between the head and the trailer.
struct Parts {
  std::string begin;  ///< "8=...|"
  std::string type;  ///< "35=...|"
  std::vector<std::string> header;
  std::vector<std::string> body;

  explicit Parts(std::string_view frame) {
    fix::Message message;
    EXPECT_EQ(message.parse(frame), fix::ParseResult::kOk);
    for (const fix::Field& field : message.fields()) {
      const std::string text = std::to_string(field.tag) + "=" + std::string(field.value) + '\x01';
      if (field.tag == 8) begin = text;
      if (field.tag == 35) type = text;
      if (field.tag == 8 || field.tag == 35 || field.tag == 9 || field.tag == 10) continue;
      const bool of_header =
          fix::find_member(fix::fixt11::kDictionary.header_members(), field.tag) != nullptr;
      (of_header ? header : body).push_back(text);
    }
  }
  [[nodiscard]] std::string text() const {
    std::string whole = begin + type;
    for (const auto* part : {&header, &body})
      for (const std::string& field : *part) whole += field;
    return fix_message(whole);
  }
};

void shuffle(Random& random, std::vector<std::string>& items) {
  for (usize i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

template <class Record>
std::string frame_of(const Record& record) {
  std::string frame(Record::kBytesMax, '\0');
  frame.resize(write(record, frame));
  return frame;
}

constexpr u64 kRounds = 500;

template <class Check>
void for_each_random_record(u64 seed, Check&& check) {
  Random random(test_seed(seed));
  visit_versions([&](const fix::Dialect& dialect, auto visit) {
    visit([&]<class Record>(std::string_view type, const Record&) {
      Maker maker(random, dialect);
      for (u64 i = 0; i < kRounds; ++i)
        ASSERT_NO_FATAL_FAILURE(check(random, dialect, type, maker.template make<Record>()));
    });
  });
}

TEST(FixRecordProperty, WhatIsWrittenIsSoundAndReadsAsTheSame) {
  for_each_random_record(
      1, [](Random&, const fix::Dialect& dialect, std::string_view type, const auto& record) {
        const std::string frame = frame_of(record);
        ASSERT_EQ(not_written_back(record), "") << with_bars(frame);
        ASSERT_EQ(fix::type_of(frame), type);
        fix::Message message;
        ASSERT_EQ(message.parse(frame), fix::ParseResult::kOk);
        const auto defect = validate(dialect.rules, message);
        ASSERT_FALSE(defect) << with_bars(frame) << text_of(defect->reason) << defect->tag;
      });
}

TEST(FixRecordProperty, OrderAndForeignFieldsDoNotMatter) {
  for_each_random_record(
      2, [](Random& random, const fix::Dialect&, std::string_view, const auto& record) {
        Parts parts(frame_of(record));
        parts.body.push_back("5001=NIN\x01");
        parts.body.push_back("12345=x\x01");
        parts.header.push_back("116=of\x01");
        shuffle(random, parts.header);
        shuffle(random, parts.body);
        parts.body.push_back("354=3\x01");
        parts.body.push_back("355=\x01=\x01\x01");
        const std::string frame = parts.text();
        std::remove_cvref_t<decltype(record)> again;
        const fix::ReadOutcome outcome = read(frame, again);
        ASSERT_TRUE(outcome.ok()) << with_bars(frame) << text_of(outcome.reason) << outcome.tag;
        ASSERT_EQ(again, record) << with_bars(frame);
      });
}

/// One thing that is wrong, or looks as if.
void change(Random& random, Parts& parts) {
  static constexpr const char* kValues[]{"",
                                         "0",
                                         "-1",
                                         "-0",
                                         "+1",
                                         "1e5",
                                         "1.",
                                         ".5",
                                         ".",
                                         "-",
                                         "--1",
                                         "1.2.3",
                                         "00",
                                         "007",
                                         "Y",
                                         "N",
                                         "y",
                                         "z",
                                         "1 2",
                                         "100.0",
                                         "1234.56785",
                                         "99999999999999999999",
                                         "1:",
                                         "=",
                                         "==",
                                         "CS",
                                         "A",
                                         "99",
                                         "128",
                                         "20260230",
                                         "20260228",
                                         "20260721-09:30:00",
                                         "20260721-09:30:60.5",
                                         "20260721-24:30:00.000",
                                         "20260721-09:30:00.1234",
                                         "20261321-09:30:00.000",
                                         "19691231-09:30:00.000"};
  std::vector<std::string>& region = random.chance(300'000) ? parts.header : parts.body;
  if (region.empty()) return;
  const usize at = random.below(region.size());
  std::string& field = region[at];
  const std::string tag = field.substr(0, field.find('='));
  switch (random.below(8)) {
    case 0:
      region.erase(region.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      region.push_back(field);
      break;
    case 2:
      parts.body.push_back(parts.header[random.below(parts.header.size())]);
      break;
    case 3:
      region.push_back(std::to_string(random.below(1'200)) + "=1\x01");
      break;
    case 4:
      field[random.below(field.size())] = static_cast<char>(random.below(256));
      break;
    default:
      field = tag + "=" + kValues[random.below(std::size(kValues))] + "\x01";
  }
}

TEST(FixRecordProperty, FindsTheDefectsThatValidationFinds) {
  u64 same = 0;
  u64 other = 0;
  for_each_random_record(3, [&](Random& random, const fix::Dialect& dialect, std::string_view type,
                                const auto& record) {
    using Record = std::remove_cvref_t<decltype(record)>;
    Parts parts(frame_of(record));
    change(random, parts);
    const std::string frame = parts.text();
    ASSERT_EQ(disagreement<Record>(dialect, type, frame,
                                   [](const Record& read) { return not_written_back(read); }),
              "")
        << with_bars(frame);
    Record again;
    const fix::ReadOutcome typed = read(frame, again);
    fix::Message message;
    if (typed.result != fix::ReadResult::kRefused) return;
    ASSERT_EQ(message.parse(frame), fix::ParseResult::kOk);
    const auto defect = validate(dialect.rules, message);
    if (!defect || !carries<Record>(defect->tag)) return;
    ++(defect->reason == typed.reason && defect->tag == typed.tag ? same : other);
  });
  EXPECT_GT(same, 1'000U);
  EXPECT_LT(other, same / 50) << "named in another order";
}

}  // namespace
}  // namespace tradsys::testing
