"""Atoms: what a network is built of, known by the normal form of what stands inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from symback.normal.network import DELTA, Key, Poly


@dataclass(frozen=True)
class Atom:
    """A symbol, or a function of a normal form; ``positive`` and ``indicator`` (0 or 1) are what is known of its values."""

    number: int
    kind: str  # "delta", "symbol", or the operation: "exp", "sum" (the base of a power), "inv", "det", ...
    name: str
    inner: Poly | None = None
    positive: bool = False


@dataclass
class Atoms:
    """The atoms of one comparison, numbered as they appear: both sides share them."""

    table: dict[str, Atom] = field(default_factory=dict)
    all: list[Atom] = field(default_factory=list)
    symmetric: set[int] = field(default_factory=set)
    indicators: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.get("delta", "", None)
        self.symmetric.add(DELTA)

    def get(
        self, kind: str, name: str, inner: Poly | None, *, positive: bool = False, symmetric: bool = False, indicator: bool = False
    ) -> Atom:
        """The atom of this kind, name and inner normal form."""
        text = f"{kind}:{name}:{inner.text() if inner else ''}"
        if text not in self.table:
            atom = Atom(len(self.all), kind, name, inner, positive)
            self.table[text] = atom
            self.all.append(atom)
            if symmetric:
                self.symmetric.add(atom.number)
            if indicator:
                self.indicators.add(atom.number)
        return self.table[text]

    def positive_term(self, key: Key, number: Fraction) -> bool:
        """True where the term is known to be positive at every point."""
        return number > 0 and all(self.all[a].positive for a, _, _ in key[1])

    def positive(self, poly: Poly) -> bool:
        """True where every term is known to be positive."""
        return bool(poly.terms) and all(self.positive_term(k, v) for k, v in poly.terms.items())
