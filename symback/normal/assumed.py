"""What facts about data say of a network: sums that are one, one-hot columns, orthogonal matrices."""

from __future__ import annotations

from symback.normal.atoms import Atom, Atoms
from symback.normal.network import DELTA, ONE, Index, Term


def by_fact(term: Term, n: int, atom: Atom, free: set[Index], atoms: Atoms) -> list[Term] | None:
    """The term without what a fact about factor ``n`` makes superfluous, or None where no fact applies."""
    _, idx, exponent = term.factors[n]
    if exponent != 1 or len(set(idx)) < len(idx):
        return None
    return _sum_is_one(term, n, atom, free) or _one_hot(term, n, atom) or _orthogonal(term, n, atom, free)


def _sum_is_one(term: Term, n: int, atom: Atom, free: set[Index]) -> list[Term] | None:
    """The sum of A[i, j] over i alone is 1."""
    idx = term.factors[n][1]
    for slot in atom.sums:
        i = idx[slot]
        if i not in free and not any(i in f[1] for k, f in enumerate(term.factors) if k != n):
            return [term.with_factors([f for k, f in enumerate(term.factors) if k != n], (i,))]
    return None


def _one_hot(term: Term, n: int, atom: Atom) -> list[Term] | None:
    """A[i, j] A[k, j] = delta[i, k] A[i, j] where one entry of each column is 1 and the others are 0."""
    idx = term.factors[n][1]
    for slot in atom.hot:
        for k, (other, places, exponent) in enumerate(term.factors):
            same = all(a == b for s, (a, b) in enumerate(zip(idx, places, strict=False)) if s != slot)
            if k > n and other == atom.number and exponent == 1 and same and places[slot] != idx[slot]:
                rest = [f for x, f in enumerate(term.factors) if x != k]
                return [term.with_factors([*rest, (DELTA, (idx[slot], places[slot]), ONE)])]
    return None


def _orthogonal(term: Term, n: int, atom: Atom, free: set[Index]) -> list[Term] | None:
    """The sum of Q[i, j] Q[i, k] over i alone is delta[j, k], and the sum over columns alike."""
    if not atom.orthogonal:
        return None
    idx = term.factors[n][1]
    for k, (other, places, exponent) in enumerate(term.factors):
        if k <= n or other != atom.number or exponent != 1:
            continue
        for axis in (0, 1):
            i = idx[axis]
            meets = places[axis] == i and places[1 - axis] != i and i not in free
            if meets and sum(i in f[1] for f in term.factors) == 2:
                rest = [f for x, f in enumerate(term.factors) if x not in (n, k)]
                return [term.with_factors([*rest, (DELTA, (idx[1 - axis], places[1 - axis]), ONE)], (i,))]
    return None
