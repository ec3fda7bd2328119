"""Atoms: what a network is built of, known by the normal form of what stands inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from symback.normal.network import Index, Key, Poly


@dataclass(frozen=True)
class Atom:
    """A symbol, or a function of a normal form, and what is known of its values.

    ``sums`` are the slots whose index, summed, gives one; ``hot`` those along which one entry is 1 and the others 0.
    """

    number: int
    kind: str  # "delta", "symbol", or the operation: "exp", "sum" (the base of a power), "inv", "det", ...
    name: str
    inner: Poly | None = None
    positive: bool = False
    sums: tuple[int, ...] = ()
    hot: tuple[int, ...] = ()
    orthogonal: bool = False


@dataclass
class Atoms:
    """The atoms of one comparison, numbered as they appear: both sides share them."""

    table: dict[tuple[object, ...], Atom] = field(default_factory=dict)
    all: list[Atom] = field(default_factory=list)
    symmetric: set[int] = field(default_factory=set)
    indicators: set[int] = field(default_factory=set)  # 0 or 1
    opposite: dict[int, tuple[int, tuple[int, ...]]] = field(default_factory=dict)  # step(-P): step(P), and its slots

    def __post_init__(self) -> None:
        self.get("delta", symmetric=True)

    def get(
        self, kind: str, name: str = "", inner: Poly | None = None, *, symmetric: bool = False, indicator: bool = False,
        positive: bool = False, sums: tuple[int, ...] = (), hot: tuple[int, ...] = (), orthogonal: bool = False,
    ) -> Atom:  # fmt: skip
        """The atom of this kind, name and inner normal form."""
        key = (kind, name, inner.signature if inner else None)
        if key not in self.table:
            atom = self.table[key] = Atom(len(self.all), kind, name, inner, positive, sums, hot, orthogonal)
            self.all.append(atom)
            if symmetric:
                self.symmetric.add(atom.number)
            if indicator:
                self.indicators.add(atom.number)
        return self.table[key]

    def place(self, atom: int, idx: tuple[Index, ...]) -> tuple[int, tuple[Index, ...]]:
        """An atom at indices; those of a symmetric one are sorted."""
        return atom, tuple(sorted(idx)) if atom in self.symmetric else idx

    def opposite_place(self, atom: int, idx: tuple[Index, ...]) -> tuple[int, tuple[Index, ...]] | None:
        """Where step(P) stands for a step(-P), None for any other atom."""
        if atom not in self.opposite:
            return None
        other, slots = self.opposite[atom]
        return self.place(other, tuple(idx[k] for k in slots))

    def sign(self, poly: Poly) -> int:
        """1 or -1 where every term is known to have that sign at every point, else 0."""
        signs = {self.term_sign(key, value) for key, value in poly.terms.items()}
        return signs.pop() if len(signs) == 1 else 0

    def term_sign(self, key: Key, number: Fraction) -> int:
        """1 or -1 where the term is known to have that sign at every point, else 0."""
        if not all(self.all[atom].positive for atom, _, _ in key[1]):
            return 0
        return 1 if number > 0 else -1
