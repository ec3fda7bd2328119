"""Sum  Y = A + B + ... + Z."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, add, symbol
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """dY = dA: a term changes the sum as much as it changes itself."""
    return dx


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Every term receives the gradient of the sum."""
    return ybar


def examples() -> tuple[Node, ...]:
    """Three terms."""
    shape = (dim("m"), dim("n"))
    return (add(symbol("A", shape), symbol("B", shape), symbol("C", shape)),)


RULE = Rule(
    "add",
    "sum",
    "a sum changes by the changes of its terms",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 35",
    differential,
    adjoint,
    examples,
)
