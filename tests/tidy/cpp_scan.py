"""Reads C++ just well enough for the house rules: code without comments and literals, functions."""
import re
from dataclasses import dataclass

LITERAL = re.compile("|".join((
    r"//[^\n]*",
    r"/\*.*?\*/",
    r'R"([^()\\\s]*)\(.*?\)\1"',
    r'"(?:\\.|[^"\\\n])*"',
    r"(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",  # not the separator in 1'000
)), re.DOTALL)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
ACCESS = re.compile(r"\b(public|private|protected)\s*:(?!:)")
SCOPE = re.compile(r"(^|\s)(namespace|class|struct|union|enum|extern)\b[^()]*$")
NOT_OF_SCOPE = re.compile(r"alignas\s*\([^)]*\)|\[\[.*?\]\]|\b(class|typename)\b(?=[^<>]*[,>=])")
BLANKS = re.compile(r"[^\n]")


def blank(match: re.Match) -> str:
    """The same number of lines and columns, nothing in them."""
    return BLANKS.sub(" ", match.group())


def without_comments(text: str) -> str:
    """Comments, strings and characters blanked; every other byte stays where it was."""
    return LITERAL.sub(blank, text)


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    line_count: int


def functions_of(text: str) -> list[Function]:
    """Functions at namespace or class scope, from the first line of the declaration to the brace
    that ends it. Lambdas and local classes count as part of the function around them."""
    code = ACCESS.sub(blank, PREPROCESSOR.sub(blank, without_comments(text)))
    found = []
    stack = []  # True: a scope whose blocks are looked at; False: the inside of a function
    start = 0
    opened_at = None  # of the function being measured
    for at in (m.start() for m in re.finditer(r"[{};]", code)):
        char = code[at]
        inside = bool(stack) and not stack[-1]
        if char == "{":
            head = code[start:at]
            is_scope = not inside and SCOPE.search(NOT_OF_SCOPE.sub("", head)) is not None
            if not inside and not is_scope and opened_at is None:
                opened_at = (start + len(head) - len(head.lstrip()), head)
            stack.append(is_scope)
            if is_scope:
                start = at + 1
        elif char == "}" and stack:
            was_scope = stack.pop()
            if inside and (not stack or stack[-1]):
                rest = code[at + 1:at + 200].lstrip()
                if rest[:1] in (",", "{"):  # an initializer list goes on: the same function
                    continue
                first, head = opened_at
                if "(" in head:
                    found.append(_function(code, first, at, head))
                opened_at = None
                start = at + 1
            elif was_scope:
                start = at + 1
        elif char == ";" and not inside:
            start = at + 1
    return found


def _function(code: str, first: int, last: int, head: str) -> Function:
    names = re.findall(r"([~\w]+|operator\s*\S+)\s*\(", head)
    line = code.count("\n", 0, first) + 1
    return Function(names[0] if names else "?", line, code.count("\n", first, last) + 1)
