"""Kronecker product  Y = A kron B."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, kron, symbol
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Vary one factor; the order stays."""
    return kron(dx, node.args[1]) if i == 0 else kron(node.args[0], dx)


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Each block of G contracted with B, or the blocks of G added with weights A (in general no shorter form)."""
    other = node.args[1 - i]
    return Node("kron_adjoint", (ybar, other), node.args[i].shape, i)


def examples() -> tuple[Node, ...]:
    """Four distinct sizes."""
    m, n, p, q = (dim(name) for name in "mnpq")
    return (kron(symbol("A", (m, n)), symbol("B", (p, q))),)


def contraction_differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Linear in the matrix that is contracted, and in the factor."""
    return Node("kron_adjoint", (dx, node.args[1]) if i == 0 else (node.args[0], dx), node.shape, node.data)


def contraction_adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """Contracting is the adjoint of the product, so the product is the adjoint of contracting."""
    g, other = node.args
    if i == 0:
        return kron(ybar, other) if node.data == 0 else kron(other, ybar)
    return Node("kron_adjoint", (g, ybar), other.shape, 1 - int(str(node.data)))


def contraction_examples() -> tuple[Node, ...]:
    """A matrix of Kronecker shape contracted with its second factor, and with its first."""
    m, n, p, q = (dim(name) for name in "mnpq")
    g = symbol("G", (m * p, n * q))
    return (
        Node("kron_adjoint", (g, symbol("B", (p, q))), (m, n), 0),
        Node("kron_adjoint", (g, symbol("A", (m, n))), (p, q), 1),
    )


KRON = Rule(
    "kron",
    "Kronecker product",
    "bilinear: every block of A kron B is an entry of A times B",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 2",
    differential,
    adjoint,
    examples,
)

CONTRACTION = Rule(
    "kron_adjoint",
    "Kronecker contraction",
    "the blocks of G weighted with the entries of one factor and added; the adjoint of the product",
    "Magnus and Neudecker, Matrix Differential Calculus (3rd ed. 2019), chapter 2",
    contraction_differential,
    contraction_adjoint,
    contraction_examples,
)

RULES = (KRON, CONTRACTION)
