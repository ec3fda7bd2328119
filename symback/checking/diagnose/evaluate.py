"""Values of texts and of expressions at one point: a small interpreter that remembers what it has computed.

A text is walked as a syntax tree and never executed; only the functions of the language are called. Trees that share
parts share their values, so trying a small change of a formula costs only the way from that change to its root.
"""

from __future__ import annotations

import ast
import contextlib
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

import symback.numpy as language
from symback.algebra.dims import Dim
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.language.functions import LINALG, METHODS, NUMPY

Array = Any
MAX_ENTRIES = 1e7  # of an array that a claim makes from nothing
BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.MatMult: operator.matmul,
}  # fmt: skip
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
BARE: dict[str, Callable[..., Any]] = {**language.ELEMENTWISE, **language.FUNCTIONS}


REFUSED = (ValueError, TypeError, ArithmeticError, LookupError, RecursionError, MemoryError)  # what NumPy raises


class Misfit(Exception):
    """The text has no value at this point: its shapes do not conform, or it is not of the language."""


def as2(value: Array) -> Array:
    """A value as a matrix: a scalar is (1, 1), a 1-D array a row."""
    value = np.asarray(value, dtype=float)
    return value.reshape(1, -1) if value.ndim < 2 else value


def same(a: Array, b: Array, tolerance: float = 1e-7) -> bool:
    """True where two matrices have one shape, and their entries agree to rounding; never where one is not finite."""
    if a.shape != b.shape:
        return False
    scale = float(np.max(np.abs(b))) if b.size else 0.0
    return bool(np.max(np.abs(a - b)) <= tolerance * max(scale, 1e-4))


def parallel(a: Array, b: Array) -> bool:
    """True where one matrix is a multiple of another, and not of zero."""
    size = float(np.sum(b * b))
    if a.shape != b.shape or size == 0 or not size < 1e200:
        return False
    c = float(np.sum(a * b)) / size
    return c != 0 and bool(np.max(np.abs(a - c * b)) <= 1e-7 * max(float(np.max(np.abs(a))), 1e-12))


def _entries(function: ast.expr, values: list[Array]) -> float:
    """How many entries the result of a call may have."""
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if name in ("ones", "zeros", "eye", "identity", "commutation"):
        sizes = [float(v) for v in np.ravel(values)] * (2 if name in ("eye", "identity", "commutation") else 1)
        return float(np.prod(sizes))
    if name in ("kron", "outer"):
        return float(np.size(values[0]) * np.size(values[1]))
    return float(np.size(values[0]) ** 2) if name in ("diag", "diagflat") and values else 0.0


