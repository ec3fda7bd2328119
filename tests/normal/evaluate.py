"""The second witness: expressions in NumPy, at arrays that satisfy the facts, whole numbers and kinks included."""

from __future__ import annotations

import operator
from fractions import Fraction
from functools import reduce

import numpy as np

import symback.numpy as language
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder

Arrays = dict[str, np.ndarray]
Sizes = dict[str, int]
EXACT = frozenset(
    {
        "symbol", "number", "size", "ones", "zeros", "eye", "commutation", "add", "mul", "matmul", "transpose", "sum",
        "trace", "diag", "diagonal", "vec", "unvec", "kron", "matpow",
        "step", "relu", "abs", "sign", "maximum", "minimum",
    }
)  # fmt: skip


def exact(node: Node) -> bool:
    """True where floating point makes no error on small whole numbers."""
    for x in postorder(node):
        if x.op == "power":
            if x.data.denominator != 1 or x.data < 0:
                return False
        elif x.op not in EXACT or (x.op == "number" and x.data.denominator not in (1, 2, 4)):
            return False
    return True


def evaluate(root: Node, arrays: Arrays, sizes: Sizes) -> np.ndarray:
    """The value, a matrix; NaN where NumPy has none."""
    known: dict[Node, np.ndarray] = {}
    with np.errstate(all="ignore"):
        for node in postorder(root):
            try:
                known[node] = _value(node, [known[a] for a in node.args], arrays, sizes)
            except np.linalg.LinAlgError:
                known[node] = np.full([d.value(sizes) for d in node.shape], np.nan)
            if not np.isfinite(known[node]).all():  # relu(NaN) would be 0: what has no value inside has none outside
                return np.full([d.value(sizes) for d in root.shape], np.nan)
    return known[root]


def _value(node: Node, args: list[np.ndarray], arrays: Arrays, sizes: Sizes) -> np.ndarray:
    shape = tuple(d.value(sizes) for d in node.shape)
    match node.op:
        case "symbol":
            return arrays[node.data]
        case "number":
            return np.array([[float(node.data)]])
        case "size":
            return np.array([[float(node.data.value(sizes))]])
        case "pi":
            return np.array([[np.pi]])
        case "ones" | "zeros":
            return np.full(shape, float(node.op == "ones"))
        case "eye":
            return np.eye(shape[0])
        case "commutation":
            return language.commutation(*(d.value(sizes) for d in node.data))
        case "add":
            return reduce(operator.add, args)
        case "mul":
            return reduce(operator.mul, args)
        case "matmul":
            return reduce(operator.matmul, args)
        case "power":
            e = node.data
            return args[0] ** (int(e) if e.denominator == 1 else float(e)) if e != Fraction(1, 2) else np.sqrt(args[0])
        case "transpose":
            return args[0].T
        case "unvec":
            return args[0].reshape(shape, order="F")
        case "sum":
            return np.sum(args[0], axis=node.data, keepdims=True).reshape(shape)
        case "softmax" | "logsumexp" | "matpow":
            return getattr(language, node.op)(args[0], node.data)
        case "inv" | "det" | "logdet" | "pinv" if not np.linalg.cond(args[0]) < 1e7:
            return np.full(shape, np.nan)
        case op:
            return np.reshape(getattr(language, op)(*args), shape)


def arrays_for(symbols: dict[str, tuple[object, object]], facts: frozenset[tuple[str, str]], sizes: Sizes,
               rng: np.random.Generator, whole: bool) -> Arrays:  # fmt: skip
    """Arrays that satisfy the facts: of small whole numbers, zero among them, or of order one."""
    out = {}
    for name, dims in symbols.items():
        shape = tuple(d.value(sizes) for d in dims)
        has = {fact for fact, of in facts if of == name}
        value = rng.integers(-2, 3, size=shape).astype(float) if whole else rng.normal(size=shape)
        if "positive" in has:
            value = np.abs(value) + (1.0 if whole else 0.2)
        if has & {"symmetric", "spd"}:
            value = value + value.T
        if "spd" in has:
            value = value @ value + np.eye(shape[0])
        if "diagonal" in has:
            value = np.diag(np.diagonal(value))
        if "orthogonal" in has:
            value = np.eye(shape[0])[rng.permutation(shape[0])] * rng.choice([-1.0, 1.0], size=shape[0])
            if not whole:
                value = np.linalg.qr(rng.normal(size=shape))[0]
        if "binary" in has:
            value = rng.integers(0, 2, size=shape).astype(float)
        for axis in (0, 1):
            if f"onehot:{axis}" in has:
                value = np.eye(shape[axis])[:, rng.integers(0, shape[axis], size=shape[1 - axis])]
                value = value if axis == 0 else value.T
            if f"sums_to_one:{axis}" in has:
                value = value if axis == 0 else value.T.copy()
                value[-1] = 1 - value[:-1].sum(axis=0)  # the last entry makes up the sum
                value = value if axis == 0 else value.T
        out[name] = value
    return out


def differ(a: Node, b: Node, symbols: dict[str, tuple[object, object]], facts: frozenset[tuple[str, str]],
           names: tuple[str, ...], seed: int = 0, tall: tuple[tuple[str, str], ...] = ()) -> str | None:  # fmt: skip
    """A point at which two expressions differ though both have a value, or None.

    Where arithmetic is exact one point of whole numbers is enough; else two points of three must show a gap.
    """
    rng = np.random.default_rng(seed)
    whole = exact(a) and exact(b)
    gaps = []
    for k in range(10):
        top = 2 + k // 3
        sizes = {name: int(rng.integers(1 if k % 2 else 2, top + 1)) for name in names}
        for large, small in tall:
            sizes[large] = sizes[small] + 1 + k % 2
        arrays = arrays_for(symbols, facts, sizes, rng, whole and k % 3 != 2)
        left, right = evaluate(a, arrays, sizes), evaluate(b, arrays, sizes)
        if left.shape != right.shape:
            return f"shapes {left.shape} and {right.shape} at {sizes}"
        both = np.isfinite(left) & np.isfinite(right)
        if not both.all():
            continue
        gap = np.max(np.abs(left - right), initial=0.0)
        scale = max(1e-3, np.max(np.abs(left), initial=0.0), np.max(np.abs(right), initial=0.0))
        if gap > 1e-6 * scale:
            if whole and k % 3 != 2:
                return f"{left.tolist()} and {right.tolist()} at {sizes}, {arrays}"
            gaps.append(f"{left.tolist()} and {right.tolist()} at {sizes}, {arrays}")
    return gaps[0] if len(gaps) > 1 else None
