#!/usr/bin/env python3
"""Goal: the FIX 4.4 dictionary says nothing that the standard does not. Method: every field
(number, type, values) and every member of every message is looked up in the public FIX44.xml, which
lies with the test data (TRADSYS_TEST_DATA, or ../shared/data); skipped where it is absent.
usage: dictionary_test.py
"""
import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

FOLDER = Path("hostsw/wire/fix/dictionary")
sys.path.insert(0, str(FOLDER))
sys.dont_write_bytecode = True
import fixgen  # noqa: E402


def members_of(node, components):
    """Names of all members, of groups and components too."""
    for child in node:
        if child.tag == "component":
            yield from members_of(components[child.get("name")], components)
        else:
            yield child.get("name"), child.get("required") == "Y"
            if child.tag == "group":
                yield from members_of(child, components)


def differences(ours, root):
    fields = {f.get("name"): f for f in root.find("fields")}
    components = {c.get("name"): c for c in root.find("components")}
    messages = {m.get("msgtype"): m for m in root.find("messages")}
    for name, (tag, kind, values) in ours.fields.items():
        theirs = fields.get(name)
        if theirs is None or int(theirs.get("number")) != tag or theirs.get("type").lower() != kind:
            yield f"field {name}: {tag} {kind}"
        elif not set(values) <= {v.get("enum") for v in theirs.findall("value")}:
            yield f"field {name}: values"
    for msg_type, (name, members) in ours.messages.items():
        theirs = messages.get(msg_type)
        if theirs is None or theirs.get("name") != name:
            yield f"message {msg_type}: {name}"
            continue
        allowed = dict(members_of(theirs, components))
        yield from (f"{name}: {n} is no member" for n in ours.used(members) if n not in allowed)
        mine = {n for n, required, _ in members if required}
        required = {c.get("name") for c in theirs.findall("field") if c.get("required") == "Y"}
        yield from (f"{name}: {n} is required" for n in sorted(required - mine))
    known = set(ours.messages) | set(ours.others)
    yield from (f"message {t} is missing" for t in messages if t not in known)
    numbers = {int(f.get("number")) for f in fields.values()}
    stated = {n for low, high in ours.ranges for n in range(low, high + 1)}
    if numbers != stated:
        yield f"defined_tags: {sorted(numbers ^ stated)}"


def main():
    data = Path(os.environ.get("TRADSYS_TEST_DATA", "../shared/data"))
    standard = data / "fix_acceptance" / "FIX44.xml"
    if not standard.exists():
        print(f"SKIPPED: no {standard}: set TRADSYS_TEST_DATA to the folder that holds it")
        return 0
    ours = fixgen.Dictionary(FOLDER / "fix44.toml")
    found = list(differences(ours, ElementTree.parse(standard).getroot()))
    print("\n".join(found) or f"{len(ours.fields)} fields and {len(ours.messages)} messages agree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
