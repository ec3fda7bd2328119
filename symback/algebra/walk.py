"""Walks over expressions: order, substitution, free symbols."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from symback.algebra.nodes import Node, rebuild


def postorder(root: Node, known: Container[Node] = ()) -> Iterator[Node]:
    """Every distinct node below and at ``root``, arguments before their users; known ones left out."""
    done: set[Node] = set()
    stack: list[Node] = [root]
    while stack:
        node = stack[-1]
        if node in done or node in known:
            stack.pop()
            continue
        waiting = [arg for arg in reversed(node.args) if arg not in done and arg not in known]
        if waiting:
            stack += waiting
        else:
            stack.pop()
            done.add(node)
            yield node


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
