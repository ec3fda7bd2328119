"""The derivations that come with the package: where they are, their names, their titles. Nothing heavy is imported."""

from __future__ import annotations

import ast
from pathlib import Path

from symback.errors import SymbackError


def folder() -> Path:
    """The folder of the derivations: in the package where it was installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "derivations", package.parent / "derivations"):
        if (place / "two_layer.py").is_file():
            return place
    raise SymbackError("the derivations that belong to symback are missing: the installation is broken")


def shipped() -> dict[str, Path]:
    """The file of each derivation, by name, in alphabetical order.

    >>> "two_layer" in shipped()
    True
    """
    return {path.stem: path for path in sorted(folder().glob("*.py"))}


def title(path: Path) -> str:
    """The first line of a derivation's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n", 1)[0].rstrip(".")
