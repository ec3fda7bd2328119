"""The normal form of each operation. exp and log generate sigmoid, tanh, softmax, softplus and silu; step generates the kinks."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import Dim
from symback.algebra.nodes import Node
from symback.normal.form import ONE, Form, Normalizer
from symback.normal.network import DELTA, Factor, Index, Key, Poly, Term, UndecidedError

ZERO = Fraction(0)


def slots(size: Dim) -> tuple[Dim, ...]:
    """The index of a dimension; a dimension of 1 has none."""
    return () if size.is_one else (size,)


def symbol(f: Normalizer, node: Node) -> Poly:
    """A named array: one index for each dimension that is not 1."""
    name = str(node.data)
    rows, columns = slots(node.shape[0]), slots(node.shape[1])
    both = len(rows + columns) == 2
    facts = f.facts
    symmetric = both and any(facts.has(k, name) for k in ("symmetric", "spd", "diagonal"))
    indicator = any(facts.has(k, name) for k in ("binary", "onehot:0", "onehot:1"))
    atom = f.atoms.get("symbol", name, None, positive=facts.has("positive", name), symmetric=symmetric, indicator=indicator)
    idx = tuple(range(len(rows + columns)))
    if both and facts.has("diagonal", name):
        term = Term(ONE, {}, [(atom.number, (0, 0), ONE), (DELTA, (0, 1), ONE)], {0: rows[0], 1: columns[0]})
        return f.build(rows, columns, [0, 1], [term])
    return f.atom_poly(atom, rows, columns, idx)


def number(f: Normalizer, node: Node) -> Poly:
    """A number."""
    return f.constant(n.value_of(node) or ZERO)


def size(f: Normalizer, node: Node) -> Poly:
    """A dimension used as a number."""
    assert isinstance(node.data, Dim)
    return f.build((), (), [], [Term(ONE).by_size(node.data)])


def pi(f: Normalizer, node: Node) -> Poly:
    """pi, a positive number."""
    return f.atom_poly(f.atoms.get("pi", "", None, positive=True), (), (), ())


def filled(f: Normalizer, node: Node) -> Poly:
    """Ones and zeros."""
    rows, columns = slots(node.shape[0]), slots(node.shape[1])
    terms = [Term(ONE, {}, [], dict(enumerate(rows + columns)))] if node.op == "ones" else []
    return f.build(rows, columns, list(range(len(rows + columns))), terms)


def identity(rows: tuple[Dim, ...], f: Normalizer) -> Poly:
    """The identity on composite indices."""
    k = len(rows)
    factors = [(DELTA, (i, k + i), ONE) for i in range(k)]
    return f.build(rows, rows, list(range(2 * k)), [Term(ONE, {}, factors, dict(enumerate(rows + rows)))])


def eye(f: Normalizer, node: Node) -> Poly:
    """The identity."""
    return identity(slots(node.shape[0]), f)


def commutation(f: Normalizer, node: Node) -> Poly:
    """K with K vec(A) = vec(A^T): rows (i, j) of vec(A^T), columns (j, i) of vec(A)."""
    m, q = node.data  # type: ignore[misc]  # the pair of sizes
    rows, columns = (m, q), (q, m)
    factors = [(DELTA, (0, 3), ONE), (DELTA, (1, 2), ONE)]
    return f.build(rows, columns, [0, 1, 2, 3], [Term(ONE, {}, factors, dict(enumerate(rows + columns)))])


def add(f: Normalizer, node: Node) -> Poly:
    """A sum; identities and ones take the composition of sizes that the others have."""
    polys = [f.memo[a] for a in node.args]
    model = max(polys, key=lambda p: len(p.dims))
    out = []
    for a, p in zip(node.args, polys, strict=True):
        out.append(p if p.dims == model.dims else recomposed(f, a, p, model))
    return f.add(out)


def recomposed(f: Normalizer, node: Node, poly: Poly, model: Poly) -> Poly:
    """An identity or ones over composite indices."""
    weight, core = ONE, node
    if node.op == "mul" and node.args[0].op == "number" and len(node.args) == 2:
        weight, core = n.value_of(node.args[0]) or ZERO, node.args[1]
    if core.op == "eye" and model.rows == model.columns:
        return f.add([identity(model.rows, f)], [weight])
    if core.op == "ones":
        free = list(range(len(model.dims)))
        return f.build(model.rows, model.columns, free, [Term(weight, {}, [], dict(enumerate(model.dims)))])
    raise UndecidedError("sizes that are composed differently")


def mul(f: Normalizer, node: Node) -> Poly:
    """Entry by entry: the factors stand at the same indices; scalars at none."""
    polys = [f.memo[a] for a in node.args]
    model = max(polys, key=lambda p: len(p.dims))
    free = list(range(len(model.dims)))
    parts: list[tuple[Poly, list[Index]]] = []
    for a, p in zip(node.args, polys, strict=True):
        if a.is_scalar:
            parts.append((p, []))
        else:
            parts.append((p if p.dims == model.dims else recomposed(f, a, p, model), free))
    return f.product(parts, model.rows, model.columns, free)


def matmul(f: Normalizer, node: Node) -> Poly:
    """A chain: neighbours share an index, which is summed."""
    args = [a for a in node.args if a.op != "eye"] or [node.args[0]]
    value = f.memo[args[0]]
    for a in args[1:]:
        right = f.memo[a]
        if value.columns != right.rows:
            if a.op == "ones" and value.columns:
                right = f.build(value.columns, right.columns, list(range(len(value.columns + right.columns))),
                                [Term(ONE, {}, [], dict(enumerate(value.columns + right.columns)))])  # fmt: skip
            else:
                raise UndecidedError("sizes that are composed differently")
        r, k, c = len(value.rows), len(value.columns), len(right.columns)
        rows, inner = list(range(r)), list(range(500, 500 + k))
        columns = list(range(r, r + c))
        value = f.product([(value, rows + inner), (right, inner + columns)], value.rows, right.columns, rows + columns)
    return value


def transpose(f: Normalizer, node: Node) -> Poly:
    """Rows and columns change places."""
    p = f.memo[node.args[0]]
    r, c = len(p.rows), len(p.columns)
    return f.product([(p, [*range(c, c + r), *range(c)])], p.columns, p.rows, list(range(r + c)))


def total(f: Normalizer, node: Node) -> Poly:
    """Some of the indices are summed."""
    p = f.memo[node.args[0]]
    r, c = len(p.rows), len(p.columns)
    keep_rows, keep_columns = node.data == 1, node.data == 0
    rows = list(range(r)) if keep_rows else [500 + i for i in range(r)]
    columns = list(range(c)) if keep_columns else [600 + i for i in range(c)]
    free = (rows if keep_rows else []) + (columns if keep_columns else [])
    return f.product([(p, rows + columns)], p.rows if keep_rows else (), p.columns if keep_columns else (), free)


def trace(f: Normalizer, node: Node) -> Poly:
    """Row and column are the same index, summed."""
    p = f.memo[node.args[0]]
    if p.rows != p.columns:
        raise UndecidedError("sizes that are composed differently")
    index = [500 + i for i in range(len(p.rows))]
    return f.product([(p, index + index)], (), (), [])


def diag(f: Normalizer, node: Node) -> Poly:
    """x_i delta_ij."""
    p = f.memo[node.args[0]]
    k = len(p.rows)
    first, second = list(range(k)), list(range(k, 2 * k))
    return f.product([(p, first), (identity(p.rows, f), first + second)], p.rows, p.rows, first + second)


def diagonal(f: Normalizer, node: Node) -> Poly:
    """X_ii."""
    p = f.memo[node.args[0]]
    if p.rows != p.columns:
        raise UndecidedError("sizes that are composed differently")
    index = list(range(len(p.rows)))
    return f.product([(p, index + index)], p.rows, (), index)


def vec(f: Normalizer, node: Node) -> Poly:
    """The index of an entry of vec(X) is (column, row)."""
    p = f.memo[node.args[0]]
    r, c = len(p.rows), len(p.columns)
    return f.product([(p, [*range(c, c + r), *range(c)])], p.columns + p.rows, (), list(range(r + c)))


def unvec(f: Normalizer, node: Node) -> Poly:
    """The reverse of vec."""
    p = f.memo[node.args[0]]
    rows, columns = slots(node.shape[0]), slots(node.shape[1])
    if p.rows != columns + rows:
        raise UndecidedError("sizes that are composed differently")
    r, c = len(rows), len(columns)
    return f.product([(p, [*range(r, r + c), *range(r)])], rows, columns, list(range(r + c)))


def kron(f: Normalizer, node: Node) -> Poly:
    """Rows (i, k), columns (j, l)."""
    a, b = (f.memo[x] for x in node.args)
    ra, rb, ca, cb = len(a.rows), len(b.rows), len(a.columns), len(b.columns)
    rows_a, rows_b = list(range(ra)), list(range(ra, ra + rb))
    columns_a, columns_b = list(range(ra + rb, ra + rb + ca)), list(range(ra + rb + ca, ra + rb + ca + cb))
    free = rows_a + rows_b + columns_a + columns_b
    return f.product([(a, rows_a + columns_a), (b, rows_b + columns_b)], a.rows + b.rows, a.columns + b.columns, free)


def matpow(f: Normalizer, node: Node) -> Poly:
    """A product of equal factors."""
    k = int(str(node.data))
    if k > 8:
        raise UndecidedError("a high matrix power")
    return f.form(Node("matmul", (node.args[0],) * k, node.shape))


# --- powers, exponentials, logarithms -----------------------------------------------------------------------


def scaled(f: Normalizer, poly: Poly, key: Key, exponent: Fraction) -> Poly:
    """``poly`` divided by the free factors and sizes of ``key`` raised to a power."""
    free = list(range(len(poly.dims)))
    term = Term(ONE, {k: v * exponent for k, v in key[0]}, [(a, i, e * exponent) for a, i, e in key[1]], dict(enumerate(poly.dims)))
    return f.build(poly.rows, poly.columns, free, [t.times(term) for t in f.instances(poly, free, 1000)])


def content(f: Normalizer, poly: Poly, positive_only: bool) -> tuple[Fraction, Key]:
    """The number, sizes and factors at free indices that all terms of a sum share."""
    keys = list(poly.terms)
    count = len(poly.dims)
    sizes: dict[str, Fraction] = {}
    for name in {s for k in keys for s, _ in k[0]}:
        low = min(dict(k[0]).get(name, ZERO) for k in keys)
        if low:
            sizes[name] = low
    factors = []
    for place in {(a, i) for k in keys for a, i, _ in k[1] if all(x < count for x in i)}:
        if place[0] == DELTA or (positive_only and not f.atoms.all[place[0]].positive):
            continue
        powers = [{(a, i): e for a, i, e in k[1]}.get(place, ZERO) for k in keys]
        if min(powers):
            factors.append((*place, min(powers)))
    lead = max(keys, key=repr)
    value = poly.terms[lead]
    return (abs(value) if positive_only else value), (tuple(sorted(sizes.items())), tuple(sorted(factors)), ())


def root(f: Normalizer, value: Fraction, exponent: Fraction) -> Poly:
    """A number to a power; a root that is not rational is an atom."""
    if exponent.denominator == 1:
        return f.constant(value**exponent.numerator)
    if value < 0:
        raise UndecidedError("a root of a negative number")
    if value == 1:
        return f.constant(ONE)
    whole = exponent.numerator // exponent.denominator
    import math

    rest = exponent - whole
    top, bottom = (round(x ** (1 / rest.denominator)) for x in (value.numerator, value.denominator))
    if top**rest.denominator == value.numerator and bottom**rest.denominator == value.denominator:
        return f.constant(value**whole * Fraction(top, bottom) ** rest.numerator)
    del math
    atom = f.atoms.get("number", str(value), None, positive=True)
    return f.atom_poly(atom, (), (), (), exponent)


def raise_power(f: Normalizer, poly: Poly, exponent: Fraction) -> Poly:
    """P^e entry by entry."""
    free = list(range(len(poly.dims)))
    if exponent.denominator == 1 and exponent > 0 and (len(poly.terms) ** exponent <= 60):
        return f.product([(poly, free)] * exponent.numerator, poly.rows, poly.columns, free) if exponent > 1 else poly
    if not poly.terms:
        if exponent > 0:
            return poly
        raise UndecidedError("division by zero")
    whole = exponent.denominator == 1
    value, shared = content(f, poly, positive_only=not whole)
    rest = f.add([scaled(f, poly, shared, -ONE)], [1 / value])
    outside = Term(ONE, {k: v * exponent for k, v in shared[0]}, [(a, i, e * exponent) for a, i, e in shared[1]], dict(enumerate(poly.dims)))
    number_part = root(f, value, exponent)
    one = next(iter(rest.terms.items())) if len(rest.terms) == 1 else None
    if one is not None and one[0] == ((), (), ()) and one[1] == 1:
        inner = f.build(poly.rows, poly.columns, free, [outside])
        return f.product([(inner, free), (number_part, [])], poly.rows, poly.columns, free)
    if one is not None and one[1] == 1 and not one[0][0] and not one[0][2] and len(one[0][1]) == 1:
        atom, idx, power = one[0][1][0]
        if (whole or power == 1) and atom != DELTA:  # (x^p)^n = x^(pn) for whole n, and x^(1/2) is itself
            term = outside.times(Term(ONE, {}, [(atom, idx, power * exponent)], {}))
            inner = f.build(poly.rows, poly.columns, free, [term])
            return f.product([(inner, free), (number_part, [])], poly.rows, poly.columns, free)
    if whole and one is not None:
        pieces = components(f, rest)
        if len(pieces) > 1:
            inner = f.build(poly.rows, poly.columns, free, [outside])
            powers = [(raise_power(f, piece, exponent), free) for piece in pieces]
            return f.product([(inner, free), (number_part, []), *powers], poly.rows, poly.columns, free)
    atom_, idx_ = f.function("sum", rest, positive=f.atoms.positive(rest))
    term = outside.times(Term(ONE, {}, [(atom_.number, idx_, exponent)], {}))
    inner = f.build(poly.rows, poly.columns, free, [term])
    return f.product([(inner, free), (number_part, [])], poly.rows, poly.columns, free)


def components(f: Normalizer, poly: Poly) -> list[Poly]:
    """The factors of a single network that share no summed index with one another."""
    free = list(range(len(poly.dims)))
    (term,) = f.instances(poly, free, 1000)
    groups: list[tuple[set[Index], list[Factor]]] = []
    for factor in term.factors:
        summed = {i for i in factor[1] if i >= 1000}
        joined = [g for g in groups if g[0] & summed or not (g[0] or summed)]
        groups = [g for g in groups if g not in joined]
        groups.append((summed.union(*(g[0] for g in joined)), [*(x for g in joined for x in g[1]), factor]))
    return [
        f.build(poly.rows, poly.columns, free, [Term(ONE, {}, g, {i: d for i, d in term.dims.items() if i < 1000 or i in own})])
        for own, g in groups
    ]


def power(f: Normalizer, node: Node) -> Poly:
    """A known exponent."""
    assert isinstance(node.data, Fraction)
    return raise_power(f, f.memo[node.args[0]], node.data)


def exponential(f: Normalizer, poly: Poly) -> Poly:
    """exp(sum of c t) is the product of exp(t)^c, and exp(c log u) = u^c."""
    free = list(range(len(poly.dims)))
    parts: list[tuple[Poly, list[Index]]] = []
    for key, value in sorted(poly.terms.items(), key=repr):
        single = f.build(poly.rows, poly.columns, free, f.instances(Poly(poly.rows, poly.columns, {key: ONE}), free, 1000))
        if len(key[1]) == 1 and not key[0] and not key[2] and f.atoms.all[key[1][0][0]].kind == "log" and key[1][0][2] == 1:
            atom = f.atoms.all[key[1][0][0]]
            assert atom.inner is not None
            base = f.product([(atom.inner, list(key[1][0][1]))], poly.rows, poly.columns, free)
            parts.append((raise_power(f, base, value), free))
        else:
            parts.append((f.elementwise("exp", single, value, positive=True), free))
    if not parts:
        return f.build(poly.rows, poly.columns, free, [Term(ONE, {}, [], dict(enumerate(poly.dims)))])
    return f.product(parts, poly.rows, poly.columns, free)


def logarithm(f: Normalizer, poly: Poly) -> Poly:
    """log of a product of positive factors is a sum; log exp(t)^c = c t; the rest is an atom."""
    if not poly.terms:
        raise UndecidedError("the logarithm of zero")
    free = list(range(len(poly.dims)))
    value, shared = content(f, poly, positive_only=True)
    rest = f.add([scaled(f, poly, shared, -ONE)], [1 / value])
    out: list[Poly] = []
    weights: list[Fraction] = []

    def include(poly_: Poly, weight: Fraction) -> None:
        out.append(poly_)
        weights.append(weight)

    def scalar(poly_: Poly) -> Poly:
        return f.product([(poly_, [])], poly.rows, poly.columns, free) if poly.dims else poly_

    if value != 1:
        include(scalar(f.atom_poly(f.atoms.get("lognumber", str(value), None), (), (), ())), ONE)
    for name, exponent in shared[0]:
        include(scalar(f.atom_poly(f.atoms.get("logsize", name, None), (), (), ())), exponent)
    for a, idx, exponent in shared[1]:
        atom = f.atoms.all[a]
        if atom.kind == "exp" and atom.inner is not None:
            include(f.product([(atom.inner, list(idx))], poly.rows, poly.columns, free), exponent)
        else:
            single = f.build(poly.rows, poly.columns, free, [Term(ONE, {}, [(a, idx, ONE)], dict(enumerate(poly.dims)))])
            include(f.elementwise("log", single), exponent)
    if rest.terms != {((), (), ()): ONE}:
        include(_log_rest(f, rest), ONE)
    if not out:
        return f.build(poly.rows, poly.columns, free, [])
    return f.add(out, weights)


def _log_rest(f: Normalizer, rest: Poly) -> Poly:
    """log x^p = p log x for odd whole p and roots: both sides are defined only where x > 0; log P^p alike."""
    if len(rest.terms) == 1:
        (key, value), = rest.terms.items()
        if value == 1 and not key[0] and not key[2] and len(key[1]) == 1:
            a, idx, e = key[1][0]
            if e.numerator % 2 == 1 and e != 1:
                free = list(range(len(rest.dims)))
                single = f.build(rest.rows, rest.columns, free, [Term(ONE, {}, [(a, idx, ONE)], dict(enumerate(rest.dims)))])
                return f.add([f.elementwise("log", single)], [e])
    return f.elementwise("log", rest)


def constant_like(f: Normalizer, poly: Poly, value: Fraction) -> Poly:
    """A number at every entry."""
    return f.build(poly.rows, poly.columns, list(range(len(poly.dims))), [Term(value, {}, [], dict(enumerate(poly.dims)))])


def times(f: Normalizer, *polys: Poly) -> Poly:
    """Entry by entry."""
    free = list(range(len(polys[0].dims)))
    return f.product([(p, free) for p in polys], polys[0].rows, polys[0].columns, free)


def sigmoid_of(f: Normalizer, p: Poly) -> Poly:
    """1 - 1 / (1 + exp(x))."""
    below = f.add([constant_like(f, p, ONE), exponential(f, p)])
    return f.add([constant_like(f, p, ONE), raise_power(f, below, -ONE)], [ONE, -ONE])


def step_of(f: Normalizer, p: Poly) -> Poly:
    """step: positive factors do not matter, and step(u step(v)) = step(u) step(v)."""
    free = list(range(len(p.dims)))
    if not p.terms:
        return p
    if f.atoms.positive(p):
        return constant_like(f, p, ONE)
    _, shared = content(f, p, positive_only=True)
    p = scaled(f, p, shared, -ONE)
    _, both = content(f, p, positive_only=False)
    steps = [(a, i, e) for a, i, e in both[1] if a in f.atoms.indicators and e > 0 and f.atoms.all[a].kind == "step"]
    outside = Term(ONE, {}, [(a, i, ONE) for a, i, _ in steps], dict(enumerate(p.dims)))
    if steps:
        p = scaled(f, p, ((), tuple((a, i, ONE) for a, i, _ in steps), ()), -ONE)
    value = abs(p.terms[max(p.terms, key=repr)])
    p = f.add([p], [1 / value])
    inner = constant_like(f, p, ONE) if f.atoms.positive(p) else f.elementwise("step", p, indicator=True)
    return f.product([(inner, free), (f.build(p.rows, p.columns, free, [outside]), free)], p.rows, p.columns, free)


def sign_of(f: Normalizer, p: Poly) -> Poly:
    """sign, which is odd."""
    if not p.terms:
        return p
    if f.atoms.positive(p):
        return constant_like(f, p, ONE)
    value = p.terms[max(p.terms, key=repr)]
    inner = f.elementwise("sign", f.add([p], [1 / value]))
    return f.add([inner], [ONE if value > 0 else -ONE])


def parity(kind: str, odd: bool) -> Form:
    """An odd or even function: the sign of its argument's first term is made positive."""

    def form(f: Normalizer, node: Node) -> Poly:
        p = f.memo[node.args[0]]
        negative = bool(p.terms) and p.terms[max(p.terms, key=repr)] < 0
        if not p.terms and odd:
            return p
        inner = f.elementwise(kind, f.add([p], [-ONE if negative else ONE]))
        return f.add([inner], [-ONE if negative and odd else ONE])

    return form


