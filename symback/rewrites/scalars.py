"""Numbers and scalars move to the front; identities and neutral elements go; equal terms and bases are collected."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node, value_of
from symback.algebra.parts import broadcast_core, constant_core
from symback.numpy import ELEMENTWISE
from symback.rewrites.engine import Context, Family


def split_scalars(node: Node) -> tuple[list[Node], Node]:
    """The scalar factors of a product, and what is left."""
    if node.op != "mul" or node.is_scalar:
        return [], node
    scalars = [a for a in node.args if a.is_scalar]
    return (scalars, n.mul(*(a for a in node.args if not a.is_scalar))) if scalars else ([], node)


def _matmul(node: Node, context: Context) -> Node | None:
    """A (s B) -> s (A B), A I -> A, and factors of shape (1, 1) become scalars."""
    scalars: list[Node] = []
    rest: list[Node] = []
    for factor in node.args:
        if factor.is_scalar:
            scalars.append(factor)
            continue
        front, core = split_scalars(factor)
        scalars += front
        if core.op != "eye":
            rest.append(core)
    if not scalars and len(rest) == len(node.args):
        return None
    if not rest:
        rest = [n.eye(node.shape[0])]
    return n.mul(*scalars, n.matmul(*rest))


def _linear(node: Node, context: Context) -> Node | None:
    """f(s X) -> s f(X) for a linear f."""
    scalars, core = split_scalars(node.args[0])
    return n.mul(*scalars, n.rebuild(node, [core])) if scalars else None


def _scalar_sum(node: Node, context: Context) -> Node | None:
    """trace and sums of all entries that hold a scalar factor."""
    return _linear(node, context)


def _power(node: Node, context: Context) -> Node | None:
    """(a b)^n -> a^n b^n for whole n; of numbers always."""
    base, exponent = node.args[0], node.data
    assert isinstance(exponent, Fraction)
    if base.op == "mul" and exponent.denominator == 1:
        return n.mul(*(n.power(a, exponent) for a in base.args))
    value = value_of(base)
    if value is not None and value > 0 and exponent.denominator == 2:  # the root of a square is a number
        root = _root(value)
        if root is not None:
            return n.power(n.number(root), exponent * 2)
    return None


def _root(value: Fraction) -> Fraction | None:
    import math

    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    return Fraction(top, bottom) if top**2 == value.numerator and bottom**2 == value.denominator else None


def split_coefficient(node: Node) -> tuple[Fraction, Node]:
    """The number in front of a term, and the term without it."""
    if node.op == "mul" and (value := value_of(node.args[0])) is not None:
        return value, n.mul(*node.args[1:])
    value = value_of(node)
    return (value, n.number(1)) if value is not None else (Fraction(1), node)


def term_key(term: Node) -> object:
    """What makes two terms the same but for their order of factors: a product's factors as a set with counts."""
    if term.op == "mul":
        counts: dict[Node, int] = {}
        for factor in term.args:
            counts[factor] = counts.get(factor, 0) + 1
        return frozenset(counts.items())
    return term


def _collect_terms(node: Node, context: Context) -> Node | None:
    """2 A + A -> 3 A, A - A -> 0."""
    totals: dict[object, Fraction] = {}
    first: dict[object, Node] = {}
    for term in node.args:
        coefficient, core = split_coefficient(term)
        key = term_key(core)
        totals[key] = totals.get(key, Fraction(0)) + coefficient
        first.setdefault(key, core)
    if len(totals) == len(node.args):
        return None
    terms = [n.mul(n.number(totals[k]), first[k]) for k in totals if totals[k]]
    return n.add(*terms) if terms else n.zeros(node.shape)


def split_power(node: Node) -> tuple[Node, Fraction]:
    """Base and exponent."""
    if node.op == "power":
        assert isinstance(node.data, Fraction)
        return node.args[0], node.data
    core = None if node.is_scalar else broadcast_core(node)
    if core is not None and core.op == "power":  # (b^p) 1^T is (b 1^T)^p
        assert isinstance(core.data, Fraction)
        return n.broadcast(core.args[0], node.shape), core.data
    return node, Fraction(1)


def opposite(node: Node, bases: dict[Node, Fraction]) -> Node | None:
    """A sum among the bases that is minus this one: A - B for B - A."""
    if node.op != "add":
        return None
    mine = signed_terms(node, -1)
    for base in bases:
        alike = base.op == "add" and len(base.args) == len(node.args) and base.shape == node.shape
        if alike and signed_terms(base, 1) == mine:
            return base
    return None


@lru_cache(maxsize=4096)
def signed_terms(node: Node, sign: int) -> frozenset[tuple[Fraction, Node]]:
    """The terms of a sum with their numbers, or of minus the sum."""
    return frozenset((sign * c, core) for c, core in map(split_coefficient, node.args))


def _collect_factors(node: Node, context: Context) -> Node | None:
    """x x -> x^2, x / x -> 1 (wherever both are defined), 1 / (2 / m) folded, and m * m / m for sizes."""
    exponents: dict[Node, Fraction] = {}
    sign = 1
    for factor in node.args:
        base, exponent = split_power(factor)
        if base not in exponents and exponent.denominator == 1 and (other := opposite(base, exponents)) is not None:
            base, sign = other, sign * (-1) ** exponent.numerator
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    if len(exponents) == len(node.args):
        return None
    factors = [n.power(base, e) for base, e in exponents.items() if e]
    return n.mul(n.number(sign), *factors, *([n.ones(node.shape)] if not node.is_scalar else []))


