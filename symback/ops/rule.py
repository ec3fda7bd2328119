"""What an operation states about itself: its differential, its adjoint, why, and where that is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symback.algebra.nodes import Node
from symback.records import Shown

# differential(node, y, i, dx): the change of the value, to first order, when argument i changes by dx.
# adjoint(node, y, i, ybar): what stands beside dX_i once <ybar, dY> is written as <..., dX_i>.
# In both, y is how to write the value itself: the node, or the name that a definition gives it.
Differential = Callable[[Node, Node, int, Node], Node]
Adjoint = Callable[[Node, Node, int, Node], Node]


@dataclass(frozen=True)
class Rule(Shown):
    """One operation: ``op`` is its name in expressions, ``title`` and ``because`` are what a reader sees."""

    op: str
    title: str
    because: str
    reference: str
    differential: Differential
    adjoint: Adjoint
    examples: Callable[[], tuple[Node, ...]]
    kinks: bool = False  # True where the slope jumps somewhere, and a convention is used there
