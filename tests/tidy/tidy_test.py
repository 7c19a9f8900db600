"""Goal: each house rule fires on a bad sample and is silent on a good one.
Method: a small tree in a temporary folder per case: every rule is proved able to fail."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cpp_scan  # noqa: E402
import tidy  # noqa: E402
from source_tree import SourceTree  # noqa: E402

HEADER = "#pragma once\n"


def rules_of(files: dict[str, str]) -> set[tuple[str, str]]:
    """Checks a tree of `files`; returns (rule, path), without what a tree so small cannot have."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return {(f.rule, f.path) for f in tidy.check(SourceTree(root))
                if f.rule not in ("folder-readme",)}


class Rules(unittest.TestCase):
    def fires(self, rule: str, path: str, text: str, **others: str):
        self.assertIn((rule, path), rules_of({path: text, **others}))

    def silent(self, files: dict[str, str]):
        self.assertEqual(rules_of(files), set())

    def code(self, rule: str, bad: str, good: str, folder: str = "hostsw/risk"):
        path = f"{folder}/sample.cpp"
        self.fires(rule, path, bad + "\n")
        self.silent({path: good + "\n"})

    # --- budgets
    def test_files(self):
        self.fires("file-size", "hostsw/core/a.cpp", "int a;\n" * 501)
        self.fires("file-size", "tests/unit/a_test.cpp", "int a;\n" * 601)
        self.silent({"hostsw/core/a.cpp": "int a;\n" * 500,
                     "tests/unit/a_test.cpp": "int a;\n" * 600})

    def test_functions(self):
        body = "  call();\n" * 69
        self.fires("function-size", "sim/a.cpp", "void f() {\n" + body + "}\n")
        self.silent({"sim/a.cpp": "namespace x {\nvoid f() {\n" + body[:-10] + "}\n}\n"})
        self.fires("function-size", "fpga/gen/a.py", "def f():\n" + "    print()\n" * 70)

    def test_folders(self):
        files = {f"sim/market/a{i}.cpp": "int a;\n" for i in range(21)}
        self.assertIn(("folder-size", "sim/market"), rules_of(files))
        files.popitem()
        self.silent(files)

    def test_columns(self):
        for path in ("sim/a.cpp", "fpga/gen/a.py", "cmake/a.cmake", "sim/CMakeLists.txt", "run",
                     "provisioning/a.sh"):
            comment = "//" if path.endswith("cpp") else "#"
            self.fires("columns", path, comment + "x" * (101 - len(comment)) + "\n")
            self.silent({path: comment + "x" * (100 - len(comment)) + "\n"})
        self.silent({"fpga/spec/a.toml": "x" * 200 + "\n"})

    # --- layers
    def test_layers(self):
        for path, include in (("hostsw/core/a.cpp", "hostsw/risk/x.hpp"),
                              ("hostsw/book/a.cpp", "hostsw/risk/x.hpp"),
                              ("hostsw/risk/a.cpp", "drivers/nic/x.hpp"),
                              ("drivers/nic/a.cpp", "dataplane/net/x.hpp"),
                              ("dataplane/net/a.cpp", "control/cli/x.hpp"),
                              ("control/cli/a.cpp", "dataplane/net/x.hpp"),
                              ("control/cli/a.cpp", "sim/wire/x.hpp"),
                              ("sim/wire/a.cpp", "tests/support/x.hpp")):
            files = {path: f'#include "{include}"\n', include: HEADER}
            self.assertEqual(rules_of(files), {("layer", path)}, path)
        for path, include in (("hostsw/book/a.cpp", "hostsw/core/x.hpp"),
                              ("hostsw/book/a.cpp", "hostsw/book/x.hpp"),
                              ("dataplane/app/a.cpp", "drivers/nic/x.hpp"),
                              ("sim/world/a.cpp", "dataplane/edge/x.hpp"),
                              ("tests/unit/a.cpp", "sim/world/x.hpp")):
            self.silent({path: f'#include "{include}"\n', include: HEADER})

    def test_cpp_outside_the_layers(self):
        self.fires("layer", "docs/a.cpp", "int a;\n")

    def test_hardware_headers(self):
        for header in ("rte_ethdev.h", "hwloc.h", "numa.h", "xrt/xrt_device.h"):
            self.fires("hardware-header", "dataplane/app/a.cpp", f"#include <{header}>\n")
            self.silent({"drivers/nic/a.cpp": f"#include <{header}>\n"})

    def test_headers(self):
        use = {"sim/a.cpp": '#include "sim/a.hpp"\n'}
        self.fires("pragma-once", "sim/a.hpp", "int a;\n", **use)
        self.fires("dead-header", "sim/a.hpp", HEADER)
        self.fires("missing-header", "sim/a.cpp", use["sim/a.cpp"])
        self.silent({"sim/a.hpp": HEADER, **use})

    # --- words
    def test_words_of_code(self):
        self.code("using-std", "using namespace std;", "using std::min;")
        self.code("hot-function", "std::function<void()> f;", "// std::function is for cold code")
        self.code("hot-virtual", "struct A { virtual void f(); };", "struct A { void f(); };")
        self.code("hot-throw", "void f() { throw 1; }", "void f() noexcept;")
        self.code("hot-lock", "std::mutex m;", "std::atomic<int> a;")
        self.code("randomness", "int a = rand();", "int a = operand();")
        self.code("wall-clock", "auto t = std::chrono::system_clock::now();", "Nanos now;")
        self.code("floating-point", "double price;", 'auto t = "double";')
        self.code("unit-spelling", "long wait_millis;", "long wait_ms;")

    def test_cold_folders_may_do_what_hot_ones_may_not(self):
        self.silent({"sim/venue/a.cpp": "std::function<void()> f;\ndouble x;\n"})

    def test_words_of_every_text(self):
        for rule, text in (("unfinished", "TODO: more"), ("unfinished", "good enough for now"),
                           ("unfinished", "a placeholder"), ("machine-path", "see /home/me/x"),
                           ("machine-path", "/root/x"), ("machine-path", "/" + "work/tree"),
                           ("machine-path", "shared/data/x"), ("machine-path", "../shared/tools")):
            for path, start in (("sim/a.cpp", "// "), ("docs/a.md", "")):
                self.fires(rule, path, start + text + "\n")
        self.silent({"docs/a.md": "../shared/data, ${root}/include, (re)work/life\n"})

    def test_names(self):
        self.assertIn(("generic-folder", "sim/utils"), rules_of({"sim/utils/a.cpp": "int a;\n"}))
        self.fires("file-name", "sim/MyFile.cpp", "int a;\n")
        self.silent({"sim/my_file.cpp": "int a;\n"})

    def test_white_space(self):
        self.fires("white-space", "sim/a.cpp", "int a; \n")
        self.fires("white-space", "sim/a.cpp", "int a;")

    # --- documents
    def test_links(self):
        self.fires("doc-link", "docs/a.md", "[x](b.md)\n")
        self.fires("doc-link", "docs/a.md", "[x](#not-there)\n")
        self.fires("doc-link", "docs/a.md", "[x](../../outside.md)\n")
        self.silent({"docs/a.md": "# A Word, or two\n[x](b.md#b) [y](#a-word-or-two) [z](.)\n",
                     "docs/b.md": "# b\n"})
        self.silent({"docs/a.md": "```\n[x](nowhere.md)\n```\n[w](https://example.org)\n"})

    def test_decisions(self):
        self.fires("decision", "docs/a.md", "see ADR 0009\n")
        self.silent({"docs/a.md": "see ADR 0009\n", "docs/adr/0009-nine.md": "# 0009\n"})

    def test_folder_readme(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "sim").mkdir()
            (Path(folder) / "sim/a.cpp").write_text("int a;\n", encoding="utf-8")
            self.assertEqual([f.rule for f in tidy.check(SourceTree(Path(folder)))],
                             ["folder-readme"])

    # --- waivers
    def test_a_waiver_covers_its_file_only_and_must_be_needed(self):
        bad = "using namespace std;\n"
        waiver = {tidy.WAIVERS: "# why\nusing-std sim/a.cpp: a sample\n"}
        self.silent({"sim/a.cpp": bad, **waiver})
        self.assertEqual(rules_of({"sim/a.cpp": bad, "sim/b.cpp": bad, **waiver}),
                         {("using-std", "sim/b.cpp")})
        self.assertEqual(rules_of({"sim/a.cpp": "int a;\n", **waiver}), {("waiver", tidy.WAIVERS)})
        with self.assertRaises(SystemExit):
            rules_of({"sim/a.cpp": bad, tidy.WAIVERS: "using-std sim/a.cpp\n"})


