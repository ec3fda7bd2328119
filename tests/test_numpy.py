"""The language's functions in NumPy, held against SciPy, against NumPy itself, and against their own differences."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import scipy.special as special

import symback.numpy as language

RNG = np.random.default_rng(0)
POINTS = np.concatenate([RNG.normal(size=60) * scale for scale in (0.1, 1, 5, 30)])

TRUTH = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "sin": np.sin, "cos": np.cos,
    "tanh": np.tanh, "sigmoid": special.expit, "softplus": lambda x: np.logaddexp(0, x), "erf": special.erf,
    "step": lambda x: np.heaviside(x, 0), "relu": lambda x: np.maximum(x, 0), "silu": lambda x: x * special.expit(x),
    "gelu": lambda x: x * special.ndtr(x),
}  # fmt: skip
TWO = {
    "maximum": np.maximum, "minimum": np.minimum, "leaky_relu": lambda x, a: np.where(x > 0, x, a * x),
    "pow": lambda x, a: np.power(x, a),
}  # fmt: skip
POSITIVE = ("log", "sqrt", "pow")


def test_every_elementwise_function_has_a_truth() -> None:
    assert set(language.ELEMENTWISE) == set(TRUTH) | set(TWO)


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_values_are_those_of_scipy(name: str) -> None:
    points = np.abs(POINTS) if name in POSITIVE else POINTS
    with np.errstate(over="ignore"):
        wanted = TRUTH[name](points)
        np.testing.assert_allclose(getattr(language, name)(points), wanted, rtol=2e-13, atol=1e-15)


@pytest.mark.parametrize("name", sorted(TWO))
def test_values_of_two_arguments_are_those_of_numpy(name: str) -> None:
    x, a = RNG.normal(size=(4, 50)), RNG.normal(size=(4, 50))
    x = np.abs(x) if name in POSITIVE else x
    np.testing.assert_allclose(getattr(language, name)(x, a), TWO[name](x, a), rtol=1e-13)


@pytest.mark.parametrize("name", sorted(language.ELEMENTWISE))
def test_slopes_are_differences_of_values(name: str) -> None:
    function = language.ELEMENTWISE[name]
    x, a = RNG.uniform(0.3, 2, size=200), RNG.uniform(0.3, 2, size=200)
    if name not in POSITIVE:
        x = x * np.where(np.arange(200) % 2 == 0, 1, -1)
    x = np.where(np.abs(x - a) < 1e-2, x + 0.1, x)  # away from the kinks of maximum and minimum
    arguments = [x, a][: len(function.slopes)]
    names = {key: getattr(language, key) for key in language.__all__} | {"x": x, "a": a, "y": function(*arguments)}
    h = 1e-6
    for i, text in enumerate(function.slopes):
        up = function(*(v + h * (i == j) for j, v in enumerate(arguments)))
        down = function(*(v - h * (i == j) for j, v in enumerate(arguments)))
        slope = eval(text, dict(names)) * np.ones(200)
        np.testing.assert_allclose(slope, (up - down) / (2 * h), rtol=1e-7, atol=1e-8, err_msg=f"{name}: {text}")


SMOOTH = sorted(set(TRUTH) - {"abs", "sign", "step"})


@pytest.mark.parametrize("name", SMOOTH)
def test_a_complex_step_is_carried(name: str) -> None:
    x = RNG.uniform(0.3, 2, size=100) * (1 if name in POSITIVE else np.where(np.arange(100) % 2, 1, -1))
    function, h = language.ELEMENTWISE[name], 1e-6
    wanted = (function(x + h) - function(x - h)) / (2 * h)
    np.testing.assert_allclose(np.imag(function(x + 1e-30j)) / 1e-30, wanted, rtol=1e-7, atol=1e-9)


def test_matrix_functions_are_those_of_numpy() -> None:
    A, B, S = RNG.normal(size=(3, 4)), RNG.normal(size=(2, 5)), RNG.normal(size=(4, 4))
    for name, value, wanted in (
        ("sum", language.sum(A), A.sum()),
        ("sum 0", language.sum(A, axis=0), A.sum(axis=0, keepdims=True)),
        ("mean 1", language.mean(A, 1), A.mean(axis=1, keepdims=True)),
        ("trace", language.trace(S), np.trace(S)),
        ("det", language.det(S), np.linalg.det(S)),
        ("logdet", language.logdet(-S), np.log(np.abs(np.linalg.det(S)))),
        ("inv", language.inv(S), np.linalg.inv(S)),
        ("pinv", language.pinv(A), np.linalg.pinv(A)),
        ("pinv, tall", language.pinv(A.T), np.linalg.pinv(A.T)),
        ("norm", language.norm(A), np.linalg.norm(A)),
        ("norm, 1-D", language.norm(A[0]), np.linalg.norm(A[0])),
        ("diag", language.diag(A[:, :1]), np.diag(A[:, 0])),
        ("diagonal", language.diagonal(S), np.diag(S)[:, None]),
        ("vec", language.vec(A), A.reshape(-1, 1, order="F")),
        ("kron", language.kron(A, B), np.kron(A, B)),
        ("eye", language.eye(3), np.identity(3)),
        ("matpow", language.matpow(S, 5), S @ S @ S @ S @ S),
        ("matpow, negative", language.matpow(S, -2), np.linalg.inv(S) @ np.linalg.inv(S)),
        ("commutation", language.commutation(3, 4) @ language.vec(A), language.vec(A.T)),
        ("softmax", language.softmax(A, axis=0), special.softmax(A, axis=0)),
        ("softmax 1", language.softmax(A, axis=1), special.softmax(A, axis=1)),
        ("logsumexp", language.logsumexp(A, axis=1), special.logsumexp(A, axis=1, keepdims=True)),
    ):
        assert np.shape(value) == np.shape(wanted), name
        np.testing.assert_allclose(value, wanted, rtol=1e-10, err_msg=name)


def test_a_scalar_may_stand_for_a_matrix() -> None:
    for name in ("trace", "det", "inv", "pinv", "diag", "diagonal", "vec"):
        assert np.size(getattr(language, name)(2.0)) == 1
    assert language.trace(2.0) == 2 and language.inv(2.0) == 0.5


def test_large_arguments_do_not_overflow() -> None:
    big = np.array([[1000.0, -1000.0]])
    with np.errstate(all="raise", under="ignore"):
        assert language.sigmoid(big).tolist() == [[1.0, 0.0]]
        assert language.softplus(big).tolist() == [[1000.0, 0.0]]
        assert language.softmax(big, axis=1).tolist() == [[1.0, 0.0]]
        assert language.logsumexp(big, axis=1).tolist() == [[1000.0]]


def test_nothing_else_of_symback_is_imported() -> None:
    tree = ast.parse(Path(language.__file__).read_text(encoding="utf-8"))
    modules = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    modules += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
    assert not [module for module in modules if module and module.startswith("symback")]
