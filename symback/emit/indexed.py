"""Scalar expressions with indices, read back as matrices: sum_ij x_i A_ij y_j is x^T A y.

SymPy writes an entry of a product, such as ``(x.T * A * y)[0, 0]``, as a sum over indices. Here an index is summed
out where at most two others meet it; what joins three or more has no matrix form.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, SCALAR, Dim
from symback.algebra.nodes import Node
from symback.errors import RefusedError

Index = Hashable


@dataclass(frozen=True)
class Indexed:
    """The entries of ``node`` by the indices of its rows and columns; None where there is only one row, or column."""

    node: Node
    row: Index | None = None
    column: Index | None = None

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices that it has."""
        return tuple(i for i in (self.row, self.column) if i is not None)

    def size(self, index: Index) -> Dim:
        """The range of an index."""
        return self.node.shape[0] if index == self.row else self.node.shape[1]

    def turned(self) -> Indexed:
        """The same entries, rows and columns exchanged."""
        return Indexed(n.transpose(self.node), self.column, self.row)


def element(node: Node, row: Index | None, column: Index | None) -> Indexed:
    """node[row, column], where None stands for the only row or column."""
    if row is None and column is not None:
        return Indexed(n.transpose(node), column)
    if row == column and row is not None:
        return Indexed(n.diagonal(node), row)
    return Indexed(node, row, column)


def aligned(parts: list[Indexed]) -> tuple[list[Node], Index | None, Index | None]:
    """The parts as matrices over the same two indices, repeated along those that they do not have."""
    first = next((p for p in parts if len(p.indices) == 2), None)
    wanted = list(first.indices if first else ())
    for part in parts:
        wanted += [i for i in part.indices if i not in wanted]
    if len(wanted) > 2:
        raise RefusedError("an entry that depends on three indices at once has no matrix form")
    row, column = ([*wanted, None, None])[:2]
    rows = next((p.size(row) for p in parts if row in p.indices), ONE) if row is not None else ONE
    columns = next((p.size(column) for p in parts if column in p.indices), ONE) if column is not None else ONE
    nodes = []
    for part in parts:
        turn = (part.row is not None and part.row == column) or (part.column is not None and part.column == row)
        nodes.append(n.broadcast(part.turned().node if turn else part.node, (rows, columns)))
    return nodes, row, column


def product(parts: list[Indexed]) -> Indexed:
    """The product, entry by entry."""
    numbers = [p.node for p in parts if not p.indices]
    rest = [p for p in parts if p.indices]
    if not rest:
        return Indexed(n.mul(*numbers) if numbers else n.number(1))
    nodes, row, column = aligned(rest)
    return Indexed(n.mul(*numbers, *nodes), row, column)


def total(parts: list[Indexed], bound: dict[Index, Dim]) -> Indexed:
    """The sum over the bound indices of a product, one index after the other."""
    left = dict(bound)
    while left:
        index = min(left, key=lambda i: len(_others(parts, i)))
        meets = [p for p in parts if index in p.indices]
        parts = [p for p in parts if index not in p.indices] + [_summed(meets, index, left.pop(index))]
    return product(parts)


def _others(parts: list[Indexed], index: Index) -> set[Index]:
    return {i for p in parts if index in p.indices for i in p.indices if i != index}


def _summed(meets: list[Indexed], index: Index, size: Dim) -> Indexed:
    """sum over i of u_i A_ij B_ik: A^T (u * B), a column where there is only A, a number where there is none."""
    others = sorted(_others(meets, index), key=repr)
    if len(others) > 2:
        raise RefusedError("a sum that joins three or more factors at one index has no matrix form that symback reads")
    weights = product([p for p in meets if len(p.indices) == 1] or [Indexed(n.ones((size, ONE)), index)])
    blocks = []
    for other in others:
        block = product([p for p in meets if other in p.indices])
        blocks.append(block if block.row == index else block.turned())
    if not blocks:
        return Indexed(n.total(weights.node))
    if len(blocks) == 1:
        return Indexed(n.matmul(n.transpose(blocks[0].node), weights.node), others[0])
    first, second = blocks
    weighted = (
        second.node if weights.node.op == "ones" else n.mul(n.broadcast(weights.node, second.node.shape), second.node)
    )
    return Indexed(n.matmul(n.transpose(first.node), weighted), others[0], others[1])


__all__ = ["SCALAR", "Index", "Indexed", "aligned", "element", "product", "total"]
