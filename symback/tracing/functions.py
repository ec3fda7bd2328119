"""NumPy's functions on symbolic arrays, other than ufuncs, and the methods of arrays.

Each means exactly what NumPy means, or is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.errors import SymbackError
from symback.language.values import Value
from symback.tracing.array import Array, Labels, LastLabel, Size, Symbolic
from symback.tracing.creation import dim_of
from symback.tracing.opaque import OPAQUE_FUNCTIONS, Opaque
from symback.tracing.recorder import Tape
from symback.tracing.reductions import maximum_of, reduce, variance
from symback.tracing.reshaping import expand_dims, reshape, squeeze
from symback.tracing.ufuncs import UFUNCS, write_into


def _sum(mean: bool) -> Callable[..., Any]:
    def total(tape: Tape, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False) -> Array:
        return tape.hold(reduce(tape, tape.value(a), axis, bool(keepdims), mean))

    return total


def _var(root: bool) -> Callable[..., Any]:
    def spread(
        tape: Tape, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: Any = False
    ) -> Array:
        value = variance(tape, tape.value(a), axis, bool(keepdims), ddof)
        return tape.hold(Value(n.power(value.node, Fraction(1, 2)), value.ndim) if root else value)

    return spread


def _dot(tape: Tape, a: Any, b: Any, out: Any = None) -> Array:
    left, right = tape.value(a), tape.value(b)
    return tape.hold(tape.binary("*" if 0 in (left.ndim, right.ndim) else "@", left, right))


def _vdot(tape: Tape, a: Any, b: Any) -> Array:
    """The sum of the products of the entries, of matrices too."""
    left, right = tape.value(a), tape.value(b)
    if left.ndim < 2 and right.ndim < 2:
        return _dot(tape, a, b)
    if left.node.shape != right.node.shape or left.ndim != right.ndim:
        raise tape.refused(f"np.vdot is traced of arrays of one shape, not of {left.shape} and {right.shape}")
    return tape.hold(reduce(tape, tape.binary("*", left, right), None, False, False))


def _outer(tape: Tape, a: Any, b: Any) -> Array:
    left, right = tape.value(a), tape.value(b)
    if ONE not in left.node.shape or ONE not in right.node.shape:
        raise tape.refused(f"np.outer is traced of two vectors, not of {left.shape} and {right.shape}")
    column = left.node if left.node.shape[1] == ONE else n.transpose(left.node)
    row = right.node if right.node.shape[0] == ONE else n.transpose(right.node)
    return tape.array(n.matmul(column, row), 2)


def transposed(value: Value) -> Value:
    """The transpose; what has fewer than two dimensions is its own."""
    return value if value.ndim < 2 else Value(n.transpose(value.node), 2, value.boolean)


SWAPPED = ((1, 0), (0,), (-1, 0), (1, -2), (-1, -2), (-2, -1))  # the axes of a transpose


def _transpose(tape: Tape, a: Any, *axes: Any) -> Any:
    if type(a) is Labels:
        return a
    order = axes[0] if len(axes) == 1 and isinstance(axes[0], tuple | list) else axes
    if order and order[0] is not None and tuple(order) not in SWAPPED:
        raise tape.refused(f"the transpose by axes {tuple(order)} is not traced")
    return a.looked_at(transposed, transposed) if a.ndim == 2 else a


def _tile(tape: Tape, a: Any, reps: Any) -> Array:
    """A row or a column repeated."""
    value = tape.value(a)
    times = reps if isinstance(reps, tuple | list) else (reps,)
    counts = [dim_of(tape, t) for t in ((1,) * (2 - len(times)) + tuple(times))]
    if len(counts) != 2 or any(c != ONE and s != ONE for c, s in zip(counts, value.node.shape, strict=False)):
        raise tape.refused("np.tile is traced where it repeats a row or a column")
    shape = tuple(s if c == ONE else c for c, s in zip(counts, value.node.shape, strict=True))
    return tape.array(n.broadcast(value.node, shape), max(value.ndim, len(times)))  # type: ignore[arg-type]  # two sizes


def _where(tape: Tape, condition: Any, *branches: Any) -> Array:
    if len(branches) != 2:
        raise tape.refused("np.where with one argument gives indices, which are not traced; use a mask")
    mask = tape.value(condition)
    if not mask.boolean:
        raise tape.refused("the first argument of np.where is a comparison such as Z > 0")
    yes, no = (tape.value(b) for b in branches)
    if yes.node is no.node and yes.node.shape == mask.node.shape:
        return tape.hold(Value(yes.node, yes.ndim))
    return tape.hold(choose(tape, Value(mask.node, mask.ndim), yes, no))


def choose(tape: Tape, mask: Value, yes: Value, no: Value) -> Value:
    """mask * yes + (1 - mask) * no."""
    chosen = tape.binary("*", mask, yes)
    if n.is_zero(no.node):
        return chosen
    return tape.binary("+", chosen, tape.binary("*", tape.binary("-", Value(n.number(1), 0), mask), no))


def _clip(tape: Tape, a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **names: Any) -> Array:
    low, high = names.get("min", a_min), names.get("max", a_max)
    value = tape.value(a)
    if low is not None:
        value = UFUNCS["maximum"](tape, value, tape.value(low))
    if high is not None:
        value = UFUNCS["minimum"](tape, value, tape.value(high))
    return tape.hold(value) if out is None else write_into(tape, out, value)


def _like(entry: int) -> Callable[..., Any]:
    def like(tape: Tape, a: Any, dtype: Any = None, **rest: Any) -> Array:
        value = tape.value(a)
        return tape.array(n.mul(n.number(entry), n.ones(value.node.shape)), value.ndim)

    return like


def _full_like(tape: Tape, a: Any, fill_value: Any, dtype: Any = None) -> Array:
    value = tape.value(a)
    return tape.array(n.mul(tape.value(fill_value).node, n.ones(value.node.shape)), value.ndim)


def _copy(tape: Tape, a: Any, **rest: Any) -> Any:
    return a if type(a) is Labels else tape.hold(tape.value(a))


def _shape(tape: Tape, a: Any) -> Any:
    return a.shape


def _size(tape: Tape, a: Any, axis: int | None = None) -> Any:
    return a.size if axis is None else a.shape[axis]


def _maximum(sign: int) -> Callable[..., Any]:
    def largest(tape: Tape, a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
        if type(a) is Labels and axis is None and sign > 0:
            return LastLabel(tape, a.node.shape[1])
        return tape.hold(maximum_of(tape, tape.value(a), axis, bool(keepdims), sign))

    return largest


def _norm(tape: Tape, a: Any, ord: Any = None, axis: Any = None, keepdims: Any = False) -> Array:
    value = tape.value(a)
    if ord not in (None, 2, "fro") or (ord == 2 and value.ndim == 2):
        raise tape.refused("np.linalg.norm is traced as the 2-norm of a vector and the Frobenius norm of a matrix")
    if axis is None:
        return tape.array(n.norm(value.node), 2 if keepdims else 0)
    squares = reduce(tape, Value(n.power(value.node, 2), value.ndim), axis, bool(keepdims), False)
    return tape.hold(Value(n.power(squares.node, Fraction(1, 2)), squares.ndim))


def _of_square(build: Callable[[Node], Node], ndim: int) -> Callable[..., Any]:
    def call(tape: Tape, a: Any) -> Array:
        try:
            return tape.array(build(tape.value(a).node), ndim)
        except SymbackError as error:
            raise tape.refused(error.message) from None

    return call


def _diag(tape: Tape, a: Any, k: int = 0) -> Array:
    value = tape.value(a)
    if k or value.ndim == 0:
        raise tape.refused("np.diag is traced of the main diagonal of a matrix, and of a 1-D array")
    if value.ndim == 1:
        return tape.array(n.diag(n.transpose(value.node)), 2)
    return tape.array(n.transpose(_of_square(n.diagonal, 1)(tape, a).value.node), 1)


def _diagflat(tape: Tape, a: Any, k: int = 0) -> Array:
    node = tape.value(a).node
    if ONE not in node.shape or k:
        raise tape.refused("np.diagflat is traced of a vector, on the main diagonal")
    return tape.array(n.diag(node if node.shape[1] == ONE else n.transpose(node)), 2)


def _trace(tape: Tape, a: Any) -> Array:
    made: Array = _of_square(n.trace, 0)(tape, a)
    return made


def _item(tape: Tape, a: Any, *index: Any) -> Array:
    value = tape.value(a)
    if not value.node.is_scalar:
        raise tape.refused(f"one entry of an array of shape {value.shape} is not traced")
    return tape.array(value.node, 0)


def _astype(tape: Tape, a: Any, dtype: Any = float, **rest: Any) -> Any:
    return cast(tape, a, dtype)


def cast(tape: Tape, x: Any, dtype: Any) -> Any:
    """A conversion of type: a mask to numbers, a float to a float; what would cut off decimals is refused."""
    if type(x) in (Size, Labels):
        return x
    value = tape.value(x)
    kind = np.dtype(dtype if isinstance(dtype, str | np.dtype) or not isinstance(dtype, type) else _plain(dtype)).kind
    if kind == "b":
        if not value.boolean:
            raise tape.refused("an array of numbers as booleans is not traced; write the comparison")
        return tape.hold(value)
    if kind in "iu" and not value.boolean and value.node.op not in ("ones", "zeros", "number"):
        raise tape.refused("a cast to integers cuts the decimals off, which has no derivative; leave it out")
    return tape.hold(Value(value.node, value.ndim))


def _plain(dtype: type) -> type:
    return next(t for t in dtype.__mro__ if any(t is b for b in (bool, int, float)) or t.__module__ == "numpy")


def _einsum(tape: Tape, subscripts: str, *operands: Any, **rest: Any) -> Any:
    raise tape.refused("np.einsum is not traced; write it with @, * and np.sum")


def _mul(op: str) -> Callable[..., Any]:
    return lambda tape, a, b, **rest: tape.hold(UFUNCS[op](tape, tape.value(a), tape.value(b)))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": _sum(False), "mean": _sum(True), "average": _sum(True), "nansum": _sum(False), "nanmean": _sum(True),
    "var": _var(False), "std": _var(True),
    "dot": _dot, "vdot": _vdot, "inner": _dot, "outer": _outer, "matmul": _mul("matmul"),
    "transpose": _transpose, "where": _where, "clip": _clip, "zeros_like": _like(0), "ones_like": _like(1),
    "full_like": _full_like, "copy": _copy, "shape": _shape, "size": _size, "ndim": lambda tape, a: a.ndim,
    "max": _maximum(1), "amax": _maximum(1), "min": _maximum(-1), "amin": _maximum(-1),
    "norm": _norm, "inv": _of_square(n.inv, 2), "det": _of_square(n.det, 0), "pinv": _of_square(n.pinv, 2),
    "trace": _trace, "diag": _diag, "diagflat": _diagflat, "einsum": _einsum,
    "squeeze": squeeze, "reshape": reshape, "ravel": lambda tape, a, **k: reshape(tape, a, -1),
    "flatten": lambda tape, a, **k: _copy(tape, reshape(tape, a, -1)), "expand_dims": expand_dims,
    "atleast_2d": lambda tape, a: a if a.ndim == 2 else reshape(tape, a, (1, -1)), "item": _item, "astype": _astype,
    "argmax": lambda tape, a, **k: Opaque(tape, "np.argmax"), "tile": _tile, "swapaxes": _transpose,
    "asarray": lambda tape, a, **k: a, "real": lambda tape, a: a, "nan_to_num": lambda tape, a, **k: _copy(tape, a),
    "round": lambda tape, a, **k: _refuse_round(tape), "fill": lambda tape, a, x: write_into(tape, a, tape.value(x)),
}  # fmt: skip

METHODS = {
    name: name
    for name in (
        "sum", "mean", "var", "std", "dot", "transpose", "copy", "max", "min", "trace", "squeeze", "reshape", "ravel",
        "flatten", "item", "astype", "clip", "round", "fill", "argmax", "swapaxes",
    )
}  # fmt: skip


def _refuse_round(tape: Tape) -> Any:
    raise tape.refused("rounding has no derivative; leave it out")


def call_function(tape: Tape, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function of NumPy, by name, or a method as that function."""
    if name in OPAQUE_FUNCTIONS or any(type(a) is Opaque for a in args):
        return Opaque(tape, f"np.{name}")
    function = FUNCTIONS.get(name)
    if function is None:
        raise tape.refused(f"np.{name} is not traced; write it with @, *, np.sum and elementwise functions")
    if args and type(args[0]) is Labels and name not in ("max", "amax", "shape", "size", "ndim", "copy", "transpose"):
        return _of_labels(tape, name, args[0])
    args = tuple(tape.hold(tape.value(a)) if type(a) is Size else a for a in args)
    if args and not issubclass(type(args[0]), Symbolic) and name not in ("where", "dot", "matmul", "outer", "inner"):
        args = (tape.hold(tape.value(args[0])), *args[1:]) if isinstance(args[0], np.ndarray) else args
    try:
        return function(tape, *args, **kwargs)
    except TypeError as error:
        raise tape.refused(f"np.{name} with these arguments is not traced ({error})") from None


def _of_labels(tape: Tape, name: str, labels: Labels) -> Labels:
    if name in ("squeeze", "ravel", "flatten", "astype", "asarray"):
        return labels
    raise tape.refused(f"np.{name} of labels is not traced; labels pick entries, probs[range(m), y]")