def _unary(make: object) -> Form:
    def form(f: Normalizer, node: Node) -> Poly:
        return make(f, f.memo[node.args[0]])  # type: ignore[operator]  # a function of the normalizer and a sum

    return form


def broadcasted(f: Normalizer, node: Node) -> tuple[Poly, Poly]:
    """The two arguments of an elementwise function of two, at the same indices."""
    a, b = (f.memo[x] for x in node.args)
    model = a if len(a.dims) >= len(b.dims) else b
    free = list(range(len(model.dims)))
    out = [p if p.dims == model.dims else f.product([(p, [])], model.rows, model.columns, free) for p in (a, b)]
    return out[0], out[1]


def maximum(f: Normalizer, node: Node) -> Poly:
    """max(a, b) = b + (a - b) step(a - b); min(a, b) = b + (a - b) step(b - a)."""
    a, b = broadcasted(f, node)
    d = f.add([a, b], [ONE, -ONE])
    s = step_of(f, d if node.op == "maximum" else f.add([d], [-ONE]))
    return f.add([b, times(f, d, s)])


def leaky_relu(f: Normalizer, node: Node) -> Poly:
    """x (a + (1 - a) step(x))."""
    x, a = broadcasted(f, node)
    s = step_of(f, x)
    return f.add([times(f, x, a), times(f, x, s), times(f, x, times(f, a, s))], [ONE, ONE, -ONE])


