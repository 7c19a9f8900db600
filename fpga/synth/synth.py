#!/usr/bin/env python3
"""Synthesises a block for UltraScale+ with yosys and prints what it takes: LUT, FF, RAMB, URAM,
DSP, and the longest path between registers. Fails when one is more than 5 % above budget.toml.


BLOCK is a table of budget.toml. The frequency is an estimate from the length of the path, by the
delays at the top of this program: nothing was placed or routed. -nosrl always: the shift registers
that yosys infers ignore their clock enable (yosys issue 6058).
"""
import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUDGET = Path(__file__).with_name("budget.toml")
SLACK = 1.05
# Guesses for speed grade -2, ns: a LUT or multiplexer with the wire behind it, a CARRY4 within its
# chain, clock to output and set-up of a register together.
LUT_NS, CARRY_NS, REGISTER_NS = 0.32, 0.025, 0.25

# Cells by what they are counted as; the rest is listed by name.
KINDS = {
    "LUT": re.compile(r"LUT[1-6]$|INV$"),
    "LUTRAM": re.compile(r"RAM\d+\w*$"),
    "MUXF": re.compile(r"MUXF[789]$"),
    "CARRY4": re.compile(r"CARRY4$"),
    "FF": re.compile(r"FD[RSCP]E(_1)?$"),
    "RAMB36": re.compile(r"RAMB36E2$"),
    "RAMB18": re.compile(r"RAMB18E2$"),
    "URAM288": re.compile(r"URAM288$"),
    "DSP48E2": re.compile(r"DSP48E2$"),
    "SRL": re.compile(r"SRL(16E|C32E)$"),
}


def script(block: str, files: list[Path], parameters: dict, netlist: Path) -> str:
    chparam = "".join(f"chparam -set {name} {value} {block}\n"
                      for name, value in parameters.items())
    return f"""read_verilog -sv {" ".join(map(str, files))}
{chparam}hierarchy -check -top {block}
proc
check -assert
synth_xilinx -family xcup -uram -nosrl -flatten -top {block}
check -assert
write_verilog -noattr {netlist}
tee -o {netlist.with_suffix(".stat")} stat
# Paths between registers: without the cells that end them; memories and multipliers have registers.
delete t:FD* t:RAMB* t:URAM* t:DSP* t:RAM32* t:RAM64* t:RAM128* t:RAM256* t:BUFG t:IBUF t:OBUF
tee -o {netlist.with_suffix(".path")} ltp -noff
"""


def counted(stat: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, number in re.findall(r"^ {5}(\$?\w+) +(\d+)$", stat, re.MULTILINE):
        kind = next((k for k, pattern in KINDS.items() if pattern.match(name)), None)
        if kind is None and name in ("IBUF", "OBUF", "BUFG"):
            continue
        counts[kind or name] = counts.get(kind or name, 0) + int(number)
    return counts


def path_of(report: str) -> dict[str, int]:
    """Cells of the longest path, told by their names: CARRY4; LUTs and multiplexers."""
    cells = re.findall(r"^ *\d+: .* \(via (.*)\)$", report, re.MULTILINE)
    carries = sum(cell.endswith("carry4") for cell in cells)
    return {"path_carry4": carries, "path_lut": len(cells) - carries}


def over_budget(found: dict[str, int], budget: dict[str, int]) -> list[str]:
    return [f"{name}: {found.get(name, 0)} is above the budget of {allowed} by more than 5 %"
            for name, allowed in budget.items() if found.get(name, 0) > allowed * SLACK]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("block")
    parser.add_argument("--packages", type=Path, default=ROOT / "build/dev/gen/sv",
                        help="folder of the generated packages")
    parser.add_argument("--work", type=Path, default=ROOT / "build/synth")
    options = parser.parse_args()
    table = tomllib.loads(BUDGET.read_text(encoding="utf-8"))
    if options.block not in table:
        print(f"synth.py: {options.block} is no block of {BUDGET.name}; there are "
              f"{', '.join(table)}", file=sys.stderr)
        return 2
    entry = table[options.block]
    files = [options.packages / f"{name}.sv" for name in entry["packages"]]
    files += [p for pattern in entry["sources"] for p in sorted(ROOT.glob(pattern))
              if p not in files]
    files = sorted(files, key=lambda p: not p.stem.endswith("_pkg"))  # packages first
    options.work.mkdir(parents=True, exist_ok=True)
    netlist = options.work / f"{options.block}.v"
    run = netlist.with_suffix(".ys")
    run.write_text(script(options.block, files, entry.get("parameters", {}), netlist))
    subprocess.run(["yosys", "-q", "-q", "-l", netlist.with_suffix(".log"), "-s", run], check=True)
    found = counted(netlist.with_suffix(".stat").read_text())
    found |= path_of(netlist.with_suffix(".path").read_text())
    path_ns = REGISTER_NS + LUT_NS * found["path_lut"] + CARRY_NS * found["path_carry4"]
    for name, number in sorted(found.items()):
        print(f"{name:12} {number:8}  budget {entry['budget'].get(name, '-')}")
    print(f"estimate, not measured: {path_ns:.1f} ns, {1000 / path_ns:.0f} MHz")
    problems = over_budget(found, entry["budget"])
    if found.get("SRL", 0) != 0:
        problems.append("SRL: there must be none")
    for problem in problems:
        print(f"synth.py: {options.block}: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
