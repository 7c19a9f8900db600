"""C++ of a message spec: structs, zero-copy views, encode, decode, length table and dispatch."""
from cpp import HEAD, constants
from model import camel

LENGTH_RULE = {"exact": "kExact", "at_least": "kAtLeast", "stated": "kStated"}
LOAD = {
    "u8": "load_u8(%s)",
    "u16": "load_be16(%s)",
    "u32": "load_be32(%s)",
    "u48": "load_be48(%s)",
    "u64": "load_be64(%s)",
    "i32": "static_cast<i32>(load_be32(%s))",
    "char": "load_char(%s)",
    "symbol": "Symbol::load(%s)"
}
STORE = {
    "u8": "store_u8(%s, %s)",
    "u16": "store_be16(%s, %s)",
    "u32": "store_be32(%s, %s)",
    "u48": "store_be48(%s, %s)",
    "u64": "store_be64(%s, %s)",
    "i32": "store_be32(%s, static_cast<u32>(%s))",
    "char": "store_char(%s, %s)",
    "symbol": "store_symbol(%s, %s)",
    "alpha": "store_text(%s, %s)"
}


def emit(spec):
    """The whole header."""
    lines = HEAD + [
        "#include <array>", "#include <cstring>", "#include <optional>", "#include <string_view>",
        "", '#include "hostsw/core/contract.hpp"', '#include "hostsw/core/decode.hpp"', "",
        f"/// {spec.doc}",
        f"namespace tradsys::{spec.name} {{", "",
        f"inline constexpr u64 kLayoutHash = 0x{spec.hash}ULL;", ""
    ]
    lines += constants(spec.constants, "u32", "u64")
    for codes in spec.codes:
        lines += [f"/// {codes.doc}", f"namespace {codes.name} {{"]
        lines += [
            f"inline constexpr char k{camel(value.name)} = '{value.code}';  ///< {value.doc}"
            for value in codes.values
        ]
        lines += [f"}}  // namespace {codes.name}", ""]
    for group in spec.groups:
        lines += _group(group)
    if spec.options:
        lines += _options(spec.options)
    return "\n".join(lines + [f"}}  // namespace tradsys::{spec.name}", ""])


def _group(group):
    lines = [f"/// {group.doc}", f"namespace {group.name} {{", ""] if group.name else []
    for message in group.messages:
        lines += _struct(message) + _view(message, group.type_at) + _encode(message, group.type_at)
        lines += _decode(message)
    names = ", ".join(camel(message.name) for message in group.messages)
    lines += ["/// Every message of this namespace.", f"using Messages = MessageList<{names}>;", ""]
    if group.typed:
        lines += _tables(group) + _dispatch(group)
    return lines + ([f"}}  // namespace {group.name}", ""] if group.name else [])


def cpp_type(item):
    if item.type == "symbol":
        return "Symbol"
    return {"alpha": f"Text<{item.count}>", "u48": "u64"}.get(item.type, item.type)


def load(item, place):
    return f"load_text<{item.count}>({place})" if item.type == "alpha" else LOAD[item.type] % place


def store(item, place, value):
    return STORE[item.type] % (place, value) + ";"


def place(base, offset):
    return f"{base} + {offset}" if offset else base


def describe(item):
    text = item.doc
    if item.decimals:
        text += f" ({item.decimals} implied decimals)"
    return text + (f" See {item.codes}." if item.codes else "")


def _facts(message):
    code = [f"  static constexpr char kType = '{message.type}';"] if message.type else []
    return code + [f"  static constexpr usize kBytes = {message.bytes};"]


def _struct(message):
    name = camel(message.name)
    lines = [f"/// {message.doc}", f"struct {name} {{"] + _facts(message)
    lines += [
        f'  static constexpr std::string_view kName = "{message.name}";',
        f"  using View = class {name}View;", ""
    ]
    for item in message.fields:
        if not item.computed:
            init = {
                "alpha": f" = kSpaces<{item.count}>",
                "char": " = ' '",
                "symbol": "{}"
            }.get(item.type, " = 0")
            lines.append(f"  {cpp_type(item)} {item.name}{init};  ///< {describe(item)}")
    return lines + [f"  bool operator==(const {name}&) const = default;", "};", ""]


