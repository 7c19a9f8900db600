"""Words that do not belong: in code, in comments, in names, in documents."""
import re
from pathlib import PurePosixPath

from cpp_scan import without_comments
from source_tree import CPP, SOURCES, Finding, SourceTree

HOT = tuple(f"hostsw/{x}/" for x in ("core", "wire", "book", "risk", "match", "orders")) + tuple(
    f"dataplane/{x}/" for x in ("net", "feed", "engine", "edge", "session"))
EXACT = tuple(f"hostsw/{x}/" for x in ("risk", "match", "orders", "book")) + ("dataplane/engine/",)
TIMELESS = ("hostsw/", "dataplane/")
EVERYWHERE = ("",)

# (rule, folders, pattern, why). Looked for in C++ code, not in comments and strings.
CODE = (
    ("using-std", EVERYWHERE, r"\busing\s+namespace\s+std\b", "name what you use"),
    ("hot-function", HOT, r"\bstd::(move_only_)?function\b", "hot folders call through templates"),
    ("hot-virtual", HOT, r"\bvirtual\b|\boverride\b", "hot folders dispatch at compile time"),
    ("hot-throw", HOT, r"\bthrow\b|\bcatch\s*\(", "hot folders return a status"),
    ("hot-lock", HOT, r"\bstd::(mutex|lock_guard|unique_lock|scoped_lock|condition_variable)\b",
     "hot folders share nothing but rings"),
    ("randomness", EVERYWHERE, r"\bs?rand\s*\(|\bstd::(random_device|mt19937(_64)?|uniform_\w+)\b",
     "use tradsys::Random with a seed"),
    ("wall-clock", TIMELESS, r"\bsystem_clock\b|\bsteady_clock\b", "time comes in as Nanos"),
    ("floating-point", EXACT, r"\b(float|double)\b", "money and quantity are integers"),
    ("unit-spelling", EVERYWHERE,
     r"\b(?!rte_|tv_)[a-z]\w*_(nanos|millis|micros|sz|nsec|usec|msec)_?\b",
     "units are _ns _us _ms _bytes _count"),
)
# The same for every text file, comments and documents included.
TEXT = (
    ("unfinished", r"\b(TODO|FIXME|XXX|HACK)\b|\bfor now\b|\bplaceholder\b",
     "finish it, or open an issue and leave it out"),
    ("machine-path", r"(?<![\w.$}*])/(home|root|work)/", "no path of one machine"),
    ("machine-path", r"(?<![\w-])shared/(?!data\b)", "only ../shared/data may be named"),
    ("machine-path", r"(?<!\.\./)(?<![\w-])shared/data\b",
     "test data is ../shared/data, beside the clone"),
)
GENERIC = {"util", "utils", "common", "misc", "helper", "helpers", "manager", "managers", "stuff"}
OWN = "tests/tidy/"  # these files name what they look for


def code_words(tree: SourceTree):
    for path in tree.with_suffix(*CPP):
        code = without_comments(tree.text(path))
        for rule, folders, pattern, why in CODE:
            if not path.startswith(folders):
                continue
            for match in re.finditer(pattern, code):
                yield Finding(path, _line(code, match), rule, f"'{match.group().strip()}': {why}")


def text_words(tree: SourceTree):
    for path in tree.paths:
        if path.startswith(OWN):
            continue
        text = tree.text(path)
        for rule, pattern, why in TEXT:
            for match in re.finditer(pattern, text):
                yield Finding(path, _line(text, match), rule, f"'{match.group().strip()}': {why}")


def folder_names(tree: SourceTree):
    folders = {parent for p in tree.paths for parent in PurePosixPath(p).parents}
    for folder in sorted(folders):
        if folder.name in GENERIC and str(folder) != "fpga/rtl/common":
            yield Finding(str(folder), 0, "generic-folder", "name it for what it holds")


def file_names(tree: SourceTree):
    for path in tree.with_suffix(*SOURCES):
        name = PurePosixPath(path).name
        if path.startswith("control/web/") or re.fullmatch(r"[a-z0-9_]+(\.\w+)+", name):
            continue
        yield Finding(path, 1, "file-name", "files are snake_case")


def white_space(tree: SourceTree):
    for path in tree.paths:
        text = tree.text(path)
        if PurePosixPath(path).suffix not in SOURCES | {".md", ".cmake", ".toml", ".txt"}:
            continue
        for match in re.finditer(r"[ \t]+$|\r", text, re.MULTILINE):
            yield Finding(path, _line(text, match), "white-space", "at the end of the line")
        if text and not text.endswith("\n"):
            yield Finding(path, len(text.splitlines()), "white-space", "no newline at the end")


def _line(text: str, match: re.Match) -> int:
    return text.count("\n", 0, match.start()) + 1


RULES = (code_words, text_words, folder_names, file_names, white_space)
