"""The language's functions in NumPy, alone: ``from symback.numpy import *`` runs a file's definitions as they stand.

Bare names keep the dimension they sum over, as the language does; NumPy's own spellings (``np.sum``) mean what
NumPy means. An elementwise function is one line here: its value, and its slope in the language, in terms of its
argument ``x`` and its own value ``y``. Nothing else of symback is imported, and nothing else needs to know it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any  # a float, or an ndarray of floats with one or two dimensions


@dataclass(frozen=True)
class Elementwise:
    """A function applied entry by entry; ``slopes`` are its derivatives by each argument, in the language."""

    value: Callable[..., Array]
    slopes: tuple[str, ...]  # in x (and a, the second argument) and y, the value itself
    latex: str = ""  # how mathematicians write the name; empty: upright letters
    kinks: tuple[str, ...] = ()  # the expressions in x and a at whose zeros there is no slope
    at_kink: str = ""  # the convention there

    def __call__(self, *args: Array) -> Array:
        """The value at each entry."""
        return self.value(*args)


def _erf(x: Array) -> Array:
    """The error function by Cody's rational approximations, to 1e-15 (Mathematics of Computation 23, 1969, 631-637)."""
    # fmt: off
    near_top = [
        1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2,
        3.20937758913846947e3,
    ]
    near_bottom = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3]
    far_top = [
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
        2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
        1.23033935479799725e3,
    ]
    far_bottom = [
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
        1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
        1.23033935480374942e3,
    ]
    # fmt: on
    x = np.asarray(x)
    negative, small = np.real(x) < 0, np.abs(np.real(x)) < 0.46875
    near, far = np.where(small, x, 0), np.where(small, 1, np.where(negative, -x, x))
    inner = near * np.polyval(near_top, near**2) / np.polyval(near_bottom, near**2)
    far = np.where(np.real(far) > 30, 30, far)  # beyond, 1 - erf is below what a float holds
    outer = 1 - np.exp(-(far**2)) * np.polyval(far_top, far) / np.polyval(far_bottom, far)
    return np.where(small, inner, np.where(negative, -outer, outer))


