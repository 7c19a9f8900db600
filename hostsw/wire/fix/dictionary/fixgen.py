#!/usr/bin/env python3
"""Makes the C++ tables of FIX dictionaries: usage: fixgen.py --out DIR FILE.toml...

Writes DIR/tradsys/fix_dictionaries.hpp: one constexpr Dictionary per file, and the tags of all of
them by name. The notation is told in fix44.toml. Any mistake in a file stops the build.
"""
import argparse
import re
import sys
import tomllib
from pathlib import Path

TYPES = {
    "string": "kString", "currency": "kString", "exchange": "kString", "country": "kString",
    "char": "kChar", "int": "kInt", "boolean": "kBoolean", "data": "kData",
    "seqnum": "kCount", "numingroup": "kCount", "length": "kCount",
    "qty": "kDecimal", "price": "kDecimal", "priceoffset": "kDecimal", "amt": "kDecimal",
    "float": "kDecimal", "percentage": "kDecimal",
    "utctimestamp": "kTimestamp", "utctimeonly": "kTime", "utcdateonly": "kDate",
    "localmktdate": "kDate", "monthyear": "kMonthYear", "multiplevaluestring": "kWords",
}
TOKEN = re.compile(r"\s*(<\w+>|\w+\*?|\(|\))")


class Mistake(Exception):
    """A dictionary that says something impossible."""


def tokens(text):
    at = 0
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Mistake(f"'{text[at:at + 20]}' is no field, component or group")
        at = match.end()
        yield match.group(1)


class Dictionary:
    """One version: fields by name; per message its members (name, required, group members)."""

    def __init__(self, path):
        self.name = path.stem
        doc = tomllib.loads(path.read_text())
        extends = doc.get("extends")
        base = Dictionary(path.with_name(f"{extends}.toml")) if extends else None
        own_messages = doc.get("own_messages", False)
        self.version = doc["version"]
        self.session = doc.get("session", self.name)
        self.fields = dict(base.fields) if base else {}
        for name, text in doc["fields"].items():
            self.fields[name] = self.field(name, text)
        self.components = dict(base.components) if base and not own_messages else {}
        self.components.update(doc.get("components", {}))
        texts = dict(base.texts) if base and not own_messages else {}
        texts.update(doc["messages"])
        self.texts = texts
        above_a_session = self.session != self.name
        self.header = [] if above_a_session else self.members(doc["header"]["fields"])
        self.trailer = [] if above_a_session else self.members(doc["trailer"]["fields"])
        self.messages = {}
        for msg_type, text in texts.items():
            name, _, body = text.partition(":")
            if not (above_a_session and msg_type in "012345A"):
                self.messages[msg_type] = (name.strip(), self.members(body))
        self.others = doc["other_messages"].split()
        self.ranges = [tuple(map(int, (r.split("-") * 2)[:2])) for r in doc["defined_tags"].split()]
        if base:
            bodies = [member for _, members in self.messages.values() for member in members]
            used = set(self.used(self.header + self.trailer + bodies))
            self.fields = {name: f for name, f in self.fields.items() if name in used}
        taken = {}
        for name, (tag, _, _) in self.fields.items():
            if taken.setdefault(tag, name) != name:
                raise Mistake(f"{self.name}: tag {tag} is {taken[tag]} and {name}")

    def field(self, name, text):
        """`+` before the values: those of the version below, and these."""
        tag, kind, *values = text.split()
        if kind not in TYPES:
            raise Mistake(f"{name}: '{kind}' is no type")
        expanded = []
        if values and values[0] == "+":
            expanded = list(self.fields[name][2])
            values = values[1:]
        for value in values:
            low, dots, high = value.partition("..")
            expanded += map(str, range(int(low), int(high) + 1)) if dots else [value]
        return int(tag), kind, expanded

    def members(self, text):
        stack, flat = [], []
        for token in self.expand(text):
            if token == "(":
                stack.append(flat)
                flat = []
            elif token == ")":
                group, flat = flat, stack.pop()
                flat[-1] = (*flat[-1][:2], group)
            else:
                name = token.rstrip("*")
                if name not in self.fields:
                    raise Mistake(f"{self.name}: no field '{name}'")
                flat.append((name, token.endswith("*"), None))
        return flat

    def expand(self, text):
        for token in tokens(text):
            if token.startswith("<"):
                if token[1:-1] not in self.components:
                    raise Mistake(f"{self.name}: no component '{token[1:-1]}'")
                yield from self.expand(self.components[token[1:-1]])
            else:
                yield token

    def used(self, members):
        for name, _, group in members:
            yield name
            if group:
                yield from self.used(group)


