"""Hadamard product  Y = A * B * ... * Z (entry by entry), and products with scalars."""

from __future__ import annotations

from symback.algebra.dims import SCALAR, dim
from symback.algebra.nodes import Node, mul, symbol, total
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Vary one factor; entry by entry, products of numbers have no order."""
    return mul(*node.args[:i], dx, *node.args[i + 1 :])


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """The other factors cross unchanged: <G, B * dA> = <G * B, dA>; a scalar collects the sum of all entries."""
    others = mul(ybar, *node.args[:i], *node.args[i + 1 :])
    return total(others) if node.args[i].is_scalar else others


def examples() -> tuple[Node, ...]:
    """Three factors, and a scalar in front of two."""
    shape = (dim("m"), dim("n"))
    a, b, c = (symbol(name, shape) for name in "ABC")
    return mul(a, b, c), mul(symbol("s", SCALAR), symbol("t", SCALAR), a)


RULE = Rule(
    "mul",
    "Hadamard product",
    "entry by entry, so each factor multiplies the other's change: the factors cross the inner product unchanged",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 8",
    differential,
    adjoint,
    examples,
)
