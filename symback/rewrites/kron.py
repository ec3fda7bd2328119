"""Kronecker products meet: (A kron B)(C kron D) = AC kron BD, (B^T kron A) vec X = vec(A X B)."""

from __future__ import annotations

from itertools import pairwise

from symback.algebra import nodes as n
from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family


def _meet(left: Node, right: Node) -> Node | None:
    """What two neighbours in a product of matrices become together."""
    match left.op, right.op:
        case "kron", "kron":
            (a, b), (c, d) = left.args, right.args
            if a.shape[1] == c.shape[0] and b.shape[1] == d.shape[0]:
                return n.kron(n.matmul(a, c), n.matmul(b, d))
        case "kron", "vec":
            (p, q), m = left.args, right.args[0]
            if q.shape[1] == m.shape[0] and p.shape[1] == m.shape[1]:
                return n.vec(n.matmul(q, m, n.transpose(p)))
        case "commutation", "vec":
            m = right.args[0]
            if left.data == m.shape:
                return n.vec(n.transpose(m))
        case "commutation", "commutation":
            if n.transpose(left) is right:
                return n.eye(left.shape[0])
        case "diag", "diag":
            return n.diag(n.mul(left.args[0], right.args[0]))
        case "diag", "ones" if right.shape[1] == ONE:
            return left.args[0]
        case "diag", _ if right.shape[1] == ONE:
            return n.mul(left.args[0], right)
        case _, "kron" if left.op == "transpose" and left.args[0].op == "vec":
            m, (p, q) = left.args[0].args[0], right.args
            if q.shape[0] == m.shape[0] and p.shape[0] == m.shape[1]:
                return n.transpose(n.vec(n.matmul(n.transpose(q), m, p)))
        case _, "diag" if left.op == "transpose" and left.args[0].op == "vec" and right.args[0].op == "vec":
            g, s = left.args[0].args[0], right.args[0].args[0]  # vec(G)^T diag(vec S) = vec(G * S)^T
            return n.transpose(n.vec(n.mul(g, s))) if g.shape == s.shape else None
        case _, "commutation" if left.op == "transpose" and left.args[0].op == "vec":
            return n.transpose(_meet(n.transpose(right), left.args[0]) or n.matmul(n.transpose(right), left.args[0]))
        case "transpose", "vec" if left.args[0].op == "vec" and left.args[0].args[0].shape == right.args[0].shape:
            return n.total(n.mul(left.args[0].args[0], right.args[0]))
        case _, "diag" if left.shape[0] == ONE:
            return n.mul(left, n.transpose(right.args[0]))
        case "ones", "diag" if left.shape[0] == ONE:
            return n.transpose(right.args[0])
        case "diag", "add" if any(t.op == "eye" for t in right.args):  # diag(v) (I - A) = diag(v) - diag(v) A
            return n.add(*(n.matmul(left, t) for t in right.args))
    return None


def _neighbours(node: Node, context: Context) -> Node | None:
    for i, (left, right) in enumerate(pairwise(node.args)):
        met = _meet(left, right)
        if met is not None:
            return n.matmul(*node.args[:i], met, *node.args[i + 2 :])
    return None


def _diag_of_ones(node: Node, context: Context) -> Node | None:
    """diag(1) -> I, diag(s 1) -> s I."""
    from symback.algebra.parts import constant_core

    s = constant_core(node.args[0])
    return None if s is None else n.mul(s, n.eye(node.shape[0]))


def _split(node: Node, context: Context) -> Node | None:
    """A (x) I and I (x) A of vectors that are plain products: u kron v^T -> u v^T."""
    a, b = node.args
    if a.shape[1] == ONE and b.shape[0] == ONE:
        return n.matmul(a, b)
    if a.shape[0] == ONE and b.shape[1] == ONE:
        return n.matmul(b, a)
    return None


def _vec_column(node: Node, context: Context) -> Node | None:
    """vec of a row is its transpose; of ones, ones; of u v^T, v kron u is longer and stays."""
    x = node.args[0]
    if x.shape[0] == ONE:
        return n.transpose(x)
    return n.ones(node.shape) if x.op == "ones" else None


def _sum_of_diagonals(node: Node, context: Context) -> Node | None:
    """diag(u) + diag(v) -> diag(u + v), where that is shorter."""
    diagonals = [t for t in node.args if t.op == "diag"]
    if len(diagonals) < 2:
        return None
    rest = [t for t in node.args if t.op != "diag"]
    new = n.add(*rest, n.diag(n.add(*(t.args[0] for t in diagonals))))
    return new if cost(new) < cost(node) else None


KRON = Family(
    "Kronecker products",
    "(A kron B)(C kron D) = AC kron BD, (B^T kron A) vec X = vec(A X B), and diagonal matrices multiply entry by entry",
    {
        "matmul": (_neighbours,), "diag": (_diag_of_ones,), "kron": (_split,), "vec": (_vec_column,),
        "add": (_sum_of_diagonals,),
    },
)  # fmt: skip
