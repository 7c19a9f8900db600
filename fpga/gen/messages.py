"""Reads and checks a spec of exchange messages: big-endian, packed, at the venue's own offsets."""
import re

from model import (MESSAGE_BYTES, REQUIRED, CodeSet, EnumValue, Field, Group, Message, MessageSpec,
                   Option, check_name, check_unique, layout_hash, take)
from records import read_constants

LENGTH_RULES = ("exact", "at_least", "stated")
COMPUTED = ("", "bytes_after", "tail_bytes")


def read(tree, problems):
    """TOML tree -> MessageSpec; raises SpecError with every problem of the file."""
    top = take(problems,
               tree,
               "top level",
               name=(str, REQUIRED),
               version=(int, REQUIRED),
               kind=(str, "messages"),
               doc=(str, REQUIRED),
               source=(str, ""),
               type_at=(int, 0),
               head=(list, []),
               constant=(list, []),
               codes=(list, []),
               group=(list, []),
               message=(list, []),
               option=(list, []))
    check_name(problems, "top level", top["name"])
    constants = read_constants(top["constant"], problems)
    codes = [_read_codes(table, problems) for table in top["codes"]]
    check_unique(problems, "top level", "codes name", [item.name for item in codes])
    code_names = [item.name for item in codes]
    groups, heads = _read_groups(top, problems)
    for table in top["message"]:
        _read_message(table, groups, heads, code_names, problems)
    for group in groups.values():
        _check_group(group, problems)
    options = [_read_option(table, problems) for table in top["option"]]
    check_unique(problems, "top level", "option tag", [option.tag for option in options])
    check_unique(problems, "top level", "option name", [option.name for option in options])
    problems.stop_if_any()
    return MessageSpec(top["name"], top["version"], top["doc"], top["source"], layout_hash(tree),
                       constants, codes, list(groups.values()), options)


def _read_codes(table, problems):
    where = f"codes {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               name=(str, REQUIRED),
               doc=(str, REQUIRED),
               value=(list, REQUIRED))
    check_name(problems, where, got["name"])
    values = []
    for entry in got["value"]:
        place = f"{where}, value {entry.get('name', '?')}"
        value = EnumValue(**take(
            problems, entry, place, name=(str, REQUIRED), code=(str, REQUIRED), doc=(str,
                                                                                     REQUIRED)))
        check_name(problems, place, value.name, keywords=())
        _check_letter(value.code, place, problems)
        values.append(value)
    check_unique(problems, where, "code", [value.code for value in values])
    check_unique(problems, where, "name", [value.name for value in values])
    return CodeSet(got["name"], got["doc"], values)


def _check_letter(code, where, problems):
    if len(code) != 1 or not 0x20 <= ord(code) < 0x7F or code in "'\\":
        problems.add(where, f"code {code!r} is not one printable character",
                     "write one ASCII character")


def _read_groups(top, problems):
    """Groups by name, and each group's head: the fields every message of it starts with."""
    groups, heads = {}, {}
    if not top["group"]:
        groups[""] = Group("", top["doc"], top["type_at"])
        heads[""] = top["head"]
    for table in top["group"]:
        where = f"group {table.get('name', '?')}"
        got = take(problems,
                   table,
                   where,
                   name=(str, REQUIRED),
                   doc=(str, REQUIRED),
                   type_at=(int, top["type_at"]),
                   head=(list, top["head"]))
        check_name(problems, where, got["name"])
        if got["name"] in groups:
            problems.add(where, f"duplicate group name '{got['name']}'", "give each group once")
        groups[got["name"]] = Group(got["name"], got["doc"], got["type_at"])
        heads[got["name"]] = got["head"]
    return groups, heads


def _read_message(table, groups, heads, code_names, problems):
    where = f"message {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               name=(str, REQUIRED),
               type=(str, ""),
               group=(str, ""),
               bytes=(int, REQUIRED),
               doc=(str, REQUIRED),
               length=(str, "exact"),
               tail=(str, ""),
               field=(list, []))
    check_name(problems, where, got["name"])
    if got["group"] not in groups:
        problems.add(where, f"unknown group '{got['group']}'",
                     "known: " + ", ".join(map(repr, groups)))
        problems.stop_if_any()
    group = groups[got["group"]]
    if got["type"]:
        _check_letter(got["type"], where, problems)
    if got["length"] not in LENGTH_RULES:
        problems.add(where, f"unknown length rule '{got['length']}'",
                     "use " + ", ".join(LENGTH_RULES))
    if not 0 < got["bytes"] < 256:
        problems.add(where, f"{got['bytes']} bytes do not fit the length table", "use 1 .. 255")
    fields = []
    for entry in heads[got["group"]] + got["field"]:
        place = f"{where}, field {entry.get('name', '?')}"
        fields.append(_read_field(entry, place, code_names, problems))
    fields = [item for item in fields if item]
    _check_layout(where, got, fields, group.type_at if got["type"] else None, problems)
    _check_tail(where, got, fields, problems)
    group.messages.append(
        Message(got["name"], got["type"], got["bytes"], got["doc"], got["length"], got["tail"],
                sorted(fields, key=lambda item: item.offset)))


