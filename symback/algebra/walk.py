"""Walks over expressions: order, substitution, free symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symback.algebra.nodes import Node, rebuild


def postorder(root: Node) -> Iterator[Node]:
    """Every distinct node below and at ``root``, arguments before their users, without recursion."""
    done: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.args) if arg not in done)


def symbols(root: Node) -> tuple[str, ...]:
    """The names of the arrays in ``root``, in the order of their first appearance."""
    return tuple(str(node.data) for node in postorder(root) if node.op == "symbol")


def substitute(root: Node, values: Mapping[Node, Node]) -> Node:
    """``root`` with every node that is a key of ``values`` replaced, outermost first."""
    if not values:
        return root
    memo: dict[Node, Node] = dict(values)
    for node in postorder(root):
        if node not in memo:
            memo[node] = rebuild(node, [memo[arg] for arg in node.args]) if node.args else node
    return memo[root]


def contains(root: Node, part: Node) -> bool:
    """True where ``part`` is ``root`` or stands somewhere in it."""
    return any(node is part for node in postorder(root))
