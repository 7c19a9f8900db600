#!/usr/bin/env python3
"""Goal: every mistake in a spec is refused with file, place and remedy; only layout is layout.
Method: small specs, each with one mistake, through the readers of fpga/gen; the emitters on good
ones."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "fpga" / "gen"))

import cpp  # noqa: E402
import cpp_messages  # noqa: E402
import golden  # noqa: E402
import markdown  # noqa: E402
import specgen  # noqa: E402
import sv  # noqa: E402
from model import SpecError  # noqa: E402

RECORD_HEAD = 'name = "small"\nversion = 1\ndoc = "Small."\n'
MESSAGE_HEAD = RECORD_HEAD + 'kind = "messages"\n'
ENUM = """
[[enum]]
name = "colour"
type = "u8"
doc = "Colour."
value = [ { name = "red", code = 0, doc = "Red." }, { name = "blue", code = 1, doc = "Blue." } ]
"""


def record(*fields, size, name="row"):
    lines = ", ".join("{ " + field + ', doc = "." }' for field in fields)
    return (f'\n[[record]]\nname = "{name}"\nsize_bytes = {size}\ndoc = "Row."\n'
            f"field = [ {lines} ]\n")


def message(*fields, size, code="A", name="thing", more=""):
    lines = ", ".join("{ " + field + ', doc = "." }' for field in fields)
    return (
        f'\n[[message]]\ntype = "{code}"\nname = "{name}"\nbytes = {size}\ndoc = "Thing."\n{more}'
        f"field = [ {lines} ]\n")


class SpecCase(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def load(self, text, name="small"):
        path = self.folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return specgen.load(path)

    def refused(self, text, *words):
        """The spec is refused, and the message names the file and all of `words`."""
        with self.assertRaises(SpecError) as caught:
            self.load(text)
        for word in ("small.toml", ) + words:
            self.assertIn(word, str(caught.exception))


class RecordErrors(SpecCase):

    def test_a_field_off_its_alignment_is_implicit_padding(self):
        self.refused(
            RECORD_HEAD + record('name = "a", type = "u8"', 'name = "b", type = "u32"', size=8),
            "record row, field b", "misaligned", "3 bytes of implicit padding", "reserved u8[3]")

    def test_padding_at_the_end_is_implicit_padding(self):
        self.refused(
            RECORD_HEAD + record('name = "a", type = "u32"', 'name = "b", type = "u8"', size=8),
            "record row", "3 bytes of implicit padding at the end", "reserved u8[3]")

    def test_fields_that_do_not_add_up_to_size_bytes_are_refused(self):
        self.refused(RECORD_HEAD + record('name = "a", type = "u32"', size=8), "record row",
                     "size mismatch", "take 4 bytes", "says 8")

    def test_an_unknown_type_is_refused_with_the_known_ones(self):
        self.refused(RECORD_HEAD + record('name = "a", type = "u24"', size=3),
                     "record row, field a", "unknown type 'u24'", "u16")

    def test_an_unknown_enum_is_refused_with_the_known_ones(self):
        self.refused(RECORD_HEAD + ENUM + record('name = "a", type = "u8", enum = "color"', size=1),
                     "record row, field a", "unknown enum 'color'", "colour")

    def test_an_enum_of_another_width_is_refused(self):
        self.refused(
            RECORD_HEAD + ENUM + record('name = "a", type = "u16", enum = "colour"', size=2),
            "field a", "not that of enum 'colour'", "use u8")

    def test_a_field_name_given_twice_is_refused(self):
        self.refused(
            RECORD_HEAD + record('name = "a", type = "u8"', 'name = "a", type = "u8"', size=2),
            "record row", "duplicate field name 'a'")

    def test_a_record_name_given_twice_is_refused(self):
        row = record('name = "a", type = "u8"', size=1)
        self.refused(RECORD_HEAD + row + row, "duplicate enum or record name 'row'")

    def test_an_enum_code_given_twice_is_refused(self):
        self.refused(RECORD_HEAD + ENUM.replace("code = 1", "code = 0"), "enum colour",
                     "duplicate code '0'")

    def test_an_enum_name_given_twice_is_refused(self):
        self.refused(RECORD_HEAD + ENUM.replace('"blue"', '"red"'), "enum colour",
                     "duplicate name 'red'")

    def test_an_enum_code_beyond_its_type_is_refused(self):
        self.refused(RECORD_HEAD + ENUM.replace("code = 1", "code = 256"),
                     "enum colour, value blue", "does not fit u8")

    def test_a_reset_that_does_not_fit_is_refused(self):
        self.refused(RECORD_HEAD + record('name = "a", type = "u8", reset = 256', size=1),
                     "record row, field a", "reset 256 does not fit u8", "0 .. 255")
        self.refused(RECORD_HEAD + record('name = "a", type = "i8", reset = -129', size=1),
                     "-128 .. 127")
        self.refused(
            RECORD_HEAD + ENUM +
            record('name = "a", type = "u8", enum = "colour", reset = 7', size=1),
            "reset 7 is no code of enum 'colour'")

    def test_codes_of_a_priority_enum_must_ascend(self):
        swapped = ENUM.replace("code = 0", "code = 5") + "priority = true\n"
        self.refused(RECORD_HEAD + swapped, "enum colour, value blue", "code 1 is not above 5",
                     "ascend")

    def test_codes_of_a_priority_enum_are_bits_of_64(self):
        self.refused(RECORD_HEAD + ENUM.replace("code = 1", "code = 64") + "priority = true\n",
                     "0 .. 63")

    def test_an_unknown_key_is_refused_with_the_likely_one(self):
        self.refused(RECORD_HEAD + record('name = "a", type = "u8", rest = 1', size=1),
                     "record row, field a", "unknown key 'rest'", "did you mean 'reset'?")

    def test_a_missing_key_and_a_key_of_the_wrong_kind_are_refused(self):
        self.refused(RECORD_HEAD + record('name = "a"', size=1), "key 'type' is missing",
                     "type = <string>")
        self.refused(RECORD_HEAD + record('name = 7, type = "u8"', size=1), "'name' is 7",
                     "write a string")

    def test_a_name_that_no_language_takes_is_refused(self):
        self.refused(RECORD_HEAD + record('name = "Price", type = "u8"', size=1),
                     "not a snake_case name")
        self.refused(RECORD_HEAD + record('name = "reg", type = "u8"', size=1), "keyword")

    def test_broken_toml_and_an_absent_file_are_refused(self):
        self.refused("name = \n", "not TOML", "line 1")
        with self.assertRaisesRegex(SpecError, "absent.toml: cannot be read"):
            specgen.load(self.folder / "absent.toml")

    def test_a_name_other_than_the_file_is_refused(self):
        self.refused(RECORD_HEAD.replace('"small"', '"large"'),
                     "name 'large' is not that of the file")

    def test_an_unknown_kind_is_refused(self):
        self.refused(RECORD_HEAD + 'kind = "tables"\n', "unknown kind 'tables'", "messages")

    def test_all_mistakes_of_a_file_are_reported_at_once(self):
        self.refused(
            RECORD_HEAD + ENUM.replace("code = 1", "code = 0") +
            record('name = "a", type = "u8"', size=2), "duplicate code '0'", "size mismatch")


class MessageErrors(SpecCase):
    PRICE = 'at = 1, name = "price", type = "u32"'

    def test_overlapping_fields_are_refused(self):
        self.refused(
            MESSAGE_HEAD + message(self.PRICE, 'at = 4, name = "size", type = "u32"', size=8),
            "message thing, field size", "overlapping", "ends at 5")

    def test_a_field_over_the_type_code_is_refused(self):
        self.refused(MESSAGE_HEAD + message('at = 0, name = "price", type = "u32"', size=4),
                     "overlapping")

    def test_a_gap_between_fields_is_refused(self):
        self.refused(
            MESSAGE_HEAD + message(self.PRICE, 'at = 6, name = "size", type = "u8"', size=7),
            "field size", "1 undescribed bytes before it")

    def test_a_size_that_is_not_the_end_of_the_fields_is_refused(self):
        self.refused(MESSAGE_HEAD + message(self.PRICE, size=6), "message thing", "size mismatch",
                     "end at 5")

    def test_unknown_type_and_codes_are_refused(self):
        self.refused(MESSAGE_HEAD + message('at = 1, name = "price", type = "price4"', size=5),
                     "field price", "unknown type 'price4'", "alpha[n]")
        self.refused(
            MESSAGE_HEAD + message('at = 1, name = "side", type = "char", codes = "sides"', size=2),
            "codes 'sides' do not fit")

    def test_a_type_code_or_name_given_twice_is_refused(self):
        self.refused(
            MESSAGE_HEAD + message(self.PRICE, size=5) + message(self.PRICE, size=5, name="other"),
            "duplicate message type 'A'")
        self.refused(
            MESSAGE_HEAD + message(self.PRICE, size=5) + message(self.PRICE, size=5, code="B"),
            "duplicate message name 'thing'")

    def test_a_type_code_of_two_letters_is_refused(self):
        self.refused(MESSAGE_HEAD + message(self.PRICE, size=5, code="AB"),
                     "not one printable character")

    def test_an_unknown_group_is_refused(self):
        self.refused(MESSAGE_HEAD + message(self.PRICE, size=5, more='group = "up"\n'),
                     "unknown group 'up'")

    def test_a_tail_whose_length_nothing_states_is_refused(self):
        self.refused(MESSAGE_HEAD + message(self.PRICE, size=5, more='tail = "rest"\n'),
                     "nothing states the length of its tail 'rest'")

    def test_a_group_with_and_without_types_is_refused(self):
        untyped = message('at = 0, name = "price", type = "u32"', size=4,
                          name="bare").replace('type = "A"\n', "")
        self.refused(MESSAGE_HEAD + message(self.PRICE, size=5) + untyped,
                     "some messages have a type")

    def test_an_option_tag_given_twice_is_refused(self):
        option = '\n[[option]]\nname = "{}"\ntag = 1\ntype = "u32"\ndoc = "."\n'
        self.refused(MESSAGE_HEAD + option.format("one") + option.format("two"),
                     "duplicate option tag '1'")

    def test_a_field_of_two_types_is_refused_where_messages_are_taken_apart(self):
        spec = self.load(
            MESSAGE_HEAD + message('at = 1, name = "price", type = "u32"', size=5) +
            message('at = 1, name = "price", type = "u64"', size=9, code="B", name="other"))
        with self.assertRaises(SpecError) as caught:
            sv.emit(spec)
        self.assertIn("message other, field price", str(caught.exception))
        self.assertIn("another name", str(caught.exception))

    def test_two_entries_with_one_systemverilog_name_are_refused(self):
        spec = self.load(
            MESSAGE_HEAD + message(
                'at = 1, name = "a_b", type = "u8"', 'at = 2, name = "b", type = "u8"', size=3) +
            message('at = 1, name = "b", type = "u8"', size=2, code="B", name="thing_a"))
        with self.assertRaisesRegex(SpecError, "'ThingABOffset' would be declared twice"):
            sv.emit(spec)


class Layout(SpecCase):
    GOOD = RECORD_HEAD + ENUM + record(
        'name = "a", type = "u16"', 'name = "b", type = "u8[2]"', size=4)

    def test_editing_docs_leaves_the_hash_and_the_golden_listing_alone(self):
        before = self.load(self.GOOD)
        after = self.load(
            self.GOOD.replace('"Colour."', '"Another doc."').replace('doc = "."', 'doc = "More."'))
        self.assertEqual(before.hash, after.hash)
        self.assertEqual(golden.emit(before), golden.emit(after))
        self.assertNotEqual(markdown.emit(before), markdown.emit(after))

    def test_every_change_of_layout_or_meaning_changes_the_hash(self):
        before = self.load(self.GOOD).hash
        for old, new in (('"u16"', '"i16"'), ('name = "a"', 'name = "c"'), ("code = 1", "code = 2"),
                         ('"u8[2]"', '"u8[2]", reset = 0'), ("version = 1", "version = 2")):
            self.assertNotEqual(before, self.load(self.GOOD.replace(old, new)).hash, new)

    def test_docs_of_messages_are_not_layout(self):
        text = MESSAGE_HEAD + message('at = 1, name = "price", type = "u32"', size=5)
        self.assertEqual(self.load(text).hash, self.load(text.replace("Thing.", "Other.")).hash)

    def test_a_golden_listing_that_differs_says_what_and_how_to_update(self):
        (self.folder / "small.txt").write_text(golden.emit(self.load(self.GOOD)), encoding="utf-8")
        self.assertEqual(golden.check(self.load(self.GOOD), self.folder), "")
        problem = golden.check(self.load(self.GOOD.replace('name = "b"', 'name = "c"')),
                               self.folder)
        self.assertIn("-  b offset 2 width 2 type u8[2]", problem)
        self.assertIn("+  c offset 2 width 2 type u8[2]", problem)
        self.assertIn("--update-golden", problem)

    def test_the_command_fails_on_a_bad_spec_and_still_writes_the_good_ones(self):
        good, bad = self.folder / "small.toml", self.folder / "bad.toml"
        good.write_text(self.GOOD, encoding="utf-8")
        bad.write_text("name = 1\n", encoding="utf-8")
        out = self.folder / "out"
        stderr, sys.stderr = sys.stderr, open(self.folder / "stderr", "w", encoding="utf-8")
        try:
            self.assertEqual(specgen.main(["--out", str(out), str(bad), str(good)]), 1)
        finally:
            sys.stderr.close()
            sys.stderr = stderr
        self.assertIn("bad.toml", (self.folder / "stderr").read_text(encoding="utf-8"))
        self.assertTrue((out / "tradsys" / "small_spec.hpp").exists())

    def test_an_unchanged_file_is_not_written_again(self):
        path = self.folder / "out.txt"
        specgen.write(path, "same")
        before = path.stat().st_mtime_ns
        specgen.write(path, "same")
        self.assertEqual(before, path.stat().st_mtime_ns)


class Emitters(SpecCase):

    def test_systemverilog_names_the_last_field_first(self):
        text = sv.emit(self.load(Layout.GOOD))
        self.assertLess(text.index("[15:0] b;"), text.index("[15:0] a;"))

    def test_a_reset_value_reaches_both_languages(self):
        spec = self.load(
            RECORD_HEAD +
            record('name = "a", type = "u8"', 'name = "kill", type = "u8", reset = 1', size=2))
        self.assertIn("std::uint8_t kill = 1;", cpp.emit(spec))
        self.assertIn("RowReset = 16'h0100;", sv.emit(spec))

    def test_a_type_code_reaches_both_languages(self):
        spec = self.load(MESSAGE_HEAD + message('at = 1, name = "price", type = "u48"', size=7))
        self.assertIn("load_be48(bytes_ + 1)", cpp_messages.emit(spec))
        self.assertIn("ThingType = 8'h41;", sv.emit(spec))
        self.assertIn("ThingPriceOffset = 1;", sv.emit(spec))

    def test_a_bar_in_a_doc_does_not_break_the_table(self):
        spec = self.load(
            RECORD_HEAD +
            record('name = "a", type = "u8"', size=1).replace('doc = "."', 'doc = "x|y"'))
        self.assertIn("x\\|y", markdown.emit(spec))


if __name__ == "__main__":
    unittest.main(verbosity=1)
