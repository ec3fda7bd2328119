"""The network as a graph: arrays are nodes, an edge runs from an array to what is computed with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symback.algebra.dims import show_shape
from symback.algebra.walk import symbols
from symback.records import Problem


@dataclass(frozen=True)
class GraphNode:
    """An array: given from outside, computed, or the objective; ``rank`` is its place in the forward pass."""

    name: str
    shape: str
    kind: Literal["given", "computed", "objective"]
    rank: int


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of the forward pass, and edges as pairs of names."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[tuple[str, str], ...]

    def node(self, name: str) -> GraphNode:
        """The node of a name."""
        return next(n for n in self.nodes if n.name == name)


def network(problem: Problem, objective: str) -> Graph:
    """The graph of what the objective is computed from.

    A given array stands just before its first use; a computed one after everything that it uses.
    """
    uses = {d.name: symbols(d.node) for d in problem.definitions}
    reached = {objective}
    for definition in reversed(problem.definitions):
        if definition.name in reached:
            reached.update(uses[definition.name])
    rank: dict[str, int] = {}
    for definition in problem.definitions:
        if definition.name in reached:
            rank[definition.name] = 1 + max((rank.get(u, 0) for u in uses[definition.name]), default=0)
    edges = tuple((u, d.name) for d in problem.definitions if d.name in reached for u in uses[d.name])
    for name in problem.symbols:
        if name in reached:
            rank[name] = min(rank[user] for used, user in edges if used == name) - 1
    order = [n for n in (*problem.symbols, *(d.name for d in problem.definitions)) if n in reached]
    nodes = tuple(
        GraphNode(
            name,
            show_shape(problem.shape(name)),
            "given" if name in problem.symbols else "objective" if name == objective else "computed",
            rank[name],
        )
        for name in order
    )
    return Graph(nodes, edges)
