#!/usr/bin/env python3
"""Goal: hot libraries cannot allocate, throw, lock, format or enter the kernel.
Method: `nm` lists what each object file wants from elsewhere; a forbidden name fails.

usage: hot_symbols.py --nm NM LIBRARY...
       hot_symbols.py --nm NM --selftest COMPILER    proves that forbidden code is found

Symbols show direct references only; what DPDK and libc do inside is left to the traps of
tests/integration/dataplane/edge.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FORBIDDEN = (
    ("allocates", r"operator (new|delete)\b.*|(malloc|calloc|realloc|free|aligned_alloc|memalign|"
                  r"posix_memalign|rte_(m|z|c)alloc.*|rte_free)"),
    ("throws", r"__cxa_(throw|rethrow|allocate_exception|begin_catch)|std::__throw_.*"),
    ("locks", r"pthread_(mutex|rwlock|cond|spin|once).*|std::(mutex|condition_variable).*|sem_.*"),
    ("formats", r"v?[sdf]?n?printf(_chk)?|__\w*printf_chk|f?puts|f?putc(har)?|fwrite|fread|fopen|"
                r"fflush|perror|std::(basic_)?o?stream.*|std::locale.*"),
    ("enters the kernel", r"clock_gettime|gettimeofday|time|nanosleep|usleep|sched_yield|syscall|"
                          r"open(at|64)?|close|p?read(64)?|p?write(64)?|poll|ppoll|epoll_.*|ioctl|"
                          r"socket|send(to|msg)?|recv(from|msg)?|mmap(64)?|munmap|madvise|mlock.*|"
                          r"brk|sbrk|getpid|gettid|kill|raise"),
    ("guards a static", r"__cxa_guard_(acquire|release)"),
)
# Cold functions that live beside hot ones: (object file, symbol): why.
ALLOWED = {
    ("contract.cpp", "fprintf"): "a broken invariant says what it is before it aborts",
    ("contract.cpp", "__fprintf_chk"): "as fprintf",
    ("fixed_table.cpp", "mmap"): "tables are mapped once, by constructors",
    ("fixed_table.cpp", "munmap"): "by destructors",
    ("fixed_table.cpp", "madvise"): "by constructors",
    ("gate.cpp", "mmap"): "tables are mapped once, by constructors",
    ("gate.cpp", "munmap"): "by destructors",
    ("gate.cpp", "madvise"): "by constructors",
}


def wanted_symbols(nm: str, library: Path):
    """Yields (object file, symbol) for every undefined symbol."""
    listing = subprocess.run([nm, "-uC", str(library)], capture_output=True, text=True, check=True)
    member = library.name
    for line in listing.stdout.splitlines():
        if line.endswith(":"):
            member = line[:-1].removesuffix(".o")
        elif (match := re.match(r"\s+[Uw] (.+)", line)):
            yield member, match.group(1)


def findings(nm: str, library: Path):
    for member, symbol in wanted_symbols(nm, library):
        name = re.sub(r"@.*", "", symbol)
        for verb, pattern in FORBIDDEN:
            if re.fullmatch(pattern, name) and (member, name) not in ALLOWED:
                yield f"{library.name}({member}): {verb}: {symbol}"


SAMPLES = {
    "allocates": "int* f() { return new int(1); }",
    "throws": "void f() { throw 1; }",
    "locks": "#include <pthread.h>\nvoid f(pthread_mutex_t* m) { pthread_mutex_lock(m); }",
    "formats": "#include <cstdio>\nvoid f(int a) { std::printf(\"%d %d\", a, a); }",
    "enters the kernel": "#include <ctime>\nvoid f(timespec* t) { clock_gettime(0, t); }",
    "guards a static": "int g();\nint f() { static const int a = g(); return a; }",
}


def selftest(nm: str, compiler: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for verb, source in {**SAMPLES, "": "int f(int a) { return a + 1; }"}.items():
            code = Path(folder) / "sample.cpp"
            code.write_text(source + "\n", encoding="utf-8")
            binary = Path(folder) / "sample.o"
            subprocess.run([compiler, "-O2", "-c", str(code), "-o", str(binary)], check=True)
            found = list(findings(nm, binary))
            if any(f": {verb}: " in f for f in found) != bool(verb) or (found and not verb):
                print(f"the sample that {verb or 'does nothing'} gives {found}")
                return 1
    print(f"{len(SAMPLES)} kinds of forbidden code are found")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--selftest", metavar="COMPILER")
    parser.add_argument("library", nargs="*", type=Path)
    arguments = parser.parse_args()
    if arguments.selftest:
        return selftest(arguments.nm, arguments.selftest)
    if not arguments.library:
        parser.error("no library given")
    found = [f for library in arguments.library for f in findings(arguments.nm, library)]
    print("\n".join(found) or f"{len(arguments.library)} hot libraries are clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