def _view(message, type_at):
    name = camel(message.name)
    lines = [
        f"/// {name} where it lies, read in place. The bytes outlive the view; kBytes or more.",
        f"class {name}View {{", " public:"
    ] + _facts(message)
    lines += [
        f"  static constexpr LengthRule kLengthRule = LengthRule::{LENGTH_RULE[message.length]};",
        f"  using Message = {name};",
        f"  explicit {name}View(const std::byte* bytes) noexcept : bytes_(bytes) {{}}",
        "  [[nodiscard]] const std::byte* data() const noexcept { return bytes_; }"
    ]
    for item in message.fields:
        lines += [
            f"  [[nodiscard]] {cpp_type(item)} {item.name}() const noexcept {{ return "
            f"{load(item, place('bytes_', item.offset))}; }}"
        ]
    lines += _stated(message)
    return lines + ["", " private:", "  const std::byte* bytes_;", "};", ""]


def _stated(message):
    """What the message itself says about its length, and the tail behind the fixed part."""
    field = next((item for item in message.fields if item.computed), None)
    if not field:
        return []
    base = message.bytes if field.computed == "tail_bytes" else field.offset + field.bytes
    lines = [
        "  /// The whole length as the message itself states it.",
        "  [[nodiscard]] usize stated_bytes() const noexcept {",
        f"    return usize{{{base}}} + {field.name}();", "  }"
    ]
    if message.tail:
        size = "stated_bytes() - kBytes"
        if field.computed == "bytes_after":
            size = "stated_bytes() < kBytes ? 0 : " + size
        lines += [
            "  /// What follows the fixed part; only of a message whose length was checked.",
            f"  [[nodiscard]] Bytes {message.tail}() const noexcept {{",
            f"    return {{bytes_ + kBytes, {size}}};", "  }"
        ]
    return lines


def _encode(message, type_at):
    name = camel(message.name)
    named = " message" if any(not item.computed for item in message.fields) else ""
    tail = f"Bytes {message.tail}, " if message.tail else ""
    size = f"{name}::kBytes" + (f" + {message.tail}.size()" if message.tail else "")
    lines = [
        f"/// Writes the message{' and its ' + message.tail if tail else ''}; returns its bytes.",
        f"inline usize encode(const {name}&{named}, {tail}std::byte* out) noexcept {{"
    ]
    if message.tail:
        stated = next(item for item in message.fields if item.computed)
        counts_tail_only = stated.computed == "tail_bytes"
        base = 0 if counts_tail_only else message.bytes - stated.offset - stated.bytes
        lines.append(f"  TRADSYS_ASSERT({message.tail}.size() <= {0xFFFF - base});")
    if message.type:
        lines.append(f"  store_char({place('out', type_at)}, {name}::kType);")
    for item in message.fields:
        value = f"message.{item.name}"
        if item.computed == "tail_bytes":
            value = f"static_cast<u16>({message.tail}.size())"
        elif item.computed:
            value = f"static_cast<u16>({size} - {item.offset + item.bytes})"
        lines.append("  " + store(item, place("out", item.offset), value))
    if message.tail:
        source = message.tail
        lines.append(f"  if (!{source}.empty()) "
                     f"std::memcpy(out + {name}::kBytes, {source}.data(), {source}.size());")
    lines += [f"  return {size};", "}"]
    if message.tail:
        lines += [
            f"/// Writes the message with no {message.tail}; returns its bytes.",
            f"inline usize encode(const {name}& message, std::byte* out) noexcept {{",
            "  return encode(message, Bytes{}, out);", "}"
        ]
    return lines


def _decode(message):
    name = camel(message.name)
    fields = [item for item in message.fields if not item.computed]
    lines = [
        "/// Copies every field out of the view.",
        f"[[nodiscard]] inline {name} decode({name}View{' view' if fields else ''}) noexcept {{"
    ]
    if not fields:
        return lines + ["  return {};", "}", ""]
    lines += [f"  {name} message;"]
    lines += [f"  message.{item.name} = view.{item.name}();" for item in fields]
    return lines + ["  return message;", "}", ""]


