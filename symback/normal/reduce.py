"""Reductions of a single network: facts about data, sums under the line, inverses that meet what they undo."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from symback.normal.atoms import Atom, Atoms
from symback.normal.network import Factor, Index, Key, Poly, Term
from symback.records import Facts


def instance(key: Key, number: Fraction, free: tuple[Index, ...], poly: Poly, start: Index) -> Term:
    """A term of a sum with its free indices named ``free``, and its summed ones from ``start`` on."""
    from symback.algebra.dims import Dim

    sizes, factors, bound = key
    names = {k: i for k, i in enumerate(free)} | {len(free) + k: start + k for k in range(len(bound))}
    dims = {i: d for i, d in zip(free, poly.dims, strict=True)}
    dims |= {start + k: _dim(text, Dim) for k, text in enumerate(bound)}
    return Term(number, dict(sizes), [(a, tuple(names[i] for i in idx), e) for a, idx, e in factors], dims)


def _dim(text: str, make: type) -> object:
    coefficient, names = 1, []
    for part in text.split("*"):
        if part.isdigit():
            coefficient *= int(part)
        else:
            names.append(part)
    return make(coefficient, tuple(sorted(names)))


def leading(poly: Poly) -> tuple[Key, Fraction] | None:
    """The term of a sum that the reductions eliminate: the greatest with factors, without summed indices if possible."""
    terms = [(k, v) for k, v in poly.terms.items() if any(a != 0 for a, _, _ in k[1])]
    if not terms:
        return None
    plain = [t for t in terms if not t[0][2]]
    return max(plain or terms, key=lambda item: (len(item[0][1]), repr(item[0])))


def match(pattern: list[Factor], fixed: dict[Index, Index], term: Term, free: set[Index]) -> tuple[list[int], dict[Index, Index]] | None:
    """Where a pattern stands in a term: the factors it takes, and its indices in the term's.

    ``fixed`` says where some of the pattern's indices are; a summed index of the pattern (negative) must be a summed one
    of the term that occurs in the matched factors alone.
    """

    def extend(k: int, taken: list[int], names: dict[Index, Index]) -> tuple[list[int], dict[Index, Index]] | None:
        if k == len(pattern):
            inner = {i for p, i in names.items() if p < 0}
            if len(inner) < sum(p < 0 for p in names) or inner & free:
                return None
            for n, (_, idx, exponent) in enumerate(term.factors):
                if n not in taken and inner & set(idx):
                    return None
                if n in taken and inner & set(idx) and exponent != pattern[taken.index(n)][2]:
                    return None
            return taken, names
        atom, idx, exponent = pattern[k]
        for n, (other, places, have) in enumerate(term.factors):
            if other != atom or n in taken or (have < exponent if exponent > 0 else have > exponent):
                continue
            for order in {places, tuple(reversed(places))} if atom in symmetric else {places}:
                new = dict(names)
                if all(new.setdefault(p, i) == i for p, i in zip(idx, order, strict=True)):
                    found = extend(k + 1, [*taken, n], new)
                    if found:
                        return found
        return None

    symmetric: set[int] = getattr(term, "symmetric", set())
    return extend(0, [], dict(fixed))


def without(term: Term, taken: list[int], pattern: list[Factor]) -> Term:
    """The term with a matched pattern divided out."""
    exponent = {n: pattern[k][2] for k, n in enumerate(taken)}
    factors = [(a, idx, e - exponent.get(n, Fraction(0))) for n, (a, idx, e) in enumerate(term.factors)]
    return Term(term.number, term.sizes, [f for f in factors if f[2]], term.dims)


def pattern_of(key: Key, slots: int) -> list[Factor]:
    """The factors of a term as a pattern: free indices 0, 1, ..., summed ones negative."""
    return [(a, tuple(i if i < slots else slots - 1 - i for i in idx), e) for a, idx, e in key[1]]


def reduce_once(term: Term, free: list[Index], atoms: Atoms, facts: Facts) -> list[Term] | None:
    """The term as a sum of simpler ones, or None where nothing applies."""
    term.symmetric = atoms.symmetric  # type: ignore[attr-defined]  # read by match
    for n, (number, idx, exponent) in enumerate(term.factors):
        atom = atoms.all[number]
        out = None
        if atom.kind == "sum" and exponent <= -1:
            out = _under_the_line(term, n, atom, idx, exponent, set(free))
        elif atom.kind == "inv" and exponent == 1:
            out = _inverse(term, n, atom, idx, set(free))
        elif atom.kind == "symbol":
            out = _fact(term, n, atom, idx, exponent, set(free), facts)
        if out is not None:
            return out
    return None


def _under_the_line(
    term: Term, n: int, atom: Atom, idx: tuple[Index, ...], exponent: Fraction, free: set[Index]
) -> list[Term] | None:
    """T L / P^k with P = c L + R  ->  (T / P^(k-1) - T R / P^k) / c: what is left has no L over P."""
    poly = atom.inner
    assert poly is not None
    lead = leading(poly)
    if lead is None:
        return None
    pattern = pattern_of(lead[0], len(idx))
    found = match(pattern, dict(enumerate(idx)), term, free)
    if found is None:
        return _partial_fraction(term, atom, idx, pattern, lead)
    rest = without(term, found[0], pattern)
    summed = {i for p, i in found[1].items() if p < 0}
    rest.dims = {i: d for i, d in rest.dims.items() if i not in summed}
    scale = Term(1 / lead[1], {k: -v for k, v in lead[0][0]})
    first = rest.times(scale).times(Term(Fraction(1), {}, [(atom.number, idx, Fraction(1))]))
    out = [first]
    start = max([0, *term.dims, *idx]) + 1
    for key, value in poly.terms.items():
        if key != lead[0]:
            out.append(rest.times(scale).times(instance(key, -value, idx, poly, start)))
    return out


def _partial_fraction(
    term: Term, atom: Atom, idx: tuple[Index, ...], pattern: list[Factor], lead: tuple[Key, Fraction]
) -> list[Term] | None:
    """T / (L P) with P = c L + r and a number r  ->  (T / L - c T / P) / r."""
    poly = atom.inner
    assert poly is not None
    constant = poly.terms.get(((), (), ()))
    if constant is None or len(poly.terms) != 2 or len(pattern) != 1 or lead[0][0] or lead[0][2]:
        return None
    number, places, exponent = pattern[0]
    at = tuple(idx[i] for i in places)
    if not any(a == number and i == at and e <= -exponent for a, i, e in term.factors):
        return None
    up = Term(1 / constant, {}, [(atom.number, idx, Fraction(1))])
    over = Term(-lead[1] / constant, {}, [(number, at, exponent)])
    return [term.times(up), term.times(over)]


def _inverse(term: Term, n: int, atom: Atom, idx: tuple[Index, ...], free: set[Index]) -> list[Term] | None:
    """P^-1 L -> (I - P^-1 R) / c with P = c L + R, and L P^-1 alike; a sum over the joining index alone is needed."""
    poly = atom.inner
    assert poly is not None
    lead = leading(poly)
    if lead is None or len(idx) != 2:
        return None
    base = pattern_of(lead[0], 2)
    others = Term(term.number, term.sizes, [f for k, f in enumerate(term.factors) if k != n], term.dims)
    others.symmetric = term.symmetric  # type: ignore[attr-defined]  # read by match
    orders = [(idx, False), (idx, True)]
    if atom.number in term.symmetric:  # type: ignore[attr-defined]  # a symmetric inverse has no sides
        orders += [(idx[::-1], False), (idx[::-1], True)]
    for (i, j), left in orders:
        join, outer = (i, j) if left else (j, i)
        if join in free or i == j:
            continue
        # right: P^-1[i, j] L[j, k]: slot 0 of L is j; left: L[k, i] P^-1[i, j]: slot 1 of L is i
        slot = 1 if left else 0
        found = match(base, {slot: join}, others, free)
        if found is None or 1 - slot not in found[1]:
            continue
        if any(join in f[1] for k, f in enumerate(others.factors) if k not in found[0]):
            continue
        if any(f[2] != base[found[0].index(k)][2] for k, f in enumerate(others.factors) if k in found[0] and join in f[1]):
            continue
        far = found[1][1 - slot]
        if far == join:
            continue
        rest = without(others, found[0], base)
        gone = {p for q, p in found[1].items() if q < 0}
        rest.dims = {x: d for x, d in rest.dims.items() if x not in gone}
        scale = Term(1 / lead[1], {k: -v for k, v in lead[0][0]})
        unit = rest.times(scale).times(Term(Fraction(1), {}, [(0, (outer, far), Fraction(1))]))
        unit.dims = {x: d for x, d in unit.dims.items() if x != join}
        out = [unit]
        start = max([0, *term.dims, *idx]) + 1
        for key, value in poly.terms.items():
            if key != lead[0]:
                ends = (far, join) if left else (join, far)
                piece = rest.times(scale).times(Term(Fraction(1), {}, [(atom.number, idx, Fraction(1))]))
                out.append(piece.times(instance(key, -value, ends, poly, start)))
        return out
    return None


def _fact(
    term: Term, n: int, atom: Atom, idx: tuple[Index, ...], exponent: Fraction, free: set[Index], facts: Facts
) -> list[Term] | None:
    """Columns that sum to one, entries 0 or 1, one-hot columns, orthogonal matrices."""
    name = atom.name
    alone = [i for i in idx if i not in free and sum(i in f[1] for f in term.factors) == 1]
    rest = [f for k, f in enumerate(term.factors) if k != n]
    if len(idx) == 2 and idx[0] != idx[1] and exponent == 1:
        for axis in (0, 1):
            if idx[axis] in alone and (facts.has(f"onehot:{axis}", name) or facts.has(f"sums_to_one:{axis}", name)):
                dims = {i: d for i, d in term.dims.items() if i != idx[axis]}
                return [Term(term.number, term.sizes, rest, dims)]
    if len(idx) == 1 and exponent == 1 and idx[0] in alone and any(facts.has(f"{f}:{a}", name) for f in ("onehot", "sums_to_one") for a in (0, 1)):
        shape_axis = atom.inner  # a column or a row: its one index is the one that sums
        if shape_axis is None and _sums_over_its_index(name, facts, term.dims[idx[0]]):
            return [Term(term.number, term.sizes, rest, {i: d for i, d in term.dims.items() if i != idx[0]})]
    if len(idx) == 2 and exponent == 1 and facts.has("orthogonal", name):
        for k, (other, places, e) in enumerate(term.factors):
            if k == n or other != atom.number or e != 1:
                continue
            for axis in (0, 1):
                shared = idx[axis]
                if places[axis] == shared and shared not in free and places[1 - axis] != shared and sum(shared in f[1] for f in term.factors) == 2:
                    left = [f for x, f in enumerate(term.factors) if x not in (n, k)]
                    dims = {i: d for i, d in term.dims.items() if i != shared}
                    return [Term(term.number, term.sizes, [*left, (0, (idx[1 - axis], places[1 - axis]), Fraction(1))], dims)]
    return None


def _sums_over_its_index(name: str, facts: Facts, size: object) -> bool:
    """A one-hot column of shape (k, 1) has one index, and it is the one over which the column sums to one."""
    return any(facts.has(f, name) for f in ("onehot:0", "sums_to_one:0")) or any(
        facts.has(f, name) for f in ("onehot:1", "sums_to_one:1")
    )


__all__ = ["instance", "leading", "match", "pattern_of", "permutations", "reduce_once"]
