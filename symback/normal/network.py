"""Networks: a term is a number times factors joined by indices, and has one canonical labelling.

A matrix product joins two factors at an index that is summed, a Hadamard product puts several factors at the same
indices, a closed index with no factor is its dimension, and an index of size 1 does not exist. Homomorphism functions
of non-isomorphic labelled graphs are linearly independent (Lovasz, Acta Math. Hung. 18, 1967), so for expressions of
@ * + .T sum trace diag ones eye over free symbols the canonical labelling decides equality for all sizes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from symback.algebra.dims import Dim

Index = int
Factor = tuple[int, tuple[Index, ...], Fraction]  # atom, its indices, exponent
Sizes = tuple[tuple[str, Fraction], ...]  # powers of dimensions
Key = tuple[Sizes, tuple[Factor, ...], tuple[str, ...]]  # factors over canonical indices, dimensions of the summed ones

MAX_LABELLINGS = 300
DELTA = 0  # the atom of the identity matrix


class UndecidedError(Exception):
    """The normal form does not cover this expression, or a limit was met: no answer, never a wrong one."""


@dataclass(frozen=True)
class Poly:
    """A sum of networks with free indices 0, 1, ...: ``rows`` of them for rows, the others for columns."""

    rows: tuple[Dim, ...]
    columns: tuple[Dim, ...]
    terms: dict[Key, Fraction]

    @property
    def dims(self) -> tuple[Dim, ...]:
        """The dimensions of all free indices."""
        return self.rows + self.columns

    def text(self) -> str:
        """The same for equal sums, different for different ones."""
        return repr((self.rows, self.columns, sorted(self.terms.items(), key=repr)))


@dataclass
class Term:
    """A network before it is canonical: indices are any integers, ``dims`` says the size of each."""

    number: Fraction
    sizes: dict[str, Fraction] = field(default_factory=dict)
    factors: list[Factor] = field(default_factory=list)
    dims: dict[Index, Dim] = field(default_factory=dict)

    def times(self, other: Term) -> Term:
        """The product; shared indices are shared."""
        sizes = dict(self.sizes)
        for name, exponent in other.sizes.items():
            sizes[name] = sizes.get(name, Fraction(0)) + exponent
        return Term(self.number * other.number, sizes, self.factors + other.factors, {**self.dims, **other.dims})

    def by_size(self, size: Dim, exponent: Fraction = Fraction(1)) -> Term:
        """Multiplied by a power of a dimension."""
        sizes = dict(self.sizes)
        for name in size.names:
            sizes[name] = sizes.get(name, Fraction(0)) + exponent
        if exponent.denominator != 1 and size.coefficient != 1:
            raise UndecidedError("a root of a number")
        return Term(self.number * Fraction(size.coefficient) ** exponent, sizes, self.factors, self.dims)

    def renamed(self, names: dict[Index, Index]) -> Term:
        """With other indices."""
        factors = [(a, tuple(names.get(i, i) for i in idx), e) for a, idx, e in self.factors]
        return Term(self.number, dict(self.sizes), factors, {names.get(i, i): d for i, d in self.dims.items()})


def merged(term: Term, symmetric: set[int], indicators: set[int]) -> Term:
    """Equal factors as powers; a symmetric atom's indices sorted; powers of an indicator (0 or 1) are itself."""
    powers: dict[tuple[int, tuple[Index, ...]], Fraction] = {}
    for atom, idx, exponent in term.factors:
        place = (atom, tuple(sorted(idx)) if atom in symmetric else idx)
        powers[place] = powers.get(place, Fraction(0)) + exponent
    factors = [
        (atom, idx, Fraction(1) if atom in indicators and e > 0 else e) for (atom, idx), e in powers.items() if e
    ]
    return Term(term.number, {k: v for k, v in term.sizes.items() if v}, factors, term.dims)


