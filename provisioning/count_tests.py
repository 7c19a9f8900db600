#!/usr/bin/env python3
"""Reads a JUnit report of ctest. Prints "PASSED FAILED" on stdout, and on stderr what was skipped.

usage: count_tests.py REPORT.xml

A test program counts once. One that skipped some of its cases has passed, but the reasons are told:
its output says "SKIPPED: reason".
"""
import re
import sys
import xml.etree.ElementTree as ElementTree


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    passed = failed = 0
    skips = {}
    for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        name = case.get("name", "?")
        reasons = re.findall(r"SKIPPED: *(.+)", case.findtext("system-out") or "")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            reasons = reasons or [case.find("skipped").get("message") or "not run"]
        else:
            passed += 1
        for reason in reasons:
            skips.setdefault(reason.strip(), []).append(name)
    for reason, names in skips.items():
        print(f"skipped in {', '.join(sorted(set(names)))}: {reason}", file=sys.stderr)
    print(passed, failed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
