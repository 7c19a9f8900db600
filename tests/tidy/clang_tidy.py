#!/usr/bin/env python3
"""Runs clang-tidy, with the short error list of .clang-tidy, over the largest file of each folder.

usage: clang_tidy.py --build DIR [--clang-tidy PROGRAM] [--all] [--selftest]

Headers come with the files that include them, so one file a folder sees most of the tree within
three minutes on two cores; --all takes every file. --selftest proves that a defect is found.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("hostsw", "drivers", "dataplane", "control", "sim")
# The poll functions of the production tile: templates that no other file brings in as a whole.
ALWAYS = ("tests/conformance/hot/hot_poll.cpp",)
DEFECT = """#include <string>
#include <utility>
std::string f(std::string a) {
  std::string b = std::move(a);
  return a + b;
}
"""


def chosen_files(build: Path, everything: bool) -> list[str]:
    by_folder = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = Path(entry["directory"], entry["file"]).resolve()
        if not file.is_relative_to(ROOT):
            continue
        name = file.relative_to(ROOT).as_posix()
        if name.startswith(tuple(f + "/" for f in FOLDERS)):
            by_folder.setdefault(str(file.parent), set()).add(name)
        elif name in ALWAYS:
            by_folder.setdefault(name, set()).add(name)
    files = []
    for names in by_folder.values():
        largest_first = sorted(names, key=lambda n: (-(ROOT / n).stat().st_size, n))
        files += largest_first if everything else largest_first[:1]
    return sorted(files)


def findings(program: str, arguments: list[str]) -> str:
    done = subprocess.run([program, "--quiet", *arguments], cwd=ROOT, capture_output=True,
                          text=True, check=False)
    if done.returncode == 0:
        return ""
    return done.stdout.strip() or done.stderr.strip() or f"exit code {done.returncode}"


def selftest(program: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.cpp"
        sample.write_text(DEFECT, encoding="utf-8")
        found = findings(program, [f"--config-file={ROOT / '.clang-tidy'}", str(sample), "--",
                                   "-std=c++20"])
    print(found)
    return 0 if "bugprone-use-after-move" in found else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--clang-tidy", default="clang-tidy")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--selftest", action="store_true")
    arguments = parser.parse_args()
    if arguments.selftest:
        return selftest(arguments.clang_tidy)
    files = chosen_files(arguments.build, arguments.all)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(
            lambda f: findings(arguments.clang_tidy, ["-p", str(arguments.build), f]), files))
    for file, text in zip(files, results):
        if text:
            print(f"{file}:\n{text}\n")
    bad = sum(1 for text in results if text)
    print(f"clang-tidy: {len(files)} files, {bad} with findings")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
