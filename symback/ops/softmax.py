"""Softmax along an axis  P = exp(Z) / sum(exp(Z))."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, broadcast, mul, softmax, sub, symbol, total
from symback.ops.rule import Rule


def tangent(y: Node, dx: Node, axis: object) -> Node:
    """P * (dZ - sum(P * dZ)): the Jacobian diag(p) - p p^T in each column (or row)."""
    assert isinstance(axis, int)
    inner = total(mul(y, dx), axis)
    return mul(y, sub(dx, broadcast(inner, y.shape)))


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Each column has the Jacobian diag(p) - p p^T."""
    return tangent(y, dx, node.data)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """That Jacobian is symmetric, so it is its own adjoint."""
    return tangent(y, ybar, node.data)


def examples() -> tuple[Node, ...]:
    """Along both axes."""
    z = symbol("Z", (dim("k"), dim("m")))
    return softmax(z, 0), softmax(z, 1)


RULE = Rule(
    "softmax",
    "softmax",
    "every score moves every probability: the Jacobian is diag(p) - p p^T, and symmetric",
    "Bridle (1990); dp_i/dz_j = p_i ([i = j] - p_j)",
    differential,
    adjoint,
    examples,
)
