"""Normal forms of powers, exponentials and logarithms: exp and log are the generators of the smooth functions."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra.nodes import Node
from symback.normal.content import components, factored, only_factor, primes, raised_key, root
from symback.normal.form import FAR, Maker, Normalizer
from symback.normal.kinks import sign_of
from symback.normal.network import DELTA, ONE, UNIT, ZERO, Factor, Index, Key, Poly, Term, UndecidedError


def power(f: Normalizer, node: Node) -> Poly:
    """A known exponent."""
    exponent = node.data
    assert isinstance(exponent, Fraction)
    p = f.memo[node.args[0]]
    if exponent.denominator == 1 and exponent > 0:
        return raised(f, p, exponent)
    return selected(f, p, lambda g, q: raised(g, q, exponent))


def raised(f: Normalizer, p: Poly, exponent: Fraction) -> Poly:
    """P^e entry by entry: what all terms share is raised alone, what is left is one atom."""
    whole = exponent.denominator == 1
    if exponent == 1 or (not p.terms and exponent > 0):
        return p
    if whole and exponent > 0 and len(p.terms) ** exponent <= 60:
        return f.times(*[p] * exponent.numerator)
    if not p.terms:
        raise UndecidedError("division by zero")
    value, shared, rest = factored(f, p, positive_only=not whole)
    outside = f.build(p.rows, p.columns, p.free, [Term.of(raised_key(shared, exponent), ONE, p.free, p.dims, FAR)])
    return f.times(outside, root(f, value, exponent), _raised_rest(f, rest, exponent))


def _raised_rest(f: Normalizer, rest: Poly, exponent: Fraction) -> Poly:
    """(x^p)^n = x^(pn) for whole n, a product of networks factor by factor for whole n; else the power of an atom."""
    whole = exponent.denominator == 1
    if rest.terms == {UNIT: ONE}:
        return f.like(rest)
    factor = only_factor(rest)
    if factor is not None:
        atom, idx, inner = factor
        if whole or inner == 1:
            return f.like(rest, (atom, idx, inner * exponent))
        power_ = inner * exponent
        if inner.denominator == power_.denominator == 1 and inner % 2 == 0:  # (x^2)^(1/2) = |x| = x sign(x)
            value = f.like(rest, (atom, idx, power_))
            return value if power_ % 2 == 0 else f.times(value, sign_of(f, f.like(rest, (atom, idx, ONE))))
    if whole and len(rest.terms) == 1 and next(iter(rest.terms.values())) == 1:
        pieces = components(f, rest)
        if len(pieces) > 1:
            return f.times(*(raised(f, piece, exponent) for piece in pieces))
    sum_, places = f.function("sum", rest, positive=f.atoms.sign(rest) > 0)
    return f.like(rest, (sum_.number, places, exponent))


def single(p: Poly, key: Key) -> Poly:
    """One network of a sum, without its number."""
    return Poly(p.rows, p.columns, {key: ONE})


def exponential(f: Normalizer, p: Poly) -> Poly:
    """exp(sum of c t) is the product of exp(t)^c, and exp(c log u) = u^c."""
    parts = [f.like(p)]
    for key, value in sorted(p.terms.items(), key=lambda item: str(item[0])):
        atom, idx, exponent = key[1][0] if len(key[1]) == 1 else (DELTA, (), ZERO)
        inner = f.atoms.all[atom].inner
        if f.atoms.all[atom].kind == "log" and inner is not None and exponent == 1 and not key[0] and not key[2]:
            base = f.product([(inner, list(idx)), (f.like(p), p.free)], p.rows, p.columns)
            parts.append(raised(f, base, value))
        else:
            parts.append(f.elementwise("exp", single(p, key), value, positive=True))
    return f.times(*parts)


def logarithm(f: Normalizer, p: Poly) -> Poly:
    """log of a product of positive factors is a sum; log exp(t)^c = c t; the rest is an atom."""
    if not p.terms:
        raise UndecidedError("the logarithm of zero")
    value, shared, rest = factored(f, p, positive_only=True)
    parts = [(Poly(p.rows, p.columns, {}), ONE)]
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, count in primes(number):
            parts.append((_logarithm_of(f, p, "lognumber", str(prime)), Fraction(sign * count)))
    parts += [(_logarithm_of(f, p, "logsize", name), e) for name, e in shared[0]]
    for atom, idx, e in shared[1]:
        inner = f.atoms.all[atom].inner
        if f.atoms.all[atom].kind == "exp" and inner is not None:
            parts.append((f.product([(inner, list(idx)), (f.like(p), p.free)], p.rows, p.columns), Fraction(e)))
        else:
            parts.append((f.elementwise("log", f.like(p, (atom, idx, ONE))), Fraction(e)))
    if rest.terms != {UNIT: ONE}:
        parts.append(_log_rest(f, rest))
    return f.add(*parts)


def _logarithm_of(f: Normalizer, p: Poly, kind: str, name: str) -> Poly:
    """The logarithm of a prime number or of a dimension, at every entry."""
    return f.like(p, (f.atoms.get(kind, name).number, (), ONE))


def _log_rest(f: Normalizer, rest: Poly) -> tuple[Poly, Fraction]:
    """log x^p = p log x where the numerator of p is odd: both sides are defined only where x > 0."""
    factor = only_factor(rest)
    if factor is not None and factor[2].numerator % 2 == 1:
        return f.elementwise("log", f.like(rest, (factor[0], factor[1], ONE))), Fraction(factor[2])
    return f.elementwise("log", rest), ONE


def selected(f: Normalizer, p: Poly, make: Maker) -> Poly:
    """f(sum over i of T[i, j] u[i, j]) = sum over i of T[i, j] f(u[i, j]) where T is one-hot; else f(P) itself."""
    choice = {_selector(f, p, key) for key in p.terms}
    found = choice.pop() if len(choice) == 1 else None
    if found is None:
        return make(f, p)
    atom, slot, other = found
    new = len(p.dims)  # the selected index becomes the last free one
    terms, dims = [], p.dims
    for term in f.terms(p, p.free):
        k = next(k for k, x in enumerate(term.factors) if _selects(f, x, new, len(p.dims)) == found)
        chosen = term.factors[k][1][slot]
        dims = (*p.dims, term.dims[chosen])
        others = [x for n, x in enumerate(term.factors) if n != k]
        factors = [(a, tuple(new if i == chosen else i for i in idx), e) for a, idx, e in others]
        sized = {new if i == chosen else i: d for i, d in term.dims.items()}
        terms.append(Term(term.number, term.sizes, factors, sized))
    inside = f.build(dims, (), list(range(new + 1)), terms)
    at = (*other[:slot], new, *other[slot:])
    value = f.times(selected(f, inside, make), f.like(inside, (atom, at, ONE)))
    return f.product([(value, [*p.free, FAR // 2])], p.rows, p.columns, p.free)


Selector = tuple[int, int, tuple[Index, ...]]  # a one-hot atom, the slot that is summed, the free indices at its others


def _selector(f: Normalizer, p: Poly, key: Key) -> Selector | None:
    count = len(p.dims)
    return next((s for x in key[1] if (s := _selects(f, x, count, count)) is not None), None)


def _selects(f: Normalizer, factor: Factor, first_summed: Index, count: int) -> Selector | None:
    atom, idx, exponent = factor
    for slot in f.atoms.all[atom].hot:
        other = tuple(i for k, i in enumerate(idx) if k != slot)
        if exponent == 1 and idx[slot] >= first_summed and all(i < count for i in other):
            return atom, slot, other
    return None
