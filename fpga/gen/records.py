"""Reads and checks a spec of records: little-endian, natural alignment, no implicit padding."""
import re

from model import (INTEGER_BYTES, REQUIRED, Constant, Enum, EnumValue, Field, Record, RecordSpec,
                   check_name, check_unique, layout_hash, take)


def read(tree, problems):
    """TOML tree -> RecordSpec; raises SpecError with every problem of the file."""
    top = take(problems,
               tree,
               "top level",
               name=(str, REQUIRED),
               version=(int, REQUIRED),
               kind=(str, "records"),
               doc=(str, REQUIRED),
               constant=(list, []),
               enum=(list, []),
               record=(list, []))
    check_name(problems, "top level", top["name"])
    constants = read_constants(top["constant"], problems)
    enums = [_read_enum(table, problems) for table in top["enum"]]
    by_name = {enum.name: enum for enum in enums}
    records = [_read_record(table, by_name, problems) for table in top["record"]]
    check_unique(problems, "top level", "enum or record name",
                 [item.name for item in enums] + [item.name for item in records])
    problems.stop_if_any()
    return RecordSpec(top["name"], top["version"], top["doc"], layout_hash(tree), constants, enums,
                      records)


def read_constants(tables, problems):
    """The [[constant]] tables of either kind of spec."""
    constants = []
    for table in tables:
        where = f"constant {table.get('name', '?')}"
        got = take(problems,
                   table,
                   where,
                   name=(str, REQUIRED),
                   value=(int, REQUIRED),
                   doc=(str, REQUIRED))
        check_name(problems, where, got["name"])
        if not 0 <= got["value"] < 1 << 64:
            problems.add(where, f"value {got['value']} does not fit u64", "use 0 .. 2^64-1")
        constants.append(Constant(**got))
    check_unique(problems, "top level", "constant name", [constant.name for constant in constants])
    return constants


def _read_enum(table, problems):
    where = f"enum {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               name=(str, REQUIRED),
               type=(str, REQUIRED),
               doc=(str, REQUIRED),
               priority=(bool, False),
               value=(list, REQUIRED))
    check_name(problems, where, got["name"])
    if got["type"] not in ("u8", "u16", "u32"):
        problems.add(where, f"unknown type '{got['type']}'", "use u8, u16 or u32")
        problems.stop_if_any()
    values = []
    for entry in got["value"]:
        place = f"{where}, value {entry.get('name', '?')}"
        value = EnumValue(**take(
            problems, entry, place, name=(str, REQUIRED), code=(int, REQUIRED), doc=(str,
                                                                                     REQUIRED)))
        check_name(problems, place, value.name, keywords=())
        if not 0 <= value.code < 1 << (8 * INTEGER_BYTES[got["type"]]):
            problems.add(place, f"code {value.code} does not fit {got['type']}",
                         "choose a smaller code")
        values.append(value)
    check_unique(problems, where, "name", [value.name for value in values])
    check_unique(problems, where, "code", [value.code for value in values])
    if got["priority"]:
        _check_priority(where, values, problems)
    return Enum(got["name"], got["type"], got["doc"], got["priority"], values)


def _check_priority(where, values, problems):
    """The order of a priority enum is its meaning, and its codes are bits of a 64-bit map."""
    for before, after in zip(values, values[1:]):
        if after.code <= before.code:
            problems.add(f"{where}, value {after.name}",
                         f"code {after.code} is not above {before.code} of '{before.name}'",
                         "codes of a priority enum ascend: the list is the order of priority")
    for value in values:
        if value.code > 63:
            problems.add(f"{where}, value {value.name}",
                         f"code {value.code} is no bit of a 64-bit map",
                         "keep codes of a priority enum within 0 .. 63")


def _read_record(table, enums, problems):
    where = f"record {table.get('name', '?')}"
    got = take(problems,
               table,
               where,
               name=(str, REQUIRED),
               size_bytes=(int, REQUIRED),
               doc=(str, REQUIRED),
               field=(list, REQUIRED))
    check_name(problems, where, got["name"])
    fields, offset, alignment = [], 0, 1
    for entry in got["field"]:
        place = f"{where}, field {entry.get('name', '?')}"
        item = _read_field(entry, offset, place, enums, problems)
        if item is None:
            continue
        unit = INTEGER_BYTES[item.type]
        alignment = max(alignment, unit)
        if offset % unit:
            missing = unit - offset % unit
            problems.add(
                place,
                f"offset {offset} is misaligned for {item.type}: {missing} bytes of implicit "
                "padding before it", f"add a reserved u8[{missing}] field before it or move it")
            offset += missing
            item.offset = offset
        fields.append(item)
        offset += item.bytes
    check_unique(problems, where, "field name", [item.name for item in fields])
    if offset % alignment:
        missing = alignment - offset % alignment
        problems.add(
            where, f"{missing} bytes of implicit padding at the end (fields end at {offset}, "
            f"alignment {alignment})", f"add a reserved u8[{missing}] field at the end")
    elif offset != got["size_bytes"]:
        problems.add(
            where, f"size mismatch: the fields take {offset} bytes, size_bytes says "
            f"{got['size_bytes']}", "correct size_bytes or add a reserved field")
    return Record(got["name"], got["size_bytes"], got["doc"], fields)


def _read_field(entry, offset, where, enums, problems):
    got = take(problems,
               entry,
               where,
               name=(str, REQUIRED),
               type=(str, REQUIRED),
               doc=(str, REQUIRED),
               enum=(str, ""),
               reset=(int, 0))
    check_name(problems, where, got["name"])
    match = re.fullmatch(r"([a-z]\w*)(?:\[([1-9]\d*)\])?", got["type"])
    if not match or match[1] not in INTEGER_BYTES:
        problems.add(where, f"unknown type '{got['type']}'",
                     "use " + ", ".join(INTEGER_BYTES) + ", or an array of one such as u8[3]")
        return None
    base, count = match[1], int(match[2] or 1)
    size = INTEGER_BYTES[base]
    if got["enum"] and got["enum"] not in enums:
        problems.add(where, f"unknown enum '{got['enum']}'",
                     "known: " + (", ".join(enums) or "none"))
    elif got["enum"] and (enums[got["enum"]].type != base or count > 1):
        problems.add(where, f"type {got['type']} is not that of enum '{got['enum']}'",
                     f"use {enums[got['enum']].type}")
    low, high = (-(1 << (8 * size - 1)),
                 (1 << (8 * size - 1)) - 1) if base[0] == "i" else (0, (1 << 8 * size) - 1)
    if not low <= got["reset"] <= high:
        problems.add(where, f"reset {got['reset']} does not fit {base}", f"use {low} .. {high}")
    elif got["reset"] and count > 1:
        problems.add(where, "an array has no reset value but 0", "leave reset out")
    elif got["enum"] in enums and got["reset"] not in [
            value.code for value in enums[got["enum"]].values
    ]:
        problems.add(where, f"reset {got['reset']} is no code of enum '{got['enum']}'",
                     "use one of its codes")
    return Field(got["name"],
                 base,
                 count,
                 offset,
                 size * count,
                 got["doc"],
                 enum=got["enum"],
                 reset=got["reset"])
