"""Stacked columns  y = vec(X)."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, symbol, unvec, vec
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Linear."""
    return vec(dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """The stacked gradient put back into the shape of X."""
    return unvec(ybar, node.args[0].shape)


def examples() -> tuple[Node, ...]:
    """A matrix that is not square."""
    return (vec(symbol("X", (dim("m"), dim("n")))),)


RULE = Rule(
    "vec",
    "stacked columns",
    "vec only moves entries, so their gradients move back",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 2",
    differential,
    adjoint,
    examples,
)