def gelu(f: Normalizer, node: Node) -> Poly:
    """x (1 + erf(x / sqrt 2)) / 2, as the language defines it."""
    x = node.args[0]
    inner = n.mul(x, n.power(n.number(2), Fraction(-1, 2)))
    return f.form(n.mul(n.number(Fraction(1, 2)), x, n.add(n.ones(x.shape), n.apply("erf", inner))))


def general_power(f: Normalizer, node: Node) -> Poly:
    """x^a = exp(a log x)."""
    x, a = broadcasted(f, node)
    return exponential(f, times(f, a, logarithm(f, x)))


def logsumexp(f: Normalizer, node: Node) -> Poly:
    """log of the sum of exp."""
    x = node.args[0]
    return f.form(n.apply("log", Node("sum", (n.apply("exp", x),), node.shape, node.data)))


def softmax(f: Normalizer, node: Node) -> Poly:
    """exp over its sum."""
    e = n.apply("exp", node.args[0])
    below = Node("sum", (e,), (n.ONE, e.shape[1]) if node.data == 0 else (e.shape[0], n.ONE), node.data)
    return f.form(n.mul(e, n.power(n.broadcast(below, e.shape), -1)))


def norm(f: Normalizer, node: Node) -> Poly:
    """The root of the sum of squares."""
    x = node.args[0]
    return f.form(n.power(n.total(n.power(x, 2)), Fraction(1, 2)))


