"""Matrix product  Y = A B ... Z."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, matmul, symbol, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Vary one factor at a time; the order of the factors stays."""
    return matmul(*node.args[:i], dx, *node.args[i + 1 :])


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """<G, A dX B> = <A^T G B^T, dX>: a left factor leaves to the left, a right one to the right, transposed."""
    left = [transpose(a) for a in reversed(node.args[:i])]
    right = [transpose(a) for a in reversed(node.args[i + 1 :])]
    return matmul(*left, ybar, *right)


def examples() -> tuple[Node, ...]:
    """Three factors of distinct sizes: a lost transpose or a lost reversal shows."""
    m, k, p, n = (dim(name) for name in "mkpn")
    return (matmul(symbol("A", (m, k)), symbol("B", (k, p)), symbol("C", (p, n))),)


RULE = Rule(
    "matmul",
    "matrix product",
    "a left factor leaves the inner product to the left, transposed; a right factor to the right",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 8; The Matrix Cookbook, eq. 101",
    differential,
    adjoint,
    examples,
)
