"""Where a piece of text stands in its file, so that an error can point at it; and the limits on what is read."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symback.errors import SymbackError

MAX_TEXT = 500_000  # characters in a file
MAX_NODES = 60_000  # nodes of Python syntax in a file
MAX_DEPTH = 100  # nested operations in one expression, sums and products written in a row not counted
MAX_QUOTED = 80  # characters of the text in a message


@dataclass(frozen=True)
class Source:
    """The text of a file, and its name for messages."""

    text: str
    file: str | None = None

    @cached_property
    def lines(self) -> list[str]:
        """The lines as Python counts them."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def error(self, message: str, node: ast.AST | None = None) -> SymbackError:
        """An error that points at a node of the syntax tree."""
        line = getattr(node, "lineno", None)
        if node is None or line is None:
            return SymbackError(message, file=self.file)
        return self.error_at(message, line, self.column(node))

    def error_at(self, message: str, line: int, column: int) -> SymbackError:
        """An error that points at a place."""
        return SymbackError(message, file=self.file, line=line, column=column, text=self.line(line))

    def line(self, number: int) -> str:
        """The text of a line, by its 1-based number."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def column(self, node: ast.AST) -> int:
        """The 1-based column of a node; Python counts bytes, a reader counts characters."""
        text, offset = self.line(getattr(node, "lineno", 0)), getattr(node, "col_offset", 0)
        return 1 + len(text.encode()[:offset].decode(errors="replace"))

    def segment(self, node: ast.AST) -> str:
        """The text of a node on one line, without comments."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
        rows = [self.line(number).encode() for number in range(first, last + 1)]
        if not rows:
            return ""
        rows[-1] = rows[-1][: getattr(node, "end_col_offset", None)]
        rows[0] = rows[0][getattr(node, "col_offset", 0) :]
        text = [row.decode(errors="replace") for row in rows]
        if len(text) > 1:  # the language has no strings, so that a # begins a comment
            text = [row.split("#", 1)[0].rstrip().removesuffix("\\") for row in text]
        return " ".join(" ".join(text).split())

    def quoted(self, node: ast.AST) -> str:
        """The text of a node for a message: its beginning, where it is long."""
        text = self.segment(node)
        return text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + "…"


def syntax_tree(text: str) -> ast.Module:
    """Python's syntax tree of a text; nothing is executed.

    CPython before 3.13 miscounts, and raises SystemError, where the garbage collector happens to run code that parses
    something else in the middle; the second try finds it done.
    """
    try:
        return ast.parse(text)
    except SystemError:
        return ast.parse(text)


def parse_python(source: Source) -> ast.Module:
    """The syntax tree of a text; nothing is executed.

    Raises SymbackError where it is not Python's syntax, or is too long or too deep to be read safely.
    """
    if len(source.text) > MAX_TEXT:
        raise SymbackError(f"the text has {len(source.text)} characters; at most {MAX_TEXT} are read", file=source.file)
    _check_characters(source)
    try:
        tree = _syntax(source.text)
    except SyntaxError as error:
        line = min(error.lineno or 1, len(source.lines))
        column = max(1, error.offset or 1) if line == error.lineno else len(source.line(line)) + 1
        raise source.error_at(f"this is not the language's syntax: {error.msg}", line, column) from None
    except (RecursionError, MemoryError):
        raise source.error_at("this is nested too deep to be read", _deepest_line(source), 1) from None
    except ValueError as error:
        raise source.error_at(f"the text cannot be read: {error}", 1, 1) from None
    _check_size(source, tree)
    return tree


def _syntax(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's remarks on style are not this language's
        return syntax_tree(text)


def _check_characters(source: Source) -> None:
    """Raise SymbackError at a character that no text file has: a null, half a surrogate pair."""
    if source.text.isascii() and "\0" not in source.text:
        return
    for number, line in enumerate(source.lines, 1):
        for column, character in enumerate(line, 1):
            if character == "\0" or "\ud800" <= character <= "\udfff":
                raise source.error_at(f"the character U+{ord(character):04X} cannot be read", number, column)


def _deepest_line(source: Source) -> int:
    """The line that Python cannot read alone either, or else the longest one."""
    for number, line in enumerate(source.lines, 1):
        if len(line) > 300:
            try:
                _syntax(line.strip())
            except (RecursionError, MemoryError):
                return number
            except (SyntaxError, ValueError):
                continue
    return max(range(len(source.lines)), key=lambda i: len(source.lines[i])) + 1


def _check_size(source: Source, tree: ast.Module) -> None:
    """Raise SymbackError where the tree is too large, or one expression too deep."""
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    place: ast.AST | None = tree.body[0] if tree.body else None
    count = 0
    while stack:
        node, depth = stack.pop()
        count += 1
        if isinstance(node, ast.expr):
            place = node  # the nearest node that has a line
        if depth > MAX_DEPTH:
            raise source.error(f"nested deeper than {MAX_DEPTH} levels; name a part of it first", place)
        if count > MAX_NODES:
            raise source.error(f"larger than {MAX_NODES} elements", place)
        for child in _children(node):
            chained = isinstance(node, ast.BinOp) and child is node.left
            stack.append((child, depth if chained else depth + 1))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that are not mere marks such as + or Load."""
    for name in node._fields:
        part = getattr(node, name, None)
        if isinstance(part, list):
            yield from (one for one in part if isinstance(one, ast.AST))
        elif isinstance(part, ast.AST) and not isinstance(part, ast.operator | ast.expr_context):
            yield part
