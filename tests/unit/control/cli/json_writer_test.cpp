// Goal: what the writer gives is always valid JSON, and says what was put in.
// Method: whole documents compared byte by byte; every control character, every class of malformed
// UTF-8, the extremes of integers; calls in a wrong order end the program.
#include "control/cli/output/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tradsys::cli {
namespace {

using Style = JsonWriter::Style;

TEST(JsonWriter, WritesKeysInTheOrderOfTheCalls) {
  JsonWriter json(Style::kLine);
  json.begin_object().field("z", 1).field("a", "x").field("yes", true).key("none").null();
  json.array("list").value(1).value(-2).begin_object().end().begin_array().end().end();
  EXPECT_EQ(json.end().take(),
            "{\"z\":1,\"a\":\"x\",\"yes\":true,\"none\":null,"
            "\"list\":[1,-2,{},[]]}\n");
}

TEST(JsonWriter, IndentsByLevel) {
  JsonWriter json;
  json.begin_object().object("a").field("b", 1).end().array("c").end().array("d").value(1).end();
  EXPECT_EQ(json.end().take(),
            "{\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": [],\n  \"d\": [\n    1\n  ]\n}\n");
}

TEST(JsonWriter, WritesWholeIntegers) {
  JsonWriter json(Style::kLine);
  json.begin_array()
      .value(std::numeric_limits<u64>::max())
      .value(std::numeric_limits<i64>::min())
      .value(u8{7})
      .value(false);
  EXPECT_EQ(json.end().take(), "[18446744073709551615,-9223372036854775808,7,false]\n");
}

TEST(JsonWriter, TakesALiteralAsText) {
  EXPECT_EQ(JsonWriter(Style::kLine).value("true").take(), "\"true\"\n");
}

TEST(JsonWriter, EscapesWhatMustBe) {
  EXPECT_EQ(JsonWriter::quoted("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
  EXPECT_EQ(JsonWriter::quoted("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
  for (int c = 0; c < 0x20; ++c) {
    const std::string quoted = JsonWriter::quoted(std::string(1, static_cast<char>(c)));
    EXPECT_EQ(quoted[1], '\\') << c;
    EXPECT_EQ(quoted.find(static_cast<char>(c)), std::string::npos) << c;
  }
  EXPECT_EQ(JsonWriter::quoted(std::string("\0\x1f", 2)), "\"\\u0000\\u001f\"");
  EXPECT_EQ(JsonWriter::quoted("\x7f"), "\"\x7f\"");
}

TEST(JsonWriter, KeepsWellFormedUtf8) {
  for (const char* text : {"\xC3\xA9", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xD8\xB3z"})
    EXPECT_EQ(JsonWriter::quoted(text), std::string("\"") + text + "\"");
}

TEST(JsonWriter, ReplacesEachByteThatIsNotUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  const auto replaced = [&](usize bytes) {
    std::string text = "\"";
    for (usize i = 0; i < bytes; ++i) text += bad;
    return text + "\"";
  };
  EXPECT_EQ(JsonWriter::quoted("\x80"), replaced(1)) << "a continuation alone";
  EXPECT_EQ(JsonWriter::quoted("\xC0\xAF"), replaced(2)) << "an overlong slash";
  EXPECT_EQ(JsonWriter::quoted("\xE0\x9F\xBF"), replaced(3)) << "overlong in three bytes";
  EXPECT_EQ(JsonWriter::quoted("\xED\xA0\x80"), replaced(3)) << "a surrogate";
  EXPECT_EQ(JsonWriter::quoted("\xF4\x90\x80\x80"), replaced(4)) << "beyond U+10FFFF";
  EXPECT_EQ(JsonWriter::quoted("\xFF"), replaced(1));
  EXPECT_EQ(JsonWriter::quoted("\xC3"), replaced(1)) << "cut short";
  EXPECT_EQ(JsonWriter::quoted("\xF0\x90\x80"), replaced(3)) << "cut short";
  EXPECT_EQ(JsonWriter::quoted("\xC3x"), "\"" + bad + "x\"");
}

TEST(JsonWriterDeathTest, RefusesWhatWouldNotBeADocument) {
  EXPECT_DEATH(JsonWriter().begin_object().value(1), "");
  EXPECT_DEATH(JsonWriter().begin_array().key("k"), "");
  EXPECT_DEATH(JsonWriter().begin_object().key("k").key("k"), "");
  EXPECT_DEATH(JsonWriter().begin_object().key("k").end(), "");
  EXPECT_DEATH(JsonWriter().end(), "");
  EXPECT_DEATH(JsonWriter().value(1).value(2), "");
  EXPECT_DEATH((void)JsonWriter().begin_object().take(), "");
}

}  // namespace
}  // namespace tradsys::cli
