"""Kronecker product  Y = A kron B."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, kron, symbol
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Vary one factor; the order stays."""
    return kron(dx, node.args[1]) if i == 0 else kron(node.args[0], dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Each block of G contracted with B, or the blocks of G added with weights A (no shorter matrix form in general)."""
    other = node.args[1 - i]
    return Node("kron_adjoint", (ybar, other), node.args[i].shape, i)


def examples() -> tuple[Node, ...]:
    """Four distinct sizes."""
    m, n, p, q = (dim(name) for name in "mnpq")
    return (kron(symbol("A", (m, n)), symbol("B", (p, q))),)


RULE = Rule(
    "kron", "Kronecker product", "bilinear: every block of A kron B is an entry of A times B",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 2", differential, adjoint, examples,
)  # fmt: skip
