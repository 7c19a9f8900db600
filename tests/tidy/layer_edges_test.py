#!/usr/bin/env python3
"""Goal: a target that links its own layer or a higher one fails at configure, whichever is defined
first. Method: small trees with the project's own cmake/tradsys.cmake, configured by CMake."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOP = """cmake_minimum_required(VERSION 3.25)
project(edges LANGUAGES CXX)
list(APPEND CMAKE_MODULE_PATH "{root}/cmake")
include(tradsys)
{folders}
"""


def configure(folders):
    """(return code, output) of configuring a tree: {folder: its CMakeLists.txt}, in order."""
    with tempfile.TemporaryDirectory() as tmp:
        tree = pathlib.Path(tmp)
        for folder, text in folders.items():
            (tree / folder).mkdir(parents=True)
            (tree / folder / "CMakeLists.txt").write_text(text)
        lines = "\n".join(f"add_subdirectory({folder})" for folder in folders)
        (tree / "CMakeLists.txt").write_text(TOP.format(root=ROOT, folders=lines))
        done = subprocess.run(["cmake", "-S", tree, "-B", tree / "build", "-G", "Ninja"],
                              capture_output=True, text=True, check=False)
        return done.returncode, " ".join((done.stdout + done.stderr).split())


class LayerEdges(unittest.TestCase):
    def fails(self, folders, words):
        code, output = configure(folders)
        self.assertNotEqual(code, 0, output)
        self.assertIn("layer violation: " + words, output)

    def test_downward_edges_pass(self):
        code, output = configure({
            "hostsw/core": "tradsys_library(core LAYER 1)\n",
            "hostsw/book": "tradsys_library(book LAYER 2 DEPS core)\n",
            "dataplane/feed": "tradsys_library(feed LAYER 4 DEPS book)\n",
            "dataplane/edge": "tradsys_library(edge LAYER 4 DEPS feed)\n",
        })
        self.assertEqual(code, 0, output)

    def test_an_upward_edge_fails_though_its_target_comes_later(self):
        self.fails({
            "hostsw/book": "tradsys_library(book LAYER 2 DEPS edge)\n",
            "dataplane/edge": "tradsys_library(edge LAYER 4)\n",
        }, "book (layer 2) may not use edge (layer 4)")

    def test_siblings_of_layer_two_fail(self):
        self.fails({
            "hostsw/wire": "tradsys_library(wire LAYER 2 DEPS book)\n",
            "hostsw/book": "tradsys_library(book LAYER 2)\n",
        }, "wire (layer 2) may not use book (layer 2)")

    def test_control_and_dataplane_may_not_meet(self):
        self.fails({
            "control/cli": "tradsys_library(cli LAYER 4 DEPS edge)\n",
            "dataplane/edge": "tradsys_library(edge LAYER 4)\n",
        }, "cli of control/ may not use its sibling edge of dataplane/")


if __name__ == "__main__":
    sys.exit(unittest.main())
