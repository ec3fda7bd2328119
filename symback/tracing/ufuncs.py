"""NumPy's ufuncs and operators on symbolic arrays: a table, and what ``out=`` writes into.

Each means exactly what NumPy means, or is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import Shape
from symback.errors import SymbackError
from symback.language.operators import common_shape
from symback.language.values import Value
from symback.tracing import patterns
from symback.tracing.array import Array
from symback.tracing.opaque import NEVER, OPAQUE_UFUNCS, Opaque
from symback.tracing.recorder import NOWHERE_SCOPE, Tape

Ufunc = Callable[..., Value]


def _operator(op: str) -> Ufunc:
    return lambda tape, a, b: tape.binary(op, a, b)


def _sum_of(op: str) -> Ufunc:
    return lambda tape, a, b: patterns.cancel_maxima(tape, tape.binary(op, a, b))


def _function(name: str) -> Ufunc:
    return lambda tape, x: Value(n.apply(name, x.node), x.ndim)


def _divide(tape: Tape, a: Value, b: Value) -> Value:
    return patterns.softmax(tape, a, b) or patterns.quotient(tape, a, b) or tape.binary("/", a, b)


def _power(tape: Tape, a: Value, b: Value) -> Value:
    if n.is_number(b.node, -1):
        return _divide(tape, Value(n.number(1), 0), a)
    return tape.binary("**", a, b)


def _log(tape: Tape, x: Value) -> Value:
    value = n.value_of(x.node)
    if value is not None and value <= 0:
        raise tape.refused(f"the logarithm of {value} is not real")
    if value == 1:
        return Value(n.number(0), 0)
    return patterns.log_of_pick(tape, x) or patterns.log_of_sum(tape, x) or Value(n.apply("log", x.node), x.ndim)


def _two(name: str) -> Ufunc:
    def apply(tape: Tape, a: Value, b: Value) -> Value:
        if name == "maximum" and (n.is_zero(a.node) or n.is_zero(b.node)):
            x = b if n.is_zero(a.node) else a
            wide = tape.binary("+", a, b)
            if wide.node.shape == x.node.shape:
                return Value(n.apply("relu", x.node), wide.ndim)
        shape = broadcast_shape(tape, a, b, name)
        left, right = (v.node if v.node.is_scalar else n.broadcast(v.node, shape) for v in (a, b))
        return Value(n.apply(name, left, right), max(a.ndim, b.ndim))

    return apply


def _compare(op: str) -> Ufunc:
    def compare(tape: Tape, a: Value, b: Value) -> Value:
        shape = broadcast_shape(tape, a, b, op)
        left, right = n.broadcast(a.node, shape), n.broadcast(b.node, shape)
        big, small = (left, right) if op[0] == ">" else (right, left)
        if op in (">", "<"):
            node = n.apply("step", n.sub(big, small))
        else:
            node = n.sub(n.ones(shape), n.apply("step", n.sub(small, big)))
        return Value(node, max(a.ndim, b.ndim), boolean=True)

    return compare


def broadcast_shape(tape: Tape, a: Value, b: Value, what: str) -> Shape:
    """The common shape, or a refusal that names both."""
    try:
        return common_shape(a, b, what, ast.Constant(0), NOWHERE_SCOPE)
    except SymbackError:
        raise tape.refused(f"{a.shape} and {b.shape} do not conform in {what}") from None


def _negative(tape: Tape, x: Value) -> Value:
    if x.boolean:
        raise tape.refused("NumPy has no minus of booleans; write ~mask or 1 - mask * 1.0")
    return Value(n.neg(x.node), x.ndim)


def _invert(tape: Tape, x: Value) -> Value:
    if not x.boolean:
        raise tape.refused("~ is traced of a mask such as Z > 0")
    return Value(n.sub(n.ones(x.node.shape), x.node), x.ndim, boolean=True)


def _and(tape: Tape, a: Value, b: Value) -> Value:
    if not (a.boolean and b.boolean):
        raise tape.refused("& is traced of two masks such as (Z > 0) & (Z < 1)")
    return tape.binary("*", a, b)


def _or(tape: Tape, a: Value, b: Value) -> Value:
    return _invert(tape, _and(tape, _invert(tape, a), _invert(tape, b)))


def _scaled_log(base: int) -> Ufunc:
    return lambda tape, x: tape.binary("/", _log(tape, x), Value(n.apply("log", n.number(base)), 0))


def _plus(c: int, build: Ufunc) -> Ufunc:
    return lambda tape, x: build(tape, tape.binary("+", Value(n.number(c), 0), x))


UFUNCS: dict[str, Ufunc] = {
    "add": _sum_of("+"), "subtract": _sum_of("-"), "multiply": _operator("*"), "divide": _divide,
    "power": _power, "float_power": _power, "matmul": _operator("@"), "negative": _negative,
    "positive": lambda tape, x: x, "conjugate": lambda tape, x: x,
    "square": lambda tape, x: Value(n.power(x.node, 2), x.ndim),
    "sqrt": lambda tape, x: Value(n.power(x.node, Fraction(1, 2)), x.ndim),
    "reciprocal": lambda tape, x: _divide(tape, Value(n.number(1), 0), x),
    "log": _log, "log2": _scaled_log(2), "log10": _scaled_log(10), "log1p": _plus(1, _log),
    "expm1": lambda tape, x: tape.binary("-", Value(n.apply("exp", x.node), x.ndim), Value(n.number(1), 0)),
    "absolute": _function("abs"), "fabs": _function("abs"), "expit": _function("sigmoid"),
    **{name: _function(name) for name in ("tanh", "sin", "cos", "sign", "erf")},
    "exp": patterns.exponential,
    "maximum": _two("maximum"), "minimum": _two("minimum"), "fmax": _two("maximum"), "fmin": _two("minimum"),
    "greater": _compare(">"), "greater_equal": _compare(">="), "less": _compare("<"), "less_equal": _compare("<="),
    "invert": _invert, "logical_not": _invert, "bitwise_and": _and, "logical_and": _and,
    "bitwise_or": _or, "logical_or": _or,
}  # fmt: skip


def call_ufunc(tape: Tape, ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """An operator or a ufunc; with ``out=`` it writes into that array."""
    name = ufunc.__name__
    if name in NEVER:
        return False
    if name == "isfinite":
        return True
    if name in OPAQUE_UFUNCS or any(type(x) is Opaque for x in inputs):
        return Opaque(tape, f"np.{name} of values")
    out = kwargs.pop("out", None)
    kwargs.pop("dtype", None)
    if method == "reduce" and name in ("add", "maximum"):
        from symback.tracing.functions import call_function  # a reduction is a function, and functions use ufuncs

        return call_function(tape, "sum" if name == "add" else "max", inputs, kwargs)
    if method != "__call__" or kwargs.keys() - {"casting", "order", "subok"}:
        raise tape.refused(f"np.{name}.{method} with {', '.join(kwargs) or 'these arguments'} is not traced")
    if name not in UFUNCS:
        raise tape.refused(f"np.{name} is not traced; the functions that are: {', '.join(sorted(UFUNCS))}")
    result = UFUNCS[name](tape, *(tape.value(x) for x in inputs))
    if out is None:
        return tape.hold(result)
    if type(out[0]) is Array and out[0].ndim < result.ndim:
        raise tape.refused(f"an array of shape {out[0].value.shape} cannot take {result.shape} in place")
    return write_into(tape, out[0], result)


def write_into(tape: Tape, target: Any, value: Value) -> Array:
    """``target[...] = value``: the shape stays what it was, as NumPy demands."""
    if type(target) is not Array:
        raise tape.refused("this writes a symbolic value into an array of numbers; make that array inside the function")
    old = target.value
    if old.ndim == 0:
        raise tape.refused("a scalar cannot be written into; give the result a name")
    wide = broadcast_shape(tape, old, value, "assignment")
    if wide != old.node.shape:
        raise tape.refused(f"an array of shape {old.shape} cannot take {value.shape} in place")
    if old.boolean and not value.boolean:
        raise tape.refused("numbers are written into a mask; make it numbers first, mask * 1.0")
    target.set(Value(n.broadcast(value.node, wide), old.ndim, old.boolean))
    return target
