"""The layout, a fact a line (name, offset, width): committed, so that a change shows in review."""
import difflib

from model import RecordSpec, RegisterSpec


def emit(spec):
    """The whole listing. Docs are not in it."""
    lines = [f"spec {spec.name} version {spec.version} hash {spec.hash}"]
    if isinstance(spec, RegisterSpec):
        return "\n".join(lines + _registers(spec)) + "\n"
    lines += [f"constant {item.name} = {item.value}" for item in spec.constants]
    if isinstance(spec, RecordSpec):
        for enum in spec.enums:
            lines.append(f"enum {enum.name} {enum.type}" + (" priority" if enum.priority else ""))
            lines += [f"  {value.name} = {value.code}" for value in enum.values]
        for record in spec.records:
            lines.append(f"record {record.name} bytes {record.bytes}")
            lines += [
                _field(item, f" enum {item.enum}" if item.enum else "") for item in record.fields
            ]
    else:
        for codes in spec.codes:
            lines.append(f"codes {codes.name}")
            lines += [f"  {value.name} = '{value.code}'" for value in codes.values]
        for group in spec.groups:
            for message in group.messages:
                lines.append(_message(group, message))
                lines += [
                    _field(item, f" decimals {item.decimals}" if item.decimals else "")
                    for item in message.fields
                ]
        lines += [
            f"option {item.name} tag {item.tag} width {item.bytes} type {item.type}"
            for item in spec.options
        ]
    return "\n".join(lines) + "\n"


def _registers(spec):
    lines = [f"window bytes {spec.window_bytes:#x}"]
    for block in spec.blocks:
        lines.append(f"block {block.name} at {block.offset:#06x}")
        for item in block.registers:
            more = f" reset {item.reset:#x}" if item.reset else ""
            more += f" key {' '.join(f'{word:#x}' for word in item.key)}" if item.key else ""
            more += f" value {item.value:#x}" if item.access == "constant" else ""
            more += f" step {item.step_bits}" if item.step_bits > 1 else ""
            lines.append(f"  {item.name} offset {item.offset:#06x} bits {item.bits} "
                         f"access {item.access}{more}")
            lines += [f"    {part.name} bit {part.bit} bits {part.bits}" for part in item.fields]
    return lines


def _field(item, more):
    count = f"[{item.count}]" if item.count > 1 else ""
    reset = f" reset {item.reset}" if item.reset else ""
    place = f"offset {item.offset} width {item.bytes}"
    return f"  {item.name} {place} type {item.type}{count}{reset}{more}"


def _message(group, message):
    name = f"{group.name}.{message.name}" if group.name else message.name
    code = f" type '{message.type}' at {group.type_at}" if message.type else ""
    tail = f" tail {message.tail}" if message.tail else ""
    return f"message {name}{code} bytes {message.bytes} length {message.length}{tail}"


def check(spec, folder):
    """Problem text when the committed listing differs from the spec, else ""."""
    path = folder / f"{spec.name}.txt"
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    wanted = emit(spec)
    if committed == wanted:
        return ""
    diff = "\n".join(
        difflib.unified_diff(committed.splitlines(),
                             wanted.splitlines(),
                             str(path),
                             "spec",
                             n=1,
                             lineterm=""))
    return (
        f"{path}: the layout changed:\n{diff}\nHost, card and recorded files share this layout. "
        "When the change is meant, raise `version` of the spec and run:\n"
        f"  python3 fpga/gen/specgen.py --update-golden {folder} "
        f"fpga/spec/{spec.name}.toml")
