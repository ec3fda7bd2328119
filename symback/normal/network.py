"""Networks: a term is a number times factors joined by indices.

A matrix product joins two factors at an index that is summed, a Hadamard product puts several factors at the same
indices, a closed index with no factor is its dimension, and an index of size 1 does not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from symback.algebra.dims import Dim

Index = int
Exponent = int | Fraction
Factor = tuple[int, tuple[Index, ...], Exponent]  # atom, its indices, exponent
Sizes = tuple[tuple[str, Fraction], ...]  # powers of dimensions
Key = tuple[Sizes, tuple[Factor, ...], tuple[Dim, ...]]  # factors over canonical indices, dimensions of the summed ones
Signature = tuple[object, ...]

ONE, ZERO = Fraction(1), Fraction(0)
DELTA = 0  # the atom of the identity matrix
UNIT: Key = ((), (), ())  # the network of a number


class UndecidedError(Exception):
    """The normal form does not cover this expression, or a limit was met: no answer, never a wrong one."""


def order(key: Key) -> tuple[object, ...]:
    """What networks are sorted by: it says all that the key says."""
    sizes, factors, dims = key
    return len(factors), factors, sizes, tuple(map(str, dims))


@dataclass(frozen=True)
class Poly:
    """A sum of networks with free indices 0, 1, ...: those of the rows, then those of the columns."""

    rows: tuple[Dim, ...]
    columns: tuple[Dim, ...]
    terms: dict[Key, Fraction]

    @property
    def dims(self) -> tuple[Dim, ...]:
        """The dimensions of all free indices."""
        return self.rows + self.columns

    @property
    def free(self) -> list[Index]:
        """The free indices."""
        return list(range(len(self.rows) + len(self.columns)))

    @cached_property
    def signature(self) -> Signature:
        """The same for equal sums, different for different ones; signatures can be sorted."""
        terms = sorted((order(key), value) for key, value in self.terms.items())
        return tuple(map(str, self.rows)), tuple(map(str, self.columns)), tuple(terms)

    @property
    def used(self) -> tuple[Index, ...]:
        """The free indices that some factor has."""
        count = len(self.dims)
        return tuple(sorted({i for key in self.terms for _, idx, _ in key[1] for i in idx if i < count}))

    @cached_property
    def lead(self) -> tuple[Key, Fraction] | None:
        """The term that reductions eliminate: the greatest with factors, without summed indices if there is one."""
        terms = [t for t in self.terms.items() if any(atom != DELTA for atom, _, _ in t[0][1])]
        plain = [t for t in terms if not t[0][2]]
        return max(plain or terms, key=lambda t: order(t[0]), default=None)

    @property
    def scale(self) -> Fraction:
        """The number in front of one of the terms, the same term in any multiple of this sum."""
        return (self.lead or max(self.terms.items(), key=lambda t: order(t[0])))[1]


@dataclass
class Term:
    """A network before it is canonical: indices are any integers, ``dims`` says the size of each."""

    number: Fraction
    sizes: dict[str, Fraction] = field(default_factory=dict)
    factors: list[Factor] = field(default_factory=list)
    dims: dict[Index, Dim] = field(default_factory=dict)

    @classmethod
    def of(cls, key: Key, number: Fraction, free: Collection[Index], dims: Collection[Dim], start: Index) -> Term:
        """A term of a sum with its free indices named ``free``, and its summed ones from ``start`` on."""
        sizes, factors, bound = key
        names = [*free, *range(start, start + len(bound))]
        sized = dict(zip(names, [*dims, *bound], strict=True))
        return cls(number, dict(sizes), [(a, tuple(names[i] for i in idx), e) for a, idx, e in factors], sized)

    @property
    def fresh(self) -> Index:
        """An index that does not occur."""
        return max([0, *self.dims, *(i for _, idx, _ in self.factors for i in idx)]) + 1

    def times(self, other: Term) -> Term:
        """The product; shared indices are shared."""
        sizes = dict(self.sizes)
        for name, exponent in other.sizes.items():
            sizes[name] = sizes.get(name, ZERO) + exponent
        return Term(self.number * other.number, sizes, self.factors + other.factors, {**self.dims, **other.dims})

    def by(self, *factors: Factor, number: Fraction = ONE, sizes: Sizes = ()) -> Term:
        """Multiplied by factors at indices that it has, a number, and powers of dimensions."""
        return self.times(Term(number, dict(sizes), list(factors)))

    def by_size(self, size: Dim) -> Term:
        """Multiplied by a dimension."""
        out = self.by(number=Fraction(size.coefficient))
        for name in size.names:
            out.sizes[name] = out.sizes.get(name, ZERO) + 1
        return out

    def with_factors(self, factors: list[Factor], gone: Collection[Index] = ()) -> Term:
        """Other factors in the same sum, some of its indices gone."""
        return Term(self.number, self.sizes, factors, {i: d for i, d in self.dims.items() if i not in gone})


def merged(term: Term, symmetric: set[int], indicators: set[int]) -> Term:
    """Equal factors as powers; a symmetric atom's indices sorted; powers of an indicator (0 or 1) are itself."""
    powers: dict[tuple[int, tuple[Index, ...]], Exponent] = {}
    for atom, idx, exponent in term.factors:
        place = (atom, tuple(sorted(idx)) if atom in symmetric else idx)
        powers[place] = powers[place] + exponent if place in powers else exponent
    factors: list[Factor] = []
    for (atom, idx), e in powers.items():
        if e:
            whole = 1 if atom in indicators and e > 0 else e.numerator if e.denominator == 1 else e
            factors.append((atom, idx, whole))
    return Term(term.number, {k: v for k, v in term.sizes.items() if v}, factors, term.dims)


def without_deltas(term: Term, free: set[Index]) -> Term:
    """Identities merge their two indices; one between two free indices stays, and the first of them is used."""
    kept: set[tuple[Index, Index]] = set()
    factors, dims = list(term.factors), dict(term.dims)
    while (delta := next((f for f in factors if f[0] == DELTA), None)) is not None:
        factors.remove(delta)
        i, j = sorted(delta[1], key=lambda index: (index not in free, index))
        if i == j:
            continue
        factors = [(a, tuple(i if x == j else x for x in idx), e) for a, idx, e in factors]
        if j in free:
            kept = {(i if a == j else a, b) for a, b in kept} | {(i, j)}
        else:
            dims.pop(j, None)
    return Term(term.number, term.sizes, factors + [(DELTA, pair, ONE) for pair in sorted(kept)], dims)


def closed(term: Term, free: set[Index]) -> Term:
    """A summed index that no factor has is its dimension."""
    used = {i for _, idx, _ in term.factors for i in idx}
    idle = [i for i in term.dims if i not in free and i not in used]
    out = term.with_factors(term.factors, idle)
    for index in idle:
        out = out.by_size(term.dims[index])
    return out