def parse_type(text, where, problems):
    """Type text -> (base, count, bytes), or None with the problem noted."""
    match = re.fullmatch(r"alpha\[([1-9]\d*)\]", text)
    if match:
        return "alpha", int(match[1]), int(match[1])
    if text in MESSAGE_BYTES:
        return text, 1, MESSAGE_BYTES[text]
    problems.add(where, f"unknown type '{text}'",
                 "use " + ", ".join(MESSAGE_BYTES) + " or alpha[n]")
    return None


def _read_field(entry, where, code_names, problems):
    got = take(problems,
               entry,
               where,
               at=(int, REQUIRED),
               name=(str, REQUIRED),
               type=(str, REQUIRED),
               doc=(str, REQUIRED),
               codes=(str, ""),
               decimals=(int, 0),
               computed=(str, ""))
    check_name(problems, where, got["name"])
    parsed = parse_type(got["type"], where, problems)
    if not parsed:
        return None
    if got["codes"] and (got["codes"] not in code_names or parsed[0] != "char"):
        problems.add(where, f"codes '{got['codes']}' do not fit",
                     "name a [[codes]] table, on a char field")
    if got["computed"] not in COMPUTED or (got["computed"] and parsed[0] != "u16"):
        problems.add(where, f"unknown computed value '{got['computed']}'",
                     "use bytes_after or tail_bytes, on u16")
    return Field(got["name"],
                 parsed[0],
                 parsed[1],
                 got["at"],
                 parsed[2],
                 got["doc"],
                 codes=got["codes"],
                 decimals=got["decimals"],
                 computed=got["computed"])


def _check_layout(where, got, fields, type_at, problems):
    """Fields and type byte cover the message exactly: no overlap, no gap, nothing outside."""
    check_unique(problems, where, "field name", [item.name for item in fields])
    spans = [(item.offset, item.bytes, f"field {item.name}") for item in fields]
    if type_at is not None:
        spans.append((type_at, 1, "the type code"))
    end = 0
    for offset, size, what in sorted(spans):
        if offset < end:
            problems.add(f"{where}, {what}",
                         f"overlapping: starts at {offset}, the field before ends at {end}",
                         "correct 'at'")
        elif offset > end:
            problems.add(f"{where}, {what}",
                         f"{offset - end} undescribed bytes before it (at {end})",
                         "add the missing field or correct 'at'")
        end = max(end, offset + size)
    if end != got["bytes"]:
        problems.add(where, f"size mismatch: the fields end at {end}, bytes says {got['bytes']}",
                     "correct bytes or add the missing field")


def _check_tail(where, got, fields, problems):
    stated = [item for item in fields if item.computed]
    if len(stated) > 1:
        problems.add(where, "more than one computed field", "keep one")
    if got["tail"]:
        check_name(problems, where, got["tail"])
        if got["length"] != "stated" or not stated:
            problems.add(where, f"nothing states the length of its tail '{got['tail']}'",
                         'use length = "stated" and a computed field')
    elif got["length"] == "stated":
        problems.add(where, 'length = "stated" without a tail', "name the tail")


def _check_group(group, problems):
    where = f"group {group.name}" if group.name else "top level"
    check_unique(problems, where, "message name", [message.name for message in group.messages])
    check_unique(problems, where, "message type",
                 [message.type for message in group.messages if message.type])
    if group.typed and not all(message.type for message in group.messages):
        problems.add(where, "some messages have a type and some have none",
                     "give every message a type or none")


def _read_option(table, problems):
    where = f"option {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               name=(str, REQUIRED),
               tag=(int, REQUIRED),
               type=(str, REQUIRED),
               doc=(str, REQUIRED))
    check_name(problems, where, got["name"])
    if not 0 < got["tag"] < 256:
        problems.add(where, f"tag {got['tag']} does not fit one byte", "use 1 .. 255")
    parsed = parse_type(got["type"], where, problems) or ("u8", 1, 1)
    return Option(got["name"], got["tag"], parsed[0], parsed[1], parsed[2], got["doc"])
