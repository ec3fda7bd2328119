"""Reductions of a single network: sums under the line, inverses that meet what they undo, the two sides of a kink."""

from __future__ import annotations

from symback.normal.assumed import by_fact
from symback.normal.atoms import Atom, Atoms
from symback.normal.match import Match, divided, match, pattern_of
from symback.normal.network import DELTA, ONE, UNIT, Factor, Index, Key, Poly, Term


def reduce_once(term: Term, free: set[Index], atoms: Atoms) -> list[Term] | None:
    """The term as a sum of simpler ones, or None where nothing applies."""
    for n, (number, idx, exponent) in enumerate(term.factors):
        atom, out = atoms.all[number], None
        if atom.kind == "sum" and exponent <= -1:
            out = _under_the_line(term, atom, idx, free, atoms)
        elif atom.kind == "inv" and exponent == 1 and len(idx) == 2:
            out = _inverse(term, n, atom, free, atoms)
        elif atom.kind == "step":
            out = _opposite(term, n, atom, free, atoms)
        elif atom.kind == "symbol":
            out = by_fact(term, n, atom, free, atoms)
        if out is not None:
            return out
    return None


def _others(poly: Poly, lead: Key, idx: tuple[Index, ...], start: Index) -> list[Term]:
    """The terms of a sum but one, at some indices."""
    return [Term.of(key, value, idx, poly.dims, start) for key, value in poly.terms.items() if key != lead]


def _under_the_line(
    term: Term, atom: Atom, idx: tuple[Index, ...], free: set[Index], atoms: Atoms
) -> list[Term] | None:
    """T L / P^k with P = c L + R  ->  (T / P^(k-1) - T R / P^k) / c: what is left has no L over P."""
    poly = atom.inner
    if poly is None or poly.lead is None:
        return None
    lead, pattern = poly.lead[0], pattern_of(poly.lead[0], len(idx))
    found = match(pattern, dict(enumerate(idx)), term, free, atoms.symmetric)
    if found is None:
        return _partial_fraction(term, atom, idx, pattern)
    rest = _over(term, found, pattern, poly)
    fresh = term.fresh
    return [rest.by((atom.number, idx, ONE)), *(rest.times(t).by(number=-ONE) for t in _others(poly, lead, idx, fresh))]


def _over(term: Term, found: Match, pattern: list[Factor], poly: Poly) -> Term:
    """T / (c L)."""
    assert poly.lead is not None
    (sizes, _, _), number = poly.lead
    return divided(term, found, pattern).by(number=1 / number, sizes=tuple((name, -e) for name, e in sizes))


def _partial_fraction(term: Term, atom: Atom, idx: tuple[Index, ...], pattern: list[Factor]) -> list[Term] | None:
    """T / (L P) with P = c L + r and a number r  ->  (T / L - c T / P) / r."""
    poly = atom.inner
    assert poly is not None and poly.lead is not None
    (sizes, _, summed), number = poly.lead
    constant = poly.terms.get(UNIT)
    if constant is None or len(poly.terms) != 2 or len(pattern) != 1 or sizes or summed:
        return None
    base, places, exponent = pattern[0]
    at = tuple(idx[i] for i in places)
    if not any(a == base and i == at and e <= -exponent for a, i, e in term.factors):
        return None
    over_lead = term.by((atom.number, idx, ONE), number=1 / constant)
    return [over_lead, term.by((base, at, exponent), number=-number / constant)]


def _inverse(term: Term, n: int, atom: Atom, free: set[Index], atoms: Atoms) -> list[Term] | None:
    """P^-1 L -> (I - P^-1 R) / c with P = c L + R, and L P^-1 alike; nothing else may stand at the joining index."""
    poly, idx = atom.inner, term.factors[n][1]
    if poly is None or poly.lead is None or idx[0] == idx[1]:
        return None
    pattern = pattern_of(poly.lead[0], 2)
    others = term.with_factors([f for k, f in enumerate(term.factors) if k != n])
    turns = (idx, idx[::-1]) if atom.number in atoms.symmetric else (idx,)  # a symmetric inverse has no sides
    for i, j in turns:
        for slot, join, outer in ((0, j, i), (1, i, j)):  # P^-1[i, j] L[j, k], or L[k, i] P^-1[i, j]
            if join in free:
                continue
            found = match(pattern, {slot: join}, others, free, atoms.symmetric)
            if found is None or 1 - slot not in found.names or outer in found.summed:
                continue
            far = found.names[1 - slot]
            if far != join and _alone(join, others, found, pattern):
                return _cancelled(others, found, pattern, atom, (idx, join, outer, far, slot), term.fresh)
    return None


def _alone(join: Index, others: Term, found: Match, pattern: list[Factor]) -> bool:
    """True where the matched factors, whole, are all that stands at the joining index."""
    wanted = {n: pattern[k][2] for k, n in enumerate(found.taken)}
    return all(wanted.get(n) == e for n, (_, idx, e) in enumerate(others.factors) if join in idx)


def _cancelled(
    others: Term, found: Match, pattern: list[Factor], atom: Atom,
    at: tuple[tuple[Index, ...], Index, Index, Index, int], fresh: Index,
) -> list[Term]:  # fmt: skip
    idx, join, outer, far, slot = at
    poly = atom.inner
    assert poly is not None and poly.lead is not None
    rest = _over(others, found, pattern, poly)
    unit = rest.with_factors([*rest.factors, (DELTA, (outer, far), ONE)], (join,))
    ends = (join, far) if slot == 0 else (far, join)
    inverse = rest.by((atom.number, idx, ONE), number=-ONE)
    return [unit, *(inverse.times(t) for t in _others(poly, poly.lead[0], ends, fresh))]


def _opposite(term: Term, n: int, atom: Atom, free: set[Index], atoms: Atoms) -> list[Term] | None:
    """With Q = c L + R, s = step(Q) and t = step(-Q): s t = 0, and c L s = Q - Q t - R s, since Q s = Q - Q t."""
    idx = term.factors[n][1]
    other = atoms.opposite_place(atom.number, idx)
    if other is None:
        return None
    if any((a, i) == other for a, i, _ in term.factors):
        return []
    poly = atom.inner
    if poly is None or poly.lead is None:
        return None
    lead, pattern = poly.lead[0], pattern_of(poly.lead[0], len(idx))
    found = match(pattern, dict(enumerate(idx)), term, free, atoms.symmetric)
    if found is None:
        return None
    rest = _over(term, found, pattern, poly)  # T s / lead coefficient, where T L s was
    bare = rest.with_factors([f for f in rest.factors if f[:2] != (atom.number, idx)])
    fresh = term.fresh
    whole = [Term.of(key, value, idx, poly.dims, fresh) for key, value in poly.terms.items()]
    return [
        *(rest.times(t).by(number=-ONE) for t in _others(poly, lead, idx, fresh)),
        *(bare.times(t) for t in whole),
        *(bare.times(t).by((*other, ONE), number=-ONE) for t in whole),
    ]
