"""How numbers and dimensions are written; and sums over a count of entries as means."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node, eye, kron, matmul, mul, ones
from symback.algebra.parts import Product

LARGEST_INTEGER = 2**63  # NumPy has no larger ones: beyond, a number is written with a decimal point


def dim_text(size: Dim) -> str:
    """A dimension as an argument: m * n."""
    return " * ".join(([] if size.coefficient == 1 and size.names else [str(size.coefficient)]) + list(size.names))


def decimal(value: Fraction) -> str | None:
    """The exact decimal of a number that has a short one, else None.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(1, 3))
    ('0.125', None)
    """
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or max(abs(value.numerator), value.denominator).bit_length() > 1000:
        return None
    text = repr(float(value))
    return text if len(text) < 20 and Fraction(text) == value else None


def whole(value: int) -> str:
    """A whole number that NumPy can compute with."""
    if abs(value) < LARGEST_INTEGER:
        return str(value)
    return decimal(Fraction(value)) or f"{value}.0"


def coefficient(value: Fraction, more: bool) -> tuple[list[str], list[str]]:
    """The texts of a positive coefficient above and below the line; ``more`` says that other factors stand above."""
    if value.denominator == 1:
        return [] if value.numerator == 1 else [whole(value.numerator)], []
    short = decimal(value)
    if value.numerator == 1 and (more or short is None) and (value.denominator < 100 or short is None):
        return [], [whole(value.denominator)]
    return ([short], []) if short else ([whole(value.numerator)], [whole(value.denominator)])


def with_means(parts: Product) -> Product:
    """sum(X, axis) / m as mean(X, axis), where m is the number of entries summed."""
    if not parts.denominators:
        return parts
    below = [part for node in parts.denominators for part in (node.args if _is_count(node) else (node,))]
    scalars, matrices = (
        tuple(_mean(factor, below) or factor for factor in group) for group in (parts.scalars, parts.matrices)
    )
    return Product(parts.coefficient, scalars, matrices, tuple(below))


def _is_count(node: Node) -> bool:
    """True of a product of dimensions, n * m."""
    return node.op == "mul" and all(part.op == "size" for part in node.args)


def _mean(node: Node, below: list[Node]) -> Node | None:
    """The mean that a sum over the sizes below the line is; those are taken out of ``below``."""
    if node.op == "transpose":
        inner = _mean(node.args[0], below)
        return Node("transpose", (inner,), node.shape) if inner is not None else None
    if node.op != "sum" or not below:
        return None
    rows, columns = node.args[0].shape
    count = {None: rows * columns, 0: rows, 1: columns}[node.data]  # type: ignore[index]  # the data of a sum is its axis
    left, names = list(below), list(count.names)
    if count.coefficient != 1 or not names:
        return None
    for size in below:
        if size.op != "size" or not isinstance(size.data, Dim) or size.data.coefficient != 1:
            continue
        if not Counter(size.data.names) - Counter(names):  # m * m is not a part of m * n
            for name in size.data.names:
                names.remove(name)
            left.remove(size)
    if names:
        return None
    below[:] = left
    return Node("mean", node.args, node.shape, node.data)


def contraction(node: Node) -> Node:
    """The adjoint of A kron B in the language: G * (1 kron B) holds the products, sums over each block collect them.

    Abar = (I kron 1^T) (G * (1 1^T kron B)) (I kron 1), and Bbar = (1^T kron I) (G * (A kron 1 1^T)) (1 kron I).
    """
    g, other = node.args
    (m, n), (p, q) = node.shape, other.shape
    if node.data == 0:
        left, right, weights = kron(eye(m), ones((ONE, p))), kron(eye(n), ones((q, ONE))), kron(ones(node.shape), other)
    else:
        left, right, weights = kron(ones((ONE, p)), eye(m)), kron(ones((q, ONE)), eye(n)), kron(other, ones(node.shape))
    return matmul(left, mul(g, weights), right)
