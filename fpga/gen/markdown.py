"""Reference pages of a spec: every record, message, enum and constant with offsets and meaning."""
from model import RecordSpec, RegisterSpec, camel
from registers import ACCESS


def emit(spec):
    """The whole page."""
    lines = [
        f"# {spec.name}", "", spec.doc, "",
        f"Generated from `fpga/spec/{spec.name}.toml`, version {spec.version}, "
        f"layout hash `{spec.hash}`."
    ]
    if isinstance(spec, RegisterSpec):
        return "\n".join(lines + _registers(spec)).rstrip("\n") + "\n"
    if isinstance(spec, RecordSpec):
        lines += ["Little-endian, natural alignment, no padding. Offsets and sizes in bytes.", ""]
    else:
        source = f" Source: {spec.source}." if spec.source else ""
        lines += [f"Big-endian, packed. Offsets and sizes in bytes.{source}", ""]
    if spec.constants:
        lines += ["## Constants", ""] + table(
            ("name", "value", "meaning"), [(f"`{item.name}`", item.value, item.doc)
                                           for item in spec.constants])
    body = _records(spec) if isinstance(spec, RecordSpec) else _messages(spec)
    return "\n".join(lines + body).rstrip("\n") + "\n"


def table(head, rows):

    def line(cells):
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return [line(head), line(["---"] * len(head))] + [line(row) for row in rows] + [""]


def _records(spec):
    lines = []
    for enum in spec.enums:
        lines += [f"## Enum `{enum.name}` ({enum.type})", "", enum.doc]
        if enum.priority:
            lines += [
                "",
                "The order is the priority: of several set bits the lowest code is the primary one."
            ]
        lines += [""] + table(
            ("code", "name", "meaning"), [(value.code, f"`{value.name}`", value.doc)
                                          for value in enum.values])
    for record in spec.records:
        lines += [f"## Record `{record.name}` ({record.bytes} bytes)", "", record.doc, ""]
        rows = []
        for item in record.fields:
            kind = item.type + (f"[{item.count}]" if item.count > 1 else "")
            kind += f", `{item.enum}`" if item.enum else ""
            rows.append((item.offset, item.bytes, f"`{item.name}`", kind, item.reset, item.doc))
        lines += table(("offset", "bytes", "field", "type", "reset", "meaning"), rows)
    return lines


def _registers(spec):
    """Blocks with their registers, then the fields of each register that has some."""
    lines = [
        f"A window of {spec.window_bytes} bytes of 32-bit little-endian words. Reading the low "
        "word of a 64-bit register",
        "takes both words; writing its high word puts both in force. An "
        "access that no register takes is refused", "(SLVERR) and changes nothing.", "",
        "## Access", ""
    ] + table(("access", "meaning"), [(f"`{name}`", text) for name, (text, _, _) in ACCESS.items()])
    for block in spec.blocks:
        lines += [f"## Block `{block.name}` ({block.offset:#06x})", "", block.doc, ""]
        lines += table(("offset", "register", "access", "bits", "reset", "meaning"),
                       [(f"{item.offset:#06x}", f"`{item.name}`", item.access, item.bits,
                         f"{item.reset:#x}", item.doc) for item in block.registers])
        for item in (item for item in block.registers if item.fields):
            lines += [f"### `{item.name}`", ""]
            lines += table(("bits", "field", "meaning"),
                           [(f"{part.bit + part.bits - 1}:{part.bit}", f"`{part.name}`", part.doc)
                            for part in item.fields])
    return lines


def _messages(spec):
    lines = []
    for group in spec.groups:
        if group.name:
            lines += [f"## Group `{group.name}`", "", group.doc, ""]
        for message in group.messages:
            lines += _message(message, "###" if group.name else "##")
    if spec.options:
        lines += [
            "## Options", "",
            "Each element: length (1 byte, of tag and value), tag (1 byte), value.", ""
        ]
        lines += table(("tag", "name", "type", "bytes", "meaning"),
                       [(item.tag, f"`{item.name}`", kind_of(item), item.bytes, item.doc)
                        for item in spec.options])
    for codes in spec.codes:
        lines += [f"## Codes `{codes.name}`", "", codes.doc, ""]
        lines += table(
            ("code", "name", "meaning"),
            [(f"`{value.code}`", f"`{value.name}`", value.doc) for value in codes.values])
    return lines


def _message(message, level):
    code = f"`{message.type}` " if message.type else ""
    length = {
        "exact": f"{message.bytes} bytes",
        "at_least": f"{message.bytes} bytes or more",
        "stated": f"{message.bytes} bytes + `{message.tail}`"
    }[message.length]
    lines = [f"{level} {code}{camel(message.name)} ({length})", "", message.doc, ""]
    rows = [(item.offset, item.bytes, f"`{item.name}`", kind_of(item), item.doc)
            for item in message.fields]
    return lines + (table(("offset", "bytes", "field", "type", "meaning"), rows) if rows else [])


def kind_of(item):
    kind = f"alpha[{item.count}]" if item.type == "alpha" else item.type
    if getattr(item, "decimals", 0):
        kind += f", {item.decimals} decimals"
    if getattr(item, "codes", ""):
        kind += f", `{item.codes}`"
    return kind
