// Goal: a time lies in exactly the day of the session that its hours say, at every edge: the
// second it opens and closes, midnight, weekends, around the clock. Method: tables of times.
#include "hostsw/core/session_hours.hpp"

#include <gtest/gtest.h>

namespace tradsys {
namespace {

constexpr i64 kDayNs = 86'400 * kSecond.v;
constexpr u8 kSundayToThursday = 0b001'1111;

/// `day` days after 1970-01-01, a Thursday.
Nanos at(i64 day, std::string_view time) { return {day * kDayNs + parse_time_of_day(time)->v}; }

SessionHours hours(std::string_view start, std::string_view end, u8 weekdays = 0x7F) {
  return {*parse_time_of_day(start), *parse_time_of_day(end), weekdays};
}

TEST(SessionHours, ADaysSessionIsOpenFromItsFirstNanosecondToBeforeItsLast) {
  const SessionHours s = hours("07:30:00", "12:45:00");
  EXPECT_EQ(session_day(s, at(20'000, "07:30:00")), 20'000);
  EXPECT_EQ(session_day(s, at(20'000, "07:30:00") - Nanos{1}), std::nullopt);
  EXPECT_EQ(session_day(s, at(20'000, "12:45:00") - Nanos{1}), 20'000);
  EXPECT_EQ(session_day(s, at(20'000, "12:45:00")), std::nullopt);
  EXPECT_EQ(session_day(s, at(20'001, "07:30:00")), 20'001);
}

TEST(SessionHours, AnOvernightSessionBelongsToTheDayItBegan) {
  const SessionHours s = hours("22:00:00", "21:00:00");
  EXPECT_EQ(session_day(s, at(20'000, "22:00:00")), 20'000);
  EXPECT_EQ(session_day(s, at(20'001, "00:00:00")), 20'000);
  EXPECT_EQ(session_day(s, at(20'001, "20:59:59")), 20'000);
  EXPECT_EQ(session_day(s, at(20'001, "21:00:00")), std::nullopt);
  EXPECT_EQ(session_day(s, at(20'001, "22:00:00")), 20'001);
}

TEST(SessionHours, TheSameTimeTwiceIsAroundTheClock) {
  const SessionHours s = hours("05:00:00", "05:00:00");
  EXPECT_EQ(session_day(s, at(20'000, "05:00:00")), 20'000);
  EXPECT_EQ(session_day(s, at(20'001, "04:59:59")), 20'000);
  EXPECT_EQ(session_day(s, at(20'001, "05:00:00")), 20'001);
  const SessionHours midnight;
  EXPECT_EQ(session_day(midnight, at(20'000, "00:00:00")), 20'000);
  EXPECT_EQ(session_day(midnight, at(20'000, "23:59:59")), 20'000);
}

TEST(SessionHours, WeekdaysAreThoseOfTheBeginning) {
  const SessionHours s = hours("22:00:00", "12:00:00", kSundayToThursday);
  // Day 0 is a Thursday: its session ends on Friday noon, and the next begins on Sunday, day 3.
  EXPECT_EQ(session_day(s, at(0, "22:00:00")), 0);
  EXPECT_EQ(session_day(s, at(1, "11:59:59")), 0);
  EXPECT_EQ(session_day(s, at(1, "22:00:00")), std::nullopt);
  EXPECT_EQ(session_day(s, at(2, "23:00:00")), std::nullopt);
  EXPECT_EQ(session_day(s, at(3, "11:00:00")), std::nullopt);
  EXPECT_EQ(session_day(s, at(3, "22:00:00")), 3);
}

TEST(SessionHours, TimesBeforeTheEpochCountBackwards) {
  const SessionHours s = hours("07:00:00", "08:00:00");
  EXPECT_EQ(session_day(s, at(-1, "07:00:00")), -1);
  EXPECT_EQ(session_day(s, at(-8, "07:59:59")), -8);
}

TEST(SessionHours, OnlyATimeOfTheDayIsOne) {
  EXPECT_EQ(parse_time_of_day("00:00:00"), Nanos{});
  EXPECT_EQ(parse_time_of_day("23:59:59"), Nanos{86'399 * kSecond.v});
  for (const char* text : {"", "7:30:00", "24:00:00", "12:60:00", "12:00:60", "12-00:00",
                           "12:00:0x", "12:00:000", "-1:00:00"})
    EXPECT_FALSE(parse_time_of_day(text)) << text;
}

TEST(SessionHours, WeekdaysAreNamedByThreeLetters) {
  EXPECT_EQ(parse_weekdays("sun mon tue wed thu"), kSundayToThursday);
  EXPECT_EQ(parse_weekdays("thu sun wed mon tue sun"), kSundayToThursday);
  EXPECT_EQ(parse_weekdays("sat"), 0b100'0000);
  for (const char* text : {"", " ", "sun ", " sun", "sunday", "sun,mon", "sun  mon", "Sun", "su"})
    EXPECT_FALSE(parse_weekdays(text)) << '"' << text << '"';
}

}  // namespace
}  // namespace tradsys
