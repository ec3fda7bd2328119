"""Functions that code writes out: softmax and its stable form, the sigmoid, tanh, logsumexp.

A maximum that is taken off for the sake of floating point is constant along its axis, and cancels in the quotient:
exp(z - c) / sum(exp(z - c)) = exp(z) / sum(exp(z)).
"""

from __future__ import annotations

from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.parts import bare_core
from symback.algebra.walk import postorder
from symback.language.values import Value
from symback.rewrites.functions import one_plus_exp
from symback.rewrites.scalars import split_coefficient
from symback.tracing.array import Labels
from symback.tracing.recorder import Tape


def has_maximum(tape: Tape, node: Node) -> bool:
    """True where a maximum that must cancel stands in the expression."""
    return bool(tape.maxima) and any(part in tape.maxima for part in postorder(node))


def without_maximum(tape: Tape, node: Node) -> tuple[Node, list[Node]]:
    """u and the terms c of u + c in which nothing but a maximum varies."""
    inner = tape.opened(node)
    if inner.op != "add" or not has_maximum(tape, inner):
        return node, []
    off = [t for t in inner.args if _is_maximum(tape, t)]
    rest = [t for t in inner.args if t not in off]
    return (n.add(*rest), off) if rest and off else (node, [])


def _is_maximum(tape: Tape, term: Node) -> bool:
    """A maximum, scaled or broadcast."""
    if term in tape.maxima:
        return True
    if term.op == "transpose":
        return _is_maximum(tape, term.args[0])
    return term.op in ("mul", "matmul") and sum(a.op not in ("number", "ones") for a in term.args) == 1 and any(
        _is_maximum(tape, a) for a in term.args
    )


def _same_along(tape: Tape, terms: list[Node], axis: int | None) -> bool:
    """Every term has one value along the axis (everywhere: None), so that it cancels in the quotient."""
    for term in terms:
        core = term if term.is_scalar else bare_core(term)
        if core is None or (axis is None and not core.is_scalar):
            return False
        if axis is not None and not core.is_scalar and not core.shape[axis].is_one:
            return False
    return True


def _exponent(tape: Tape, node: Node) -> Node | None:
    inner = tape.opened(node)
    return inner.args[0] if inner.op == "exp" else None


def softmax(tape: Tape, a: Value, b: Value) -> Value | None:
    """exp(u) / sum(exp(u), axis) as softmax(u, axis), and the same transposed."""
    top, bottom = tape.opened(a.node), tape.opened(b.node)
    if top.op == "transpose" and bottom.op in ("transpose", "sum"):
        under = tape.opened(n.transpose(bottom))
        if under.op == "sum" and _exponent(tape, top.args[0]) is not None:
            inner = softmax(tape, Value(top.args[0], 2), Value(under, 2))
            return None if inner is None else Value(n.transpose(inner.node), max(a.ndim, b.ndim))
    u = _exponent(tape, top)
    if u is None or bottom.op != "sum":
        return None
    summed = _exponent(tape, bottom.args[0])
    if summed is None:
        return None
    axis = bottom.data
    assert axis is None or isinstance(axis, int)
    (u, off), (summed, off_too) = without_maximum(tape, u), without_maximum(tape, summed)
    if u is not summed or off != off_too or not _same_along(tape, off, axis):
        return None
    if axis is not None:
        return Value(n.softmax(u, axis), max(a.ndim, b.ndim))
    return tape.binary("/", Value(n.apply("exp", u), a.ndim), Value(n.total(n.apply("exp", u)), 0)) if off else None


def quotient(tape: Tape, a: Value, b: Value) -> Value | None:
    """1 / (1 + exp(-x)) and exp(x) / (1 + exp(x)) as the sigmoid; (e^x - e^-x) / (e^x + e^-x) as tanh."""
    if n.value_of(a.node) is None and tape.opened(a.node).op not in ("exp", "add"):
        return None
    under = tape.opened(b.node)
    found = one_plus_exp(n.add(*(_exp_opened(tape, t) for t in under.args))) if under.op == "add" else None
    if found is not None and has_maximum(tape, found[0]):
        return None
    if found is not None and n.value_of(a.node) is not None:
        return Value(n.mul(a.node, n.apply("sigmoid", n.neg(found[0]))), b.ndim)
    if found is not None and _exponent(tape, a.node) is found[0]:
        return Value(n.apply("sigmoid", found[0]), b.ndim)
    return _tanh(tape, tape.opened(a.node), under, b.ndim)


def _exp_opened(tape: Tape, term: Node) -> Node:
    inner = tape.opened(term)
    return inner if inner.op == "exp" else term


