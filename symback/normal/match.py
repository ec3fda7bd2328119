"""Find one network inside another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symback.normal.network import Factor, Index, Key, Term


@dataclass(frozen=True)
class Match:
    """Where a pattern stands in a term: the factors it takes, in the pattern's order, and its indices in the term's."""

    taken: tuple[int, ...]
    names: dict[Index, Index]

    @property
    def summed(self) -> set[Index]:
        """The term's indices that the pattern sums over."""
        return {i for p, i in self.names.items() if p < 0}


def pattern_of(key: Key, slots: int) -> list[Factor]:
    """The factors of a term as a pattern: free indices 0, 1, ..., summed ones negative."""
    return [(a, tuple(i if i < slots else slots - 1 - i for i in idx), e) for a, idx, e in key[1]]


def match(
    pattern: list[Factor], fixed: Mapping[Index, Index], term: Term, free: set[Index], symmetric: set[int]
) -> Match | None:
    """The first place where a pattern stands in a term, or None.

    ``fixed`` says where some of the pattern's free indices are. A summed index of the pattern must be a summed one of
    the term, occur in the matched factors alone, and be no free index of the pattern at the same time.
    """

    def whole(found: Match) -> bool:
        inner = found.summed
        if len(inner) < sum(p < 0 for p in found.names) or inner & free:
            return False
        if inner & {i for p, i in found.names.items() if p >= 0} or inner & set(fixed.values()):
            return False
        wanted = {n: pattern[k][2] for k, n in enumerate(found.taken)}
        return all(wanted.get(n) == e for n, (_, idx, e) in enumerate(term.factors) if inner & set(idx))

    def extend(found: Match) -> Match | None:
        if len(found.taken) == len(pattern):
            return found if whole(found) else None
        atom, idx, exponent = pattern[len(found.taken)]
        for n, (other, places, have) in enumerate(term.factors):
            if other != atom or n in found.taken or (have < exponent if exponent > 0 else have > exponent):
                continue
            for turned in sorted({places, places[::-1]}) if atom in symmetric else (places,):
                names = dict(found.names)
                if all(names.setdefault(p, i) == i for p, i in zip(idx, turned, strict=True)):
                    further = extend(Match((*found.taken, n), names))
                    if further is not None:
                        return further
        return None

    return extend(Match((), dict(fixed)))


def divided(term: Term, found: Match, pattern: list[Factor]) -> Term:
    """The term with a matched pattern divided out, and the indices gone that it summed over."""
    taken = {n: pattern[k][2] for k, n in enumerate(found.taken)}
    factors = [(a, idx, e - taken.get(n, 0)) for n, (a, idx, e) in enumerate(term.factors)]
    return term.with_factors([f for f in factors if f[2]], found.summed)
