"""Identities between elementwise functions: exp and log, the sigmoid, steps."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, SCALAR
from symback.algebra.nodes import Node
from symback.algebra.parts import broadcast_core, constant_core, without
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import split_coefficient, split_power


def is_one(node: Node) -> bool:
    """True of 1 and of a matrix of ones."""
    core = constant_core(node) if not node.is_scalar else node
    return core is not None and n.is_number(core, 1)


def _exp(node: Node, context: Context) -> Node | None:
    """exp(log x) -> x."""
    x = node.args[0]
    return x.args[0] if x.op == "log" else n.ones(node.shape) if n.is_zero(x) else None


def _log(node: Node, context: Context) -> Node | None:
    """log(exp x) -> x."""
    x = node.args[0]
    return x.args[0] if x.op == "exp" else n.zeros(node.shape) if is_one(x) else None


def one_plus_exp(node: Node) -> tuple[Node, Node] | None:
    """x and exp(x) of a sum 1 + exp(x)."""
    if node.op != "add" or len(node.args) != 2:
        return None
    for one, other in (node.args, node.args[::-1]):
        if is_one(one) and other.op == "exp":
            return other.args[0], other
        core = None if other.is_scalar else broadcast_core(other)
        if is_one(one) and core is not None and core.op == "exp":
            return n.broadcast(core.args[0], node.shape), other
    return None


def _quotient(node: Node, context: Context) -> Node | None:
    """1 / (1 + exp(-x)) -> sigmoid(x), and exp(x) / (1 + exp(x)) -> sigmoid(x)."""
    factors = node.args if node.op == "mul" else (node,)
    if len({split_power(f)[0] for f in factors}) < len(factors):  # equal bases are collected first
        return None
    for factor in factors:
        base, exponent = split_power(factor)
        found = one_plus_exp(base)
        if found is None or exponent >= 0 or exponent.denominator != 1:
            continue
        x, e = found
        k = -exponent.numerator
        ups = {split_power(f)[0]: split_power(f)[1] for f in factors}
        up = ups.get(e, Fraction(0))
        others = [f for f in factors if f is not factor and split_power(f)[0] is not e]
        if up.denominator == 1 and 0 <= up <= k:
            plus, minus = n.apply("sigmoid", x), n.apply("sigmoid", n.neg(x))
            new = n.mul(*others, n.power(plus, up), n.power(minus, k - up))
            if cost(new) <= cost(node):
                return new
    return None


def _negative_sigmoid(node: Node, context: Context) -> Node | None:
    """1 - sigmoid(x) -> sigmoid(-x), where that is shorter."""
    for i, term in enumerate(node.args):
        coefficient, core = split_coefficient(term)
        inner = core if core.op == "sigmoid" else None
        bare = broadcast_core(core) if inner is None and not core.is_scalar else None
        if bare is not None and bare.op == "sigmoid":
            inner = bare
        if inner is None:
            continue
        for j, other in enumerate(node.args):
            value = n.value_of(other) if other.is_scalar else n.value_of(constant_core(other) or other)
            if i != j and value == -coefficient:
                flipped = n.broadcast(n.apply("sigmoid", n.neg(inner.args[0])), node.shape)
                rest = [t for k, t in enumerate(node.args) if k not in (i, j)]
                new = n.add(*rest, n.mul(n.number(-coefficient), flipped))
                if cost(new) < cost(node):
                    return new
    return None


def _step(node: Node, context: Context) -> Node | None:
    """step(relu(z)) -> step(z); step of a positive multiple -> step."""
    x = node.args[0]
    if x.op == "relu":
        return n.apply("step", x.args[0])
    value = n.value_of(x)
    if value is not None:
        return n.number(1 if value > 0 else 0)
    coefficient, core = split_coefficient(x)
    if coefficient not in (1, -1) and core is not x:
        return n.apply("step", n.mul(n.number(1 if coefficient > 0 else -1), core))
    return None


def negative(node: Node) -> Node:
    """-x in the form that the rewrites leave it in."""
    if node.op == "add":
        return n.add(*(n.neg(t) for t in node.args))
    return n.neg(node)


def _tanh(node: Node, context: Context) -> Node | None:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)) -> tanh(x)."""
    tops = {f: _exponentials(f) for f in node.args if f.op == "add"}
    for factor in node.args:
        base, exponent = split_power(factor)
        below = _exponentials(base) if exponent == -1 else None
        if below is None or below[1] != 1:
            continue
        for top, found in tops.items():
            if found is not None and found[0] in (below[0], negative(below[0])) and found[1] == -1:
                rest = without(node.args, top, factor)
                return n.mul(n.number(found[2] / below[2]), *rest, n.apply("tanh", found[0]))
    return None


