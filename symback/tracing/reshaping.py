"""reshape, squeeze and new axes: views that show the same row or column with other dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, Shape, show_shape
from symback.language.values import Value
from symback.tracing.array import Array, Labels, Through
from symback.tracing.creation import dim_of
from symback.tracing.recorder import Tape


def _as(shape: Shape, ndim: int) -> Through:
    """The same entries in the same order; a row becomes a column by transposing."""

    def change(value: Value) -> Value:
        node = value.node if value.node.shape == shape else n.transpose(value.node)
        return Value(node, ndim, value.boolean)

    return change


def seen_as(array: Array, shape: Shape, ndim: int) -> Array:
    """The array seen with another shape of the same entries: itself, or a row as a column."""
    value = array.value
    if ndim == 0 or value.ndim == 0:  # a scalar is copied, not looked at
        return array.tape.hold(Value(value.node, ndim, value.boolean))
    return array.looked_at(_as(shape, ndim), _as(value.node.shape, value.ndim))


def reshape(tape: Tape, a: Any, *shape: Any, **kwargs: Any) -> Any:
    """To the shape that it has, or between a row, a column and one dimension."""
    given = shape or kwargs.pop("newshape", kwargs.pop("shape", None))
    if kwargs.get("order", "C") != "C":
        raise tape.refused("only reshape in C order is traced")
    if len(given) == 1 and isinstance(given[0], tuple | list):
        given = tuple(given[0])
    if type(a) is Labels:
        return a.reshape(*given)
    value = a.value
    wanted = _sizes(tape, value, given)
    full: Shape = ((ONE,) * (2 - len(wanted)) + wanted)[:2]  # type: ignore[assignment]  # at most two sizes
    here = value.node.shape
    if full == here or (ONE in here and ONE in full and here[0] * here[1] == full[0] * full[1]):
        return seen_as(a, full, len(wanted))
    if here[0] * here[1] == full[0] * full[1]:
        raise tape.refused(
            f"reshape from {value.shape} to {show_shape(full)} moves entries between rows; no formula here says that"
        )
    raise tape.refused(f"an array of shape {value.shape} cannot be reshaped to {show_shape(full)}")


def _sizes(tape: Tape, value: Value, given: tuple[Any, ...]) -> tuple[Dim, ...]:
    """The sizes asked for, with -1 worked out."""
    if len(given) > 2:
        raise tape.refused("arrays here have at most two dimensions")
    open_places = [i for i, s in enumerate(given) if type(s) in (int, np.int64) and s == -1]
    sizes = [ONE if i in open_places else dim_of(tape, s) for i, s in enumerate(given)]
    if len(open_places) == 1:
        whole = value.node.shape[0] * value.node.shape[1]
        rest = ONE
        for size in sizes:
            rest = rest * size
        names = list(whole.names)
        for name in rest.names:
            if name not in names:
                raise tape.refused(f"an array of shape {value.shape} cannot be reshaped so")
            names.remove(name)
        if whole.coefficient % rest.coefficient:
            raise tape.refused(f"an array of shape {value.shape} cannot be reshaped so")
        sizes[open_places[0]] = Dim(whole.coefficient // rest.coefficient, tuple(names))
    return tuple(sizes)


def squeeze(tape: Tape, a: Any, axis: Any = None) -> Any:
    """Sizes that are 1 dropped; a size known by name is taken not to be 1."""
    value = a.value
    sizes = value.node.shape[2 - value.ndim :]
    if axis is not None:
        axes = [x % value.ndim for x in (axis if isinstance(axis, tuple | list) else (axis,))]
        if any(not sizes[x].is_one for x in axes):
            raise tape.refused(f"only a size of 1 can be squeezed out of {value.shape}")
        left = [s for i, s in enumerate(sizes) if i not in axes]
    else:
        left = [s for s in sizes if not s.is_one]
    if len(left) == value.ndim:
        return a
    return seen_as(a, (ONE, left[0] if left else ONE), len(left))


def expand_dims(tape: Tape, a: Any, axis: Any) -> Any:
    """A 1-D array as a row or a column."""
    value = a.value
    if value.ndim == 0:
        return seen_as(a, (ONE, ONE), 1)
    if value.ndim != 1 or axis not in (0, 1, -1, -2):
        raise tape.refused("arrays here have at most two dimensions")
    size = value.node.shape[1]
    return seen_as(a, (ONE, size) if axis in (0, -2) else (size, ONE), 2)
