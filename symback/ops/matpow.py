"""Matrix power  Y = X X ... X."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, add, matmul, matpow, symbol, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """One factor at a time: sum of X^r dX X^(k-1-r)."""
    x, k = node.args[0], node.data
    assert isinstance(k, int)
    return add(*(matmul(matpow(x, r), dx, matpow(x, k - 1 - r)) for r in range(k)))


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Each term carried across: sum of (X^r)^T G (X^(k-1-r))^T."""
    x, k = transpose(node.args[0]), node.data
    assert isinstance(k, int)
    return add(*(matmul(matpow(x, r), ybar, matpow(x, k - 1 - r)) for r in range(k)))


def examples() -> tuple[Node, ...]:
    """A cube."""
    return (matpow(symbol("X", (dim("n"), dim("n"))), 3),)


RULE = Rule(
    "matpow",
    "matrix power",
    "the product rule with k equal factors: one term for each place of dX",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 90",
    differential,
    adjoint,
    examples,
)
