#!/usr/bin/env python3
"""Checks the house rules over the whole tree: budgets, layers, banned words, paths, documents.

usage: tidy.py [--root DIR] [--rule NAME]...

Prints one line for each broken rule, 'path:line: rule: what', and exits 1 when there is one.
waivers.txt beside this program lists exceptions, each with its reason; one that is not needed any
more is a finding too.
"""
import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import document_rules  # noqa: E402
import layer_rules  # noqa: E402
import size_rules  # noqa: E402
import text_rules  # noqa: E402
from source_tree import Finding, SourceTree  # noqa: E402

RULES = size_rules.RULES + layer_rules.RULES + text_rules.RULES + document_rules.RULES
WAIVERS = "tests/tidy/waivers.txt"


def waivers_of(tree: SourceTree):
    """Lines 'rule path: reason'."""
    waivers = {}
    if WAIVERS not in tree.paths:
        return waivers
    for number, line in enumerate(tree.lines(WAIVERS), 1):
        if not line or line.startswith("#"):
            continue
        head, _, reason = line.partition(": ")
        rule, _, path = head.partition(" ")
        if not reason.strip():
            raise SystemExit(f"{WAIVERS}:{number}: a waiver needs a reason: 'rule path: reason'")
        waivers[(rule, path)] = number
    return waivers


def check(tree: SourceTree) -> list[Finding]:
    findings = sorted({f for rule in RULES for f in rule(tree)})
    waivers = waivers_of(tree)
    used = {(f.rule, f.path) for f in findings} & waivers.keys()
    kept = [f for f in findings if (f.rule, f.path) not in used]
    for key in waivers.keys() - used:
        kept.append(Finding(WAIVERS, waivers[key], "waiver", f"'{' '.join(key)}' is not needed"))
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--rule", action="append", help="show only findings of this rule")
    arguments = parser.parse_args()
    tree = SourceTree(arguments.root.resolve())
    findings = check(tree)
    if arguments.rule:
        findings = [f for f in findings if f.rule in arguments.rule]
    for finding in findings:
        print(finding)
    print(f"tidy: {len(tree.paths)} files, {len(findings)} findings", file=sys.stderr)
    return 1 if findings or not tree.paths else 0


if __name__ == "__main__":
    sys.exit(main())
