"""One line of a working, and what is found about it while it is judged."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from symback.checking.diagnose.question import Diagnosis
from symback.checking.judge import UNIT, Proof, Scale
from symback.errors import SymbackError
from symback.language.expression import Value
from symback.language.source import Source, parse_python
from symback.records import Claim

Array = Any


@dataclass
class Line:
    """One line of the working: what it says, what that is worth, and what was found."""

    claim: Claim
    tree: ast.expr | None
    value: Value | None = None  # read, with the earlier lines' own values
    error: str = ""
    own: dict[str, Array] = field(default_factory=dict)  # its value by point
    true: dict[str, Array] = field(default_factory=dict)  # what later lines should find there
    uses: tuple[str, ...] = ()  # the earlier lines it is written in
    role: str | None = None  # the array whose gradient it is
    status: str = ""
    scale: Scale = UNIT
    proof: Proof | None = None
    origin: str | None = None
    diagnosis: Diagnosis | None = None
    mended: frozenset[str] = frozenset()  # the earlier lines whose true values its diagnosis was made with

    @property
    def name(self) -> str:
        """The name that it gives a value to."""
        return self.claim.name

    @property
    def bad(self) -> bool:
        """True where the line itself is at fault."""
        return self.status in ("wrong", "ill-formed")


def parsed(formula: str) -> ast.expr | None:
    """The syntax tree of a claim; None where it is not one expression."""
    try:
        body = parse_python(Source(formula.strip())).body
    except SymbackError:
        return None
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def names_in(tree: ast.expr | None) -> list[str]:
    """The names in a text."""
    return [] if tree is None else [x.id for x in ast.walk(tree) if isinstance(x, ast.Name)]
