"""Inverse  Y = X^-1."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, inv, matmul, neg, symbol, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """From d(Y X) = 0: dY = -Y dX Y."""
    return neg(matmul(y, dx, y))


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """<G, -Y dX Y> = <-Y^T G Y^T, dX>."""
    return neg(matmul(transpose(y), ybar, transpose(y)))


def examples() -> tuple[Node, ...]:
    """A square matrix."""
    return (inv(symbol("X", (dim("n"), dim("n")))),)


RULE = Rule(
    "inv",
    "inverse",
    "from X^-1 X = I: d X^-1 = -X^-1 dX X^-1",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 59",
    differential,
    adjoint,
    examples,
)
