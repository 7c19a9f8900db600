"""Budgets: nothing grows into a giant."""
import ast
from collections import Counter
from pathlib import PurePosixPath

from cpp_scan import functions_of
from source_tree import CPP, SOURCES, Finding, SourceTree

FILE_LINES_MAX = 500
TEST_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
FOLDER_FILES_MAX = 20
COLUMNS_MAX = 100


def files(tree: SourceTree):
    for path in tree.with_suffix(*CPP, ".py"):
        limit = TEST_LINES_MAX if path.startswith("tests/") else FILE_LINES_MAX
        count = len(tree.lines(path))
        if count > limit:
            yield Finding(path, limit, "file-size", f"{count} lines, the limit is {limit}: split")


def functions(tree: SourceTree):
    for path in tree.with_suffix(*CPP):
        for function in functions_of(tree.text(path)):
            yield from _too_long(path, function.name, function.line, function.line_count)
    for path in tree.with_suffix(".py"):
        for node in ast.walk(ast.parse(tree.text(path))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                count = node.end_lineno - node.lineno + 1
                yield from _too_long(path, node.name, node.lineno, count)


def _too_long(path: str, name: str, line: int, count: int):
    if count > FUNCTION_LINES_MAX:
        yield Finding(path, line, "function-size",
                      f"{name} has {count} lines, the limit is {FUNCTION_LINES_MAX}")


def folders(tree: SourceTree):
    counts = Counter(str(PurePosixPath(p).parent) for p in tree.with_suffix(*SOURCES))
    for folder, count in sorted(counts.items()):
        if count > FOLDER_FILES_MAX:
            yield Finding(folder, 0, "folder-size",
                          f"{count} source files, the limit is {FOLDER_FILES_MAX}: make subfolders")


def columns(tree: SourceTree):
    scripts = {"run", "test", ".ci/run"}
    for path in tree.paths:
        pure = PurePosixPath(path)
        if pure.suffix not in SOURCES | {".cmake"} and pure.name != "CMakeLists.txt" \
                and path not in scripts:
            continue
        for number, line in enumerate(tree.lines(path), 1):
            if len(line) > COLUMNS_MAX:
                yield Finding(path, number, "columns", f"{len(line)} columns, the limit is 100")


RULES = (files, functions, folders, columns)
