"""Diagonal matrix  Y = diag(x) of a column."""

from __future__ import annotations

from symback.algebra.dims import ONE, dim
from symback.algebra.nodes import Node, diag, diagonal, symbol
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Linear."""
    return diag(dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Only the diagonal of the gradient meets x."""
    return diagonal(ybar)


def examples() -> tuple[Node, ...]:
    """A column."""
    return (diag(symbol("x", (dim("n"), ONE))),)


RULE = Rule(
    "diag",
    "diagonal matrix",
    "only the diagonal entries depend on x",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 8",
    differential,
    adjoint,
    examples,
)
