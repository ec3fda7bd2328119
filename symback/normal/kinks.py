"""Normal forms of the functions with kinks: step is the generator, with step(0) = 0."""

from __future__ import annotations

from symback.algebra.nodes import Node
from symback.normal.content import components, factored, only_factor
from symback.normal.form import Form, Normalizer
from symback.normal.network import ONE, Factor, Poly

MAX_CASES = 4


def step_of(f: Normalizer, p: Poly, cases: int = MAX_CASES) -> Poly:
    """step: positive factors do not matter, and a factor that is 0 or 1 makes two cases."""
    sign = f.atoms.sign(p)
    if sign or not p.terms:
        return f.like(p) if sign > 0 else Poly(p.rows, p.columns, {})
    switch = _switch(f, p) if cases else None
    if switch is not None:  # step(P) = t step(P at t = 1) + (1 - t) step(P at t = 0)
        t = f.like(p, switch)
        on, off = _with(f, p, switch, 1), _with(f, p, switch, 0)
        off_value = step_of(f, off, cases - 1)
        return f.add((f.times(t, step_of(f, on, cases - 1)), ONE), (off_value, ONE), (f.times(t, off_value), -ONE))
    p = factored(f, p, positive_only=True)[2]
    if f.atoms.sign(p):
        return step_of(f, p)
    return _of_product(f, p) or _of_sum(f, p)


def _of_product(f: Normalizer, p: Poly) -> Poly | None:
    """step(u v) = step(u) step(v) + step(-u) step(-v); step(x^n) for whole n follows its parity."""
    if len(p.terms) != 1:
        return None
    pieces = components(f, p)
    if len(pieces) > 1:
        u, v = pieces[0], f.times(*pieces[1:], f.constant(p.scale))
        parts = [(step_of(f, f.add((u, w))), step_of(f, f.add((v, w)))) for w in (ONE, -ONE)]
        return f.add(*((f.times(a, b), ONE) for a, b in parts))
    factor = only_factor(pieces[0])
    if factor is None or factor[2] == 1 or factor[2].denominator != 1:
        return None
    x = f.like(p, (factor[0], factor[1], ONE))
    if factor[2] % 2:
        return step_of(f, f.add((x, p.scale)))
    return (
        f.add((step_of(f, x), ONE), (step_of(f, f.add((x, -ONE))), ONE)) if p.scale > 0 else Poly(p.rows, p.columns, {})
    )


def _of_sum(f: Normalizer, p: Poly) -> Poly:
    """An atom, its argument up to a positive number; beside that of -P, where it was met."""
    p = f.add((p, 1 / abs(p.scale)))
    if p.scale < 0 and not f.kinks:
        return f.add((f.like(p), ONE), (step_of(f, f.add((p, -ONE))), -ONE))
    atom, idx = f.function("step", p, indicator=True)
    if p.scale < 0:
        other, places = f.function("step", f.add((p, -ONE)), indicator=True)
        f.atoms.opposite[atom.number] = other.number, tuple(idx.index(i) for i in places)
    return f.like(p, (atom.number, idx, ONE))


def _switch(f: Normalizer, p: Poly) -> Factor | None:
    """A factor at free indices that is 0 or 1, and stands there to no other power."""
    count = len(p.dims)
    factors = [x for key in p.terms for x in key[1] if x[0] in f.atoms.indicators and all(i < count for i in x[1])]
    return next((x for x in factors if all(y[2] == 1 for y in factors if y[:2] == x[:2])), None)


def _with(f: Normalizer, p: Poly, switch: Factor, value: int) -> Poly:
    """A sum with a factor set to 0 or 1."""
    terms = []
    for term in f.terms(p, p.free):
        if switch not in term.factors:
            terms.append(term)
        elif value:
            terms.append(term.with_factors([x for x in term.factors if x != switch]))
    return f.build(p.rows, p.columns, p.free, terms)


def sign_of(f: Normalizer, p: Poly) -> Poly:
    """sign(x) = step(x) - step(-x)."""
    return f.add((step_of(f, p), ONE), (step_of(f, f.add((p, -ONE))), -ONE))


def relu_of(f: Normalizer, p: Poly) -> Poly:
    """x step(x)."""
    return f.times(p, step_of(f, p))


def abs_of(f: Normalizer, p: Poly) -> Poly:
    """x sign(x)."""
    return f.times(p, sign_of(f, p))


def two(f: Normalizer, node: Node) -> tuple[Poly, Poly]:
    """The two arguments of an elementwise function of two, at the same indices."""
    a, b = (f.memo[x] for x in node.args)
    model = f.like(a if len(a.dims) >= len(b.dims) else b)
    return f.times(model, a), f.times(model, b)


def extreme(larger: bool) -> Form:
    """max(a, b) = b + (a - b) step(a - b); min(a, b) = b + (a - b) step(b - a)."""

    def form(f: Normalizer, node: Node) -> Poly:
        a, b = two(f, node)
        d = f.add((a, ONE), (b, -ONE))
        return f.add((b, ONE), (f.times(d, step_of(f, d if larger else f.add((d, -ONE)))), ONE))

    return form


def leaky_relu(f: Normalizer, node: Node) -> Poly:
    """x (a + (1 - a) step(x))."""
    x, a = two(f, node)
    s = step_of(f, x)
    return f.times(x, f.add((a, ONE), (s, ONE), (f.times(a, s), -ONE)))
