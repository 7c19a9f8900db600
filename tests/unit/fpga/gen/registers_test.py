#!/usr/bin/env python3
"""Goal: every mistake in a spec of registers is refused with file, place and remedy.
Method: a small good spec, changed in one place, through the reader of fpga/gen."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "fpga" / "gen"))

import golden  # noqa: E402
import registers_cpp  # noqa: E402
import registers_sv  # noqa: E402
import specgen  # noqa: E402
from model import SpecError  # noqa: E402

GOOD = """
name = "small"
version = 3
kind = "registers"
doc = "Small."
window_bytes = 4096
[[block]]
name = "id"
at = 0
doc = "Id."
register = [
  { at = 0, name = "magic", access = "constant", value = 7, doc = "Magic." },
  { at = 4, name = "version", access = "constant", value = "version", doc = "Version." },
{ at = 8, name = "layout_hash", access = "constant", bits = 64, value = "layout_hash", doc = "." },
]
[[block]]
name = "work"
at = 0x100
doc = "Work."
register = [
  { at = 0, name = "mode", access = "rw", doc = "Mode.", field = [
    { name = "on", bit = 0, doc = "On." },
    { name = "size", bit = 4, bits = 4, reset = 2, doc = "Size." },
  ] },
  { at = 4, name = "open", access = "key", key = [1, 2], doc = "Open." },
  { at = 8, name = "base", access = "rw", bits = 64, reset = 9, doc = "Base." },
  { at = 16, name = "events", access = "w1c", doc = "Events.", field = [
    { name = "late", bit = 0, doc = "Late." } ] },
  { at = 20, name = "snapshot", access = "snapshot", doc = "Snapshot." },
  { at = 24, name = "frames", access = "counter", step_bits = 2, doc = "Frames." },
]
"""


class RegisterErrors(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "small.toml"

    def load(self, text):
        self.path.write_text(text, encoding="utf-8")
        return specgen.load(self.path)

    def refused(self, old, new, *words):
        """With `old` replaced the spec is refused; the message names the file and all `words`."""
        self.assertIn(old, GOOD)
        with self.assertRaises(SpecError) as caught:
            self.load(GOOD.replace(old, new, 1))
        for word in ("small.toml: ", ) + words:
            self.assertIn(word, str(caught.exception))

    def test_the_good_spec_is_read_whole(self):
        spec = self.load(GOOD)
        self.assertEqual([item.offset for item in spec.registers],
                         [0, 4, 8, 0x100, 0x104, 0x108, 0x110, 0x114, 0x118])
        self.assertEqual(spec.registers[1].value, 3)
        self.assertEqual(spec.registers[2].value, int(spec.hash, 16))
        self.assertEqual(spec.registers[3].reset, 0x20)
        self.assertEqual(spec.registers[3].mask, 0xF1)
        self.assertIn("frames offset 0x0118 bits 64 access counter step 2", golden.emit(spec))

    def test_values_and_keys_reach_both_languages(self):
        spec = self.load(GOOD.replace("key = [1, 2]", "key = [0xAB, 0xCD]"))
        decode = registers_sv.emit_decode(spec)
        header = registers_cpp.emit(spec)
        self.assertIn("32'hab", decode)
        self.assertIn("32'hcd", decode)
        self.assertIn("bus_->write(0x104, 0xab);\n    bus_->write(0x104, 0xcd);", header)
        self.assertIn(f"64'h{int(spec.hash, 16):x}", decode)
        self.assertIn(f"kIdLayoutHash = 0x{int(spec.hash, 16):x};", header)

    def test_docs_are_no_layout_and_every_access_is(self):
        first = self.load(GOOD).hash
        self.assertEqual(self.load(GOOD.replace("Mode.", "What it does.")).hash, first)
        for old, new in (("bit = 4", "bit = 5"), ("reset = 2", "reset = 3"), ("[1, 2]", "[1, 3]"),
                         ("at = 24", "at = 32"), ("step_bits = 2", "step_bits = 3")):
            self.assertNotEqual(self.load(GOOD.replace(old, new)).hash, first, new)

    def test_an_offset_off_its_size_is_refused(self):
        self.refused("at = 8, name = \"base\"", "at = 12, name = \"base\"",
                     "block work, register base", "0x10c is misaligned for 8 bytes",
                     "multiple of 8")

    def test_two_registers_in_one_word_are_refused(self):
        self.refused("at = 16, name = \"events\"", "at = 12, name = \"events\"",
                     "block work, register events", "0x10c belongs to work.base already")

    def test_a_register_outside_the_window_is_refused(self):
        self.refused("at = 24", "at = 4096", "register frames", "outside the window of 0x1000")

    def test_a_block_inside_another_is_refused(self):
        self.refused("at = 0x100", "at = 0x8", "block work", "inside block 'id'")

    def test_a_window_that_is_no_power_of_two_is_refused(self):
        self.refused("4096", "5000", "window_bytes 5000", "0x10000")

    def test_an_unknown_access_is_refused_with_the_known_ones(self):
        self.refused('access = "w1c"', 'access = "w1s"', "register events",
                     "unknown access 'w1s'", "w1c")

    def test_fields_that_overlap_or_leave_the_word_are_refused(self):
        self.refused("bit = 4", "bit = 0", "register mode, field size",
                     "belongs to field 'on' already", "bit 1 or above")
        self.refused("bit = 4", "bit = 29", "field size", "bits 29 .. 32 are not within 0 .. 31")

    def test_a_reset_that_does_not_fit_is_refused(self):
        self.refused("reset = 2", "reset = 16", "field size", "reset 16 does not fit 4 bits")
        self.refused("reset = 9", "reset = -1", "register base", "reset -1 does not fit 64 bits")

    def test_a_key_of_one_word_or_of_two_equal_ones_is_refused(self):
        for key in ("[1]", "[1, 1]", "[0, 1]"):
            self.refused("[1, 2]", key, "register open", "is not two different words")

    def test_what_an_access_cannot_have_is_refused(self):
        self.refused('access = "key", key = [1, 2]', 'access = "r", key = [1, 2]', "register open",
                     "'key' means nothing for access 'r'", "access 'key'")
        self.refused('name = "late", bit = 0', 'name = "late", bit = 0, reset = 1', "field late",
                     "'reset' means nothing for access 'w1c'")
        self.refused('access = "w1c", doc', 'access = "w1c", bits = 64, doc', "register events",
                     "64 bits do not fit access 'w1c'")
        self.refused("value = 7, ", "", "register magic", "a constant has no value")
        self.refused('value = "layout_hash"',
                     'value = "hash"', "unknown value 'hash'", "layout_hash")
        self.refused("step_bits = 2", "step_bits = 33", "register frames", "33 is out of range")

    def test_a_name_the_generator_or_a_language_keeps_is_refused(self):
        self.refused('name = "late"', 'name = "raw"', "field raw", "the generator's own name")
        self.refused('name = "late"', 'name = "case"', "field case", "keyword")

    def test_a_map_the_host_could_not_refuse_by_is_refused(self):
        self.refused('name = "magic"', 'name = "number"', "no constant 'magic'")

    def test_counters_without_a_snapshot_are_refused(self):
        self.refused('"snapshot", access = "snapshot"', '"snapshot", access = "pulse"',
                     "0 snapshot registers", "exactly one")


if __name__ == "__main__":
    unittest.main()
