"""Dimensions: positive integers known by number, by name, or as a product of names (``m*n`` for a vec)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dim:
    """A monomial ``coefficient * name * name ...`` that stands for a positive integer.

    >>> str(dim("m") * dim(2) * dim("k"))
    '2*k*m'
    >>> dim("m") == dim("n"), dim(1).is_one
    (False, True)
    """

    coefficient: int
    names: tuple[str, ...] = ()

    def __mul__(self, other: Dim) -> Dim:
        return Dim(self.coefficient * other.coefficient, tuple(sorted(self.names + other.names)))

    def __str__(self) -> str:
        parts = ([] if self.coefficient == 1 and self.names else [str(self.coefficient)]) + list(self.names)
        return "*".join(parts)

    @property
    def is_one(self) -> bool:
        """True of the literal dimension 1, and of nothing else."""
        return self.coefficient == 1 and not self.names

    def value(self, sizes: dict[str, int]) -> int:
        """The number that this dimension is under ``sizes``."""
        result = self.coefficient
        for name in self.names:
            result *= sizes[name]
        return result


ONE = Dim(1)
Shape = tuple[Dim, Dim]
SCALAR: Shape = (ONE, ONE)


def dim(value: int | str | Dim) -> Dim:
    """The dimension that a number or a name stands for."""
    if isinstance(value, Dim):
        return value
    return Dim(value) if isinstance(value, int) else Dim(1, (value,))


def show_shape(shape: Shape) -> str:
    """``(n_1, m)``, as it is written in a declaration."""
    return f"({shape[0]}, {shape[1]})"
