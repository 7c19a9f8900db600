#!/usr/bin/env python3
"""Makes the typed FIX records: usage: recordgen.py --out DIR RECORDS.toml.

Writes DIR/tradsys/fix_records.hpp (records, read and write, in one namespace for each version),
fix_record_fields.hpp (their fields by name) and VERSION_records.cpp beside it. The notation is told
in records.toml; the dictionaries lie beside it. Any mistake in a file stops the build.
"""
import argparse
import re
import sys
import tomllib
from pathlib import Path

import fixgen
from fixgen import Mistake

SKIPPED_BODY = 63
TEXTS = {"string", "currency", "exchange", "country"}
DECIMALS = {"price", "priceoffset", "amt", "float", "percentage"}
HEAD = ("BeginString", "BodyLength", "MsgType")


def snake(name):
    """ClOrdID -> cl_ord_id, SecurityIDSource -> security_id_source."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def bits_of(values):
    """The two words of Allowed."""
    word = sum(1 << value for value in set(values))
    return f"{{0x{word & (1 << 64) - 1:X}, 0x{word >> 64:X}}}"


class Field:
    """A field of a record: its C++ type and how it is read and written."""

    def __init__(self, plan, dictionary, name, required):
        own_name = plan.own_name(dictionary, name)
        self.tag, kind, values = dictionary.fields[own_name]
        self.name, self.required = snake(name), required
        self.type = f"FieldType::{fixgen.TYPES[kind]}"
        self.bytes_max = plan.bytes_max.get(name, plan.bytes_max["default"])
        self.decimals = plan.decimals.get(name, plan.decimals["default"])
        self.values = values
        self.shape = self.shape_of(kind, values)
        self.cpp, self.value_bytes, self.take, self.put = getattr(self, self.shape)()

    @staticmethod
    def shape_of(kind, values):
        if kind in TEXTS and not values:
            return "text"
        if kind == "char" or kind in TEXTS and all(len(v) == 1 for v in values):
            return "character"
        if kind in TEXTS | {"int"} and values and all(v.isdecimal() for v in values):
            return "code"
        if kind in TEXTS or kind == "multiplevaluestring":
            return "listed"
        if kind in DECIMALS:
            return "decimal"
        shapes = {"qty": "quantity", "int": "whole", "seqnum": "count", "length": "count",
                  "boolean": "boolean", "utctimestamp": "timestamp", "localmktdate": "date",
                  "utcdateonly": "date"}
        if kind not in shapes:
            raise Mistake(f"a record cannot carry the type '{kind}'")
        return shapes[kind]

    def text(self):
        return ("std::string_view", self.bytes_max, f"take_text(v, {self.bytes_max}, x)",
                f"text(L, x, {self.bytes_max})")

    def listed(self):
        return ("std::string_view", self.bytes_max,
                f"take_listed(v, kDictionary, {self.tag}, {self.bytes_max}, x)",
                f"text(L, x, {self.bytes_max})")

    def character(self):
        if not self.values:
            raise Mistake(f"{self.name}: a character of any value")
        allowed = bits_of(map(ord, self.values))
        return ("char", 1, f"take_char(v, {self.type}, Allowed{allowed}, x)",
                f"character(L, x, Allowed{allowed})")

    def code(self):
        allowed = bits_of(map(int, self.values))
        return ("u32", 3, f"take_code(v, {self.type}, Allowed{allowed}, x)",
                f"code(L, x, Allowed{allowed})")

    def decimal(self):
        return (f"Decimal<{self.decimals}>", 21, "take_decimal(v, x)", "decimal(L, x)")

    def quantity(self):
        return ("u64", 20, "take_quantity(v, x)", "count(L, x)")

    def count(self):
        return ("u64", 20, "take_count(v, x)", "count(L, x)")

    def whole(self):
        return ("i64", 20, "take_whole(v, x)", "whole(L, x)")

    def boolean(self):
        return ("bool", 1, "take_boolean(v, x)", "boolean(L, x)")

    def timestamp(self):
        return ("Nanos", 21, "take_timestamp(v, day, x)", "timestamp(L, x)")

    def date(self):
        return ("u32", 8, "take_date(v, x)", "date(L, x)")

    def has_own_nothing(self):
        """An empty text and the character 0 say that there is none; other types are optional."""
        return self.cpp in ("std::string_view", "char")

    def declaration(self):
        plain = self.required or self.has_own_nothing()
        cpp = self.cpp if plain else f"std::optional<{self.cpp}>"
        start = "{}" if plain and self.cpp in ("u64", "i64", "u32", "bool", "char", "Nanos") else ""
        note = "" if self.required else "  ///< optional"
        return f"  {cpp} {self.name}{start};{note}"

    def case(self, slot, path, in_header):
        """Reads into the record."""
        target = f"r.{path}{self.name}"
        if not (self.required or self.has_own_nothing()):
            target += ".emplace()"
        check = " if (seen >= bit(kFirstBody)) return kLate;" if in_header else ""
        take = self.take.replace(", x)", f", {target})")
        return f"      case {slot}:{check} seen |= bit({slot}); return {take};"

    def encode(self, path):
        source = f"m.{path}{self.name}"
        lead = f'lead("\\x01" "{self.tag}=")'
        call = self.put.replace("L", lead, 1)
        if self.required:
            return f"  e.{call.replace(', x', f', {source}')};"
        there = {"std::string_view": f"!{source}.empty()", "char": f"{source} != 0"}
        value = source if self.cpp in there else f"*{source}"
        return (f"  if ({there.get(self.cpp, source)}) {{ e.expect(1); "
                f"e.{call.replace(', x', f', {value}')}; }}")


    def info(self, path):
        """What is told of the field to a visitor."""
        facts = f'{self.tag}, "{self.name}", {self.type}, {str(self.required).lower()}'
        header = str(bool(path)).lower()
        info = f"FieldInfo{{{facts}, {header}, {self.bytes_max}}}"
        return f"  visit({info}, record.{path}{self.name});"


class Plan:
    """records.toml."""

    def __init__(self, path):
        doc = tomllib.loads(path.read_text())
        self.folder = path.parent
        self.versions = doc["versions"].split()
        self.bytes_max, self.decimals = doc["bytes_max"], doc["decimals"]
        if doc["timestamp_digits"] != 3:
            raise Mistake("timestamps are written with 3 digits")
        self.header = doc["header"]["fields"].split()
        self.records = {t: text.split() for t, text in doc["records"].items()}
        self.names = fixgen.Dictionary(self.folder / "fix44.toml").fields
        self.taken = set()

    def own_name(self, dictionary, name):
        """What a version calls the field that FIX 4.4 calls `name`; None when it has none."""
        if name in dictionary.fields:
            return name
        tag = self.names[name][0] if name in self.names else None
        return next((n for n, f in dictionary.fields.items() if f[0] == tag), None)

    def fields(self, dictionary, members, names, where):
        """Fields of `names` that are members, by tag; all that are required must be among them."""
        plain = {name: required for name, required, _ in members}
        grouped = set(n for _, _, group in members if group for n, _, _ in flat(group))
        carried = []
        for name in names:
            own = self.own_name(dictionary, name)
            if names.count(name) > 1:
                raise Mistake(f"{where}: {name} stands twice")
            if own not in plain:
                continue
            if own in grouped:
                raise Mistake(f"{where}: {name} stands in a group, too")
            self.taken.add((where, name))
            carried.append(Field(self, dictionary, name, plain[own]))
        carried_tags = {f.tag for f in carried}
        for name, required in plain.items():
            if required and name not in HEAD and dictionary.fields[name][0] not in carried_tags:
                raise Mistake(f"{where}: {name} is required and not carried")
        return carried


def flat(members):
    for member in members:
        yield member
        if member[2]:
            yield from flat(member[2])


class Version:
    """The records of one version."""

    def __init__(self, plan, name):
        self.name = name
        self.body = fixgen.Dictionary(plan.folder / f"{name}.toml")
        self.session = self.body
        if self.body.session != name:
            self.session = fixgen.Dictionary(plan.folder / f"{self.body.session}.toml")
        header = [m for m in self.session.header if m[0] not in HEAD + ("CheckSum",)]
        self.header = plan.fields(self.session, header, plan.header, "header")
        self.header_tags = {self.session.fields[n][0]: None for n, _, _ in flat(header)}
        self.records = {}
        for msg_type, names in plan.records.items():
            if msg_type in self.body.messages:
                name, members = self.body.messages[msg_type]
                self.records[msg_type] = (name, plan.fields(self.body, members, names, name))

    def declarations(self):
        begin = self.session.version
        lines = [f"namespace {self.name} {{", "", f"/// What the header of {begin} carries.",
                 "struct Header {"]
        lines += [f.declaration() for f in self.header]
        lines += ["  bool operator==(const Header&) const = default;", "};", ""]
        for msg_type, (name, fields) in self.records.items():
            lines += [f"/// 35={msg_type}.", f"struct {name} {{",
                      f"  static constexpr usize kBytesMax = {self.bytes_max(msg_type, fields)};",
                      "  Header header;"]
            lines += [f.declaration() for f in fields]
            lines += [f"  bool operator==(const {name}&) const = default;", "};",
                      f"[[nodiscard]] ReadOutcome read(std::string_view frame, {name}& out) "
                      "noexcept;",
                      f"[[nodiscard]] usize write(const {name}& record, std::span<char> out) "
                      "noexcept;",
                      f"[[nodiscard]] usize write_body(const {name}& record, std::span<char> out) "
                      "noexcept;", ""]
        return lines + [f"}}  // namespace {self.name}", ""]

    def bytes_max(self, msg_type, fields):
        """The longest text of a record, and room for copies that go beyond its end."""
        text = sum(len(f"|{f.tag}=") + f.value_bytes for f in self.header + fields)
        head = len(f"8={self.session.version}|9=|35={msg_type}") + 20
        return (head + text + len("|10=000|") + 64 + 63) // 64 * 64

    def slots(self, fields):
        """(slot of each tag, tag of each slot, slots of header fields, first slot of the body)."""
        head = {self.session.fields[n][0]: None for n in HEAD}
        head |= {f.tag: f for f in self.header}
        in_header = sorted(head)
        skipped_header = len(in_header)
        in_body = sorted(f.tag for f in fields)
        first_body = skipped_header + 1
        if first_body + len(in_body) > SKIPPED_BODY:
            raise Mistake(f"{self.name}: too many fields in a record")
        slots = {tag: skipped_header for tag in self.header_tags}
        slots |= {tag: slot for slot, tag in enumerate(in_header)}
        slots |= {tag: first_body + i for i, tag in enumerate(in_body)}
        return slots, in_header + [0] + in_body, first_body

    def definitions(self, msg_type):
        name, fields = self.records[msg_type]
        slots, tags, first_body = self.slots(fields)
        required = [f.tag for f in self.header + fields if f.required]
        mask = sum(1 << slots[tag] for tag in required)
        head_seen = sum(1 << slots[self.session.fields[n][0]] for n in HEAD)
        once = (1 << len(tags)) - 1 & ~(1 << (first_body - 1))
        rows = [f"{{{tag}, {slot}}}" for tag, slot in sorted(slots.items())]
        begin = self.session.version
        lines = ["namespace {", f"struct {name}Fields {{",
                 f"  using Record = {name};",
                 f'  static constexpr std::string_view kBeginString = "{begin}";',
                 f'  static constexpr std::string_view kBegin = "8={begin}\\x01" "9=";',
                 f'  static constexpr std::string_view kMsgType = "{msg_type}";',
                 f'  static constexpr std::string_view kType = "35={msg_type}\\x01";',
                 f'  static constexpr std::string_view kTypeLead = "\\x01" "35={msg_type}";',
                 f"  static constexpr Rules kRules{{&{self.session.name}::kDictionary, "
                 "&kDictionary, true};",
                 f"  static constexpr u32 kFirstBody = {first_body};",
                 f"  static constexpr u32 kAlways = {sum(f.required for f in fields)};",
                 "  static constexpr u32 kAlwaysInHeader = "
                 f"{sum(f.required for f in self.header)};",
                 f"  static constexpr u64 kHeadSeen = 0x{head_seen:X};",
                 f"  static constexpr u64 kRequired = 0x{mask:X};",
                 f"  static constexpr u64 kOnce = 0x{once:X};",
                 f"  static constexpr u16 kTags[]{{{', '.join(map(str, tags))}}};",
                 f"  static constexpr Slots kSlots{{{{{', '.join(rows)}}}}};",
                 "  [[gnu::always_inline]] static inline u8 take(u32 slot, Value v, u64& seen, "
                 "usize& skipped,",
                 "                                               Day& day, Record& r) noexcept {",
                 "    switch (slot) {"]
        lines += [f.case(slots[f.tag], "header.", True) for f in self.header]
        lines += [f"      case {slots[self.session.fields[n][0]]}: return seen >= bit(kFirstBody) "
                  "? kLate : kTwice;" for n in HEAD]
        skip = 'return v.bytes == 0 ? refused(RejectReason::kTagWithoutValue) : kTaken;'
        lines.append(f"      case {first_body - 1}: if (seen >= bit(kFirstBody)) return kLate; "
                     f"++skipped; {skip}")
        lines.append(f"      case {SKIPPED_BODY}: seen |= bit({SKIPPED_BODY}); ++skipped; {skip}")
        lines += [f.case(slots[f.tag], "", False) for f in fields]
        lines += ["      default: return kSpecial;", "    }", "  }",
                  "  [[gnu::always_inline]] static inline void encode(const Record& m, Encoder& e) "
                  "noexcept {"]
        lines += [f.encode("") for f in fields] + ["  }", "};", "}  // namespace"]
        for signature, call in (
                (f"ReadOutcome read(std::string_view frame, {name}& out)",
                 f"read_record<{name}Fields>(frame, out)"),
                (f"usize write(const {name}& record, std::span<char> out)",
                 f"write_record<{name}Fields>(record, out)"),
                (f"usize write_body(const {name}& record, std::span<char> out)",
                 f"write_fields<{name}Fields>(record, out)")):
            lines.append(f"{signature} noexcept {{ return {call}; }}")
        return lines + [""]

    def visits(self):
        """visit_fields() of each record, header first, and the list of records."""
        lines = [f"namespace {self.name} {{"]
        for name, fields in self.records.values():
            lines += ["template <class Record, class Visitor>",
                      f"requires std::is_same_v<std::remove_const_t<Record>, {name}>",
                      "void visit_fields(Record& record, Visitor&& visit) {"]
            lines += [f.info("header.") for f in self.header] + [f.info("") for f in fields]
            lines.append("}")
        lines += ["/// Calls visit(MsgType, empty record) for each.", "template <class Visitor>",
                  "void visit_records(Visitor&& visit) {"]
        lines += [f'  visit(std::string_view("{t}"), {n}{{}});'
                  for t, (n, _) in self.records.items()]
        return lines + ["}", f"}}  // namespace {self.name}", ""]

    def source(self):
        lines = ["// Made from hostsw/wire/fix/dictionary; not edited.",
                 "#include <tradsys/fix_dictionaries.hpp>", "#include <tradsys/fix_records.hpp>",
                 "", '#include "hostsw/wire/fix/record/read.hpp"',
                 '#include "hostsw/wire/fix/record/write.hpp"', "",
                 f"namespace tradsys::fix::{self.name} {{", "using namespace record;", "",
                 "[[gnu::always_inline]] static inline void encode_header(const Header& m, "
                 "Encoder& e) noexcept {"]
        lines += [f.encode("") for f in self.header] + ["}", ""]
        for msg_type in self.records:
            lines += self.definitions(msg_type)
        return lines + [f"}}  // namespace tradsys::fix::{self.name}", ""]


def generate(records, out):
    """Writes all files of a plan below `out`."""
    plan = Plan(records)
    versions = [Version(plan, name) for name in plan.versions]
    for name in plan.header:
        if ("header", name) not in plan.taken:
            raise Mistake(f"header: no version has {name}")
    for msg_type, names in plan.records.items():
        for name in names:
            if not any((v.records[msg_type][0], name) in plan.taken
                       for v in versions if msg_type in v.records):
                raise Mistake(f"35={msg_type}: no version has {name}")
    lines = ["// Made from hostsw/wire/fix/dictionary/records.toml; not edited.", "#pragma once",
             "// read() takes a whole message; texts of the record lie in it. write() says 0 when",
             "// a message does not fit or a value cannot be said; kBytesMax is room for any one,",
             "// and faster. write_body() writes the fields between header and trailer.",
             '#include "hostsw/wire/fix/record/record.hpp"', "", "namespace tradsys::fix {", ""]
    for version in versions:
        lines += version.declarations()
    lines += ["}  // namespace tradsys::fix", ""]
    target = out / "tradsys"
    target.mkdir(parents=True, exist_ok=True)
    (target / "fix_records.hpp").write_text("\n".join(lines))
    lines = ["// Made from hostsw/wire/fix/dictionary/records.toml; not edited.", "#pragma once",
             "// The fields of records by name, for programs that show, make up or check them.",
             "#include <tradsys/fix_records.hpp>", "#include <type_traits>", "",
             "namespace tradsys::fix {", ""]
    for version in versions:
        lines += version.visits()
    lines += ["}  // namespace tradsys::fix", ""]
    (target / "fix_record_fields.hpp").write_text("\n".join(lines))
    for version in versions:
        (target / f"{version.name}_records.cpp").write_text("\n".join(version.source()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("records", type=Path)
    args = parser.parse_args()
    generate(args.records, args.out)


if __name__ == "__main__":
    try:
        main()
    except (Mistake, KeyError, tomllib.TOMLDecodeError) as mistake:
        sys.exit(f"recordgen: {mistake}")
