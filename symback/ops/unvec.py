"""Un-stacking  Y = the matrix of a given shape whose vec is x."""

from __future__ import annotations

from symback.algebra.dims import ONE, dim
from symback.algebra.nodes import Node, symbol, unvec, vec
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Linear."""
    return unvec(dx, node.shape)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Stacked again."""
    return vec(ybar)


def examples() -> tuple[Node, ...]:
    """A column of m n entries."""
    m, n = dim("m"), dim("n")
    return (unvec(symbol("x", (m * n, ONE)), (m, n)),)


RULE = Rule(
    "unvec",
    "un-stacking",
    "the inverse of vec: it only moves entries",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 2",
    differential,
    adjoint,
    examples,
)
