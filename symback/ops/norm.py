"""Norm  y = ||X||, the 2-norm of a vector and the Frobenius norm of a matrix."""

from __future__ import annotations

from symback.algebra.dims import ONE, dim
from symback.algebra.nodes import Node, mul, norm, power, symbol, total
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """From y^2 = <X, X>: dy = <X, dX> / y."""
    return mul(total(mul(node.args[0], dx)), power(y, -1))


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """X over its norm, away from X = 0."""
    return mul(ybar, node.args[0], power(y, -1))


def examples() -> tuple[Node, ...]:
    """A matrix and a column."""
    return norm(symbol("X", (dim("m"), dim("n")))), norm(symbol("x", (dim("n"), ONE)))


RULE = Rule(
    "norm",
    "norm",
    "from ||X||^2 = <X, X>: d||X|| = <X, dX> / ||X||, away from X = 0",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 129",
    differential,
    adjoint,
    examples,
)
