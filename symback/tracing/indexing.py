"""Reading and writing by index: new axes, whole slices, masks, and one entry per example by its label."""

from __future__ import annotations

from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.algebra.parts import constant_core
from symback.language.values import Value
from symback.tracing.array import Array, Labels, Range
from symback.tracing.functions import choose
from symback.tracing.masked import Masked
from symback.tracing.opaque import Row
from symback.tracing.reshaping import seen_as
from symback.tracing.ufuncs import write_into

WHOLE = slice(None)


def get(array: Array, index: Any) -> Any:
    """``array[index]``."""
    tape, value = array.tape, array.value
    if type(index) is Labels:
        return _rows_by_label(array, index)
    parts = index if type(index) is tuple else (index,)
    picked = _picked(array, parts)
    if picked is not None:
        return tape.array(_pick(value.node, picked[0], picked[1]), 1)
    if len(parts) == 1 and type(parts[0]) is Array and parts[0].value.boolean:
        mask = parts[0].value
        if mask.node.shape != value.node.shape or value.ndim == 0:
            raise tape.refused("a mask picks from an array of its own shape")
        return Masked(tape, value, mask)
    if any(type(p) in (Array, Labels, Range) or isinstance(p, list | np.ndarray) for p in parts):
        raise tape.refused(
            "this index is not traced; entries are picked by labels, probs[np.arange(m), y], masks are multiplied with"
        )
    if len(parts) == 1 and type(parts[0]) is int and array.ndim == 2 and not value.node.shape[0].is_one:
        return Row(tape, array.shape[1:])
    return _basic(array, parts)


def put(array: Array, index: Any, new: Any) -> None:
    """``array[index] = new``."""
    tape, value = array.tape, array.value
    parts = index if type(index) is tuple else (index,)
    if value.ndim == 0:
        raise tape.refused("a scalar cannot be written into; give the result a name")
    if type(new) is Masked:
        if len(parts) != 1 or type(parts[0]) is not Array or parts[0].value.node is not new.mask.node:
            raise tape.refused("picked entries are put back by the mask that picked them; use np.where")
        _write(array, choose(tape, Value(new.mask.node, new.mask.ndim), new.full, value))
        return
    fresh = tape.value(new)
    picked = _picked(array, parts)
    if picked is not None:
        _write(array, _with_picked(array, picked[0], picked[1], fresh))
    elif len(parts) == 1 and type(parts[0]) is Array and parts[0].value.boolean:
        mask = parts[0].value
        if mask.node.shape != value.node.shape or fresh.ndim:
            raise tape.refused("a mask of the array's own shape takes one number, A[Z <= 0] = 0; else use np.where")
        _write(array, choose(tape, Value(n.sub(n.ones(mask.node.shape), mask.node), mask.ndim), value, fresh))
    elif all(p is Ellipsis or p == WHOLE for p in parts if not isinstance(p, np.ndarray)) and parts:
        write_into(tape, array, fresh)
    else:
        raise tape.refused("writing into part of an array is not traced; build the whole array in one expression")


def _write(array: Array, value: Value) -> None:
    array.set(Value(value.node, array.value.ndim, array.value.boolean))


def _basic(array: Array, parts: tuple[Any, ...]) -> Any:
    """New axes, whole slices, and the only row or column."""
    tape, value = array.tape, array.value
    used = sum(p is not None and p is not Ellipsis for p in parts)
    if used > value.ndim:
        raise tape.refused(f"too many indices for an array of shape {value.shape}")
    full: list[Any] = []
    for part in parts:
        full += [WHOLE] * (value.ndim - used) if part is Ellipsis else [part]
    if Ellipsis not in parts:
        full += [WHOLE] * (value.ndim - used)
    sizes = list(value.node.shape[2 - value.ndim :])
    left = []
    for part in full:
        if part is None:
            left.append(ONE)
            continue
        size = sizes.pop(0)
        if isinstance(part, slice) and _is_whole(part, size):
            left.append(size)
        elif type(part) is int and size.is_one and part in (0, -1):
            continue
        else:
            raise tape.refused(
                f"part of an array of shape {value.shape} is taken here, which no matrix formula here says; "
                "pass the parts as arguments of their own"
            )
    if len(left) > 2:
        raise tape.refused("arrays here have at most two dimensions")
    shape = ((ONE,) * (2 - len(left)) + tuple(left))[:2]
    return seen_as(array, shape, len(left))  # type: ignore[arg-type]  # two sizes


def _is_whole(part: slice, size: Any) -> bool:
    stop = part.stop
    past = type(stop) is int and not size.names and stop >= size.coefficient
    ends = stop is None or getattr(stop, "dim", None) == size or past
    return part.start in (None, 0) and ends and part.step in (None, 1)


def _rows_by_label(array: Array, labels: Labels) -> Array:
    """np.eye(k)[y], and W[y] in general: row y_i of W for each example i."""
    tape, node = array.tape, array.value.node
    if array.ndim != 2 or node.shape[0] != labels.node.shape[1]:
        raise tape.refused(f"labels below {labels.node.shape[1]} do not index the rows of {array.value.shape}")
    return tape.array(labels.node if node.op == "eye" else n.matmul(labels.node, node), 2)


def _picked(array: Array, parts: tuple[Any, ...]) -> tuple[Node, int] | None:
    """For ``[range(m), y]`` the one-hot matrix in the array's shape, and the axis that it picks along."""
    kinds = tuple(type(p) for p in parts)
    if kinds not in ((Range, Labels), (Labels, Range)):
        return None
    along = kinds.index(Labels)
    labels, every = parts[along], parts[1 - along]
    onehot = labels.node if along == 1 else n.transpose(labels.node)
    if every.size.dim != labels.node.shape[0] or array.value.node.shape != onehot.shape or array.ndim != 2:
        raise array.tape.refused(
            f"{labels!r} labels {labels.node.shape[0]} examples of {labels.node.shape[1]} classes, "
            f"which does not fit an array of shape {array.value.shape}"
        )
    return onehot, along


def _pick(node: Node, onehot: Node, along: int) -> Node:
    """The picked entries as a row: sum(A * Y) along the classes."""
    total = n.total(n.mul(node, onehot), along)
    return n.transpose(total) if along == 1 else total


def _with_picked(array: Array, onehot: Node, along: int, fresh: Value) -> Value:
    """The array with its picked entries replaced; what is added to them is added where the one-hot matrix is one."""
    tape, node = array.tape, array.value.node
    old = _pick(node, onehot, along)
    terms = list(fresh.node.args) if fresh.node.op == "add" else [fresh.node]
    if old in terms:
        terms.remove(old)
        added = n.add(*terms) if terms else n.zeros(fresh.node.shape)
        return Value(n.add(node, n.mul(_spread(added, onehot, along), onehot)), 2)
    inside = n.mul(_spread(fresh.node, onehot, along), onehot)
    if n.is_zero(node):
        return Value(inside, 2)
    return tape.binary("+", Value(n.mul(node, n.sub(n.ones(node.shape), onehot)), 2), Value(inside, 2))


def _spread(row: Node, onehot: Node, along: int) -> Node:
    """A number, or one number per example, in the array's shape."""
    core = row if row.is_scalar else constant_core(row)
    if core is not None:
        return n.broadcast(core, onehot.shape)
    return n.broadcast(n.transpose(row) if along == 1 else row, onehot.shape)