def inverse(f: Normalizer, node: Node) -> Poly:
    """(A B)^-1 = B^-1 A^-1 for square factors, (s A)^-1 = A^-1 / s, diag(v)^-1 = diag(1 / v); else an atom."""
    x = node.args[0]
    if x.op == "matmul" and all(a.shape[0] == a.shape[1] for a in x.args):
        return f.form(n.matmul(*(n.inv(a) for a in reversed(x.args))))
    if x.op == "transpose":
        return f.form(n.transpose(n.inv(x.args[0])))
    if x.op == "diag":
        return f.form(n.diag(n.power(x.args[0], -1)))
    if x.op == "kron" and all(a.shape[0] == a.shape[1] for a in x.args):
        return f.form(n.kron(*(n.inv(a) for a in x.args)))
    if x.op == "matpow":
        return f.form(n.matpow(n.inv(x.args[0]), int(str(x.data))))
    if x.op == "symbol" and f.facts.has("orthogonal", str(x.data)):
        return f.form(n.transpose(x))
    if x.op == "mul" and any(a.is_scalar for a in x.args):
        scalars = [n.power(a, -1) for a in x.args if a.is_scalar]
        return f.form(n.mul(*scalars, n.inv(n.mul(*(a for a in x.args if not a.is_scalar)))))
    opened = _woodbury(f, x)
    if opened is not None:
        return f.form(opened)
    poly = f.memo[x]
    if not poly.terms:
        raise UndecidedError("the inverse of zero")
    value = poly.terms[max(poly.terms, key=repr)]
    atom = f.matrix_atom("inv", f.add([poly], [1 / value]))
    return f.add([atom], [1 / value])


