"""The matrix of a linear map: M with vec(expression) = M vec(D), for an expression that is linear in D."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node
from symback.algebra.walk import contains
from symback.errors import RefusedError


def matrix_of(expression: Node, d: Node) -> Node:
    """M of shape (entries of the expression, entries of ``d``) with vec(expression) = M vec(d).

    vec(A D B) = (B^T kron A) vec D (Magnus and Neudecker, chapter 2); everything else follows from linearity.
    Raises RefusedError for a part that no matrix form is known for.
    """
    if expression is d:
        return n.eye(d.shape[0] * d.shape[1])
    parts = [a for a in expression.args if contains(a, d)]
    if expression.op == "add":
        return n.add(*(matrix_of(a, d) for a in parts))
    if len(parts) != 1:
        raise RefusedError(f"{expression!r} is not linear in {d!r}")
    u = parts[0]
    inner = matrix_of(u, d)
    rows, columns = u.shape
    match expression.op:
        case "transpose":
            return n.matmul(n.commutation(rows, columns), inner)
        case "matmul":
            i = expression.args.index(u)
            left = n.matmul(*expression.args[:i]) if i else n.eye(rows)
            right = n.matmul(*expression.args[i + 1 :]) if i + 1 < len(expression.args) else n.eye(columns)
            return n.matmul(n.kron(n.transpose(right), left), inner)
        case "mul":
            scalars = [a for a in expression.args if a is not u and a.is_scalar]
            matrices = [a for a in expression.args if a is not u and not a.is_scalar]
            if u.is_scalar:
                return n.mul(*scalars, n.matmul(n.vec(n.mul(*matrices)), inner)) if matrices else n.mul(*scalars, inner)
            return n.mul(*scalars, n.matmul(n.diag(n.vec(n.mul(*matrices))), inner) if matrices else inner)
        case "sum":
            ones_left, ones_right = n.ones((ONE, rows)), n.ones((ONE, columns))
            if expression.data is None:
                return n.matmul(n.transpose(n.vec(n.ones(u.shape))), inner)
            if expression.data == 0:
                return n.matmul(n.kron(n.eye(columns), ones_left), inner)
            return n.matmul(n.kron(ones_right, n.eye(rows)), inner)
        case "trace":
            return n.matmul(n.transpose(n.vec(n.eye(rows))), inner)
        case "vec" | "unvec":
            return inner
        case "diag":
            return n.matmul(_spread(rows), inner)
        case "diagonal":
            return n.matmul(n.transpose(_spread(rows)), inner)
        case "kron":
            return n.matmul(_kron(expression, u), inner)
        case op:
            raise RefusedError(
                f"{op} in {expression!r} has no matrix form here; ask for the gradient of a scalar of it"
            )


def _spread(size: Dim) -> Node:
    """vec(diag(x)) = S x: the Khatri-Rao product of I with itself, diag(vec I) (1 kron I)."""
    identity = n.eye(size)
    return n.matmul(n.diag(n.vec(identity)), n.kron(n.ones((size, ONE)), identity))


def _kron(expression: Node, u: Node) -> Node:
    """vec(A kron B) = (I_n kron K_qm kron I_p)(vec A kron vec B), for A of (m, n) and B of (p, q)."""
    a, b = expression.args
    (m, columns), (p, q) = a.shape, b.shape
    shuffle = n.kron(n.eye(columns), n.kron(n.commutation(q, m), n.eye(p)))
    if u is a:
        return n.matmul(shuffle, n.kron(n.eye(m * columns), n.vec(b)))
    return n.matmul(shuffle, n.kron(n.vec(a), n.eye(p * q)))
