"""What a spec holds once it is read and checked; shared by every reader and emitter."""
import difflib
import hashlib
import json
import re
from dataclasses import dataclass, field

# Bytes of the scalar types. Records know the powers of two; messages also u48, char and symbol.
INTEGER_BYTES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i8": 1, "i16": 2, "i32": 4, "i64": 8}
MESSAGE_BYTES = {"u8": 1, "u16": 2, "u32": 4, "u48": 6, "u64": 8, "i32": 4, "char": 1, "symbol": 8}

# Words that cannot be a field's name because C++ or SystemVerilog keeps them for itself.
KEYWORDS = frozenset("""
    alignas auto bool bit byte case char class cell const default delete design do double enum
    event explicit export extern final float for forever friend function generate goto if inline
    input int interface join local logic long mutable namespace new operator output package packed
    parameter priority private program property protected public pure rand real ref reg register
    return sequence short signed sizeof static string struct super switch table tagged task template
    this throw time timescale tri try type typedef typename union unique unsigned using var virtual
    void volatile wait while wire with""".split())


class SpecError(Exception):
    """Every problem of one spec file, one line each: file, place, what is wrong, remedy."""


class Problems:
    """Collects what is wrong with one file, so that one run names everything."""

    def __init__(self, path):
        self.path = path
        self.lines = []

    def add(self, where, what, remedy):
        self.lines.append(f"{self.path}: {where}: {what}; {remedy}")

    def stop_if_any(self):
        if self.lines:
            raise SpecError("\n".join(self.lines))


REQUIRED = object()


def take(problems, table, where, **keys):
    """Reads `keys` (name = (type, default or REQUIRED)) of a table; reports what does not fit."""
    out = {}
    before = len(problems.lines)
    for name in table:
        if name not in keys:
            close = difflib.get_close_matches(name, keys, n=1)
            hint = f"did you mean '{close[0]}'?" if close else "known keys: " + ", ".join(keys)
            problems.add(where, f"unknown key '{name}'", hint)
    for name, (kind, default) in keys.items():
        value = table.get(name, default)
        if value is REQUIRED:
            problems.add(where, f"key '{name}' is missing", f"add {name} = <{_kind_name(kind)}>")
            value = None
        elif name in table and (not isinstance(value, kind) or
                                (kind is int and isinstance(value, bool))):
            problems.add(where, f"'{name}' is {value!r}", f"write a {_kind_name(kind)}")
            value = None
        out[name] = value
    if len(problems.lines) > before:  # what the caller would read is not there
        problems.stop_if_any()
    return out


def _kind_name(kind):
    return {
        str: "string",
        int: "whole number",
        bool: "true or false",
        list: "list"
    }.get(kind, "value")


def check_name(problems, where, name, keywords=KEYWORDS):
    """A spec name is snake_case and no keyword: it is spelled the same in every language."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        problems.add(where, f"'{name}' is not a snake_case name",
                     "use a-z, 0-9 and single underscores")
    elif name in keywords:
        problems.add(where, f"'{name}' is a keyword of C++ or SystemVerilog", "choose another word")


def check_unique(problems, where, what, values):
    """Reports every value that occurs twice."""
    seen = set()
    for value in values:
        if value in seen:
            problems.add(where, f"duplicate {what} '{value}'", f"give each {what} once")
        seen.add(value)


def camel(name):
    """price_collar -> PriceCollar."""
    return "".join(part.capitalize() for part in name.split("_"))


def without_docs(node):
    """The part of a TOML tree that is layout and meaning, not prose."""
    if isinstance(node, dict):
        return {
            key: without_docs(value)
            for key, value in node.items() if key not in ("doc", "source")
        }
    if isinstance(node, list):
        return [without_docs(value) for value in node]
    return node


def layout_hash(tree):
    """16 hexadecimal digits over everything but the docs: a host and a card compare it."""
    text = json.dumps(without_docs(tree), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass
class Constant:
    name: str
    value: int
    doc: str


@dataclass
class EnumValue:
    name: str
    code: int
    doc: str


@dataclass
class Enum:
    name: str
    type: str
    doc: str
    priority: bool
    values: list


@dataclass
class Field:
    """A field of a record or a message. `offset` and `bytes` are final; `count` > 1 is an array."""
    name: str
    type: str
    count: int
    offset: int
    bytes: int
    doc: str
    enum: str = ""
    reset: int = 0
    codes: str = ""
    decimals: int = 0
    computed: str = ""


@dataclass
class Record:
    name: str
    bytes: int
    doc: str
    fields: list


@dataclass
class CodeSet:
    """One-letter codes of a char field."""
    name: str
    doc: str
    values: list


@dataclass
class Message:
    """`type` is its code letter ("" in a group without codes); `tail` names what follows."""
    name: str
    type: str
    bytes: int
    doc: str
    length: str
    tail: str
    fields: list


@dataclass
class Group:
    """Messages that share one code space, for example one direction. name "" = the spec itself."""
    name: str
    doc: str
    type_at: int
    messages: list = field(default_factory=list)

    @property
    def typed(self):
        return any(message.type for message in self.messages)


@dataclass
class Option:
    """A tag-length-value element that may follow a message."""
    name: str
    tag: int
    type: str
    count: int
    bytes: int
    doc: str


@dataclass
class RecordSpec:
    name: str
    version: int
    doc: str
    hash: str
    constants: list
    enums: list
    records: list


@dataclass
class MessageSpec:
    name: str
    version: int
    doc: str
    source: str
    hash: str
    constants: list
    codes: list
    groups: list
    options: list


@dataclass
class RegisterField:
    """Bits [bit + bits - 1 : bit] of a 32-bit register."""
    name: str
    bit: int
    bits: int
    reset: int
    doc: str

    @property
    def mask(self):
        return ((1 << self.bits) - 1) << self.bit


@dataclass
class Register:
    """`offset` counts from the start of the window; `value` is that of a constant, `key` the words
    of a key register, `step_bits` the width of what a counter adds in a clock."""
    name: str
    block: str
    offset: int
    access: str
    bits: int
    doc: str
    fields: list
    value: int = 0
    reset: int = 0
    key: list = field(default_factory=list)
    step_bits: int = 1

    @property
    def full_name(self):
        return f"{self.block}_{self.name}"

    @property
    def mask(self):
        """The bits that mean something; the others read 0."""
        if not self.fields:
            return (1 << self.bits) - 1
        return sum(item.mask for item in self.fields)


@dataclass
class RegisterBlock:
    name: str
    offset: int
    doc: str
    registers: list


@dataclass
class RegisterSpec:
    name: str
    version: int
    doc: str
    hash: str
    window_bytes: int
    blocks: list

    @property
    def registers(self):
        return [register for block in self.blocks for register in block.registers]

    @property
    def address_bits(self):
        return (self.window_bytes - 1).bit_length()
