"""Reads and checks a spec of registers: a window of 32-bit little-endian words, in blocks."""
from model import (REQUIRED, Register, RegisterBlock, RegisterField, RegisterSpec, check_name,
                   check_unique, layout_hash, take)

# access -> (what it is, whether it may have 64 bits, whether it may have fields).
ACCESS = {
    "constant": ("value of the spec", True, False),
    "r": ("value of the hardware", True, True),
    "rw": ("written by the host", True, True),
    "w1c": ("set by the hardware, cleared by writing 1", False, True),
    "pulse": ("a write is an event; reads 0", False, True),
    "key": ("two words in order are an event; reads 0", False, False),
    "counter": ("saturating, read through the snapshot", True, False),
    "snapshot": ("any write takes all counters", False, False),
}
SPEC_VALUES = ("version", "layout_hash")  # constants that the spec itself gives
IDENTITY = ("magic", "version", "layout_hash")  # block id has them: the host refuses by them


def read(tree, problems):
    """TOML tree -> RegisterSpec; raises SpecError with every problem of the file."""
    top = take(problems,
               tree,
               "top level",
               name=(str, REQUIRED),
               version=(int, REQUIRED),
               kind=(str, REQUIRED),
               doc=(str, REQUIRED),
               window_bytes=(int, REQUIRED),
               block=(list, REQUIRED))
    check_name(problems, "top level", top["name"])
    window = top["window_bytes"]
    if window < 4096 or window & (window - 1):
        problems.add("top level", f"window_bytes {window} is no power of two from 4096 on",
                     "use one, such as 0x10000")
    spec = RegisterSpec(top["name"], top["version"], top["doc"], layout_hash(tree), window, [])
    for table in top["block"]:
        spec.blocks.append(_read_block(table, spec, problems))
    check_unique(problems, "top level", "block name", [block.name for block in spec.blocks])
    check_unique(problems, "top level", "name of block and register",
                 [register.full_name for register in spec.registers])
    _check_places(spec, problems)
    _check_whole(spec, problems)
    problems.stop_if_any()
    return spec


def _read_block(table, spec, problems):
    where = f"block {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               name=(str, REQUIRED),
               at=(int, REQUIRED),
               doc=(str, REQUIRED),
               register=(list, REQUIRED))
    check_name(problems, where, got["name"], keywords=())
    registers = [_read_register(entry, got, spec, problems) for entry in got["register"]]
    return RegisterBlock(got["name"], got["at"], got["doc"], registers)


def _read_register(table, block, spec, problems):
    where = f"block {block['name']}, register {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               at=(int, REQUIRED),
               name=(str, REQUIRED),
               access=(str, REQUIRED),
               bits=(int, 64 if table.get("access") == "counter" else 32),
               doc=(str, REQUIRED),
               value=((int, str), 0),
               reset=(int, 0),
               key=(list, []),
               step_bits=(int, 1),
               field=(list, []))
    check_name(problems, where, got["name"], keywords=())
    if got["access"] not in ACCESS:
        problems.add(where, f"unknown access '{got['access']}'", "use " + ", ".join(ACCESS))
        problems.stop_if_any()
    fields = [_read_field(entry, where, got["access"], problems) for entry in got["field"]]
    register = Register(got["name"],
                        block["name"],
                        block["at"] + got["at"],
                        got["access"],
                        got["bits"],
                        got["doc"],
                        fields,
                        value=_constant(got["value"], spec, where, problems),
                        reset=got["reset"] or sum(item.reset << item.bit for item in fields),
                        key=got["key"],
                        step_bits=got["step_bits"])
    _check_register(where, table, register, problems)
    _check_fields(where, fields, problems)
    return register


def _constant(value, spec, where, problems):
    if not isinstance(value, str):
        return value
    if value not in SPEC_VALUES:
        problems.add(where, f"unknown value '{value}'",
                     "write a number, or one of " + ", ".join(SPEC_VALUES))
        return 0
    return spec.version if value == "version" else int(spec.hash, 16)


