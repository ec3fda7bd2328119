"""A matrix meets its inverse or its pseudo-inverse; equal factors become powers."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.transpose import push


def base_of(node: Node) -> tuple[Node, int]:
    """A factor as a matrix and a whole power: inv(X) is (X, -1)."""
    if node.op == "matpow":
        return node.args[0], int(str(node.data))
    if node.op == "inv":
        return node.args[0], -1
    if node.op == "transpose" and node.args[0].op in ("inv", "matpow"):
        base, k = base_of(node.args[0])
        return n.transpose(base), k
    return node, 1


def _cancel(node: Node, context: Context) -> Node | None:
    """A A^-1 -> I, X^2 X^-1 -> X; a product that is undone by the inverse of the whole: A B (A B)^-1 -> I."""
    args = node.args
    for i, (left, right) in enumerate(zip(args, args[1:], strict=False)):
        (a, p), (b, q) = base_of(left), base_of(right)
        if (a is b or a is push(b, Context()) and b.op == "transpose" and False) and p * q < 0:
            return n.matmul(*args[:i], n.matpow(a, p + q), *args[i + 2 :])
    for i, factor in enumerate(args):
        if factor.op == "inv" and factor.args[0].op == "matmul":
            inside = factor.args[0].args
            k = len(inside)
            if args[i + 1 : i + 1 + k] == inside or args[max(0, i - k) : i] == inside and i >= k:
                rest = (*args[:i], *args[i + 1 + k :]) if args[i + 1 : i + 1 + k] == inside else (*args[: i - k], *args[i + 1 :])
                return n.matmul(*rest) if rest else n.eye(node.shape[0])
    return None


def _pinv_rank(node: Node, context: Context) -> Node | None:
    """At full column rank X^+ X = I, at full row rank X X^+ = I."""
    args = node.args
    for i, (left, right) in enumerate(zip(args, args[1:], strict=False)):
        for plus, x, tall in ((left, right, True), (right, left, False)):
            if plus.op == "pinv" and plus.args[0] is x or (
                plus.op == "transpose" and plus.args[0].op == "pinv" and x is n.transpose(plus.args[0].args[0])
            ):
                base = x if plus.op == "pinv" else n.transpose(x)
                rows, columns = base.shape
                full_column = context.facts.at_least(rows, columns) and rows != columns or rows == columns and _full(base, context)
                full_row = context.facts.at_least(columns, rows) and rows != columns
                inner_column = tall == (plus.op == "pinv")
                if (inner_column and full_column) or (not inner_column and full_row):
                    size = columns if inner_column else rows
                    context.used.append(f"{base!r} of full {'column' if inner_column else 'row'} rank")
                    return n.matmul(*args[:i], n.eye(size), *args[i + 2 :])
    return None


def _full(node: Node, context: Context) -> bool:
    return node.op == "symbol" and any(context.facts.has(f, str(node.data)) for f in ("invertible", "full_rank", "spd", "orthogonal"))


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


def _powers(node: Node, context: Context) -> Node | None:
    """X X X -> X^3, where that is shorter."""
    args = node.args
    for i in range(len(args)):
        base, power = base_of(args[i])
        if power < 0:
            continue
        j, total = i + 1, power
        while j < len(args) and base_of(args[j])[0] is base and base_of(args[j])[1] > 0:
            total += base_of(args[j])[1]
            j += 1
        if j > i + 1:
            new = n.matmul(*args[:i], n.matpow(base, total), *args[j:])
            if cost(new) < cost(node):
                return new
    return None


INVERSE = Family(
    "inverse",
    "A A^-1 = I; at full rank X^+ X = I, and (X^T X)^-1 X^T = X^+",
    {"matmul": (_cancel, _pinv_rank, _to_pinv)},
)

POWERS = Family("matrix powers", "a factor that repeats is a power", {"matmul": (_powers,)})