def _exponentials(node: Node) -> tuple[Node, Fraction, Fraction] | None:
    """x, s and c of a sum c (exp(x) + s exp(-x))."""
    if node.op != "add" or len(node.args) != 2:
        return None
    (c, first), (d, second) = (split_coefficient(t) for t in node.args)
    if first.op != "exp" or second.op != "exp" or second.args[0] is not negative(first.args[0]) or abs(c) != abs(d):
        return None
    return first.args[0], d / c, c


def _masked(node: Node, context: Context) -> Node | None:
    """step(z)^k -> step(z), relu(z) step(z) -> relu(z), |z| sign(z) -> z, maximum(z, 0) step(z) -> maximum(z, 0)."""
    factors = list(node.args)
    for i, factor in enumerate(factors):
        base, exponent = split_power(factor)
        if base.op == "step" and exponent > 1:
            return n.mul(*factors[:i], base, *factors[i + 1 :])
        if base.op == "step" and exponent == 1:
            z = base.args[0]
            for other in factors:
                o = split_power(other)[0]
                positive_part = o.op == "maximum" and z in o.args and any(n.is_zero(x) for x in o.args)
                if positive_part or (o.op == "relu" and o.args[0] is z):
                    return n.mul(*factors[:i], *factors[i + 1 :])
        if base.op == "sigmoid" and exponent >= 1 and exponent.denominator == 1:  # sigma(x) exp(-x) = sigma(-x)
            for j, other in enumerate(factors):
                e = other.args[0] if other.op == "exp" else None
                if e is not None and e is negative(base.args[0]):
                    rest = [f for k, f in enumerate(factors) if k not in (i, j)]
                    return n.mul(*rest, n.power(base, exponent - 1), n.apply("sigmoid", e))
        if base.op == "abs" and exponent == 1:
            for j, other in enumerate(factors):
                if other.op == "sign" and other.args[0] is base.args[0]:
                    return n.mul(base.args[0], *(f for k, f in enumerate(factors) if k not in (i, j)))
    return None


def _relu(node: Node, context: Context) -> Node | None:
    """z step(z) -> relu(z), which is shorter."""
    for i, factor in enumerate(node.args):
        if factor.op == "step" and factor.args[0] in node.args:
            j = node.args.index(factor.args[0])
            rest = [f for k, f in enumerate(node.args) if k not in (i, j)]
            return n.mul(*rest, n.apply("relu", factor.args[0]))
    return None


def _sin(node: Node, context: Context) -> Node | None:
    """Odd and even functions of -x."""
    coefficient, core = split_coefficient(node.args[0])
    if coefficient >= 0 or n.value_of(node.args[0]) is not None:
        return None
    inner = n.apply(node.op, n.mul(n.number(-coefficient), core))
    return n.neg(inner) if node.op in ("sin", "tanh", "erf", "sign") else inner


def _softmax(node: Node, context: Context) -> Node | None:
    """A softmax does not change when something constant along its axis is added."""
    x, axis = node.args[0], node.data
    if x.op != "add" or axis is None:
        return None
    keep = [t for t in x.args if not _constant_along(t, int(str(axis)))]
    return n.rebuild(node, [n.add(*keep)]) if keep and len(keep) < len(x.args) else None


def _constant_along(term: Node, axis: int) -> bool:
    _, core = split_coefficient(term)
    bare = broadcast_core(core)
    return (bare is not None and bare.shape[axis] == ONE) or constant_core(term) is not None


def _sum_of_softmax(node: Node, context: Context) -> Node | None:
    """1^T softmax(Z) = 1^T."""
    x, axis = node.args[0], node.data
    if x.op == "softmax" and (axis == x.data or axis is None):
        count = x.shape[1 - int(str(x.data))]
        return n.size(count) if axis is None else n.ones(node.shape)
    return None


FUNCTIONS = Family(
    "functions",
    "identities between exp, log, the sigmoid, step and softmax, entry by entry",
    {
        "exp": (_exp,), "log": (_log,), "step": (_step,),
        "sin": (_sin,), "cos": (_sin,), "tanh": (_sin,), "erf": (_sin,), "sign": (_sin,), "abs": (_sin,),
        "mul": (_quotient, _masked, _relu, _tanh), "power": (_quotient,),
        "add": (_negative_sigmoid,),
        "softmax": (_softmax,), "sum": (_sum_of_softmax,),
    },
)  # fmt: skip

__all__ = ["FUNCTIONS", "ONE", "SCALAR", "is_one"]
