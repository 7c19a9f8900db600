#!/usr/bin/env python3
"""Proves what proofs.toml claims, for any length of time, and that each proof can fail.

    formal.py --work build/formal                 every proof
    formal.py --work build/formal arbiter secded  some
    formal.py --work build/formal --mutants       also refute every mutant

yosys builds an AIGER circuit out of design and harness, the PDR engine of yosys-abc decides it.
Prints one line a proof and exits 1 when one is not proved or a mutant is not refuted.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
RTL = HERE.parent / "rtl"
# Registers of one clock start with any value; those of two clocks in the reset state.
FLATTEN = {
    0: ["async2sync"],
    1: ["async2sync", "formalff -clk2ff -ff2anyinit"],
    2: ["setundef -init -zero", "clk2fflogic", "setundef -init -zero"],
}


def script(proof, files, out):
    """The yosys commands: design and harness to one AIGER file."""
    top = f"{proof['name']}_props"
    reads = " ".join(str(path) for path in files)
    steps = [
        f"read_verilog -sv -formal {reads}", f"hierarchy -check -top {top}", "proc",
        "check -assert", "flatten", "delete -output", "opt_clean -purge", "memory -nomap",
        "opt -keepdc", "opt_clean -purge", "memory_map -formal"
    ]
    steps += FLATTEN[proof["clocks"]] + [
        "chformal -assume -early", "setundef -undriven -anyseq", "opt -keepdc", "techmap",
        "dffunmap", "opt", "simplemap", "opt", "setundef -anyseq", "aigmap",
        f"write_aiger -I -B -zinit {out}"
    ]
    return "; ".join(steps)


def run(command, limit):
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    return done.returncode, done.stdout + done.stderr


def decide(proof, sources, work, gen, limit):
    """'proved', 'holds' (bounded), 'refuted', or what went wrong instead. `sources`: file of rtl ->
    path to read; `gen`: folder of the generated packages."""
    harness = [HERE / name for name in proof.get("props", []) + [f"{proof['name']}_props.sv"]]
    packages = [gen / f"{name}.sv" for name in proof.get("packages", [])]
    circuit = work / "circuit.aig"
    circuit.unlink(missing_ok=True)
    files = packages + [sources[name] for name in proof["files"]] + harness
    try:
        status, text = run(["yosys", "-q", "-p", script(proof, files, circuit)], 5 * limit)
    except subprocess.TimeoutExpired:
        return f"undecided: yosys took more than {5 * limit} s"
    if status != 0 or not circuit.exists():
        return f"yosys failed: {text.strip()[-400:]}"
    frames = proof.get("frames", 0)
    search = f"bmc3 -F {frames} -T {limit}" if frames else f"pdr -T {limit}"
    engine = f"read_aiger {circuit}; fold; strash; {search}"
    _, text = run(["yosys-abc", "-c", engine], limit + 30)
    if re.search(r"^Property proved\.", text, re.MULTILINE):
        return "proved"
    if frames and re.search(rf"No output asserted in {frames} frames", text):
        return "holds"
    if re.search(r"Output \d+ of miter .* was asserted in frame \d+", text):
        return "refuted"
    return f"undecided: {text.strip()[-200:]}"


def mutated(proof, number, work):
    """Copies the sources of a proof with one mutant in them."""
    name, *edits = proof["mutants"][number]
    sources = {}
    for path in proof["files"]:
        target = work / pathlib.Path(path).name
        source = (RTL / path).read_text(encoding="utf-8")
        for text, replacement in zip(edits[::2], edits[1::2]) if path == name else ():
            if source.count(text) != 1:
                raise SystemExit(f"proofs.toml: proof {proof['name']}, mutant {number}: {text!r} "
                                 f"occurs {source.count(text)} times in {path}; it must occur once")
            source = source.replace(text, replacement)
        target.write_text(source, encoding="utf-8")
        sources[path] = target
    return sources


def prove(proof, options):
    """Lines of what is wrong: none when proved and every mutant asked for is refuted."""
    work = options.work / proof["name"]
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    begin = time.monotonic()
    limit = proof.get("limit", options.limit)
    sources = {name: RTL / name for name in proof["files"]}
    verdict = decide(proof, sources, work, options.gen, limit)
    print(f"{proof['name']}: {verdict} in {time.monotonic() - begin:.1f} s: {proof['claim']}",
          flush=True)
    wanted = "holds" if "frames" in proof else "proved"
    wrong = [] if verdict == wanted else [f"{proof['name']}: {verdict}"]
    for number in range(len(proof["mutants"]) if options.mutants else 0):
        verdict = decide(proof, mutated(proof, number, work), work, options.gen, limit)
        print(f"  mutant {number}: {verdict}", flush=True)
        if verdict != "refuted":
            wrong.append(f"{proof['name']}, mutant {number}: {verdict}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for circuits")
    parser.add_argument("--mutants", action="store_true", help="refute every mutant, too")
    parser.add_argument("--limit", type=int, default=120, help="seconds for one decision")
    parser.add_argument("--gen", type=pathlib.Path, default=HERE.parents[1] / "build/dev/gen/sv",
                        help="folder of the generated packages")
    parser.add_argument("name", nargs="*", help="proofs; none = all")
    options = parser.parse_args()
    options.work = options.work.resolve()
    proofs = tomllib.loads((HERE / "proofs.toml").read_text(encoding="utf-8"))["proof"]
    known = [proof["name"] for proof in proofs]
    for name in options.name:
        if name not in known:
            parser.error(f"no proof '{name}'; known: {', '.join(known)}")
    wrong = []
    for proof in proofs:
        if not options.name or proof["name"] in options.name:
            wrong += prove(proof, options)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
