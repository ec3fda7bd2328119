"""Determinant  y = det X."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, det, inv, matmul, mul, symbol, trace, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """d det X = det X tr(X^-1 dX)."""
    return mul(y, trace(matmul(inv(node.args[0]), dx)))


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """tr(X^-1 dX) = <X^-T, dX>."""
    return mul(ybar, y, transpose(inv(node.args[0])))


def examples() -> tuple[Node, ...]:
    """A square matrix."""
    return (det(symbol("X", (dim("n"), dim("n")))),)


RULE = Rule(
    "det",
    "determinant",
    "Jacobi's formula: d det X = det X tr(X^-1 dX)",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 49",
    differential,
    adjoint,
    examples,
)
