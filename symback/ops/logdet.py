"""Logarithm of the absolute determinant  y = log |det X|."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, inv, logdet, matmul, mul, symbol, trace, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """d log |det X| = tr(X^-1 dX)."""
    return trace(matmul(inv(node.args[0]), dx))


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """tr(X^-1 dX) = <X^-T, dX>."""
    return mul(ybar, transpose(inv(node.args[0])))


def examples() -> tuple[Node, ...]:
    """A square matrix."""
    return (logdet(symbol("X", (dim("n"), dim("n")))),)


RULE = Rule(
    "logdet",
    "log-determinant",
    "Jacobi's formula divided by det X: d log |det X| = tr(X^-1 dX)",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 57",
    differential,
    adjoint,
    examples,
)
