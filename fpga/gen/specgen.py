#!/usr/bin/env python3
"""Generates C++, SystemVerilog, Markdown and the golden layout listing from fpga/spec/*.toml.

    specgen.py --out build/gen fpga/spec/*.toml                    write what changed
    specgen.py --check-golden fpga/spec/golden fpga/spec/*.toml    fail when a layout changed
    specgen.py --update-golden fpga/spec/golden fpga/spec/*.toml   accept the layouts as they are
    specgen.py --shim build/shim fpga/spec/risk.toml               round-trip test of records
    specgen.py --shim build/shim fpga/spec/csr.toml                the same of registers
    specgen.py --shim build/shim fpga/spec/itch50.toml             the same of messages
"""
import argparse
import pathlib
import sys
import tomllib

import cpp
import cpp_messages
import golden
import markdown
import messages
import messages_decode
import records
import registers
import registers_cpp
import registers_shim
import registers_sv
import shim
import sv
from model import MessageSpec, Problems, RecordSpec, RegisterSpec, SpecError

READERS = {"records": records.read, "messages": messages.read, "registers": registers.read}
HEADERS = {
    RecordSpec: cpp.emit,
    MessageSpec: cpp_messages.emit,
    RegisterSpec: registers_cpp.emit
}


def load(path):
    """Reads and checks one spec file."""
    problems = Problems(path)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(
            f"{path}: cannot be read: {error.strerror}; give the path of a spec") from error
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path}: not TOML: {error}; correct the syntax there") from error
    kind = tree.get("kind", "records")
    if kind not in READERS:
        problems.add("top level", f"unknown kind '{kind}'", "use " + " or ".join(READERS))
        problems.stop_if_any()
    spec = READERS[kind](tree, problems)
    if spec.name != path.stem:
        problems.add("top level", f"name '{spec.name}' is not that of the file",
                     f'use name = "{path.stem}"')
        problems.stop_if_any()
    return spec


def write(path, text):
    """Leaves an unchanged file alone, so that nothing is rebuilt for it."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def generate(spec, options):
    """Writes what the command line asks for; returns a problem or ""."""
    if options.out:
        write(options.out / "tradsys" / f"{spec.name}_spec.hpp", HEADERS[type(spec)](spec))
        write(options.out / "sv" / f"{spec.name}_pkg.sv", sv.emit(spec))
        write(options.out / "docs" / f"{spec.name}.md", markdown.emit(spec))
        if isinstance(spec, RegisterSpec):
            write(options.out / "sv" / f"{spec.name}_decode.sv", registers_sv.emit_decode(spec))
        if isinstance(spec, MessageSpec) and messages_decode.fits(spec):
            write(options.out / "sv" / f"{spec.name}_decode.sv", messages_decode.emit(spec))
    if options.shim and isinstance(spec, RecordSpec):
        write(options.shim / f"{spec.name}_shim.sv", shim.emit_sv(spec))
        write(options.shim / f"{spec.name}_shim.hpp", shim.emit_cpp(spec))
    if options.shim and isinstance(spec, RegisterSpec):
        write(options.shim / f"{spec.name}_roundtrip.hpp", registers_shim.emit_cpp(spec))
    if options.shim and isinstance(spec, MessageSpec) and messages_decode.fits(spec):
        write(options.shim / f"{spec.name}_shim.sv", messages_decode.emit_shim_sv(spec))
        write(options.shim / f"{spec.name}_shim.hpp", messages_decode.emit_shim_cpp(spec))
    if options.update_golden:
        write(options.update_golden / f"{spec.name}.txt", golden.emit(spec))
    return golden.check(spec, options.check_golden) if options.check_golden else ""


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out",
                        type=pathlib.Path,
                        help="folder for C++, SystemVerilog and Markdown")
    parser.add_argument("--shim",
                        type=pathlib.Path,
                        help="folder for the round-trip test of a spec")
    parser.add_argument("--check-golden",
                        type=pathlib.Path,
                        help="folder of the committed layout listings")
    parser.add_argument("--update-golden",
                        type=pathlib.Path,
                        help="folder of the committed layout listings")
    parser.add_argument("spec", nargs="+", type=pathlib.Path)
    options = parser.parse_args(arguments)
    errors = []
    for path in options.spec:
        try:
            problem = generate(load(path), options)
        except SpecError as error:
            problem = str(error)
        if problem:
            errors.append(problem)
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
