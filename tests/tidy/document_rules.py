"""Documents say what is there: links lead somewhere, decisions that are cited exist."""
import posixpath
import re

from source_tree import Finding, SourceTree

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
DECISION = re.compile(r"\bADR[ -](\d{4})\b|docs/adr/(\d{4})\b")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def anchors_of(text: str) -> set[str]:
    """The names under which headings can be linked, as code hosts make them."""
    anchors = set()
    for heading in re.findall(r"^#+[ \t]+(.+?)[ \t]*$", FENCE.sub("", text), re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        anchors.add(kept.replace(" ", "-"))
    return anchors


def links(tree: SourceTree):
    for path in tree.with_suffix(".md"):
        text = tree.text(path)
        for match in LINK.finditer(FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)):
            line = text.count("\n", 0, match.start()) + 1
            yield from _check(tree, path, line, match.group(1))


def _check(tree: SourceTree, path: str, line: int, link: str):
    if re.match(r"[a-z]+:", link):
        return
    target, _, anchor = link.partition("#")
    where = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
    if where.startswith("../") or not (tree.root / where).exists():
        yield Finding(path, line, "doc-link", f"{link} leads nowhere")
    elif anchor and where.endswith(".md") and anchor not in anchors_of(tree.text(where)):
        yield Finding(path, line, "doc-link", f"{where} has no heading '{anchor}'")


def decisions(tree: SourceTree):
    known = {match.group(1) for p in tree.under("docs/adr")
             if (match := re.match(r"docs/adr/(\d{4})-", p))}
    for path in tree.paths:
        if path.startswith("tests/tidy/"):
            continue
        text = tree.text(path)
        for match in DECISION.finditer(text):
            number = match.group(1) or match.group(2)
            if number not in known:
                yield Finding(path, text.count("\n", 0, match.start()) + 1, "decision",
                              f"there is no docs/adr/{number}-...")


def folder_readme(tree: SourceTree):
    for folder in sorted({p.split("/")[0] for p in tree.paths if "/" in p}):
        if folder.startswith(".") or folder in ("docs", "cmake"):
            continue
        if f"{folder}/README.md" not in tree.paths:
            yield Finding(folder, 0, "folder-readme", "a top-level folder explains itself")


RULES = (links, decisions, folder_readme)
