"""Imports point one way: each layer may import only from those above it in the list, and from itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

LAYERS = (
    "errors", "algebra", "numpy", "records", "language", "ops", "rewrites", "normal", "calculus", "checking", "emit",
    "tracing", "writeup", "cli",
)  # fmt: skip
ORDER = {name: place for place, name in enumerate(LAYERS)}
PACKAGE = Path(__file__).resolve().parents[1] / "symback"
FILES = sorted(PACKAGE.rglob("*.py"))
LAZY = re.compile(r"__repr__|_repr_\w+_|to_\w+|check|explore")  # methods of the objects that a user holds: their views


def layer(module: str) -> str | None:
    """The layer of symback.NAME..., or None of what is not symback's or is the package itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == "symback" and len(parts) > 1 else None


def imports(path: Path) -> list[tuple[str, int, str]]:
    """Each layer that a file imports from, with the line, and the method where it is imported lazily."""
    found = []

    def visit(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return  # for the type checker only: nothing is imported
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0, names=names):
                modules = [f"{module}.{alias.name}" for alias in names] if module == "symback" else [module]
            case ast.ImportFrom():
                raise AssertionError(f"{path}:{node.lineno}: a relative import")
            case _:
                modules = []
        found.extend((name, node.lineno, function) for module in modules if (name := layer(module)))
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    place = path.relative_to(PACKAGE)
    own = place.parts[0].removesuffix(".py")
    if own in ("__init__", "__main__"):
        return  # the package itself and its command stand above all
    assert own in ORDER, f"{place} belongs to no layer; the layers are {', '.join(LAYERS)}"
    for name, line, function in imports(path):
        allowed = LAZY.fullmatch(function)
        assert name in ORDER, f"{place}:{line} imports from {name}, which is no layer"
        assert ORDER[name] <= ORDER[own] or allowed, f"{place}:{line} imports upwards, from {name}"


def test_the_numeric_meaning_stands_alone() -> None:
    assert not imports(PACKAGE / "numpy.py")


def test_every_layer_is_there() -> None:
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert found - {"__init__", "__main__"} <= set(LAYERS)
