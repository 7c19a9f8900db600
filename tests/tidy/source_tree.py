"""The files that the house rules are about, and what a broken rule looks like."""
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CPP = {".hpp", ".cpp"}
SOURCES = CPP | {".py", ".sh", ".sv", ".svh", ".c", ".h", ".ts", ".tsx"}
LEFT_OUT = {".git", "build", "__pycache__", "node_modules", ".cache"}


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


class SourceTree:
    """Paths are relative to the root, with slashes. Files that are no text are left out."""

    def __init__(self, root: Path):
        self.root = root
        self.paths = sorted(p for p in _list(root) if self._is_text(p))

    def with_suffix(self, *suffixes: str) -> list[str]:
        return [p for p in self.paths if PurePosixPath(p).suffix in suffixes]

    def under(self, *folders: str) -> list[str]:
        return [p for p in self.paths if p.startswith(tuple(f + "/" for f in folders))]

    @functools.lru_cache(maxsize=None)
    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def lines(self, path: str) -> list[str]:
        return self.text(path).splitlines()

    def _is_text(self, path: str) -> bool:
        if path.startswith("tests/fuzz/corpus/"):
            return False
        try:
            self.text(path)
        except (UnicodeDecodeError, OSError):
            return False
        return True


def _list(root: Path) -> list[str]:
    """What git tracks or would add; all files where git is absent or does not trust the folder."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
               "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout:
            return [p for p in done.stdout.split("\0") if p and (root / p).is_file()]
    except OSError:
        pass
    found = []
    for path in root.rglob("*"):
        relative = path.relative_to(root)
        if path.is_file() and not LEFT_OUT.intersection(relative.parts):
            found.append(relative.as_posix())
    return found
