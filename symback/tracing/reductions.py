"""Sums, means, variances and maxima along an axis, with NumPy's rules for what happens to the axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Shape
from symback.language.values import Value
from symback.rewrites.scalars import split_coefficient
from symback.tracing.recorder import Tape


def axis_of(tape: Tape, axis: Any, ndim: int) -> int | None:
    """The axis counted from the front; None for all of them."""
    if isinstance(axis, tuple | list):
        if sorted(a % max(ndim, 1) for a in axis) == list(range(ndim)):
            return None
        if len(axis) != 1:
            raise tape.refused(f"axis={tuple(axis)} does not fit an array of {ndim} dimensions")
        axis = axis[0]
    if axis is None:
        return None
    if not isinstance(axis, int | np.integer) or not -ndim <= axis < ndim:
        raise tape.refused(f"axis={axis!r} does not fit an array of {ndim} dimensions")
    return int(axis) % ndim


def _shaped(tape: Tape, node: n.Node, ndim: int, axis: int | None, keepdims: bool) -> Value:
    """A reduced node (its axis kept, as nodes do) with the dimensions that NumPy leaves."""
    if axis is None:
        return Value(node, ndim if keepdims else 0)
    if keepdims:
        return Value(node, ndim)
    return Value(n.transpose(node) if ndim == 2 and axis == 1 else node, ndim - 1)


def reduce(tape: Tape, value: Value, axis: Any, keepdims: bool, mean: bool) -> Value:
    """np.sum and np.mean."""
    if value.ndim == 0:
        if axis not in (None, 0, -1):
            raise tape.refused(f"axis={axis!r} does not fit a scalar")
        return Value(value.node, 0)
    at = axis_of(tape, axis, value.ndim)
    rows, columns = value.node.shape
    along = None if at is None or value.ndim == 1 else at
    node = n.total(value.node, along)
    if node.is_scalar:
        node = whole(value.node)
    if mean:
        node = n.mul(node, n.power(n.size(rows * columns if along is None else value.node.shape[along]), -1))
    return _shaped(tape, node, value.ndim, at, keepdims)


def whole(node: n.Node) -> n.Node:
    """The sum of all entries, through transposes and partial sums: sum(sum(A, 1).T) = sum(A)."""
    coefficient, core = split_coefficient(node)
    while core.op == "transpose" or (core.op == "sum" and core.data is not None):
        core = core.args[0]
        factor, core = split_coefficient(core)
        coefficient *= factor
    return n.mul(n.number(coefficient), n.total(core))


def variance(tape: Tape, value: Value, axis: Any, keepdims: bool, ddof: int) -> Value:
    """np.var: the mean square of what is centred."""
    if value.ndim == 0 or ddof != 0:
        raise tape.refused("np.var and np.std are traced of arrays, with ddof=0; write the formula with its sums")
    centred = tape.binary("-", value, reduce(tape, value, axis, True, True))
    return reduce(tape, Value(n.power(centred.node, 2), value.ndim), axis, keepdims, True)


MAXIMA = ("max", "amax", "min", "amin")


def maximum_of(tape: Tape, value: Value, axis: Any, keepdims: bool, sign: int) -> Value:
    """np.max: an array without a formula, which has to cancel, as in a stable softmax."""
    if value.ndim == 0:
        return value
    at = axis_of(tape, axis, value.ndim)
    rows, columns = value.node.shape
    shape: Shape = (ONE, ONE)
    if at is not None and value.ndim == 2:
        shape = (ONE, columns) if at == 0 else (rows, ONE)
    name = f"{'max' if sign > 0 else 'min'} of {tape.text(value.node)} axis {at}"
    leaf = n.symbol(name, shape)
    tape.maxima.add(leaf)
    return _shaped(tape, leaf, value.ndim, at, keepdims)