class Tables:
    """The arrays of one dictionary."""

    def __init__(self, dictionary):
        self.d = dictionary
        self.members, self.groups, self.messages, self.values = [], [], [], []
        self.header = self.add(dictionary.header)
        self.trailer = self.add(dictionary.trailer)
        for msg_type, (name, members) in sorted(dictionary.messages.items()):
            first, count = self.add(members)
            self.messages.append(f'{{"{msg_type}", "{name}", {first}, {count}}}')
        self.messages += [f'{{"{t}", "", 0, 0}}' for t in dictionary.others]
        self.fields = []
        for name, (tag, kind, values) in sorted(dictionary.fields.items(), key=lambda f: f[1][0]):
            row = f"{tag}, FieldType::{TYPES[kind]}, {len(self.values)}, {len(values)}"
            self.fields.append(f"{{{row}}}")
            self.values += [f'"{v}"' for v in values]

    def add(self, members):
        """Members of one message or group stand together, sorted by tag."""
        rows = []
        for name, required, group in members:
            number = 0
            if group:
                first, count = self.add(group)
                self.groups.append(f"{{{self.tag(group[0][0])}, {first}, {count}}}")
                number = len(self.groups)
            rows.append((self.tag(name), required, number))
        tags = [tag for tag, _, _ in rows]
        if len(set(tags)) != len(tags):
            raise Mistake(f"{self.d.name}: a field stands twice in {members[0][0]}...")
        first = len(self.members)
        self.members += [f"{{{t}, {str(r).lower()}, {g}}}" for t, r, g in sorted(rows)]
        return first, len(rows)

    def tag(self, name):
        return self.d.fields[name][0]

    def write(self):
        d = self.d
        ranges = [f"{{{low}, {high}}}" for low, high in d.ranges]
        lines = [f"namespace {d.name} {{"]
        for kind, name, rows in (
            ("FieldRow", "kFields", self.fields),
            ("std::string_view", "kValues", self.values),
            ("MemberRow", "kMembers", self.members),
            ("GroupRow", "kGroups", self.groups),
            ("MessageRow", "kMessages", self.messages),
            ("TagRange", "kRanges", ranges),
        ):
            lines.append(f"inline constexpr std::array<{kind}, {len(rows)}> {name}{{{{")
            lines += [f"  {row}," for row in rows] + ["}};"]
        lines.append(
            f'inline constexpr Dictionary kDictionary{{"{d.version}", kFields, kValues, kMembers, '
            f"kGroups, kMessages, kRanges, {{{self.header[0]}, {self.header[1]}}}, "
            f"{{{self.trailer[0]}, {self.trailer[1]}}}}};")
        lines.append(f"}}  // namespace {d.name}\n")
        return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    lines = ["// Made from hostsw/wire/fix/dictionary; not edited.", "#pragma once",
             "#include <array>", "", '#include "hostsw/wire/fix/dictionary.hpp"', "",
             "namespace tradsys::fix {", ""]
    names = {}
    for path in args.files:
        dictionary = Dictionary(path)
        lines += Tables(dictionary).write()
        for name, (tag, _, _) in dictionary.fields.items():
            names.setdefault(name, tag)
            if names[name] != tag:
                raise Mistake(f"{name} is {names[name]} and {tag}")
    lines.append("namespace tag {")
    by_tag = sorted(names.items(), key=lambda n: n[1])
    lines += [f"inline constexpr i32 k{name} = {tag};" for name, tag in by_tag]
    lines += ["}  // namespace tag", "}  // namespace tradsys::fix", ""]
    target = args.out / "tradsys" / "fix_dictionaries.hpp"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines))


if __name__ == "__main__":
    try:
        main()
    except (Mistake, KeyError, tomllib.TOMLDecodeError) as mistake:
        sys.exit(f"fixgen: {mistake}")