def _woodbury(f: Normalizer, x: Node) -> Node | None:
    """(I + L R)^-1 = I - L (I + R L)^-1 R for the least way of cutting the product, and (A + B)^-1 = (I + A^-1 B)^-1 A^-1."""
    cuts = _rotations(x)
    if cuts:
        forms = [f.form(t).text() for t in cuts]
        k = min(range(len(cuts)), key=lambda i: forms[i])
        if forms[k] == forms[0]:
            return None
        product = x.args[0] if x.args[1].op == "eye" else x.args[1]
        scalars = [a for a in product.args if a.is_scalar] if product.op == "mul" else []
        core = product if product.op == "matmul" else next(a for a in product.args if not a.is_scalar)
        left, right = n.matmul(*core.args[:k]), n.matmul(*core.args[k:])
        return n.sub(n.eye(x.shape[0]), n.mul(*scalars, n.matmul(left, n.inv(cuts[k]), right)))
    if f.open_sums and x.op == "add" and not any(t.op == "eye" for t in x.args):
        for t in x.args:
            if t.op == "symbol" and any(f.facts.has(k, str(t.data)) for k in ("invertible", "spd")):
                rest = [n.matmul(n.inv(t), r) for r in x.args if r is not t]
                return n.matmul(n.inv(n.add(n.eye(x.shape[0]), *rest)), n.inv(t))
    return None


