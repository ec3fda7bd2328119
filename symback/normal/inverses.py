"""Normal forms of inverses, pseudoinverses and determinants."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.normal.form import Normalizer
from symback.normal.kinks import abs_of
from symback.normal.network import ONE, ZERO, Poly, UndecidedError
from symback.normal.powers import logarithm


def inverse(f: Normalizer, node: Node) -> Poly:
    """The inverse of a product, of a scaled matrix, of I + L R; else an atom, up to a number in front."""
    x = node.args[0]
    other = _inverse_of_parts(x) or _open_inverse(f, x)
    if other is not None:
        return f.form(other)
    if x.op == "symbol" and f.facts.has("orthogonal", str(x.data)):
        return f.form(n.transpose(x))
    p = f.memo[x]
    if not p.terms:
        raise UndecidedError("the inverse of zero")
    return f.add((f.matrix_atom("inv", f.add((p, 1 / p.scale))), 1 / p.scale))


def _inverse_of_parts(x: Node) -> Node | None:
    """(A B)^-1 = B^-1 A^-1 for square factors, (s A)^-1 = A^-1 / s, diag(v)^-1 = diag(1 / v), and so on."""
    if x.op == "matmul" and _squares(x):
        return n.matmul(*(n.inv(a) for a in reversed(x.args)))
    if x.op == "transpose":
        return n.transpose(n.inv(x.args[0]))
    if x.op == "diag":
        return n.diag(n.power(x.args[0], -1))
    if x.op == "kron" and _squares(x):
        return n.kron(*(n.inv(a) for a in x.args))
    if x.op == "matpow":
        return n.matpow(n.inv(x.args[0]), int(str(x.data)))
    if x.op == "mul" and any(a.is_scalar for a in x.args):
        scalars = [n.power(a, -1) for a in x.args if a.is_scalar]
        return n.mul(*scalars, n.inv(n.mul(*(a for a in x.args if not a.is_scalar))))
    return None


def _squares(x: Node) -> bool:
    return all(a.shape[0] == a.shape[1] for a in x.args)


def _open_inverse(f: Normalizer, x: Node) -> Node | None:
    """(I + L R)^-1 = I - L (I + R L)^-1 R, cut where the form is least; (A + B)^-1 = (I + A^-1 B)^-1 A^-1."""
    found = _cuts(x)
    if found is not None:
        scalars, factors = found
        if f.sums == "joined" and factors[0].op == "inv":  # (I + M^-1 R)^-1 = (M + R)^-1 M
            m = factors[0].args[0]
            return n.matmul(n.inv(n.add(m, n.mul(*scalars, n.matmul(*factors[1:])))), m)
        if f.sums == "joined" and factors[-1].op == "inv":  # (I + R M^-1)^-1 = M (M + R)^-1
            m = factors[-1].args[0]
            return n.matmul(m, n.inv(n.add(m, n.mul(*scalars, n.matmul(*factors[:-1])))))
        turned = [_rotated(scalars, factors, k) for k in range(len(factors))]
        k = min(range(len(turned)), key=lambda i: f.form(turned[i]).signature)
        if f.form(turned[k]).signature == f.form(turned[0]).signature:
            return None
        left, right = n.matmul(*factors[:k]), n.matmul(*factors[k:])
        return n.sub(n.eye(x.shape[0]), n.mul(*scalars, n.matmul(left, n.inv(turned[k]), right)))
    if f.sums == "opened" and x.op == "add" and not any(t.op == "eye" for t in x.args):
        for t in x.args:
            if t.op == "symbol" and any(f.facts.has(k, str(t.data)) for k in ("invertible", "spd")):
                rest = [n.matmul(n.inv(t), r) for r in x.args if r is not t]
                return n.matmul(n.inv(n.add(n.eye(x.shape[0]), *rest)), n.inv(t))
    return None


def _cuts(x: Node) -> tuple[list[Node], tuple[Node, ...]] | None:
    """The scalars and the factors of the product in I + s A B ... Z, or None where it is no such sum."""
    if x.op != "add" or len(x.args) != 2:
        return None
    for one, product in (x.args, x.args[::-1]):
        parts = product.args if product.op == "mul" else (product,)
        matrices = [a for a in parts if not a.is_scalar]
        if one.op == "eye" and len(matrices) == 1 and matrices[0].op == "matmul":
            return [a for a in parts if a.is_scalar], matrices[0].args
    return None


def _rotated(scalars: list[Node], factors: tuple[Node, ...], k: int) -> Node:
    """I + s B A for I + s A B, cut before factor k."""
    cut = n.matmul(*factors[k:], *factors[:k])
    return n.add(n.eye(cut.shape[0]), n.mul(*scalars, cut))


def pinv(f: Normalizer, node: Node) -> Poly:
    """At full column rank (X^T X)^-1 X^T, at full row rank X^T (X X^T)^-1; else an atom."""
    x = node.args[0]
    t = n.transpose(x)
    rows, columns = x.shape
    name = str(x.data) if x.op == "symbol" else ""
    if rows == columns:
        if any(f.facts.has(k, name) for k in ("invertible", "spd", "full_rank", "orthogonal")):
            return f.form(n.inv(x))
    elif f.facts.at_least(rows, columns) or f.facts.at_least(columns, rows):
        if not f.facts.has("full_rank", name):
            f.conditions[f"{x!r} has full rank"] = None
        tall = f.facts.at_least(rows, columns)
        return f.form(n.matmul(n.inv(n.matmul(t, x)), t) if tall else n.matmul(t, n.inv(n.matmul(x, t))))
    return f.matrix_atom("pinv", f.memo[x])


def determinant(f: Normalizer, node: Node) -> Poly:
    """det(A B) = det A det B for square factors; det(I + A B) = det(I + B A); log-determinants add."""
    x, logarithmic = node.args[0], node.op == "logdet"
    if x.is_scalar:
        return _log_abs(f, f.memo[x]) if logarithmic else f.memo[x]
    if x.op == "eye":
        return f.constant(ZERO if logarithmic else ONE)
    if x.op == "transpose":
        return f.form(n.rebuild(node, [x.args[0]]))
    if x.op == "matmul" and _squares(x):
        return f.form((n.add if logarithmic else n.mul)(*(n.rebuild(node, [a]) for a in x.args)))
    if x.op in ("inv", "matpow"):
        inner, k = n.rebuild(node, [x.args[0]]), -1 if x.op == "inv" else int(str(x.data))
        return f.form(n.mul(n.number(k), inner) if logarithmic else n.power(inner, k))
    found = _cuts(x)
    if found is not None:
        turned = [_rotated(*found, k) for k in range(len(found[1]))]
        least = min(turned, key=lambda t: f.form(t).signature)
        if least is not x and least.is_scalar:
            return f.form(n.rebuild(node, [least]))
        return f.scalar_atom(node.op, f.form(least))
    return f.scalar_atom(node.op, f.memo[x])


def _log_abs(f: Normalizer, p: Poly) -> Poly:
    """log |x|."""
    return logarithm(f, abs_of(f, p))
