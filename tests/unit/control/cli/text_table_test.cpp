// Goal: columns line up whatever is in them, with and without colours, and a frame never leaves its
// terminal. Method: whole texts compared.
#include "control/cli/output/text_table.hpp"

#include <gtest/gtest.h>

#include "control/cli/output/screen.hpp"

namespace tradsys::cli {
namespace {

TEST(TextTable, LinesUpLeftAndRight) {
  TextTable table({"NAME", ">COUNT", "NOTE"});
  table.row({"a", "1", "first"});
  table.row({"longer", "1,000", ""});
  EXPECT_EQ(table.text({}),
            "NAME    COUNT  NOTE\n"
            "a           1  first\n"
            "longer  1,000\n");
}

TEST(TextTable, LeavesNoBlanksAtTheEnd) {
  TextTable table({"A", ">B", "C"});
  table.row({"wide cell", "", ""});
  EXPECT_EQ(table.text({}), "A          B  C\nwide cell\n");
}

TEST(TextTable, DoesNotCountColoursAsWidth) {
  TextTable table({"A", "B"});
  table.row({{"x", Tone::kBad}, "y"});
  table.row({"long", "z"});
  EXPECT_EQ(table.text(Paint{true}),
            "\x1b[1mA\x1b[0m     \x1b[1mB\x1b[0m\n\x1b[1;31mx\x1b[0m     y\nlong  z\n");
}

TEST(FitFrame, CutsRowsAndColumns) {
  EXPECT_EQ(fit_frame("abcdef\nxy\nlost\n", 2, 4), "abcd\x1b[K\r\nxy\x1b[K");
  EXPECT_EQ(fit_frame("", 5, 5), "");
}

TEST(FitFrame, KeepsColoursWholeAndFree) {
  EXPECT_EQ(fit_frame("\x1b[1mabcdef\x1b[0m\n", 5, 3), "\x1b[1mabc\x1b[0m\x1b[K");
  EXPECT_EQ(fit_frame("ab\x1b[", 5, 9), "ab\x1b[K") << "a sequence cut short is dropped";
}

}  // namespace
}  // namespace tradsys::cli