def _softplus(x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    return np.where(np.real(x) > 0, x, 0) + np.log1p(np.exp(np.where(np.real(x) > 0, -x, x)))


# fmt: off
exp = Elementwise(np.exp, ("y",), r"\exp")
log = Elementwise(np.log, ("1 / x",), r"\log")
sqrt = Elementwise(np.sqrt, ("1 / (2 * y)",))
abs = Elementwise(np.abs, ("sign(x)",), kinks=("x",), at_kink="sign(0) = 0")
sign = Elementwise(np.sign, ("0",), r"\mathrm{sign}", kinks=("x",))
sin = Elementwise(np.sin, ("cos(x)",), r"\sin")
cos = Elementwise(np.cos, ("-sin(x)",), r"\cos")
tanh = Elementwise(np.tanh, ("1 - y ** 2",), r"\tanh")
sigmoid = Elementwise(lambda x: 0.5 * (1 + np.tanh(0.5 * x)), ("y * (1 - y)",), r"\sigma")
step = Elementwise(lambda x: np.where(np.real(x) > 0, 1.0, 0.0), ("0",), r"\mathrm{step}", kinks=("x",))
relu = Elementwise(lambda x: np.where(np.real(x) > 0, x, 0.0), ("step(x)",), kinks=("x",), at_kink="step(0) = 0")
leaky_relu = Elementwise(lambda x, a=0.01: np.where(np.real(x) > 0, x, a * x),
                         ("a + (1 - a) * step(x)", "x * (1 - step(x))"), kinks=("x",), at_kink="step(0) = 0")
softplus = Elementwise(_softplus, ("sigmoid(x)",))
erf = Elementwise(_erf, ("2 * exp(-x ** 2) / sqrt(pi)",))
gelu = Elementwise(lambda x: 0.5 * x * (1 + _erf(x / math.sqrt(2))),
                   ("(1 + erf(x / sqrt(2))) / 2 + x * exp(-x ** 2 / 2) / sqrt(2 * pi)",))
silu = Elementwise(lambda x: x * sigmoid(x), ("y + sigmoid(x) * (1 - y)",))
maximum = Elementwise(lambda x, a: np.where(np.real(x) > np.real(a), x, a),
                      ("step(x - a)", "step(a - x)"), r"\max", kinks=("x - a",), at_kink="step(0) = 0")
minimum = Elementwise(lambda x, a: np.where(np.real(x) < np.real(a), x, a),
                      ("step(a - x)", "step(x - a)"), r"\min", kinks=("x - a",), at_kink="step(0) = 0")
pow = Elementwise(np.power, ("a * x ** (a - 1)", "y * log(x)"))
# fmt: on

pi = math.pi


def _matrix(x: Array) -> Array:
    """A scalar as a 1 by 1 matrix; anything else as it is."""
    return np.reshape(x, (1, 1)) if np.ndim(x) == 0 else np.asarray(x)


def sum(x: Array, axis: int | None = None) -> Array:
    """The sum of all entries, or along an axis, whose dimension is kept.

    >>> sum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1).tolist()
    [[3.0], [7.0]]
    """
    return np.sum(x) if axis is None else np.sum(x, axis=axis, keepdims=True)


def mean(x: Array, axis: int | None = None) -> Array:
    """The mean of all entries, or along an axis, whose dimension is kept."""
    return np.mean(x) if axis is None else np.mean(x, axis=axis, keepdims=True)


def trace(x: Array) -> Array:
    """The sum of the diagonal of a square matrix."""
    return np.trace(_matrix(x))


def det(x: Array) -> Array:
    """The determinant."""
    return np.linalg.det(_matrix(x))


def logdet(x: Array) -> Array:
    """The logarithm of the absolute value of the determinant."""
    return np.linalg.slogdet(_matrix(x))[1]


def inv(x: Array) -> Array:
    """The inverse."""
    return np.linalg.inv(_matrix(x))


def pinv(x: Array) -> Array:
    """The Moore-Penrose inverse of a matrix of full rank, by the normal equations."""
    x = _matrix(x)
    return inv(x.T @ x) @ x.T if x.shape[0] >= x.shape[1] else x.T @ inv(x @ x.T)


def norm(x: Array) -> Array:
    """The vector 2-norm, or the Frobenius norm of a matrix."""
    return np.sqrt(np.sum(x * x))


def diag(x: Array) -> Array:
    """The matrix with a column on its diagonal.

    >>> diag(np.array([[1.0], [2.0]])).tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    x = _matrix(x)
    return np.reshape(x, (-1, 1)) * np.eye(x.size)


def diagonal(x: Array) -> Array:
    """The diagonal of a square matrix, as a column."""
    return np.diagonal(_matrix(x))[:, None]


def vec(x: Array) -> Array:
    """The columns stacked into one column.

    >>> vec(np.array([[1, 2], [3, 4]])).T.tolist()
    [[1, 3, 2, 4]]
    """
    return np.reshape(_matrix(x).T, (-1, 1))


def kron(x: Array, y: Array) -> Array:
    """The Kronecker product."""
    return np.kron(_matrix(x), _matrix(y))


def eye(n: int) -> Array:
    """The identity matrix of size n."""
    return np.eye(n)


def ones(m: int, n: int) -> Array:
    """The m by n matrix of ones."""
    return np.ones((m, n))


def zeros(m: int, n: int) -> Array:
    """The m by n matrix of zeros."""
    return np.zeros((m, n))


def commutation(m: int, n: int) -> Array:
    """K with ``K @ vec(A) == vec(A.T)`` for A of shape (m, n).

    >>> A = np.arange(6.0).reshape(2, 3)
    >>> bool((commutation(2, 3) @ vec(A) == vec(A.T)).all())
    True
    """
    return np.eye(m * n)[np.arange(m * n).reshape(n, m).T.ravel()]


def matpow(x: Array, k: int) -> Array:
    """A square matrix times itself, k times."""
    return np.linalg.matrix_power(_matrix(x), k)


def logsumexp(x: Array, axis: int) -> Array:
    """log of the sum of exp along an axis, which is kept; the maximum is taken off first."""
    top = np.max(np.real(x), axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))


def softmax(x: Array, axis: int) -> Array:
    """exp over its sum along an axis.

    >>> softmax(np.zeros((2, 2)), axis=0).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    return np.exp(x - logsumexp(x, axis))


ELEMENTWISE = {name: f for name, f in list(globals().items()) if isinstance(f, Elementwise)}
FUNCTIONS = {
    f.__name__: f
    for f in (
        sum, mean, trace, det, logdet, inv, pinv, norm, diag, diagonal, vec, kron, eye, ones, zeros, commutation,
        matpow, logsumexp, softmax,
    )
}  # fmt: skip
__all__ = [*ELEMENTWISE, *FUNCTIONS, "pi"]