def _tables(group):
    lines = [
        "/// Bytes of the fixed part by type code; 0 = unknown type.",
        "inline constexpr std::array<u8, 256> kLength = [] {", "  std::array<u8, 256> length{};"
    ]
    lines += [
        f"  length['{message.type}'] = {camel(message.name)}::kBytes;" for message in group.messages
    ]
    lines += [
        "  return length;", "}();", "",
        '/// Name of a type code as spelled in the spec; "?" for an unknown one.',
        "constexpr std::string_view name_of_type(char type) noexcept {", "  switch (type) {"
    ]
    lines += [
        f"    case '{message.type}': return {camel(message.name)}::kName;"
        for message in group.messages
    ]
    return lines + ["    default: return \"?\";", "  }", "}", ""]


def _dispatch(group):
    lines = [
        "/// Checks a message's length and calls handler.on(XView) of its type. A handler has",
        "/// overloads only for the types it cares for; the others are checked and ignored.",
        "template <class Handler>",
        "[[gnu::always_inline]] inline DecodeResult dispatch(Bytes message, Handler& handler) {",
        f"  if (message.size() < {group.type_at + 1}) [[unlikely]]",
        "    return DecodeResult::kTruncated;",
        f"  const char type = load_char({place('message.data()', group.type_at)});"
    ]
    deliver = "deliver"
    if _one_table_settles_lengths(group):
        deliver = "deliver_checked"
        lines += [
            "  const usize expected = kLength[static_cast<u8>(type)];",
            "  if (message.size() != expected) [[unlikely]]",
            "    return refuse_length(message.size(), expected);"
        ]
    lines += ["  switch (type) {"]
    lines += [
        f"    case '{message.type}': return {deliver}<{camel(message.name)}View>(message, handler);"
        for message in group.messages
    ]
    return lines + ["    default: return DecodeResult::kUnknownType;", "  }", "}", ""]


def _one_table_settles_lengths(group):
    """True when no message states or stretches its length: one comparison serves every type."""
    return all(message.length == "exact" and not any(item.computed for item in message.fields)
               for message in group.messages)


def _options(options):
    lines = [
        "/// The optional elements (length, tag, value) that may follow a message.",
        "struct Options {"
    ]
    for option in options:
        lines.append(
            f"  std::optional<{cpp_type(option)}> {option.name};"
            f"  ///< Tag {option.tag}: {option.doc}"
        )
    lines += [
        "  bool operator==(const Options&) const = default;", "};",
        "/// Bytes of all options together, the most encode_options writes.",
        f"inline constexpr usize kOptionsBytesMax = {sum(2 + option.bytes for option in options)};",
        "", "/// Writes the options that are set, by ascending tag; returns the bytes written.",
        "inline usize encode_options(const Options& options, std::byte* out) noexcept {",
        "  std::byte* at = out;"
    ]
    for option in sorted(options, key=lambda item: item.tag):
        lines += [
            f"  if (options.{option.name}) {{", f"    store_u8(at, {1 + option.bytes});",
            f"    store_u8(at + 1, {option.tag});",
            f"    {store(option, 'at + 2', f'*options.{option.name}')}",
            f"    at += {2 + option.bytes};", "  }"
        ]
    lines += [
        "  return static_cast<usize>(at - out);", "}", "",
        "/// Reads an appendage into `options`. Unknown tags are skipped; of a repeated tag the",
        "/// last one counts.",
        "inline DecodeResult decode_options(Bytes appendage, Options& options) noexcept {",
        "  while (!appendage.empty()) {", "    const usize length = load_u8(appendage.data());",
        "    if (length == 0) return DecodeResult::kWrongLength;",
        "    if (appendage.size() < 1 + length) return DecodeResult::kTruncated;",
        "    const std::byte* value = appendage.data() + 2;", "    usize expected = length - 1;",
        "    switch (load_u8(appendage.data() + 1)) {"
    ]
    for option in options:
        lines += [
            f"      case {option.tag}:", f"        expected = {option.bytes};",
            f"        if (length - 1 == expected) options.{option.name} = {load(option, 'value')};",
            "        break;"
        ]
    return lines + [
        "      default: break;", "    }",
        "    if (length - 1 != expected) return DecodeResult::kWrongLength;",
        "    appendage = appendage.subspan(1 + length);", "  }", "  return DecodeResult::kOk;", "}",
        ""
    ]
