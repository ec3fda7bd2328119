"""The matrix of a linear map: M with vec(expression) = M vec(D), for an expression that is linear in D."""

from __future__ import annotations

from collections.abc import Callable

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node
from symback.algebra.walk import contains
from symback.errors import RefusedError
from symback.language.numerals import contraction


def matrix_of(expression: Node, d: Node) -> Node:
    """M of shape (entries of the expression, entries of ``d``) with vec(expression) = M vec(d).

    vec(A D B) = (B^T kron A) vec D (Magnus and Neudecker, chapter 2); everything else follows from linearity.
    Raises RefusedError for a part that no matrix form is known for.
    """
    if expression is d:
        return n.eye(d.shape[0] * d.shape[1])
    if n.is_zero(expression):
        return n.zeros((expression.shape[0] * expression.shape[1], d.shape[0] * d.shape[1]))
    if expression.op == "kron_adjoint":
        return matrix_of(contraction(expression), d)
    parts = [a for a in expression.args if contains(a, d)]
    if expression.op == "add":
        return n.add(*(matrix_of(a, d) for a in parts))
    if len(parts) != 1:
        raise RefusedError(f"{expression!r} is not linear in {d!r}")
    form = FORMS.get(expression.op)
    if form is None:
        raise RefusedError(
            f"{expression.op} in {expression!r} has no matrix form here; ask for the gradient of a scalar of it"
        )
    return form(expression, parts[0], matrix_of(parts[0], d))


def _transpose(whole: Node, u: Node, inner: Node) -> Node:
    """vec(U^T) = K vec(U)."""
    return n.matmul(n.commutation(*u.shape), inner)


def _matmul(whole: Node, u: Node, inner: Node) -> Node:
    """vec(A U B) = (B^T kron A) vec(U)."""
    i = whole.args.index(u)
    left = n.matmul(*whole.args[:i]) if i else n.eye(u.shape[0])
    right = n.matmul(*whole.args[i + 1 :]) if i + 1 < len(whole.args) else n.eye(u.shape[1])
    return n.matmul(n.kron(n.transpose(right), left), inner)


def _mul(whole: Node, u: Node, inner: Node) -> Node:
    """vec(A * U) = diag(vec A) vec(U); a scalar u scales vec A."""
    scalars = [a for a in whole.args if a is not u and a.is_scalar]
    matrices = [a for a in whole.args if a is not u and not a.is_scalar]
    if not matrices:
        return n.mul(*scalars, inner)
    others = n.vec(n.mul(*matrices))
    return n.mul(*scalars, n.matmul(others if u.is_scalar else n.diag(others), inner))


def _sum(whole: Node, u: Node, inner: Node) -> Node:
    """1^T U = (I kron 1^T) vec(U), U 1 = (1^T kron I) vec(U), and both together."""
    rows, columns = u.shape
    if whole.axis is None:
        return n.matmul(n.transpose(n.vec(n.ones(u.shape))), inner)
    if whole.axis == 0:
        return n.matmul(n.kron(n.eye(columns), n.ones((ONE, rows))), inner)
    return n.matmul(n.kron(n.ones((ONE, columns)), n.eye(rows)), inner)


def _trace(whole: Node, u: Node, inner: Node) -> Node:
    """tr U = vec(I)^T vec(U)."""
    return n.matmul(n.transpose(n.vec(n.eye(u.shape[0]))), inner)


def _same(whole: Node, u: Node, inner: Node) -> Node:
    """vec and un-stacking do not change the stacked entries."""
    return inner


def _diag(whole: Node, u: Node, inner: Node) -> Node:
    """vec(diag(x)) = S x."""
    return n.matmul(_spread(u.shape[0]), inner)


def _diagonal(whole: Node, u: Node, inner: Node) -> Node:
    """diagonal(U) = S^T vec(U)."""
    return n.matmul(n.transpose(_spread(u.shape[0])), inner)


def _spread(size: Dim) -> Node:
    """S with vec(diag(x)) = S x: the Khatri-Rao product of I with itself, diag(vec I) (1 kron I)."""
    identity = n.eye(size)
    return n.matmul(n.diag(n.vec(identity)), n.kron(n.ones((size, ONE)), identity))


def _kron(whole: Node, u: Node, inner: Node) -> Node:
    """vec(A kron B) = (I_n kron K_qm kron I_p)(vec A kron vec B), for A of (m, n) and B of (p, q)."""
    a, b = whole.args
    (m, columns), (p, q) = a.shape, b.shape
    shuffle = n.kron(n.eye(columns), n.kron(n.commutation(q, m), n.eye(p)))
    spread = n.kron(n.eye(m * columns), n.vec(b)) if u is a else n.kron(n.vec(a), n.eye(p * q))
    return n.matmul(shuffle, spread, inner)


FORMS: dict[str, Callable[[Node, Node, Node], Node]] = {
    "transpose": _transpose,
    "matmul": _matmul,
    "mul": _mul,
    "sum": _sum,
    "trace": _trace,
    "vec": _same,
    "unvec": _same,
    "diag": _diag,
    "diagonal": _diagonal,
    "kron": _kron,
}
