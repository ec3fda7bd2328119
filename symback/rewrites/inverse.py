"""A matrix meets its inverse or its pseudo-inverse; equal factors become powers."""

from __future__ import annotations

from itertools import pairwise

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import SCALARS
from symback.rewrites.transpose import PUSH


def base_of(node: Node) -> tuple[Node, int]:
    """A factor as a matrix and a whole power: inv(X) is (X, -1)."""
    if node.op == "matpow":
        base, k = base_of(node.args[0])
        return base, k * int(str(node.data))
    if node.op == "inv":
        return node.args[0], -1
    if node.op == "transpose" and node.args[0].op in ("inv", "matpow"):
        base, k = base_of(node.args[0])
        return n.transpose(base), k
    return node, 1


def _cancel(node: Node, context: Context) -> Node | None:
    """A A^-1 -> I, X^2 X^-1 -> X; a product that is undone by the inverse of the whole: A B (A B)^-1 -> I."""
    args = node.args
    for i, (left, right) in enumerate(pairwise(args)):
        (a, p), (b, q) = base_of(left), base_of(right)
        if a is b and p * q < 0:
            return n.matmul(*args[:i], n.matpow(a, p + q), *args[i + 2 :])
    for i, factor in enumerate(args):
        if factor.op == "inv" and factor.args[0].op == "matmul":
            inside = factor.args[0].args
            k = len(inside)
            if args[i + 1 : i + 1 + k] == inside or (args[max(0, i - k) : i] == inside and i >= k):
                rest = (
                    (*args[:i], *args[i + 1 + k :])
                    if args[i + 1 : i + 1 + k] == inside
                    else (*args[: i - k], *args[i + 1 :])
                )
                return n.matmul(*rest) if rest else n.eye(node.shape[0])
    return None


def _pinv_rank(node: Node, context: Context) -> Node | None:
    """At full column rank X^+ X = I, at full row rank X X^+ = I."""
    args = node.args
    for i, (left, right) in enumerate(pairwise(args)):
        for plus, x, tall in ((left, right, True), (right, left, False)):
            if (plus.op == "pinv" and plus.args[0] is x) or (
                plus.op == "transpose" and plus.args[0].op == "pinv" and x is n.transpose(plus.args[0].args[0])
            ):
                base = x if plus.op == "pinv" else n.transpose(x)
                rows, columns = base.shape
                full_column = (context.facts.at_least(rows, columns) and rows != columns) or (
                    rows == columns and _full(base, context)
                )
                full_row = context.facts.at_least(columns, rows) and rows != columns
                inner_column = tall == (plus.op == "pinv")
                if (inner_column and full_column) or (not inner_column and full_row):
                    size = columns if inner_column else rows
                    context.used.append(f"{base!r} of full {'column' if inner_column else 'row'} rank")
                    return n.matmul(*args[:i], n.eye(size), *args[i + 2 :])
    return None


def _full(node: Node, context: Context) -> bool:
    return node.op == "symbol" and any(
        context.facts.has(f, str(node.data)) for f in ("invertible", "full_rank", "spd", "orthogonal")
    )


def _to_pinv(node: Node, context: Context) -> Node | None:
    """(X^T X)^-1 X^T -> X^+ at full column rank, X^T (X X^T)^-1 -> X^+ at full row rank, and their transposes."""
    args = node.args
    for i, factor in enumerate(args):
        if factor.op != "inv" or factor.args[0].op != "matmul" or len(factor.args[0].args) != 2:
            continue
        a, b = factor.args[0].args
        if n.transpose(a) is not b:
            continue
        if i + 1 < len(args) and args[i + 1] is a:  # (b^T b)^-1 b^T, with a = b^T
            return n.matmul(*args[:i], n.pinv(b), *args[i + 2 :])
        if i > 0 and args[i - 1] is b:  # b (a b)^-1 with a = b^T: the transpose of (b^T b)^-1 b^T
            new = n.transpose(n.pinv(b)) if b.op != "transpose" else n.pinv(a)
            return n.matmul(*args[: i - 1], new, *args[i + 1 :])
    return None


def _open(node: Node, context: Context) -> Node | None:
    """(A B)^-1 -> B^-1 A^-1 for square factors, where they meet their inverses; it exists only if theirs do."""
    for i, factor in enumerate(node.args):
        inner = factor.args[0] if factor.op == "transpose" else factor
        if inner.op != "inv" or inner.args[0].op != "matmul":
            continue
        if any(a.shape[0] != a.shape[1] for a in inner.args[0].args):
            continue
        opened = n.matmul(
            *(n.inv(a) if a.op != "transpose" else n.transpose(n.inv(a.args[0])) for a in reversed(inner.args[0].args))
        )
        new = n.matmul(
            *node.args[:i],
            PUSH.apply(n.transpose(opened), context) if factor is not inner else opened,
            *node.args[i + 1 :],
        )
        new = INVERSE.apply(SCALARS.apply(new, context), context) if len(new.args) > len(node.args) else new
        if cost(new) < cost(node):
            return new
    return None


def _projection(node: Node, context: Context) -> Node | None:
    """(X X^+)^T = X X^+ and (X^+ X)^T = X^+ X, as the Moore-Penrose conditions say."""
    for i, (a, b) in enumerate(pairwise(node.args)):
        if a.op == b.op == "transpose":
            x, y = b.args[0], a.args[0]
            if (y.op == "pinv" and y.args[0] is x) or (x.op == "pinv" and x.args[0] is y):
                return n.matmul(*node.args[:i], x, y, *node.args[i + 2 :])
    return None


def _powers(node: Node, context: Context) -> Node | None:
    """X X X -> X^3, where that is shorter."""
    args = node.args
    for i in range(len(args)):
        base, power = base_of(args[i])
        if power < 0 or base.op == "eye":
            continue
        j, total = i + 1, power
        while j < len(args) and base_of(args[j])[0] is base and base_of(args[j])[1] > 0:
            total += base_of(args[j])[1]
            j += 1
        if j > i + 1:
            return n.matmul(*args[:i], n.matpow(base, total), *args[j:])
    return None


def _square(node: Node, context: Context) -> Node | None:
    """X^2 -> X X, as a person writes it."""
    return n.matmul(node.args[0], node.args[0]) if node.data == 2 else None


INVERSE = Family(
    "inverse",
    "A A^-1 = I; at full rank X^+ X = I, and (X^T X)^-1 X^T = X^+",
    {"matmul": (_cancel, _pinv_rank, _projection, _to_pinv, _powers, _open)},
)

POWERS = Family("matrix powers", "a square is a product", {"matpow": (_square,)})
