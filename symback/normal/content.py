"""What the terms of a sum share, and what a single network is a product of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symback.normal.form import FAR, Normalizer
from symback.normal.network import DELTA, ONE, ZERO, Exponent, Factor, Index, Key, Poly, Sizes, Term, UndecidedError

MAX_PRIME = 2000


def content(f: Normalizer, p: Poly, positive_only: bool) -> tuple[Fraction, Key]:
    """The number, sizes and factors at free indices that all terms share; only positive ones where that is asked."""
    keys, count = list(p.terms), len(p.dims)
    sizes: list[tuple[str, Fraction]] = []
    for name in sorted({s for k in keys for s, _ in k[0]}):
        sizes.append((name, min(dict(k[0]).get(name, ZERO) for k in keys)))
    factors: list[Factor] = []
    for atom, idx in sorted({(a, i) for k in keys for a, i, _ in k[1] if all(x < count for x in i)}):
        if atom != DELTA and (not positive_only or f.atoms.all[atom].positive):
            powers = [{(a, i): e for a, i, e in k[1]}.get((atom, idx), ZERO) for k in keys]
            factors.append((atom, idx, min(powers)))
    value = abs(p.scale) if positive_only else p.scale
    kept: Sizes = tuple((s, e) for s, e in sizes if e)
    return value, (kept, tuple(x for x in factors if x[2]), ())


def divided(f: Normalizer, p: Poly, shared: Key) -> Poly:
    """A sum divided by factors at its free indices."""
    below = Term.of(raised_key(shared, -ONE), ONE, p.free, p.dims, FAR)
    return f.build(p.rows, p.columns, p.free, [t.times(below) for t in f.terms(p, p.free)])


def raised_key(key: Key, exponent: Fraction) -> Key:
    """Sizes and factors, each raised to a power."""
    sizes, factors, _ = key
    return tuple((s, e * exponent) for s, e in sizes), tuple((a, i, e * exponent) for a, i, e in factors), ()


def factored(f: Normalizer, p: Poly, positive_only: bool) -> tuple[Fraction, Key, Poly]:
    """A sum as a number, factors and sizes that all terms share, and the rest; a rest of fewer terms may share more."""
    number = ONE
    sizes: dict[str, Fraction] = {}
    factors: dict[tuple[int, tuple[Index, ...]], Exponent] = {}
    while True:
        value, shared = content(f, p, positive_only)
        p = f.add((divided(f, p, shared), 1 / value))
        number *= value
        for name, e in shared[0]:
            sizes[name] = sizes.get(name, ZERO) + e
        for a, idx, power in shared[1]:
            factors[a, idx] = factors.get((a, idx), 0) + power
        if not shared[0] and not shared[1]:
            break
    return number, (tuple(sorted(sizes.items())), tuple((a, i, e) for (a, i), e in sorted(factors.items())), ()), p


def primes(value: int) -> Iterator[tuple[int, int]]:
    """The prime factors with their multiplicities; what is left past a bound counts as one."""
    for p in range(2, MAX_PRIME):
        count = 0
        while value % p == 0:
            value, count = value // p, count + 1
        if count:
            yield p, count
    if value > 1:
        yield value, 1


def root(f: Normalizer, value: Fraction, exponent: Fraction) -> Poly:
    """A number to a power; the roots of its prime factors are atoms."""
    if exponent.denominator == 1:
        return f.constant(value**exponent.numerator)
    if value < 0:
        raise UndecidedError("a root of a negative number")
    term = Term(ONE)
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, count in primes(number):
            atom = f.atoms.get("number", str(prime), positive=True)
            term = term.by((atom.number, (), sign * count * exponent))
    return f.build((), (), [], [term])


def components(f: Normalizer, p: Poly) -> list[Poly]:
    """The factors of a single network that share no summed index with one another."""
    (term,) = f.terms(p, p.free)
    groups: list[tuple[set[Index], list[Factor]]] = []
    for factor in term.factors:
        summed = {i for i in factor[1] if i >= FAR}
        joined = [g for g in groups if g[0] & summed]
        groups = [g for g in groups if g not in joined]
        groups.append((summed.union(*(g[0] for g in joined)), [*(x for g in joined for x in g[1]), factor]))
    out = []
    for own, factors in groups:
        dims = {i: d for i, d in term.dims.items() if i < FAR or i in own}
        out.append(f.build(p.rows, p.columns, p.free, [Term(ONE, {}, factors, dims)]))
    return out


def only_factor(p: Poly) -> Factor | None:
    """The factor that a sum is, where it is one factor at free indices and nothing else."""
    if len(p.terms) != 1:
        return None
    (((sizes, factors, summed), value),) = p.terms.items()
    if value != 1 or sizes or summed or len(factors) != 1 or factors[0][0] == DELTA:
        return None
    return factors[0]


def cleared(f: Normalizer, p: Poly) -> Poly:
    """A sum multiplied by its denominators at free indices, so that a zero shows."""
    for _ in range(3):
        if not p.terms:
            break
        sizes, factors, _ = content(f, p, positive_only=False)[1]
        below = tuple(x for x in factors if x[2] < 0)
        if not below:
            break
        p = divided(f, p, (sizes, below, ()))
    return p
