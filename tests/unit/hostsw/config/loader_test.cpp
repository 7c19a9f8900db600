// Goal: the loader takes exactly what the tables describe, and every refusal names file, line, key,
// value and remedy. Method: a small struct with one knob of each type; all kinds of wrong input.
#include "hostsw/config/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hostsw/config/text.hpp"

namespace tradsys::config {

enum class Colour : u8 { kRed, kGreen };
struct Wheel {
  u16 spokes = 20;
  std::string maker;
};
struct Bicycle {
  u8 gears = 7;
  i32 offset = -3;
  u64 serial = 1;
  bool bell = false;
  std::string name = "city";
  Colour colour = Colour::kGreen;
  MacAddress mac;
  Ipv4Address ip;
  std::vector<std::string> owners;
  Wheel front;
  std::vector<Wheel> spares;
};
template <>
struct EnumNames<Colour> {
  static constexpr std::array kNames{"red", "green"};
};
template <>
struct Schema<Wheel> {
  static constexpr const char* kDoc = "A wheel.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("spokes", &Wheel::spokes, {1, 60'000}, "spokes", "How many.", "count them"),
      knob("maker", &Wheel::maker, {1, 8}, "", "Who made it.", "look at the hub")
          .without_default());
};
template <>
struct Schema<Bicycle> {
  using S = Bicycle;
  static constexpr const char* kDoc = "A bicycle.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("gears", &S::gears, {1, 24}, "gears", "Gears | all.", "count the sprockets"),
      knob("offset", &S::offset, {-10, 10}, "mm", "Offset.", "measure it"),
      knob("serial", &S::serial, {0, kAny.max}, "", "Number.", "read the frame"),
      knob("bell", &S::bell, kAny, "", "Bell.", "ring it"),
      knob("name", &S::name, {1, 10}, "", "Name.", "use a short one"),
      knob("colour", &S::colour, kAny, "", "Colour.", "paint it"),
      knob("mac", &S::mac, kAny, "", "Mac.", "read the label"),
      knob("ip", &S::ip, kAny, "", "Address.", "ask the network"),
      knob("owners", &S::owners, {0, 2}, "", "Owners.", "ask them"),
      knob("front", &S::front, kAny, "", "Front wheel.", "write a table"),
      knob("spares", &S::spares, {0, 2}, "", "Spares.", "look in the shed"));
};

namespace {

using ::testing::HasSubstr;

constexpr const char* kWhole = R"(gears = 21
offset = -10
serial = 9223372036854775807
bell = true
name = "tour \"x\""
colour = "red"
mac = "02:00:00:00:00:01"
ip = "10.0.0.1"
owners = ["amal", "omar"]
[front]
spokes = 36
maker = "a"
[[spares]]
maker = "b"
[[spares]]
maker = "c"
spokes = 60000
)";

Result<Bicycle> load(std::string_view text) {
  auto document = Document::parse(text, "bicycle.toml");
  if (!document) return document.error();
  return load_config<Bicycle>(document.value(), [](const Bicycle&, Problems&) {});
}
/// The Error's message; "" when the text was accepted.
std::string refusal(std::string_view text) {
  const auto result = load(text);
  return result.ok() ? "" : result.error().message();
}

