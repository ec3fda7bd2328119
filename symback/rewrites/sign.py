"""A minus sign goes into a difference, where it only turns it round: -(Y - A) X^T -> (A - Y) X^T."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.rewrites.cost import cost
from symback.rewrites.engine import Family
from symback.rewrites.scalars import split_coefficient


def turned(node: Node) -> Node | None:
    """Minus the node, if it holds a difference that can be turned round, at any depth of products and transposes."""
    if node.op == "add":
        if not any(split_coefficient(t)[0] < 0 for t in node.args):
            return None
        return n.add(*(n.neg(t) for t in node.args))
    if node.op in ("mul", "matmul", "transpose", "sum", "trace", "diag", "diagonal", "kron"):
        best: Node | None = None
        for i, arg in enumerate(node.args):
            new = turned(arg)
            if new is not None:
                candidate = n.rebuild(node, [*node.args[:i], new, *node.args[i + 1 :]])
                if best is None or cost(candidate) < cost(best):
                    best = candidate
        return best
    if node.op == "power" and node.data in (1, -1, -3, 3):
        new = turned(node.args[0])
        return None if new is None else n.rebuild(node, [new])
    return None


def turn_sign(node: Node) -> Node | None:
    """The whole expression with its minus sign put into a difference, where that is shorter; else None.

    Only the whole: within a sum a minus sign costs nothing.
    """
    coefficient, core = split_coefficient(node)
    if coefficient >= 0:
        return None
    new = turned(core)
    if new is None:
        return None
    new = n.mul(n.number(-coefficient), new)
    return new if cost(new) < cost(node) else None


SIGN = Family("sign", "a minus sign turns a difference round", {})
