"""Trace  y = tr X."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, eye, mul, symbol, trace
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """The trace is linear."""
    return trace(dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """tr dX = <I, dX>: only the diagonal counts."""
    return mul(ybar, eye(node.args[0].shape[0]))


def examples() -> tuple[Node, ...]:
    """A square matrix."""
    return (trace(symbol("X", (dim("n"), dim("n")))),)


RULE = Rule(
    "trace",
    "trace",
    "the trace adds the diagonal: tr dX = <I, dX>",
    "Petersen and Pedersen, The Matrix Cookbook (2012), eq. 99",
    differential,
    adjoint,
    examples,
)
