"""Logarithm of a sum of exponentials along an axis."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, broadcast, logsumexp, mul, softmax, symbol, total
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """The changes weighted with the softmax."""
    axis = node.data
    assert isinstance(axis, int)
    return total(mul(softmax(node.args[0], axis), dx), axis)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """The gradient of log-sum-exp is the softmax."""
    x, axis = node.args[0], node.data
    assert isinstance(axis, int)
    return mul(broadcast(ybar, x.shape), softmax(x, axis))


def examples() -> tuple[Node, ...]:
    """Along both axes."""
    z = symbol("Z", (dim("k"), dim("m")))
    return logsumexp(z, 0), logsumexp(z, 1)


RULE = Rule(
    "logsumexp",
    "log-sum-exp",
    "the slope of log sum exp is exp over its sum: the softmax",
    "calculus of one variable, entry by entry",
    differential,
    adjoint,
    examples,
)
