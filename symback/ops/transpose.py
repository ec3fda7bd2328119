"""Transpose  Y = X^T."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, symbol, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Transposing is linear."""
    return transpose(dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """<G, dX^T> = <G^T, dX>: the same entries, in the other places."""
    return transpose(ybar)


def examples() -> tuple[Node, ...]:
    """A matrix that is not square."""
    return (transpose(symbol("X", (dim("m"), dim("n")))),)


RULE = Rule(
    "transpose",
    "transpose",
    "transposing moves the entries, so their gradients move back",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 102",
    differential,
    adjoint,
    examples,
)
