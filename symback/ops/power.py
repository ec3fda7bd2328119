"""Elementwise power  Y = X ** p with a known exponent p."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, mul, number, power, symbol
from symback.ops.rule import Rule


def slope(node: Node, y: Node) -> Node:
    """p x^(p-1); of a square root it is written in the root itself: 1 / (2 y)."""
    x, p = node.args[0], node.data
    assert isinstance(p, Fraction)
    if p == Fraction(1, 2):
        return mul(number(p), power(y, -1))
    return mul(number(p), power(x, p - 1))


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Each entry by the slope of its own power."""
    return mul(slope(node, y), dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """The slopes cross unchanged."""
    return mul(ybar, slope(node, y))


def examples() -> tuple[Node, ...]:
    """A cube, a root and a quotient."""
    x = symbol("X", (dim("m"), dim("n")))
    return power(x, 3), power(x, Fraction(1, 2)), power(x, -1), power(x, Fraction(-3, 2))


RULE = Rule(
    "power",
    "power",
    "each entry has its own slope p x^(p-1), so the slopes multiply entry by entry",
    "calculus of one variable",
    differential,
    adjoint,
    examples,
)