def _sizes(node: Node, context: Context) -> Node | None:
    """A size that is a product, split into its names, so that it cancels: (m n) / n -> m."""
    for i, factor in enumerate(node.args):
        base, exponent = split_power(factor)
        if base.op == "size" and isinstance(base.data, Dim) and (len(base.data.names) > 1 or base.data.coefficient > 1):
            parts = [n.power(n.number(base.data.coefficient), exponent)]
            parts += [n.power(n.size(Dim(1, (name,))), exponent) for name in base.data.names]
            return n.mul(*node.args[:i], *parts, *node.args[i + 1 :])
    return None


def _broadcasts(node: Node, context: Context) -> Node | None:
    """(b 1^T) * (c 1^T) -> (b * c) 1^T where all factors are such; beside others each stands for itself."""
    matrices = [f for f in node.args if not f.is_scalar]
    cores = [broadcast_core(f) for f in matrices]
    if len(matrices) > 1 and all(c is not None for c in cores) and len({c.shape for c in cores if c}) == 1:
        rest = [f for f in node.args if f.is_scalar]
        return n.mul(*rest, n.broadcast(n.mul(*(c for c in cores if c is not None)), node.shape))
    if len(matrices) > 1 and any(c is not None and c.op == "mul" for c in cores) and not all(cores):
        parts = [
            n.broadcast(a, node.shape) if not a.is_scalar else a for c in cores if c and c.op == "mul" for a in c.args
        ]
        rest = [f for f in node.args if f.is_scalar or not ((c := broadcast_core(f)) is not None and c.op == "mul")]
        return n.mul(*rest, *parts)
    return None


def _broadcast_sum(node: Node, context: Context) -> Node | None:
    """b 1^T + c 1^T -> (b + c) 1^T, where every term is such a broadcast; of constants, s 1 + t 1 -> (s + t) 1."""
    constants = [] if node.is_scalar else [constant_core(t) for t in node.args]
    if constants and all(c is not None for c in constants):
        return n.mul(n.add(*(c for c in constants if c is not None)), n.ones(node.shape))
    cores = [broadcast_core(split_scalars(t)[1]) for t in node.args]
    if any(c is None for c in cores) or len({c.shape for c in cores if c}) != 1:
        return None
    terms = [n.mul(*split_scalars(t)[0], c) for t, c in zip(node.args, cores, strict=True) if c is not None]
    return n.broadcast(n.add(*terms), node.shape)


def _elementwise_broadcast(node: Node, context: Context) -> Node | None:
    """f(b 1^T) -> f(b) 1^T."""
    core = broadcast_core(node.args[0]) if len(node.args) == 1 and not node.is_scalar else None
    return None if core is None else n.broadcast(n.rebuild(node, [core]), node.shape)


def _kron(node: Node, context: Context) -> Node | None:
    """(s A) kron (t B) -> s t (A kron B)."""
    left, a = split_scalars(node.args[0])
    right, b = split_scalars(node.args[1])
    return n.mul(*left, *right, n.kron(a, b)) if left or right else None


def _det(node: Node, context: Context) -> Node | None:
    """det and logdet of an inverse and of a power."""
    x = node.args[0]
    if x.op == "inv":
        inner = n.rebuild(node, [x.args[0]])
        return n.neg(inner) if node.op == "logdet" else n.power(inner, -1)
    if x.op == "matpow":
        inner, k = n.rebuild(node, [x.args[0]]), int(str(x.data))
        return n.mul(n.number(k), inner) if node.op == "logdet" else n.power(inner, k)
    return None


def _inv(node: Node, context: Context) -> Node | None:
    """(s A)^-1 -> A^-1 / s, (X^k)^-1 -> (X^-1)^k."""
    if node.args[0].op == "matpow":
        return n.matpow(n.inv(node.args[0].args[0]), int(str(node.args[0].data)))
    scalars, core = split_scalars(node.args[0])
    return n.mul(*(n.power(s, -1) for s in scalars), n.inv(core)) if scalars else None


def _scalar_product(node: Node, context: Context) -> Node | None:
    """A number at one end of a chain is pulled out: u^T v w^T -> (u^T v) w^T."""
    for i in range(1, len(node.args)):
        if node.shape == (ONE, ONE):
            return None
        if node.args[i - 1].shape[1] == ONE and node.args[0].shape[0] == ONE and i > 1:
            return n.mul(n.matmul(*node.args[:i]), n.matmul(*node.args[i:]))
        if node.args[i].shape[0] == ONE and node.args[-1].shape[1] == ONE and i < len(node.args) - 1:
            return n.mul(n.matmul(*node.args[i:]), n.matmul(*node.args[:i]))
    return None


UNARY = tuple(name for name, function in ELEMENTWISE.items() if len(function.slopes) == 1)

SCALARS = Family(
    "scalars",
    "numbers commute with everything, so they stand in front; an identity changes nothing",
    {
        "matmul": (_matmul, _scalar_product),
        "transpose": (_linear,), "sum": (_linear,), "trace": (_scalar_sum,), "diag": (_linear,), "diagonal": (_linear,),
        "vec": (_linear,), "unvec": (_linear,), "kron": (_kron,), "inv": (_inv,), "det": (_det,), "logdet": (_det,),
        "power": (_power,), "mul": (_sizes,),
    },
)  # fmt: skip

COLLECT = Family(
    "collect",
    "equal terms are counted, equal factors become powers, and what divides itself cancels",
    {
        "add": (_collect_terms, _broadcast_sum),
        "mul": (_collect_factors, _broadcasts),
        "power": (_elementwise_broadcast,),
    }
    | {op: (_elementwise_broadcast,) for op in UNARY},
)
