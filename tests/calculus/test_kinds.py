"""Jacobians, Hessians, structured and upstream gradients: the printed text against differences in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import symback as sb
from tests.numeric import along, close, environment, run, stacked, truth, value

JACOBIANS = [
    ("x: (n, 1)\nA: (m, n)\nf = A @ x\n", "x"),
    ("x: (n,)\nA: (m, n)\nf = A @ x\n", "x"),
    ("x: (n,)\nf = tanh(x)\n", "x"),
    ("r: (1, n)\nA: (n, m)\nf = r @ A\n", "r"),
    ("r: (1, n)\nf = sigmoid(r) * r\n", "r"),
    ("x: (n, 1)\nf = softmax(x, axis=0)\n", "x"),
    ("r: (1, n)\nf = softmax(r, axis=1)\n", "r"),
    ("x: (n, 1)\nf = x / norm(x)\n", "x"),
    ("x: (n, 1)\nA: (n, n)\nf = (x.T @ A @ x) * x\n", "x"),
    ("t: ()\nx: (n, 1)\nf = exp(t * x)\n", "t"),
    ("x: (n, 1)\ny: (n, 1)\nf = x.T @ y\n", "x"),
    ("x: (n, 1)\nA: (m, n)\nb: (m, 1)\nz = A @ x + b\nf = relu(z)\n", "x"),
    ("x: (n, 1)\nf = logsumexp(x, axis=0)\n", "x"),
    ("x: (n, 1)\nB: (m, n)\nf = diagonal(B @ diag(x) @ B.T)\n", "x"),
    ("x: (n, 1)\nA: (n, n)\nassume(invertible(A))\nf = inv(A + diag(x ** 2)) @ x\n", "x"),
    ("b: (n, 1)\nX: (n, m)\nW: (1, n)\nf = W @ tanh(X + b)\n", "b"),
]
STACKED = [
    ("X: (n, m)\nA: (k, n)\nB: (m, p)\nF = A @ X @ B\n", "X"),
    ("X: (n, m)\nF = X.T\n", "X"),
    ("X: (n, m)\nA: (n, m)\nF = A * X ** 3\n", "X"),
    ("X: (n, n)\nassume(invertible(X))\nF = inv(X)\n", "X"),
    ("X: (n, n)\nF = X @ X\n", "X"),
    ("X: (n, m)\nF = X @ X.T\n", "X"),
    ("X: (n, m)\nF = sin(X)\n", "X"),
    ("X: (n, m)\nF = softmax(X, axis=0)\n", "X"),
    ("X: (n, m)\nF = softmax(X, axis=1)\n", "X"),
    ("X: (n, m)\nF = sum(X ** 2, axis=0)\n", "X"),
    ("X: (n, m)\nF = mean(exp(X), axis=1)\n", "X"),
    ("X: (n, m)\nA: (k, p)\nF = kron(A, X)\n", "X"),
    ("X: (n, m)\nA: (k, p)\nF = kron(X, A)\n", "X"),
    ("t: ()\nA: (n, m)\nF = sin(t * A)\n", "t"),
    ("x: (n,)\nA: (m, n)\nF = A * x\n", "x"),
    ("x: (n, 1)\nF = x @ x.T\n", "x"),
    ("X: (n, m)\nF = sum(X * X)\n", "X"),
    ("W: (k, n)\nX: (n, m)\nb: (k, 1)\nZ = W @ X + b\nF = tanh(Z)\n", "W"),
    ("W: (k, n)\nX: (n, m)\nb: (k, 1)\nZ = W @ X + b\nF = tanh(Z)\n", "b"),
]
HESSIANS = [
    ("x: (n, 1)\nA: (n, n)\nJ = x.T @ A @ x\n", "x"),
    ("x: (n,)\nA: (n, n)\nJ = x @ A @ x\n", "x"),
    ("r: (1, n)\nA: (n, n)\nJ = r @ A @ r.T\n", "r"),
    ("w: (n, 1)\nX: (m, n)\ny: (m, 1)\nJ = sum(softplus(X @ w) - y * (X @ w))\n", "w"),
    ("x: (n, 1)\nJ = logsumexp(x, axis=0)\n", "x"),
    ("x: (n, 1)\nJ = norm(x)\n", "x"),
    ("x: (n, 1)\na: (n, 1)\nJ = exp(a.T @ x)\n", "x"),
    ("x: (n, 1)\nJ = sum(x ** 4) / n\n", "x"),
    ("t: ()\na: (n, 1)\nJ = sum(sin(t * a))\n", "t"),
    ("x: (n, 1)\nA: (m, n)\nb: (m, 1)\nJ = sum((A @ x - b) ** 2)\n", "x"),
    ("x: (n, 1)\nS: (n, n)\nassume(symmetric(S))\nJ = x.T @ S @ x / 2\n", "x"),
]
UPSTREAM = [
    ("W: (k, n)\nX: (n, m)\nb: (k, 1)\nG: (k, m)\nO = relu(W @ X + b)\n", ("W", "X", "b")),
    ("X: (m, n)\nW: (n, k)\nb: (k,)\nG: (m, k)\nO = X @ W + b\n", ("X", "W", "b")),
    ("X: (n, m)\nG: (n, m)\nO = softmax(X, axis=0)\n", ("X",)),
    (
        "X: (n, m)\ng: (n, 1)\nG: (n, m)\nC = X - mean(X, axis=1)\nO = g * C / sqrt(mean(C ** 2, axis=1) + 0.01)\n",
        ("X", "g"),
    ),
    ("x: (n,)\nG: (n,)\nO = tanh(x) * x\n", ("x",)),
    ("X: (n, m)\nG: (n, n)\nO = X @ X.T\n", ("X",)),
]


def judged(text: str, wrt: str, kind: str) -> None:
    problem = sb.parse(text)
    printed = sb.derive(problem, wrt, kind=kind)[wrt].to_numpy()
    for seed in (0, 1):
        values = environment(problem, seed)
        tolerance = 2e-4 if kind == "hessian" else 1e-5
        found = np.atleast_2d(value(printed, run(problem, values)))
        assert close(found, truth(problem, values, wrt, kind), tolerance), printed


@pytest.mark.parametrize(("text", "wrt"), JACOBIANS)
def test_jacobian(text: str, wrt: str) -> None:
    judged(text, wrt, "jacobian")


@pytest.mark.parametrize(("text", "wrt"), STACKED + JACOBIANS)
def test_stacked_jacobian(text: str, wrt: str) -> None:
    judged(text, wrt, "jacobian_vec")


@pytest.mark.parametrize(("text", "wrt"), HESSIANS)
def test_hessian(text: str, wrt: str) -> None:
    judged(text, wrt, "hessian")


@pytest.mark.parametrize(("text", "names"), UPSTREAM)
def test_upstream(text: str, names: tuple[str, ...]) -> None:
    problem = sb.parse(text)
    derivation = sb.derive(problem, list(names), of="O", upstream="G")
    values = environment(problem, 1)
    for name in names:
        f, x = along(problem, values, name), stacked(values, name)
        table = np.array([np.sum(values["G"] * (f(x + h) - f(x - h))) / 2e-5 for h in 1e-5 * np.eye(x.size)])
        wanted = table.reshape(np.shape(values[name]), order="F")
        assert close(value(derivation[name].to_numpy(), run(problem, values)), wanted), derivation[name].to_numpy()


@pytest.mark.parametrize("fact", ["symmetric", "spd", "diagonal"])
@pytest.mark.parametrize(
    "objective", ["trace(A @ X @ B @ X)", "logdet(X @ X + 40 * eye(n))", "a.T @ X @ b", "sum(X ** 3)", "trace(X.T @ A)"]
)
def test_structured_gradient_counts_every_independent_entry(objective: str, fact: str) -> None:
    problem = sb.parse(f"X: (n, n)\nA: (n, n)\nB: (n, n)\na: (n, 1)\nb: (n, 1)\nassume({fact}(X))\nJ = {objective}\n")
    printed = sb.derive(problem, "X", structured=True)["X"].to_numpy()
    values = environment(problem)
    x = np.asarray(values["X"])
    n = len(x)
    wanted = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if fact == "diagonal" and i != j:
                continue
            change = np.zeros((n, n))
            change[i, j] = change[j, i] = 1e-5
            f = [run(problem, values | {"X": x + sign * change})["J"] for sign in (1, -1)]
            wanted[i, j] = np.squeeze(f[0] - f[1]) / 2e-5
    assert close(value(printed, run(problem, values)), wanted), printed


def test_a_hessian_by_a_matrix_is_refused_with_what_to_ask_instead() -> None:
    problem = sb.parse("X: (n, m)\nJ = sum(X ** 3)\n")
    with pytest.raises(sb.SymbackError, match="jacobian_vec"):
        sb.derive(problem, "X", kind="hessian")


def test_a_jacobian_of_a_matrix_is_refused_with_what_to_ask_instead() -> None:
    problem = sb.parse("X: (n, m)\nF = X @ X.T\n")
    with pytest.raises(sb.SymbackError, match="jacobian_vec"):
        sb.derive(problem, "X", kind="jacobian")