def _check_register(where, table, register, problems):
    """What the access allows."""
    _, wide, with_fields = ACCESS[register.access]
    if register.bits not in ((32, 64) if wide else (32, )):
        problems.add(where, f"{register.bits} bits do not fit access '{register.access}'",
                     "use 32 or 64" if wide else "use 32")
    if register.access == "counter" and register.bits != 64:
        problems.add(where, "a counter has 64 bits", "leave bits out")
    if register.fields and (not with_fields or register.bits != 32):
        problems.add(where, f"access '{register.access}' with {register.bits} bits has no fields",
                     "remove them or use a 32-bit register of another access")
    if register.access == "w1c" and not register.fields:
        problems.add(where, "a w1c register has no fields", "name each of its bits")
    for key, access in (("value", "constant"), ("reset", "rw"), ("key", "key"), ("step_bits",
                                                                                 "counter")):
        if key in table and register.access != access:
            problems.add(where, f"'{key}' means nothing for access '{register.access}'",
                         f"remove it or use access '{access}'")
    if register.access == "constant" and "value" not in table:
        problems.add(where, "a constant has no value", "add value = <number>")
    if "reset" in table and register.fields:
        problems.add(where, "a register with fields has a reset of its own",
                     "give each field its reset")
    for what, value in (("value", register.value), ("reset", register.reset)):
        if not 0 <= value < 1 << register.bits:
            problems.add(where, f"{what} {value} does not fit {register.bits} bits",
                         f"use 0 .. 2^{register.bits}-1")
    words = [word for word in register.key if isinstance(word, int) and 0 < word < 1 << 32]
    if register.access == "key" and (len(set(words)) != 2 or len(register.key) != 2):
        problems.add(where, f"key {register.key} is not two different words",
                     "write key = [first, second], each 1 .. 2^32-1")
    if not 1 <= register.step_bits <= 32:
        problems.add(where, f"step_bits {register.step_bits} is out of range", "use 1 .. 32")


def _read_field(table, where, access, problems):
    place = f"{where}, field {table.get('name', '?')}"
    got = take(problems,
               table,
               place,
               name=(str, REQUIRED),
               bit=(int, REQUIRED),
               bits=(int, 1),
               reset=(int, 0),
               doc=(str, REQUIRED))
    check_name(problems, place, got["name"])
    if got["name"] in ("raw", "reserved"):
        problems.add(place, f"'{got['name']}' is the generator's own name", "choose another word")
    if got["bit"] < 0 or got["bits"] < 1 or got["bit"] + got["bits"] > 32:
        problems.add(place, f"bits {got['bit']} .. {got['bit'] + got['bits'] - 1} are not within "
                     "0 .. 31", "move the field or make it smaller")
    elif not 0 <= got["reset"] < 1 << got["bits"]:
        problems.add(place, f"reset {got['reset']} does not fit {got['bits']} bits",
                     f"use 0 .. {(1 << got['bits']) - 1}")
    if "reset" in table and access != "rw":
        problems.add(place, f"'reset' means nothing for access '{access}'", "remove it")
    return RegisterField(**got)


def _check_fields(where, fields, problems):
    check_unique(problems, where, "field name", [item.name for item in fields])
    ordered = sorted(fields, key=lambda item: item.bit)
    for before, after in zip(ordered, ordered[1:]):
        if after.bit < before.bit + before.bits:
            problems.add(f"{where}, field {after.name}",
                         f"bit {after.bit} belongs to field '{before.name}' already",
                         f"move it to bit {before.bit + before.bits} or above")


def _check_places(spec, problems):
    """Offsets: aligned, inside the window, each word once, blocks in order."""
    taken = {}
    for register in spec.registers:
        where = f"block {register.block}, register {register.name}"
        size = register.bits // 8
        if register.offset < 0 or register.offset % size:
            problems.add(where, f"offset {register.offset:#x} is misaligned for {size} bytes",
                         f"use a multiple of {size}")
            continue
        if register.offset + size > spec.window_bytes:
            problems.add(where, f"offset {register.offset:#x} is outside the window of "
                         f"{spec.window_bytes:#x} bytes", "move it or widen the window")
        for word in range(register.offset, register.offset + size, 4):
            if word in taken:
                problems.add(where, f"offset {word:#x} belongs to {taken[word]} already",
                             "move one of them")
            taken[word] = f"{register.block}.{register.name}"
    for before, after in zip(spec.blocks, spec.blocks[1:]):
        ends = [item.offset + item.bits // 8 for item in before.registers]
        if after.offset < max(ends, default=before.offset):
            problems.add(f"block {after.name}", f"begins at {after.offset:#x}, inside block "
                         f"'{before.name}'", "move it behind, or sort the blocks by offset")


def _check_whole(spec, problems):
    """What a register map as a whole must have."""
    kinds = [register.access for register in spec.registers]
    if kinds.count("snapshot") != (1 if "counter" in kinds else 0):
        problems.add("top level", f"{kinds.count('snapshot')} snapshot registers",
                     "have exactly one when there are counters, else none")
    constants = [item.full_name for item in spec.registers if item.access == "constant"]
    for name in IDENTITY:
        if f"id_{name}" not in constants:
            problems.add("top level", f"block id has no constant '{name}'",
                         "add it: the host refuses a card by it")
