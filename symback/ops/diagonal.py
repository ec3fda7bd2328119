"""Diagonal of a matrix, as a column  y = diagonal(X)."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, diag, diagonal, symbol
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Linear."""
    return diagonal(dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Entries off the diagonal have no influence: theirs is 0."""
    return diag(ybar)


def examples() -> tuple[Node, ...]:
    """A square matrix."""
    return (diagonal(symbol("X", (dim("n"), dim("n")))),)


RULE = Rule(
    "diagonal",
    "diagonal",
    "only the diagonal entries of X are read",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 8",
    differential,
    adjoint,
    examples,
)
