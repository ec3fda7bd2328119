"""Which parts of a formula a step has changed."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra.nodes import Node, power
from symback.algebra.walk import postorder


def changed_parts(before: Node, after: Node) -> frozenset[Node]:
    """The largest parts of ``after`` that did not stand in ``before``; a divisor also as it is printed, below."""
    if before is after:
        return frozenset()
    old = set(postorder(before))
    touched: set[Node] = set()  # nodes with something old below them
    for node in postorder(after):
        if (node in old and node.op not in ("number", "ones", "size")) or any(a in touched for a in node.args):
            touched.add(node)
    out: set[Node] = set()
    stack = [after]
    while stack:
        node = stack.pop()
        if node in old:
            continue
        if node in touched:
            stack.extend(node.args)
        elif node.op != "number":
            out.add(node)
            if node.op == "power" and isinstance(node.data, Fraction) and node.data < 0:
                out.add(power(node.args[0], -node.data))
    return frozenset(out) or frozenset({after})
