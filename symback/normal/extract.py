"""Read a network back as a matrix expression: parallel edges are Hadamard products, edges in a row matrix products.

The indices of a term are the nodes of a graph; a factor with two indices is an edge, one with one index a weight at
its node. Summed nodes are removed one by one, as in an electrical network; what cannot be removed so (a summed index
with three or more edges) has no form in @ * + .T and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symback.algebra import nodes as n
from symback.algebra.dims import Dim, Shape
from symback.algebra.nodes import Node
from symback.errors import RefusedError

Index = int


@dataclass
class Graph:
    """The factors of one term: matrices between two indices, columns at one, and numbers."""

    dims: Mapping[Index, Dim]
    edges: dict[tuple[Index, Index], Node] = field(default_factory=dict)
    weights: dict[Index, Node] = field(default_factory=dict)
    scalars: list[Node] = field(default_factory=list)

    def edge(self, i: Index, j: Index, matrix: Node) -> None:
        """Add a matrix with rows i and columns j; beside another it is a Hadamard product."""
        if i == j:
            self.weight(i, n.diagonal(matrix))
        elif (j, i) in self.edges:
            self.edges[j, i] = n.mul(self.edges[j, i], n.transpose(matrix))
        else:
            self.edges[i, j] = n.mul(self.edges[i, j], matrix) if (i, j) in self.edges else matrix

    def weight(self, i: Index, column: Node) -> None:
        """Add a column at an index."""
        self.weights[i] = n.mul(self.weights[i], column) if i in self.weights else column

    def around(self, k: Index) -> list[tuple[Index, Node]]:
        """The other ends of the edges at k, with the matrices turned so that k is the column."""
        return [(i, m) if j == k else (j, n.transpose(m)) for (i, j), m in self.edges.items() if k in (i, j)]

    def remove(self, k: Index) -> None:
        """Sum over an index with at most two edges."""
        near = self.around(k)
        self.edges = {pair: m for pair, m in self.edges.items() if k not in pair}
        v = self.weights.pop(k, None)
        if not near:
            self.scalars.append(n.size(self.dims[k]) if v is None else n.total(v.args[0] if v.op == "sum" else v))
        elif len(near) == 1:
            ((i, a),) = near
            self.weight(i, n.total(a, 1) if v is None else n.matmul(a, v))
        else:
            (i, a), (j, b) = near
            right = n.transpose(b)
            if v is not None:
                right = n.mul(n.broadcast(v, right.shape), right)
            if i == j:
                self.weight(i, n.total(n.mul(a, n.transpose(right)), 1))
            else:
                self.edge(i, j, n.matmul(a, right))


def matrix_form(graph: Graph, row: Index | None, column: Index | None, shape: Shape) -> Node:
    """The term as a matrix of the given shape, with the free indices ``row`` and ``column`` (None for a size of 1).

    Raises RefusedError where it has no matrix form.
    """
    free = {i for i in (row, column) if i is not None}
    while True:
        summed = {i for pair in graph.edges for i in pair} | set(graph.weights)
        order = sorted((len(graph.around(k)), k) for k in summed - free)
        if not order:
            break
        if order[0][0] > 2:
            raise RefusedError("three matrices meet at one summed index: there is no form in @ * + .T for that")
        graph.remove(order[0][1])
    parts: list[Node] = []
    for (i, j), m in graph.edges.items():
        parts.append(m if (i, j) == (row, column) else n.transpose(m))
    if not parts and row in graph.weights and column in graph.weights:  # a column times a row
        return n.mul(*graph.scalars, n.matmul(graph.weights[row], n.transpose(graph.weights[column])))
    for i, v in graph.weights.items():
        parts.append(n.broadcast(v if i == row else n.transpose(v), shape))
    matrices = n.mul(*parts) if parts else n.ones(shape)
    return n.mul(*graph.scalars, matrices)