class Texts:
    """The values of texts over one set of arrays. Keep the trees alive while it lives: it knows them by identity."""

    def __init__(self, names: Mapping[str, Array]) -> None:
        """Nothing is computed yet."""
        self.names = names
        self.known: dict[int, tuple[ast.expr, Array]] = {}

    def value(self, tree: ast.expr) -> Array:
        """The value of a text; raises Misfit where it has none."""
        waiting: list[ast.expr] = []  # a run of operators that leans to the left may be a thousand long
        inner = tree
        while isinstance(inner, ast.BinOp) and id(inner) not in self.known:
            waiting.append(inner)
            inner = inner.left
        for part in reversed(waiting):
            with contextlib.suppress(Misfit):
                self._settle(part)
        return self._settle(tree)

    def _settle(self, tree: ast.expr) -> Array:
        """The value of a text whose left side is known where it is a run of operators."""
        found = self.known.get(id(tree))
        if found is None:
            try:
                result = self._value(tree)
                if np.iscomplexobj(result):
                    result = Misfit("a root of a negative number is not real")
            except Misfit as error:
                result = error
            except REFUSED as error:
                result = Misfit(str(error))
            found = self.known[id(tree)] = (tree, result)
        if isinstance(found[1], Misfit):
            raise found[1]
        return found[1]

    def matrix(self, tree: ast.expr) -> Array | None:
        """The value as a matrix, None where there is none, or where it is not finite."""
        try:
            result = as2(self.value(tree))
        except (Misfit, ValueError, TypeError):
            return None
        return result if result.ndim == 2 and np.isfinite(result).all() else None

    def _value(self, tree: ast.expr) -> Array:
        match tree:
            case ast.BinOp():
                return BINARY[type(tree.op)](self.value(tree.left), self.value(tree.right))
            case ast.Name(id=name):
                if name not in self.names:
                    raise Misfit(f"{name} is not known")
                return self.names[name]
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Attribute(value=inner, attr="T"):
                return np.transpose(self.value(inner))
            case ast.Attribute(value=ast.Name(id="np"), attr="pi"):
                return np.pi
            case ast.UnaryOp(op=ast.USub()):
                return -1.0 * self.value(tree.operand)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.value(tree.operand)
            case ast.Call():
                return self._call(tree)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
                return np.asarray(COMPARE[type(op)](self.value(left), self.value(right)), dtype=float)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="shape"), slice=ast.Constant(value=int(axis))):
                return float(np.shape(self.value(inner))[axis])
            case ast.Attribute(value=inner, attr="size"):
                return float(np.size(self.value(inner)))
            case ast.Tuple(elts=elements):
                return tuple(int(self.value(e)) for e in elements)
        raise Misfit(f"{ast.unparse(tree)} is not of the language")

    def _call(self, tree: ast.Call) -> Array:
        given = list(tree.args)
        keywords = {
            k.arg: ast.literal_eval(k.value)
            for k in tree.keywords
            if k.arg and isinstance(k.value, ast.Constant | ast.UnaryOp)
        }
        match tree.func:
            case ast.Name(id=name) if name in BARE:
                function = BARE[name]
            case ast.Attribute(value=ast.Name(id="np"), attr=attr) if attr in NUMPY:
                function = np.array if attr == "asarray" else getattr(np, attr)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"), attr="linalg"), attr=attr) if (
                attr in LINALG
            ):
                function = getattr(np.linalg, attr)
            case ast.Attribute(value=owner, attr=attr) if attr in METHODS:
                function, given = getattr(np, attr), [owner, *given]
            case _:
                raise Misfit(f"{ast.unparse(tree.func)} is not a function of the language")
        values = [self.value(a) for a in given]
        if isinstance(tree.func, ast.Name) and tree.func.id in ("eye", "ones", "zeros", "commutation", "matpow"):
            values = [int(v) if np.ndim(v) == 0 else v for v in values]
            if tree.func.id in ("ones", "zeros") and len(values) == 1:
                values.append(1)
        elif isinstance(tree.func, ast.Attribute) and tree.func.attr in (
            "eye",
            "ones",
            "zeros",
            "identity",
            "matrix_power",
        ):
            values = [int(v) if np.ndim(v) == 0 and not isinstance(v, tuple) else v for v in values]
        if _entries(tree.func, values) > MAX_ENTRIES:
            raise Misfit("the array is too large")
        if any(k.arg not in ("axis", "keepdims") for k in tree.keywords):
            raise Misfit("an unknown keyword")
        return function(*values, **keywords)


class Nodes:
    """The values of expressions over one set of matrices and sizes."""

    def __init__(self, names: Mapping[str, Array], sizes: Mapping[str, int]) -> None:
        """Nothing is computed yet."""
        self.names, self.sizes = names, dict(sizes)
        self.known: dict[Node, Array] = {}

    def value(self, root: Node) -> Array:
        """The value, always a matrix; raises KeyError where a name has none."""
        if root not in self.known:
            for node in postorder(root):
                if node not in self.known:
                    self.known[node] = self._value(node, [self.known[a] for a in node.args])
        return self.known[root]

    def _value(self, node: Node, args: list[Array]) -> Array:
        rows, columns = (size.value(self.sizes) for size in node.shape)
        match node.op:
            case "symbol":
                return self.names[str(node.data)]
            case "number":
                assert isinstance(node.data, Fraction)
                return np.array([[float(node.data)]])
            case "size":
                assert isinstance(node.data, Dim)
                return np.array([[float(node.data.value(self.sizes))]])
            case "pi":
                return np.array([[np.pi]])
            case "ones":
                return np.ones((rows, columns))
            case "zeros":
                return np.zeros((rows, columns))
            case "eye":
                return np.eye(rows)
            case "commutation":
                assert isinstance(node.data, tuple)
                return language.commutation(*(d.value(self.sizes) for d in node.data))
            case "add":
                return reduce(operator.add, args)
            case "mul":
                return reduce(operator.mul, args)
            case "matmul":
                return reduce(operator.matmul, args)
            case "power":
                assert isinstance(node.data, Fraction)
                return args[0] ** float(node.data)
            case "transpose":
                return args[0].T
            case "unvec":
                return args[0].reshape((rows, columns), order="F")
            case "sum":
                return as2(np.sum(args[0], axis=node.data, keepdims=True))  # type: ignore[call-overload]  # the axis
            case "softmax" | "logsumexp" | "matpow":
                return BARE[node.op](args[0], node.data)
            case _:
                return as2(BARE[node.op](*args))
