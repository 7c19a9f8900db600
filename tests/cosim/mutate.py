#!/usr/bin/env python3
"""Puts each fault of a list into a copy of the circuit and runs its cosimulation: every fault must
be found. The tests must have been built; what they link is taken from the build.

usage: mutate.py --build build/dev --list FILE [--only TEXT] [--jobs N] [--records N]
       mutate.py --check --list FILE     only: does every mutant name what occurs once?

A list has `program`s (the test, its Verilated model, the class of it), cheap ones first, of which
those run that read the mutated file, and `mutant`s: a `file` of fpga/rtl, `from` that occurs once
in it, `to`, and what that `breaks`.

Prints one line a mutant and a score; exits 1 when less than --score percent are killed.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RTL = ROOT / "fpga/rtl"


def commands(build: Path, target: str) -> str:
    """The last command that makes a target of the build."""
    listing = subprocess.run(["ninja", "-C", build, "-t", "commands", target],
                             check=True, capture_output=True, text=True).stdout
    return listing.strip().splitlines()[-1]


def fault_in(mutant: dict) -> str:
    """The text of the mutant's file with the fault in it."""
    text = (RTL / mutant["file"]).read_text(encoding="utf-8")
    if text.count(mutant["from"]) != 1:
        raise SystemExit(f"{mutant['file']}: '{mutant['from']}' occurs {text.count(mutant['from'])}"
                         " times; a mutant names what occurs once")
    return text.replace(mutant["from"], mutant["to"])


def mutated(mutant: dict, folder: Path) -> Path:
    """A copy of the RTL with the fault in it."""
    copy = folder / "rtl"
    shutil.copytree(RTL, copy)
    (copy / mutant["file"]).write_text(fault_in(mutant), encoding="utf-8")
    return copy


def verilate(build: Path, rtl: Path, model: str, name: str, folder: Path) -> Path:
    """The archive of the mutated model."""
    command = commands(build, f"verilated/{model}/{name}__ALL.a")
    made = folder / model
    command = command.replace(str(build / "verilated" / model), str(made))
    command = command.replace(str(RTL), str(rtl)).replace(" -Wall ", " -Wno-fatal ")
    command = command.replace("-CFLAGS -O2", "-CFLAGS -O0")
    made.mkdir()
    subprocess.run(command, shell=True, check=True, cwd=build, capture_output=True)
    return made / f"{name}__ALL.a"


def killed_by(mutant: dict, programs: list, build: Path, records: int) -> str:
    """The program that finds the fault, or an empty string."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rtl = mutated(mutant, folder)
        archives = {}
        for program, model, name in programs:
            made = commands(build, f"verilated/{model}/{name}__ALL.a")
            if f"/{mutant['file']}" not in made:
                continue
            if model not in archives:
                archives[model] = verilate(build, rtl, model, name, folder)
            link = commands(build, f"tests/{program}")
            link = link.replace(f"verilated/{model}/{name}__ALL.a", str(archives[model]))
            link = link.replace(f"-o tests/{program} ", f"-o {folder / program} ")
            subprocess.run(link, shell=True, check=True, cwd=build, capture_output=True)
            try:
                ran = subprocess.run([folder / program], timeout=300, capture_output=True, cwd=ROOT,
                                     env=os.environ | {"TRADSYS_RECORDS": str(records)})
            except subprocess.TimeoutExpired:
                return f"{program} (hangs)"
            if ran.returncode != 0:
                return program
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/dev")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--only", default="", help="mutants whose description or file has it")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--score", type=float, default=95.0, help="percent that must be killed")
    options = parser.parse_args()
    build = options.build.resolve()
    with open(options.list, "rb") as file:
        listed = tomllib.load(file)
    mutants = [m for m in listed["mutant"]
               if options.only in m["breaks"] or options.only in m["file"]]
    if options.check:
        for mutant in mutants:
            fault_in(mutant)
        print(f"{len(mutants)} mutants name what occurs once")
        return 0
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(
            lambda m: report(m, listed["program"], build, options.records), mutants))
    score = 100.0 * sum(results) / len(results) if results else 0.0
    print(f"{sum(results)} of {len(results)} mutants killed: {score:.1f} %")
    return 0 if score >= options.score else 1


def report(mutant: dict, programs: list, build: Path, records: int) -> bool:
    killer = killed_by(mutant, programs, build, records)
    print(f"{killer or 'SURVIVED'}: {mutant['file']}: {mutant['breaks']}", flush=True)
    return bool(killer)


if __name__ == "__main__":
    sys.exit(main())
