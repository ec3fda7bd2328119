"""Statements of source files: where each stands, its text, and the names that it assigns."""

from __future__ import annotations

import ast
import linecache
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from symback.language.source import syntax_tree

_NOT_THE_USERS = tuple(
    str(path) for path in (Path(__file__).parents[1], Path(np.__file__).parent, sysconfig.get_paths()["stdlib"])
)
_INSTALLED = ("site-packages", "dist-packages")


def is_user_code(frame: FrameType) -> bool:
    """True of code that is neither Python's own, nor NumPy's, nor symback's."""
    name = frame.f_code.co_filename
    if name.startswith("<frozen") or (name == "<string>" and _module(frame) in ("symback", "numpy", "dataclasses")):
        return False
    if name.startswith(_NOT_THE_USERS[:2]):
        return False
    return not name.startswith(_NOT_THE_USERS[2]) or any(part in name for part in _INSTALLED)


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).split(".")[0]


@dataclass(frozen=True)
class Place:
    """One statement: its file, its first line, its text, and the names it assigns."""

    file: str | None
    line: int | None
    text: str
    targets: frozenset[str] = frozenset()
    copies: bool = False  # it sets one name to another: a = b


NOWHERE = Place(None, None, "")


@dataclass
class Lines:
    """The statements of the files that a run passes through."""

    files: dict[str, dict[int, Place]] = field(default_factory=dict)

    def place(self, frame: FrameType, line: int) -> Place:
        """The statement that a line belongs to."""
        file = frame.f_code.co_filename
        if file not in self.files:
            self.files[file] = _statements(file, frame.f_globals)
        return self.files[file].get(line) or Place(file, line, linecache.getline(file, line).strip())


def _statements(file: str, module: dict[str, Any]) -> dict[int, Place]:
    """Every line of a file with the statement it belongs to; of a compound statement only its head."""
    lines = linecache.getlines(file, module)
    try:
        tree = syntax_tree("".join(lines))
    except (SyntaxError, ValueError):
        return {}
    out: dict[int, Place] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            text = " ".join(" ".join(lines[node.lineno - 1 : max(last, node.lineno)]).split())
            place = Place(file, node.lineno, text, frozenset(_targets(node)), _copies(node))
            for line in range(node.lineno, max(last, node.lineno) + 1):
                out[line] = place
    return out


def _copies(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name | ast.Attribute)


def _targets(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            parts = list(targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            parts = [target]
        case _:
            return []
    names: list[str] = []
    while parts:
        part = parts.pop()
        match part:
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                parts += elts
            case ast.Name(id=name):
                names.append(name)
            case ast.Attribute(attr=name):
                names.append(name)
            case ast.Subscript(value=value, slice=index):
                parts.append(value)
                if isinstance(index, ast.Constant) and isinstance(index.value, str):
                    names.append(index.value)
            case ast.Starred(value=value):
                parts.append(value)
    return names