def _tanh(tape: Tape, top: Node, under: Node, ndim: int) -> Value | None:
    if top.op != "add" or under.op != "add" or len(top.args) != 2 or len(under.args) != 2:
        return None
    x = _exponent(tape, top.args[0])
    if x is None:
        return None
    plus, minus = n.apply("exp", x), n.apply("exp", n.neg(x))
    have = {_exp_opened(tape, t) for t in under.args}
    second = top.args[1]
    if second.op == "mul" and len(second.args) == 2 and n.is_number(second.args[0], -1):
        second = n.neg(_exp_opened(tape, second.args[1]))
    if have == {plus, minus} and second is n.neg(minus):
        return Value(n.apply("tanh", x), ndim)
    return None


def log_of_sum(tape: Tape, a: Value) -> Value | None:
    """log(sum(exp(u - c), axis)) as logsumexp(u, axis) - c."""
    inner = tape.opened(a.node)
    flip = inner.op == "transpose"
    inner = tape.opened(inner.args[0]) if flip else inner
    u = _exponent(tape, inner.args[0]) if inner.op == "sum" and inner.data is not None else None
    if u is None:
        return None
    assert isinstance(inner.data, int)
    u, off = without_maximum(tape, u)
    if not _same_along(tape, off, inner.data):
        return None
    result = n.add(n.logsumexp(u, inner.data), *(bare_core(t) or t for t in off))
    return Value(n.transpose(result) if flip else result, a.ndim)


def log_of_pick(tape: Tape, a: Value) -> Value | None:
    """log(sum(P * Y, axis)) as sum(Y * log(P), axis): picking one entry in each row commutes with any function."""
    inner = tape.opened(a.node)
    flip = inner.op == "transpose"
    inner = tape.opened(inner.args[0]) if flip else inner
    if inner.op != "sum" or inner.data is None or inner.args[0].op != "mul" or len(inner.args[0].args) != 2:
        return None
    picks = {held.node for held in tape.inputs.values() if type(held) is Labels}
    p, y = inner.args[0].args
    onehot = y.args[0] if y.op == "transpose" else y
    if onehot not in picks or inner.data != (0 if y.op == "transpose" else 1):
        return None
    assert isinstance(inner.data, int)
    result = n.total(n.mul(y, n.apply("log", p)), inner.data)
    return Value(n.transpose(result) if flip else result, a.ndim)


def cancel_maxima(tape: Tape, value: Value) -> Value:
    """A sum in which a maximum stands with both signs, without it: (z - c) - (logsumexp(z) - c)."""
    if not has_maximum(tape, value.node) or value.node.op != "add":
        return value
    kept: dict[Node, Fraction] = {}
    for coefficient, term in _linear(tape, value.node):
        kept[term] = kept.get(term, Fraction(0)) + coefficient
    terms = [n.mul(n.number(c), t) for t, c in kept.items() if c]
    node = n.add(*terms) if terms else n.zeros(value.node.shape)
    return value if has_maximum(tape, node) else Value(node, value.ndim, value.boolean)


def _linear(tape: Tape, node: Node) -> list[tuple[Fraction, Node]]:
    """The terms of a sum, those of names that hold a maximum and of broadcasts included, with their coefficients."""
    coefficient, core = split_coefficient(node)
    inner = tape.opened(core)
    if inner is not core and has_maximum(tape, inner):
        core = inner
    if core.op == "add":
        return [(coefficient * c, t) for part in core.args for c, t in _linear(tape, part)]
    bare = None if core.is_scalar else bare_core(core)
    if bare is not None and bare.op in ("add", "mul", "symbol"):
        inside = _linear(tape, bare)
        if len(inside) > 1 or inside[0][0] != 1:
            return [(coefficient * c, n.broadcast(t, core.shape)) for c, t in inside]
    return [(coefficient, core)]


def exponential(tape: Tape, x: Value) -> Value:
    """exp(z - logsumexp(z, axis)) as softmax(z, axis), and exp of anything else."""
    inner = tape.opened(x.node)
    if inner.op == "add":
        terms = [(t, split_coefficient(t)) for t in inner.args]
        for term, (coefficient, core) in terms:
            total = tape.opened(core if core.is_scalar else bare_core(core) or core)
            if coefficient == -1 and total.op == "logsumexp" and isinstance(total.data, int):
                rest = n.add(*(t for t, _ in terms if t is not term))
                if rest is total.args[0]:
                    return Value(n.softmax(rest, total.data), x.ndim)
    return Value(n.apply("exp", x.node), x.ndim)