TEST(ConfigLoader, EveryTypeIsLoaded) {
  const auto loaded = load(kWhole);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  const Bicycle& b = loaded.value();
  EXPECT_EQ(b.gears, 21);
  EXPECT_EQ(b.offset, -10);
  EXPECT_EQ(b.serial, 9'223'372'036'854'775'807U);
  EXPECT_TRUE(b.bell);
  EXPECT_EQ(b.name, "tour \"x\"");
  EXPECT_EQ(b.colour, Colour::kRed);
  EXPECT_EQ(to_string(b.mac), "02:00:00:00:00:01");
  EXPECT_EQ(to_string(b.ip), "10.0.0.1");
  EXPECT_EQ(b.owners, (std::vector<std::string>{"amal", "omar"}));
  EXPECT_EQ(b.front.spokes, 36);
  ASSERT_EQ(b.spares.size(), 2U);
  EXPECT_EQ(b.spares[0].spokes, 20);
  EXPECT_EQ(b.spares[1].spokes, 60'000);
}

TEST(ConfigLoader, WhatIsNotSaidKeepsItsDefault) {
  const auto loaded = load("");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  EXPECT_EQ(loaded.value().gears, 7);
  EXPECT_EQ(loaded.value().name, "city");
  EXPECT_TRUE(loaded.value().spares.empty());
}

TEST(ConfigLoader, AnUnknownKeyIsRefusedWithTheClosestOne) {
  EXPECT_EQ(refusal("bell = true\ngeers = 3\n"),
            "bicycle.toml:2: geers: unknown key; did you mean 'gears'?");
  EXPECT_THAT(refusal("[front]\nmaker = 'a'\ncolour = 1\n"),
              HasSubstr("bicycle.toml:3: front.colour: unknown key; known keys: spokes, maker"));
  EXPECT_THAT(refusal("[wing]\n"), HasSubstr("wing: unknown key"));
}

TEST(ConfigLoader, AWrongTypeIsRefusedNamingBoth) {
  EXPECT_EQ(
      refusal("\ngears = \"seven\"\n"),
      "bicycle.toml:2: gears: \"seven\" stands where an integer is expected; count the sprockets");
  EXPECT_THAT(refusal("gears = 7.0"), HasSubstr("a floating-point number stands where an integer"));
  EXPECT_THAT(refusal("bell = 1"), HasSubstr("1 stands where true or false"));
  EXPECT_THAT(refusal("name = 1979-05-27"), HasSubstr("a date or time stands where a string"));
  EXPECT_THAT(refusal("front = 3"), HasSubstr("stands where a table"));
  EXPECT_THAT(refusal("spares = {}"), HasSubstr("stands where an array"));
  EXPECT_THAT(refusal("spares = [1]"), HasSubstr("spares[0]: 1 stands where a table"));
  EXPECT_THAT(refusal("owners = [true]"), HasSubstr("owners[0]: true stands where a string"));
}

TEST(ConfigLoader, BothEndsOfEveryRangeHold) {
  for (const char* good : {"gears = 1", "gears = 24", "offset = -10", "offset = 10", "name = 'x'",
                           "name = '1234567890'", "owners = ['a','b']", "serial = 0"})
    EXPECT_EQ(refusal(good), "");
  EXPECT_EQ(refusal("gears = 25"),
            "bicycle.toml:1: gears: 25 is out of range 1..24; count the sprockets");
  for (const char* bad : {"gears = 0", "gears = 263", "gears = -1", "offset = -11", "offset = 11",
                          "serial = -1", "gears = 4294967303", "gears = 9223372036854775807"})
    EXPECT_THAT(refusal(bad), HasSubstr("is out of range")) << bad;
  for (const char* bad : {"name = ''", "name = '12345678901'"})
    EXPECT_THAT(refusal(bad), HasSubstr("characters, allowed are 1..10")) << bad;
  EXPECT_THAT(refusal("owners = ['a','b','c']"), HasSubstr("has 3 elements, allowed are 0..2"));
  EXPECT_THAT(refusal("name = \"a\\u0000b\""), HasSubstr("control character"));
}

TEST(ConfigLoader, WordsAndAddressesAreTakenLiterally) {
  EXPECT_EQ(refusal("colour = \"blue\""),
            "bicycle.toml:1: colour: \"blue\" is not one of red, green; paint it");
  EXPECT_THAT(refusal("colour = \"Red\""), HasSubstr("is not one of"));
  EXPECT_THAT(refusal("mac = \"02:00\""), HasSubstr("is not a MAC address"));
  EXPECT_THAT(refusal("ip = \"10.0.0\""), HasSubstr("is not an IPv4 address"));
}

TEST(ConfigLoader, AMissingRequiredKeyNamesItsTable) {
  EXPECT_EQ(refusal("gears = 1\n[front]\nspokes = 3\n"),
            "bicycle.toml:2: front.maker: is missing; look at the hub");
  EXPECT_THAT(refusal("[[spares]]\nmaker='a'\n[[spares]]\n"),
              HasSubstr("bicycle.toml:3: spares[1].maker: is missing"));
}

TEST(ConfigLoader, AllProblemsAreReportedTogether) {
  const std::string all = refusal("gears = 0\nbel = true\nip = \"x\"\n[front]\nspokes = 0\n");
  EXPECT_THAT(all, HasSubstr("bicycle.toml: 5 problems"));
  for (const char* part :
       {":1: gears", ":2: bel:", ":3: ip", ":5: front.spokes", "front.maker: is missing"})
    EXPECT_THAT(all, HasSubstr(part));
}

TEST(ConfigLoader, BrokenTomlNamesItsLine) {
  EXPECT_THAT(refusal("gears = 7\nname = \"open\n"), HasSubstr("bicycle.toml:2: not valid TOML"));
  EXPECT_THAT(refusal("gears = 1\ngears = 2\n"), HasSubstr("bicycle.toml:2: not valid TOML"));
  EXPECT_THAT(refusal(std::string(Document::kBytesMax + 1, '\n')), HasSubstr("larger than"));
  EXPECT_THAT(Document::load("/no/such/file.toml").error().message(), HasSubstr("cannot be read"));
  EXPECT_FALSE(Document::load("/").ok());
}

TEST(ConfigLoader, ALaterCheckFindsTheLineOfItsKey) {
  auto document = Document::parse("bell = true\n\n[front]\nmaker = 'a'\n", "b.toml");
  ASSERT_TRUE(document.ok());
  const auto loaded =
      load_config<Bicycle>(document.value(), [](const Bicycle&, Problems& problems) {
        problems.add("front.maker", "unknown maker", "");
        problems.add("front.spokes", "unsaid, so its table is named", "");
        problems.add("spares[3].maker", "nowhere", "");
      });
  ASSERT_FALSE(loaded.ok());
  const std::string all = loaded.error().message();
  EXPECT_THAT(all, HasSubstr("b.toml:4: front.maker: unknown maker"));
  EXPECT_THAT(all, HasSubstr("b.toml:3: front.spokes:"));
  EXPECT_THAT(all, HasSubstr("b.toml: spares[3].maker: nowhere"));
}

TEST(ConfigText, WhatIsPrintedLoadsBackToTheSame) {
  const std::string printed = print_config(load(kWhole).value());
  const auto again = load(printed);
  ASSERT_TRUE(again.ok()) << again.error().message() << printed;
  EXPECT_EQ(print_config(again.value()), printed);
  EXPECT_THAT(printed, HasSubstr("name = \"tour \\\"x\\\"\"\n"));
}

TEST(ConfigText, TheReferenceNamesEveryKnobOnce) {
  const std::string page = document_config<Bicycle>("Bicycle");
  for (const char* part :
       {"| `gears` | integer | 1..24 | `7` | gears | Gears \\| all. | count the sprockets |",
        "| `colour` | string | `red`, `green` | `\"green\"` |", "## `[front]`", "## `[[spares]]`",
        "| `maker` | string | 1..8 characters | required |"})
    EXPECT_THAT(page, HasSubstr(part));
}

TEST(ConfigText, DefaultsOutsideTheirBoundsAreFound) {
  EXPECT_TRUE(defaults_hold(Bicycle{}));
  Bicycle wrong;
  wrong.offset = 11;
  EXPECT_FALSE(defaults_hold(wrong));
}

}  // namespace
}  // namespace tradsys::config
