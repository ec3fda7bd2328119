"""The normal form of each operation. A row whose value is a function of a sum stands for itself entry by entry."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE as UNIT_SIZE
from symback.algebra.nodes import Node
from symback.normal.form import Effort, Form, Maker, Normalizer
from symback.normal.inverses import determinant, inverse, pinv
from symback.normal.kinks import abs_of, extreme, leaky_relu, relu_of, sign_of, step_of, two
from symback.normal.linear import LINEAR
from symback.normal.network import ONE, Poly
from symback.normal.powers import exponential, logarithm, power, raised, selected
from symback.records import Facts

HALF, TWO = Fraction(1, 2), Fraction(2)


def entrywise(make: Maker) -> Form:
    """A function of one argument, entry by entry."""

    def form(f: Normalizer, node: Node) -> Poly:
        return selected(f, f.memo[node.args[0]], make)

    return form


def parity(kind: str, odd: bool) -> Maker:
    """An odd or even function: the number in front of its argument is made positive."""

    def make(f: Normalizer, p: Poly) -> Poly:
        if not p.terms and odd:
            return p
        sign = -ONE if p.terms and p.scale < 0 else ONE
        return f.add((f.elementwise(kind, f.add((p, sign))), sign if odd else ONE))

    return make


def sigmoid_of(f: Normalizer, p: Poly) -> Poly:
    """1 - 1 / (1 + exp(x))."""
    below = f.add((f.like(p), ONE), (exponential(f, p), ONE))
    return f.add((f.like(p), ONE), (raised(f, below, -ONE), -ONE))


def tanh_of(f: Normalizer, p: Poly) -> Poly:
    """2 sigmoid(2 x) - 1."""
    return f.add((sigmoid_of(f, f.add((p, TWO))), TWO), (f.like(p), -ONE))


def softplus_of(f: Normalizer, p: Poly) -> Poly:
    """log(1 + exp(x))."""
    return logarithm(f, f.add((f.like(p), ONE), (exponential(f, p), ONE)))


def silu_of(f: Normalizer, p: Poly) -> Poly:
    """x sigmoid(x)."""
    return f.times(p, sigmoid_of(f, p))


def gelu_of(f: Normalizer, p: Poly) -> Poly:
    """x (1 + erf(x / sqrt 2)) / 2."""
    inner = f.times(p, raised(f, f.constant(TWO), -HALF))
    return f.add((f.times(p, f.add((f.like(p), ONE), (parity("erf", True)(f, inner), ONE))), HALF))


def general_power(f: Normalizer, node: Node) -> Poly:
    """x^a = exp(a log x)."""
    x, a = two(f, node)
    return exponential(f, f.times(a, logarithm(f, x)))


def logsumexp(f: Normalizer, node: Node) -> Poly:
    """log of the sum of exp."""
    return f.form(n.apply("log", Node("sum", (n.apply("exp", node.args[0]),), node.shape, node.data)))


def softmax(f: Normalizer, node: Node) -> Poly:
    """exp over its sum."""
    e = n.apply("exp", node.args[0])
    shape = (UNIT_SIZE, e.shape[1]) if node.data == 0 else (e.shape[0], UNIT_SIZE)
    return f.form(n.mul(e, n.power(n.broadcast(Node("sum", (e,), shape, node.data), e.shape), -1)))


def norm(f: Normalizer, node: Node) -> Poly:
    """The root of the sum of squares."""
    return f.form(n.power(n.total(n.power(node.args[0], 2)), HALF))


MAKERS: dict[str, Maker] = {
    "exp": exponential, "log": logarithm, "sigmoid": sigmoid_of, "tanh": tanh_of, "softplus": softplus_of,
    "silu": silu_of, "gelu": gelu_of, "step": step_of, "relu": relu_of, "sign": sign_of, "abs": abs_of,
    "sin": parity("sin", True), "cos": parity("cos", False), "erf": parity("erf", True),
}  # fmt: skip
FORMS: dict[str, Form] = {
    **LINEAR,
    **{name: entrywise(make) for name, make in MAKERS.items()},
    "power": power, "pow": general_power, "softmax": softmax, "logsumexp": logsumexp, "norm": norm,
    "maximum": extreme(larger=True), "minimum": extreme(larger=False), "leaky_relu": leaky_relu,
    "inv": inverse, "pinv": pinv, "det": determinant, "logdet": determinant,
}  # fmt: skip


def normalizer(
    facts: Facts, *, kinks: bool = True, sums: str = "as they are", effort: Effort | None = None
) -> Normalizer:
    """A fresh comparison under some facts."""
    return Normalizer(FORMS, facts, kinks, sums, effort=effort or Effort())