def pinv(f: Normalizer, node: Node) -> Poly:
    """At full column rank (X^T X)^-1 X^T, at full row rank X^T (X X^T)^-1; else an atom."""
    x = node.args[0]
    t = n.transpose(x)
    rows, columns = x.shape
    if rows == columns and x.op == "symbol" and any(f.facts.has(k, str(x.data)) for k in ("invertible", "spd", "full_rank", "orthogonal")):
        return f.form(n.inv(x))
    if rows != columns and f.facts.at_least(rows, columns):
        return f.form(n.matmul(n.inv(n.matmul(t, x)), t))
    if rows != columns and f.facts.at_least(columns, rows):
        return f.form(n.matmul(t, n.inv(n.matmul(x, t))))
    return f.matrix_atom("pinv", f.memo[x])


def determinant(f: Normalizer, node: Node) -> Poly:
    """det(A B) = det A det B for square factors; det(I + A B) = det(I + B A); log-determinants add."""
    x, op = node.args[0], node.op
    join = n.mul if op == "det" else n.add
    if x.op == "matmul" and all(a.shape[0] == a.shape[1] for a in x.args):
        return f.form(join(*(n.rebuild(node, [a]) for a in x.args)))
    if x.op == "inv":
        inner = n.rebuild(node, [x.args[0]])
        return f.form(n.power(inner, -1) if op == "det" else n.neg(inner))
    if x.op == "transpose":
        return f.form(n.rebuild(node, [x.args[0]]))
    if x.op == "matpow":
        inner, k = n.rebuild(node, [x.args[0]]), int(str(x.data))
        return f.form(n.power(inner, k) if op == "det" else n.mul(n.number(k), inner))
    if x.op == "eye":
        return f.constant(ONE if op == "det" else ZERO)
    turned = _rotations(x)
    if turned:
        forms = [(f.form(t).text(), t) for t in turned]
        x = min(forms, key=lambda item: item[0])[1]
        return f.scalar_atom(op, f.memo[x]) if len(f.memo[x].dims) == 2 else f.form(x)
    return f.scalar_atom(op, f.memo[x])


