#!/usr/bin/env python3
"""Generates C++, SystemVerilog, Markdown and the golden layout listing from fpga/spec/*.toml.

    specgen.py --out build/gen fpga/spec/risk.toml ...    write what changed
"""
import argparse
import pathlib
import sys
import tomllib

import cpp
import cpp_messages
import messages
import records
from model import Problems, RecordSpec, SpecError

READERS = {"records": records.read, "messages": messages.read}


def load(path):
    """Reads and checks one spec file."""
    problems = Problems(path)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}; give the path of a spec") from error
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path}: not TOML: {error}; correct the syntax there") from error
    kind = tree.get("kind", "records")
    if kind not in READERS:
        problems.add("top level", f"unknown kind '{kind}'", "use " + " or ".join(READERS))
        problems.stop_if_any()
    spec = READERS[kind](tree, problems)
    if spec.name != path.stem:
        problems.add("top level", f"name '{spec.name}' is not that of the file", f'use name = "{path.stem}"')
        problems.stop_if_any()
    return spec


def write(path, text):
    """Leaves an unchanged file alone, so that nothing is rebuilt for it."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def generate(spec, out):
    emit = cpp.emit if isinstance(spec, RecordSpec) else cpp_messages.emit
    write(out / "tradsys" / f"{spec.name}_spec.hpp", emit(spec))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, help="folder for the generated files")
    parser.add_argument("spec", nargs="+", type=pathlib.Path)
    options = parser.parse_args(arguments)
    errors = []
    for path in options.spec:
        try:
            spec = load(path)
        except SpecError as error:
            errors.append(str(error))
            continue
        if options.out:
            generate(spec, options.out)
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
