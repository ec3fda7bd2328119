"""The one node type of matrix expressions.

Every value is a matrix with a symbolic shape; a scalar is a matrix of shape (1, 1). Nodes are frozen and interned:
two expressions that are built alike are the same object, so ``==`` and dictionary keys cost nothing.
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable
from typing import TYPE_CHECKING

from symback.algebra.dims import SCALAR, Shape

if TYPE_CHECKING:
    import sympy

_interned: weakref.WeakValueDictionary[tuple[object, ...], Node] = weakref.WeakValueDictionary()


class Node:
    """One operation over its arguments: ``op`` names the rule in ``symback.ops``, ``data`` its constants."""

    __slots__ = ("__weakref__", "_cost", "args", "data", "depth", "op", "shape", "size")

    op: str
    args: tuple[Node, ...]
    data: Hashable
    shape: Shape
    depth: int  # levels of nesting below, for limits
    size: int  # nodes in the tree below (shared ones counted each time), for limits
    _cost: tuple[int, int] | None  # kept by rewrites.cost

    def __new__(cls, op: str, args: tuple[Node, ...], shape: Shape, data: Hashable = None) -> Node:
        """The interned node; the shape has been checked by the constructor functions below."""
        key = (op, args, shape, type(data), data)
        found = _interned.get(key)
        if found is None:
            found = object.__new__(cls)
            found.op, found.args, found.data, found.shape = op, args, data, shape
            found._cost = None
            found.depth = 1 + max((a.depth for a in args), default=0)
            found.size = 1 + sum(a.size for a in args)
            _interned[key] = found
        return found

    def __reduce__(self) -> tuple[object, ...]:
        return (Node, (self.op, self.args, self.shape, self.data))

    def __repr__(self) -> str:
        from symback.language.write import write  # the text form lives one layer up

        return write(self)

    @property
    def is_scalar(self) -> bool:
        """True where the shape is literally (1, 1)."""
        return self.shape == SCALAR

    @property
    def axis(self) -> int | None:
        """The axis of a sum, softmax or logsumexp; None where all entries are summed."""
        return self.data if isinstance(self.data, int) else None

    def to_sympy(self) -> sympy.Basic:
        """The same expression as a SymPy object."""
        from symback.emit.sympy_form import to_sympy  # SymPy is imported only when it is asked for

        return to_sympy(self)
