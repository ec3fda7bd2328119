"""What an expression is while it is read: a matrix, and how many dimensions NumPy sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symback.algebra.dims import Dim, show_shape
from symback.algebra.nodes import Node
from symback.language.source import Source


@dataclass(frozen=True)
class Value:
    """A matrix, and how many dimensions NumPy sees. A 1-D array is held as a row, a scalar as (1, 1)."""

    node: Node
    ndim: int
    boolean: bool = False  # NumPy's booleans: + between two of them would be "or"

    @property
    def shape(self) -> str:
        """The shape as NumPy would show it."""
        if self.ndim == 0:
            return "()"
        return f"({self.node.shape[1]},)" if self.ndim == 1 else show_shape(self.node.shape)


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use."""

    source: Source
    values: Mapping[str, Value]
    dims: Mapping[str, Dim]  # a dimension's name, and what it is (itself, or what it is assumed to equal)