class Functions(unittest.TestCase):
    def lengths(self, text: str) -> dict[str, int]:
        return {f.name: f.line_count for f in cpp_scan.functions_of(text)}

    def test_finds_members_constructors_and_templates_with_their_lines(self):
        text = ("namespace a {\nclass alignas(64) B : public C {\n public:\n"
                "  B() : x_{1},\n        y_{2} {\n    z();\n  }\n"
                "  template <class T>\n  void f(T t) const noexcept {\n"
                "    if (t) {\n      g([](int) { return 1; });\n    }\n  }\n"
                " private:\n  int x_{0};\n};\n}\n")
        self.assertEqual(self.lengths(text), {"B": 4, "f": 6})

    def test_strings_comments_and_digit_separators_hold_no_braces(self):
        text = ("void f() {\n  a = \"{{\"; // {\n  b = '{'; /* { */ c = 1'000'000;\n"
                "  d = R\"x({)x\";\n}\nvoid g() {\n}\n")
        self.assertEqual(self.lengths(text), {"f": 5, "g": 2})

    def test_initialized_variables_are_no_functions(self):
        self.assertEqual(self.lengths("constexpr int a[] = {\n 1,\n 2};\nvoid g() {}\n"), {"g": 1})


class Program(unittest.TestCase):
    def run_in(self, folder: str) -> subprocess.CompletedProcess:
        program = Path(__file__).resolve().parent / "tidy.py"
        return subprocess.run([sys.executable, "-B", str(program), "--root", folder],
                              capture_output=True, text=True, check=False)

    def test_says_path_line_and_rule_and_exits_1(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.md").write_text("one\nTODO\n", encoding="utf-8")
            done = self.run_in(folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("a.md:2: unfinished: 'TODO'", done.stdout)

    def test_exits_0_on_a_clean_tree_and_1_on_none(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_in(folder).returncode, 1)
            (Path(folder) / "a.md").write_text("one\n", encoding="utf-8")
            self.assertEqual(self.run_in(folder).returncode, 0)


if __name__ == "__main__":
    unittest.main()