def _rotations(x: Node) -> list[Node]:
    """I + A B and I + B A, for every way of cutting the product; Sylvester's identity."""
    if x.op != "add" or len(x.args) != 2:
        return []
    for one, product in (x.args, x.args[::-1]):
        scalars = [a for a in product.args if a.is_scalar] if product.op == "mul" else []
        core = next((a for a in product.args if not a.is_scalar), product) if product.op == "mul" else product
        if one.op == "eye" and core.op == "matmul" and core.shape == one.shape and (product.op == "matmul" or len(product.args) == len(scalars) + 1):
            out = []
            for k in range(len(core.args)):
                cut = n.matmul(*core.args[k:], *core.args[:k])
                out.append(n.add(n.eye(cut.shape[0]), n.mul(*scalars, cut)))
            return out
    return []


FORMS: dict[str, Form] = {
    "symbol": symbol, "number": number, "size": size, "pi": pi, "ones": filled, "zeros": filled, "eye": eye,
    "commutation": commutation, "add": add, "mul": mul, "matmul": matmul, "transpose": transpose, "sum": total,
    "trace": trace, "diag": diag, "diagonal": diagonal, "vec": vec, "unvec": unvec, "kron": kron, "matpow": matpow,
    "power": power, "exp": _unary(exponential), "log": _unary(logarithm), "sigmoid": _unary(sigmoid_of),
    "tanh": _unary(lambda f, p: f.add([constant_like(f, p, -ONE), sigmoid_of(f, f.add([p], [Fraction(2)]))], [ONE, Fraction(2)])),
    "softplus": _unary(lambda f, p: logarithm(f, f.add([constant_like(f, p, ONE), exponential(f, p)]))),
    "silu": _unary(lambda f, p: times(f, p, sigmoid_of(f, p))),
    "step": _unary(step_of), "relu": _unary(lambda f, p: times(f, p, step_of(f, p))),
    "sign": _unary(sign_of), "abs": _unary(lambda f, p: times(f, p, sign_of(f, p))),
    "sin": parity("sin", True), "cos": parity("cos", False), "erf": parity("erf", True),
    "maximum": maximum, "minimum": maximum, "leaky_relu": leaky_relu, "gelu": gelu, "pow": general_power,
    "softmax": softmax, "logsumexp": logsumexp, "norm": norm, "inv": inverse, "pinv": pinv,
    "det": determinant, "logdet": determinant,
}  # fmt: skip
