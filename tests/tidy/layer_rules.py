"""Layers (docs/adr/0001): a folder includes only what stands below it."""
import re

from source_tree import CPP, Finding, SourceTree

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
# Layer of each folder that holds C++; drivers and fpga/model share one.
LAYERS = {"hostsw/core": 1, "hostsw": 2, "hostsw/client": 3, "drivers": 3, "fpga": 3,
          "dataplane": 4, "control": 4, "sim": 5, "tests": 6}
HARDWARE = re.compile(r"(rte_\w+|hwloc|numa|numaif|xrt/.*|hwloc/.*)(\.h|\.hpp)?$")


def place_of(path: str) -> tuple[int, str] | None:
    """Layer and island: within a layer, only the same island may be included."""
    parts = path.split("/")
    if parts[0] not in LAYERS or len(parts) < 2:
        return None
    if parts[0] == "hostsw":
        folder = "/".join(parts[:2])
        return LAYERS.get(folder, LAYERS["hostsw"]), folder
    return LAYERS[parts[0]], parts[0]


def includes_of(tree: SourceTree, path: str):
    text = tree.text(path)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1)


def layers(tree: SourceTree):
    for path in tree.with_suffix(*CPP):
        place = place_of(path)
        if place is None:
            yield Finding(path, 1, "layer", "C++ outside the layered folders")
            continue
        for line, include in includes_of(tree, path):
            other = place_of(include)
            if other is None or other == place or other[0] < place[0]:
                continue
            yield Finding(path, line, "layer", f"{place[1]} (layer {place[0]}) may not include "
                          f"{other[1]} (layer {other[0]})")


def hardware(tree: SourceTree):
    for path in tree.with_suffix(*CPP):
        if path.startswith("drivers/"):
            continue
        for line, include in includes_of(tree, path):
            if HARDWARE.match(include):
                yield Finding(path, line, "hardware-header",
                              f"{include} belongs behind an interface of drivers/")


def pragma_once(tree: SourceTree):
    for path in tree.with_suffix(".hpp"):
        if not re.search(r"^#pragma once$", tree.text(path), re.MULTILINE):
            yield Finding(path, 1, "pragma-once", "the header can be included twice")


def dead_headers(tree: SourceTree):
    included = {include for path in tree.with_suffix(*CPP)
                for _, include in includes_of(tree, path)}
    for path in tree.with_suffix(".hpp"):
        if path not in included:
            yield Finding(path, 1, "dead-header", "nothing includes it: remove it")


def missing_headers(tree: SourceTree):
    known = set(tree.paths)
    for path in tree.with_suffix(*CPP):
        for line, include in includes_of(tree, path):
            if place_of(include) is not None and include not in known:
                yield Finding(path, line, "missing-header", f"{include} does not exist")


RULES = (layers, hardware, pragma_once, dead_headers, missing_headers)
