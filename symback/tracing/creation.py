"""NumPy functions that make arrays out of shapes and data, and so have to be asked for by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, dim
from symback.algebra.nodes import Node
from symback.tracing.array import Array, Labels, Range, Size, Symbolic
from symback.tracing.recorder import Tape

NAMES = (
    "zeros", "ones", "empty", "full", "eye", "identity", "array", "asarray", "ascontiguousarray", "asanyarray",
    "arange", "prod",
)  # fmt: skip
RANDOM = (
    "rand", "randn", "random", "uniform", "normal", "binomial", "random_sample", "randint", "permutation", "shuffle",
    "choice", "standard_normal",
)  # fmt: skip
MATH = {
    "sqrt": "sqrt", "exp": "exp", "log": "log", "tanh": "tanh", "sin": "sin", "cos": "cos", "fabs": "absolute",
    "pow": "power",
}  # fmt: skip


def dim_of(tape: Tape, x: Any) -> Dim:
    """A size in a shape: a Size, a whole number, or a scalar expression that is a size."""
    if type(x) is Size:
        return x.dim
    if isinstance(x, int | np.integer) and x > 0:
        return dim(int(x))
    if type(x) is Array and x.value.node.op == "size":
        assert isinstance(x.value.node.data, Dim)
        return x.value.node.data
    raise tape.refused(f"{x!r} is not a size that symback can follow; a size is X.shape[i] or a positive number")


def dims_of(tape: Tape, shape: Any) -> tuple[Dim, ...]:
    """A shape as dimensions; at most two."""
    sizes = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    if len(sizes) > 2:
        raise tape.refused("arrays here have at most two dimensions")
    return tuple(dim_of(tape, s) for s in sizes)


def filled(tape: Tape, shape: Any, entry: Node) -> Array:
    """An array of that shape with one number everywhere."""
    dims = dims_of(tape, shape)
    rows, columns = ((ONE,) * (2 - len(dims)) + dims)[:2]
    return tape.array(n.mul(entry, n.ones((rows, columns))), len(dims))


def zeros_(tape: Tape, real: Callable[..., Any], shape: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.zeros."""
    return filled(tape, shape, n.number(0))


def ones_(tape: Tape, real: Callable[..., Any], shape: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.ones."""
    return filled(tape, shape, n.number(1))


def full_(tape: Tape, real: Callable[..., Any], shape: Any, fill_value: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.full."""
    return filled(tape, shape, tape.value(fill_value).node)


def empty_(tape: Tape, real: Callable[..., Any], shape: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.empty: reading it before it is written is refused."""
    raise tape.refused("np.empty has no formula; start from np.zeros")


def eye_(tape: Tape, real: Callable[..., Any], n_rows: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.eye of one size."""
    square = not rest or rest[0] is None or dim_of(tape, rest[0]) == dim_of(tape, n_rows)
    if not square or kwargs.keys() - {"dtype"}:
        raise tape.refused("np.eye is traced of one size, without an offset")
    return tape.array(n.eye(dim_of(tape, n_rows)), 2)


identity_ = eye_


def array_(tape: Tape, real: Callable[..., Any], data: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.array: a copy of a symbolic array, or NumPy's own of numbers."""
    if type(data) is Labels:
        return data
    if issubclass(type(data), Symbolic):
        value = tape.value(data)
        ndmin = kwargs.get("ndmin", 0)
        if ndmin > value.ndim and value.ndim:
            value = type(value)(value.node, 2, value.boolean)
        return tape.hold(value)
    if isinstance(data, list | tuple) and len(data) == 1 and type(data[0]) is Array and data[0].ndim == 1:
        return tape.array(data[0].value.node, 2)  # one 1-D array as the only row
    if _holds_arrays(data):
        raise tape.refused("an array put together from symbolic entries is not traced; write it with matrices")
    return real(data, *rest, **kwargs)


def asarray_(tape: Tape, real: Callable[..., Any], data: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.asarray: the array itself."""
    if type(data) in (Array, Labels):
        return data
    return array_(tape, real, data, *rest, **kwargs)


ascontiguousarray_ = asanyarray_ = asarray_


def _holds_arrays(data: Any) -> bool:
    return isinstance(data, list | tuple) and any(issubclass(type(d), Symbolic) or _holds_arrays(d) for d in data)


def arange_(tape: Tape, real: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """np.arange of a size known by name is an index that names every example."""
    if any(issubclass(type(a), Symbolic) for a in args):
        return range_(tape, *args)
    return real(*args, **kwargs)


def prod_(tape: Tape, real: Callable[..., Any], data: Any, *rest: Any, **kwargs: Any) -> Any:
    """np.prod of sizes."""
    if isinstance(data, tuple | list) and any(type(d) is Size for d in data):
        result: Any = 1
        for d in data:
            result = d * result
        return result
    return data if type(data) is Size else real(data, *rest, **kwargs)


def range_(tape: Tape, *args: Any) -> Any:
    """range of a size known by name is an index that names every example; a loop over it is refused."""
    if not any(issubclass(type(a), Symbolic) for a in args):
        return range(*args)
    if len(args) == 2 and type(args[0]) is int and args[0] == 0:
        args = args[1:]
    if len(args) != 1 or type(args[0]) is not Size:
        raise tape.refused("a range up to a size known by name cannot be counted through; write it with matrices")
    return Range(tape, args[0])
