#!/usr/bin/env python3
"""Goal: a mistake in records.toml stops the build and says what is wrong; names and requirements
come from the dictionaries. Method: the real plan with one thing changed, through recordgen."""
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[5] / "hostsw" / "wire" / "fix" / "dictionary"
sys.dont_write_bytecode = True
sys.path.insert(0, str(FOLDER))

import recordgen  # noqa: E402


class RecordgenTest(unittest.TestCase):
    def generate(self, old="", new=""):
        """Generated files by name, of records.toml with `old` replaced."""
        with tempfile.TemporaryDirectory() as folder:
            plan = Path(folder) / "dictionary"
            shutil.copytree(FOLDER, plan)
            text = (plan / "records.toml").read_text()
            self.assertIn(old, text)
            (plan / "records.toml").write_text(text.replace(old, new, 1))
            recordgen.generate(plan / "records.toml", Path(folder))
            return {p.name: p.read_text() for p in (Path(folder) / "tradsys").iterdir()}

    def refuses(self, old, new, text):
        with self.assertRaisesRegex(recordgen.Mistake, text):
            self.generate(old, new)

    def test_every_version_has_its_files(self):
        self.assertEqual(sorted(self.generate()),
                         ["fix42_records.cpp", "fix44_records.cpp", "fix50sp2_records.cpp",
                          "fix_record_fields.hpp", "fix_records.hpp"])

    def test_names_are_snake_case(self):
        for name, snake in (("ClOrdID", "cl_ord_id"), ("SecurityIDSource", "security_id_source"),
                            ("Price", "price"), ("StopPx", "stop_px")):
            self.assertEqual(recordgen.snake(name), snake)

    def test_what_is_required_must_be_carried(self):
        self.refuses('D = """\n  ClOrdID', 'D = """\n  ', "ClOrdID is required")
        self.refuses("MsgSeqNum SenderCompID", "SenderCompID", "MsgSeqNum is required")

    def test_a_field_that_no_version_has_is_refused(self):
        self.refuses("ClOrdID Account", "ClOrdID Acount Account", "no version has Acount")
        self.refuses("ClOrdID Account", "ClOrdID RefSeqNum Account", "no version has RefSeqNum")

        self.refuses("PossDupFlag", "PosDupFlag", "no version has PosDupFlag")

    def test_a_field_stands_once(self):
        self.refuses("ClOrdID Account", "ClOrdID Account Account", "Account stands twice")

    def test_fields_of_groups_and_other_types_are_refused(self):
        self.refuses("TotalAffectedOrders", "TotalAffectedOrders OrigClOrdID", "OrigClOrdID")
        self.refuses("ClOrdID Account", "ClOrdID NoPartyIDs Account", "numingroup")
        self.refuses("ClOrdID Account", "ClOrdID EncodedText Account", "data")

    def test_times_have_milliseconds(self):
        self.refuses("timestamp_digits = 3", "timestamp_digits = 6", "3 digits")


if __name__ == "__main__":
    unittest.main()
