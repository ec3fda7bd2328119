"""What cannot be traced is refused, with the line and what to write instead; the user's modules stay as they are."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import symback as sb
from symback.errors import SymbackError

X = ("n", "m")


def branch_on_a_value(X: Any) -> Any:
    J = np.sum(X)
    if J > 0:
        return J
    return -J


def loop_over_examples(X: Any) -> Any:
    J = 0
    for i in range(X.shape[1]):
        J += np.sum(X[:, i])
    return J


def loop_over_rows(X: Any) -> Any:
    J = 0
    for row in X:
        J += np.sum(row)
    return J


def maximum_left(X: Any) -> Any:
    return np.sum(X - np.max(X, axis=0))


def part_of_an_array(X: Any) -> Any:
    return np.sum(X[1:])


def write_into_part(X: Any) -> Any:
    X[0] = 1.0
    return np.sum(X)


def sorting(X: Any) -> Any:
    return np.sum(np.sort(X))


def given_numbers(X: Any) -> Any:
    return np.sum(X * np.array([1.0, 2.0]))


def random_mask(X: Any) -> Any:
    return np.sum(X * (np.random.rand(*X.shape) < 0.5))


def shapes_differ(X: Any) -> Any:
    return np.sum(X @ X)


def three_dimensions(X: Any) -> Any:
    return np.sum(X[:, None, :])


def grown_in_place(X: Any) -> Any:
    b = np.sum(X, axis=1, keepdims=True)
    b += X
    return np.sum(b)


def cut_to_integers(X: Any) -> Any:
    return np.sum(X.astype(int))


def as_a_number(X: Any) -> Any:
    return math.floor(np.sum(X))


def caught(X: Any) -> Any:
    try:
        return np.sum(np.sort(X))
    except Exception:
        return np.sum(X)


def moved_by_reshape(X: Any) -> Any:
    return np.sum(X.reshape(X.shape[1], X.shape[0]) @ X)


def raises(X: Any) -> Any:
    raise ValueError("not today")


REFUSED = [
    (branch_on_a_value, "if J > 0:", "np.where"),
    (loop_over_examples, "for i in range(X.shape[1]):", "write it with matrices"),
    (loop_over_rows, "for row in X:", "write it with matrices"),
    (maximum_left, "return np.sum(X - np.max(X, axis=0))", "cancels"),
    (part_of_an_array, "return np.sum(X[1:])", "arguments of their own"),
    (write_into_part, "X[0] = 1.0", "one expression"),
    (sorting, "return np.sum(np.sort(X))", "np.sort"),
    (given_numbers, "return np.sum(X * np.array([1.0, 2.0]))", "as an argument"),
    (random_mask, "return np.sum(X * (np.random.rand(*X.shape) < 0.5))", "as an argument"),
    (shapes_differ, "return np.sum(X @ X)", "m ≠ n"),
    (three_dimensions, "return np.sum(X[:, None, :])", "two dimensions"),
    (grown_in_place, "b += X", "in place"),
    (cut_to_integers, "return np.sum(X.astype(int))", "decimals"),
    (as_a_number, "return math.floor(np.sum(X))", "number"),
    (caught, "return np.sum(np.sort(X))", "np.sort"),
    (moved_by_reshape, "return np.sum(X.reshape(X.shape[1], X.shape[0]) @ X)", "moves entries"),
    (raises, 'raise ValueError("not today")', "not today"),
]


@pytest.mark.parametrize(("function", "line", "advice"), REFUSED, ids=lambda p: getattr(p, "__name__", ""))
def test_a_refusal_has_the_line_and_what_to_do(function: Callable[..., Any], line: str, advice: str) -> None:
    with pytest.raises(SymbackError) as refused:
        sb.trace(function, X=X)
    assert refused.value.text == line
    assert refused.value.file == __file__
    assert advice in refused.value.message


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SymbackError, match="give each argument its shape"):
        sb.trace(sorting, Y=X)
    with pytest.raises(SymbackError, match="cannot name a dimension"):
        sb.trace(sorting, X=("not a name", 2))
    with pytest.raises(SymbackError, match="nothing computed"):
        sb.trace(lambda X: 3.0, X=X)
    with pytest.raises(SymbackError, match="has not computed"):
        sb.trace(lambda X: X, X=X)


def test_nothing_is_left_behind() -> None:
    before = dict(globals())
    for function in (branch_on_a_value, grown_in_place):
        with pytest.raises(SymbackError):
            sb.trace(function, X=X)
    assert globals().keys() == before.keys()
    assert all(globals()[name] is held for name, held in before.items())
    assert np.zeros((2, 2)).shape == (2, 2)


def aliased(X: Any) -> Any:
    A = X * 1.5
    B = A
    B += 1
    return np.sum(A**2)


def through_a_view(X: Any) -> Any:
    A = X * 1.5
    V = A.T
    V += 1
    return np.sum(A**2)


def through_a_column(X: Any) -> Any:
    b = np.sum(X, axis=1)
    c = b[:, np.newaxis]
    c *= 2
    return np.sum(b * b)


def copied(X: Any) -> Any:
    A = X * 1.5
    B = A.copy()
    B += 1
    C = copy.deepcopy(B)
    C *= 3
    return np.sum(A * B)


def masked(X: Any) -> Any:
    A = X + 0.5
    A[A <= 0] = 0
    A[X > 1] = 2
    return np.sum(A * X)


def picked_by_a_mask(X: Any) -> Any:
    A = X * 1.0
    A[A < 0] *= 0.1
    A[X > 0.5] = A[X > 0.5] ** 2 + 1
    return np.sum(A * X) + np.sum(X[X > 0]) + X[X > 0].sum()


def out_argument(X: Any) -> Any:
    A = X * 2
    np.maximum(A, 0, out=A)
    np.multiply(A, X, out=A)
    return np.sum(A)


def written_over(X: Any) -> Any:
    A = np.zeros(X.shape)
    A[...] = X
    A[:, :] = A * X
    total = np.zeros((X.shape[0], 1))
    for _ in range(3):
        total += np.mean(A, axis=1, keepdims=True)
    return np.sum(total**2)


def of_a_scalar(X: Any) -> Any:
    s = np.sum(X)
    t = s
    t += 1
    return s * t


def elementwise(X: Any) -> Any:
    A = np.clip(X, -0.5, 0.5) + np.where(X > 0, X, 0.1 * X) + np.abs(X) + np.sign(X)
    B = np.log1p(X**2) + np.expm1(X) + np.square(X) + np.sqrt(np.power(X, 2) + 1) + np.minimum(X, 0.2)
    spread = np.linalg.norm(X) + np.var(X) + np.std(X, axis=0).sum() + np.outer(X.sum(axis=1), X.sum(axis=0)).mean()
    return np.sum(A * B) + spread


def written_out(X: Any) -> Any:
    s = np.exp(X) / (1 + np.exp(X)) + (np.exp(X) - np.exp(-X)) / (np.exp(X) + np.exp(-X))
    m = np.max(X, axis=0)
    lse = m + np.log(np.sum(np.exp(X - m), axis=0))
    p = np.exp(X - np.max(X))
    p /= np.sum(p)
    return np.sum(s) + np.sum(lse) + np.sum(p * X)


def logical(X: Any) -> Any:
    inside = (X > -0.5) & (X < 0.5)
    outside = ~inside
    signs = (X >= 0) * 1.0 - np.int64(X < 0)
    return np.sum(X**2 * inside) + np.sum(np.abs(X) * outside.astype(float)) + np.sum(signs)


def sizes(X: Any) -> Any:
    n, m = X.shape
    assert len(X) == n and X.ndim == 2 and X.size == n * m and isinstance(m, int) and m > 0
    ones = np.ones((m, 1))
    halves = np.sum(np.full((n, m), 0.5) * X)
    return np.sum(X.dot(ones) / m) + np.sum(np.eye(n) @ X) / math.sqrt(n) + float(np.sum(X) / X.size) + halves


SAME = [
    aliased, through_a_view, through_a_column, copied, masked, picked_by_a_mask, out_argument, written_over,
    of_a_scalar, elementwise, written_out, logical, sizes,
]  # fmt: skip


@pytest.mark.parametrize("function", SAME, ids=lambda f: f.__name__)
def test_what_is_traced_has_the_functions_value(function: Callable[..., Any]) -> None:
    from tests.tracing.test_trace import evaluate

    problem = sb.trace(function, X=X)
    rng = np.random.default_rng(7)
    for rows, columns in ((3, 4), (5, 2), (4, 4)):  # no function here writes into X itself
        x = rng.normal(size=(rows, columns))
        space = evaluate(problem, {"X": x.copy()}, {"n": rows, "m": columns})
        np.testing.assert_allclose(np.squeeze(space[problem.objective]), function(x), rtol=1e-9, err_msg=problem.text)


def test_containers_objects_and_values() -> None:
    def cost(net: Any, data: Any, lam: float, sizes: Any) -> Any:
        X, Y = data
        H = X
        for W in net.weights:
            H = np.tanh(H @ W)
        bias = np.zeros((1, sizes[1])) + net.inner["b"]
        return np.sum((H + bias - Y) ** 2) + lam * sum(np.sum(W * W) for W in net.weights)

    net = SimpleNamespace(weights=[("a", "b"), ("b", "c")], inner={"b": ("c",)})
    problem = sb.trace(cost, net=net, data=(("m", "a"), ("m", "c")), lam=0.5, sizes=["a", "c"])
    assert set(problem.symbols) == {"data_0", "data_1", "weights_0", "weights_1", "b_"}  # b is a dimension here
    assert problem.definition("H1") is not None and problem.definition("H2") is not None


class Net:
    """A network that holds its own numbers."""

    def __init__(self) -> None:
        self.W = np.ones((3, 4))
        self.params = {"b": np.zeros(3)}

    def cost(self, X: Any) -> Any:
        self.Z = self.linear(X)
        return np.sum(self.Z**2)

    def linear(self, X: Any) -> Any:
        return X @ self.W.T + self.params["b"]


def test_methods_of_an_object() -> None:
    net = Net()
    problem = sb.trace(net.cost, X=("m", 4))
    assert [f"{d.name} = {d.text}" for d in problem.definitions] == ["Z = X @ W.T + b", "J = sum(Z ** 2)"]
    assert not hasattr(net, "Z") and isinstance(net.params["b"], np.ndarray)
    shaped = sb.trace(net.cost, X=("m", "n"), self={"W": ("k", "n"), "params": {"b": ("k",)}})
    assert str(shaped.shape("W")[0]) == "k"
    unbound = sb.trace(Net.cost, self={"W": ("k", "n"), "params": {"b": ("k",)}}, X=("m", "n"))
    assert unbound.definitions == shaped.definitions
