"""Programs of Python 2: simple print statements are rewritten, other syntax is named with its line."""

import ast
import re

import libcst as cst

PRINT = re.compile(r"^(?P<indent>\s*)print(?P<rest>(?:\s+|(?=['\"]))\S.*?)(?P<end>[ \t]*\r?\n?)$")

HINTS = [
    (re.compile(r"^\s*except\s+[\w.()\s,]+,\s*\w+\s*:"), "write `except Error as name:`"),
    (re.compile(r"^\s*raise\s+\w+\s*,"), "write `raise Error(message)`"),
    (re.compile(r"^\s*exec\s+[^(]"), "write `exec(code)`"),
    (re.compile(r"<>"), "write `!=` for `<>`"),
    (re.compile(r"`"), "write `repr(x)` for backquotes"),
    (re.compile(r"^\s*print\b"), "write `print(...)`"),
    (re.compile(r"\b0[0-7]+\b"), "write octal numbers as 0o17"),
    (re.compile(r"^(\t+ +| +\t)"), "indent with spaces only"),
]


def parse(source):
    """The syntax tree, and the lines whose print statement was rewritten. Raises SyntaxError with the line."""
    lines, repaired = source.splitlines(keepends=True), []
    while True:
        try:
            text = "".join(lines)
            ast.parse(text)
            return cst.parse_module(text), repaired
        except (SyntaxError, cst.ParserSyntaxError) as error:
            number = _print_statement(lines)
            if number is None:
                raise _explained(lines, error) from None
            lines[number] = _as_function(lines[number])
            repaired.append(number + 1)


def _print_statement(lines):
    """The first line that is a print statement and can be rewritten by itself: where Python itself stumbles."""
    try:
        ast.parse("".join(lines))
    except SyntaxError as error:
        number = (error.lineno or 1) - 1
        if number < len(lines) and _as_function(lines[number]) is not None:
            return number
    return None


def _as_function(line):
    """`print x, y` -> `print(x, y)`; None if the line is no such statement."""
    found = PRINT.match(line)
    if found is None:
        return None
    rest, ending = found["rest"].strip(), ""
    if stream := re.match(r">>\s*([\w.]+)\s*,\s*(.*)$", rest):
        rest, ending = stream[2], f", file={stream[1]}"
    if rest.endswith(","):
        rest, ending = rest[:-1].rstrip(), ', end=" "' + ending
    comment = ""
    try:
        ast.parse(f"f({rest}\n)")
        if "#" in rest and ast.dump(ast.parse(f"f({rest.rpartition('#')[0]})")) == ast.dump(ast.parse(f"f({rest}\n)")):
            rest, _, words = rest.rpartition("#")
            rest, comment = rest.rstrip(), f"  #{words}"
        new = f"print({rest}{ending}){comment}"
        ast.parse(new)
    except SyntaxError:
        return None
    return f"{found['indent']}{new}{found['end']}"


def _explained(lines, error):
    if isinstance(error, SyntaxError):
        number, text = error.lineno or 1, error.msg
    else:
        number, text = error.raw_line, error.message
    line = lines[number - 1].rstrip() if 0 < number <= len(lines) else ""
    hint = next((f"Python 2? Today {hint}." for pattern, hint in HINTS if pattern.search(line)), "")
    hint = hint or "If it is Python 2, first convert it (`pip install modernize`, or by hand), then migrate it."
    return SyntaxError(f"line {number}: {text}: {line.strip()!r}. {hint}")


def look(file, repaired):
    """Say what else is different in a program that was of Python 2."""
    for number in repaired[:1]:
        from .file import Note

        file.notes.add(Note(number, "a program of Python 2: `/` between whole numbers gave a whole number there; "
                                    "write `//` where that is meant (sizes, counts of steps)."))
