"""Sums  Y = sum(X), sum(X, axis=0), sum(X, axis=1)."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, broadcast, symbol, total
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Summing is linear."""
    axis = node.data
    assert axis is None or isinstance(axis, int)
    return total(dx, axis)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Each entry went into one sum with weight 1, so each receives that sum's gradient: it is repeated."""
    return broadcast(ybar, node.args[0].shape)


def examples() -> tuple[Node, ...]:
    """All entries, down the columns, along the rows."""
    x = symbol("X", (dim("m"), dim("n")))
    return total(x), total(x, 0), total(x, 1)


RULE = Rule(
    "sum",
    "sum of entries",
    "every entry enters its sum with weight 1, so the sum's gradient is repeated over what was summed",
    "sum(X) = 1^T X 1, the product rule for matrices",
    differential,
    adjoint,
    examples,
)