def without_deltas(term: Term, free: set[Index]) -> Term:
    """Identities merge their two indices; one between two free indices stays, and the first of them is used."""
    kept: list[Factor] = []
    factors = list(term.factors)
    dims = dict(term.dims)
    while True:
        delta = next((f for f in factors if f[0] == DELTA), None)
        if delta is None:
            break
        factors.remove(delta)
        i, j = sorted(delta[1], key=lambda index: (index not in free, index))
        if i == j:
            continue
        if j in free:
            kept.append((DELTA, (i, j), Fraction(1)))
        factors = [(a, tuple(i if x == j else x for x in idx), e) for a, idx, e in factors]
        kept = [(a, tuple(i if x == j and (a, idx) != (DELTA, (i, j)) else x for x in idx), e) for a, idx, e in kept]
        if j not in free:
            dims.pop(j, None)
    return Term(term.number, term.sizes, factors + list(dict.fromkeys(kept)), dims)


def closed(term: Term, free: set[Index]) -> Term:
    """A summed index that no factor has is its dimension."""
    used = {i for _, idx, _ in term.factors for i in idx}
    for index in [i for i in term.dims if i not in free and i not in used]:
        size = term.dims[index]
        term = Term(term.number, term.sizes, term.factors, {k: v for k, v in term.dims.items() if k != index}).by_size(size)
    return term


def canonical(term: Term, free: list[Index], symmetric: set[int]) -> Key:
    """The key of a term: the least labelling of its summed indices, by colour refinement and individualisation."""
    position = {index: k for k, index in enumerate(free)}
    bound = sorted({i for _, idx, _ in term.factors for i in idx} - set(free))
    colours: dict[Index, object] = {i: ("free", k) for i, k in position.items()}
    colours |= {i: ("summed", str(term.dims[i])) for i in bound}
    budget = [MAX_LABELLINGS]
    best = _search(term, bound, _refine(term, bound, colours, symmetric), symmetric, len(free), position, budget)
    sizes = tuple(sorted((n, e) for n, e in term.sizes.items() if e))
    return (sizes, *best)


def _refine(term: Term, bound: list[Index], colours: dict[Index, object], symmetric: set[int]) -> dict[Index, object]:
    """Split colours by the factors at an index until nothing splits."""
    if len(bound) < 2:
        return colours
    classes = len({repr(colours[i]) for i in bound})
    while True:
        signs: dict[Index, list[str]] = {i: [] for i in bound}
        for atom, idx, exponent in term.factors:
            around = [repr(colours[i]) for i in idx]
            for place, index in enumerate(idx):
                if index in signs:
                    seen = (atom, exponent, "either", sorted(around)) if atom in symmetric else (atom, exponent, place, around)
                    signs[index].append(repr(seen))
        ranked = {i: (repr(colours[i]), sorted(signs[i])) for i in bound}
        order = {s: k for k, s in enumerate(sorted({repr(r) for r in ranked.values()}))}
        new = {i: ("class", order[repr(ranked[i])]) for i in bound}
        colours = {**colours, **new}
        count = len(order)
        if count == classes:
            return colours
        classes = count


def _search(
    term: Term, bound: list[Index], colours: dict[Index, object], symmetric: set[int], free: int,
    position: dict[Index, int], budget: list[int],
) -> tuple[tuple[Factor, ...], tuple[str, ...]]:  # fmt: skip
    groups: dict[str, list[Index]] = {}
    for i in bound:
        groups.setdefault(repr(colours[i]), []).append(i)
    tied = next((groups[k] for k in sorted(groups) if len(groups[k]) > 1), None)
    if tied is None:
        budget[0] -= 1
        if budget[0] < 0:
            raise UndecidedError("a network with too many symmetries")
        order = sorted(bound, key=lambda i: repr(colours[i]))
        names = {**position, **{i: free + k for k, i in enumerate(order)}}
        factors = []
        for atom, idx, exponent in term.factors:
            new = tuple(names[i] for i in idx)
            factors.append((atom, tuple(sorted(new)) if atom in symmetric else new, exponent))
        return tuple(sorted(factors)), tuple(str(term.dims[i]) for i in order)
    best = None
    for chosen in tied:
        marked = {**colours, chosen: ("chosen", repr(colours[chosen]))}
        found = _search(term, bound, _refine(term, bound, marked, symmetric), symmetric, free, position, budget)
        if best is None or found < best:
            best = found
    assert best is not None
    return best


def powers_of(items: Iterable[tuple[str, Fraction]], exponent: Fraction) -> dict[str, Fraction]:
    """Dimensions raised to a power."""
    return {name: e * exponent for name, e in items}
