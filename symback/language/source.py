"""Where a piece of text stands in its file, so that an error can point at it; and the limits on what is read."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

from symback.errors import SymbackError

MAX_TEXT = 2_000_000  # characters in a file
MAX_NODES = 300_000  # nodes of Python syntax in a file
MAX_DEPTH = 100  # nested operations in one expression, sums and products written in a row not counted


@dataclass(frozen=True)
class Source:
    """The text of a file, and its name for messages."""

    text: str
    file: str | None = None

    def error(self, message: str, node: ast.AST | None = None) -> SymbackError:
        """An error that points at a node of the syntax tree."""
        line = getattr(node, "lineno", None)
        if line is None:
            return SymbackError(message, file=self.file)
        text = self.line(line)
        bytes_before = text.encode("utf-8", "replace")[: getattr(node, "col_offset", 0)]
        return SymbackError(
            message, file=self.file, line=line, column=len(bytes_before.decode("utf-8", "replace")) + 1, text=text
        )

    def line(self, number: int) -> str:
        """The text of a line, by its 1-based number."""
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def segment(self, node: ast.AST) -> str:
        """The text of a node, on one line."""
        return " ".join((ast.get_source_segment(self.text, node) or ast.unparse(node)).split())


def parse_python(source: Source) -> ast.Module:
    """The syntax tree of a text; nothing is executed.

    Raises SymbackError where it is not Python's syntax, or is too long or too deep to be read safely.
    """
    if len(source.text) > MAX_TEXT:
        raise SymbackError(
            f"the text has {len(source.text)} characters; at most {MAX_TEXT} are read", file=source.file
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on style are not this language's
            tree = ast.parse(source.text)
    except SyntaxError as error:
        line = error.lineno or 1
        raise SymbackError(
            f"this is not the language's syntax: {error.msg}",
            file=source.file,
            line=line,
            column=max(1, error.offset or 1),
            text=source.line(line),
        ) from None
    except (RecursionError, MemoryError):
        raise SymbackError("the text is nested too deep to be read", file=source.file, line=1, column=1) from None
    except (ValueError, UnicodeError) as error:
        raise SymbackError(f"the text cannot be read: {error}", file=source.file, line=1, column=1) from None
    _check_size(source, tree)
    return tree


def _check_size(source: Source, tree: ast.Module) -> None:
    """Raise SymbackError where the tree is too large, or one expression too deep."""
    count = 0
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise source.error(f"nested deeper than {MAX_DEPTH} levels; name a part of it first", node)
        if count > MAX_NODES:
            raise source.error(f"larger than {MAX_NODES} elements", node)
        for child in ast.iter_child_nodes(node):
            chained = isinstance(node, ast.BinOp) and child is node.left
            stack.append((child, depth if chained else depth + 1))
