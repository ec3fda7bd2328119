"""Steps in rarer styles: np.vdot of matrices, a gradient of an argument that the cost does not use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symback as sb


def test_vdot_of_matrices_is_the_sum_of_the_products() -> None:
    def cost(A: Any, B: Any) -> Any:
        return np.vdot(A, B)

    problem = sb.trace(cost, A=("n", "m"), B=("n", "m"))
    assert sb.derive(problem)["A"].to_numpy() == "B"
    with pytest.raises(sb.SymbackError, match="one shape"):
        sb.trace(cost, A=("n", "m"), B=("m", "n"))


def test_the_gradient_of_an_unused_argument_is_judged() -> None:
    def step(X: Any, W: Any) -> Any:
        return np.sum(X), {"X": np.ones_like(X), "W": np.zeros_like(W)}

    def off(X: Any, W: Any) -> Any:
        return np.sum(X), {"X": np.ones_like(X), "W": np.zeros_like(W) + 1}

    shapes: Any = {"X": ("n", "m"), "W": ("k", "n")}
    assert {v.wrt: v.status for v in sb.verify_code(step, **shapes)} == {"X": "proved", "W": "proved"}
    assert {v.wrt: v.status for v in sb.verify_code(off, **shapes)} == {"X": "proved", "W": "wrong"}


def test_a_vanishing_sum_is_no_explanation() -> None:
    def step(X: Any, y: Any, W: Any) -> Any:
        scores = X @ W
        P = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
        m = X.shape[0]
        J = -np.log(P[np.arange(m), y]).mean() + 0.05 * np.sum(W**2)
        d = P.copy()
        d[np.arange(m), y] -= 1
        d = d / m
        return J, {"W": X.T @ d + 0.1 * W + 0.1 * W}

    verdict = sb.verify_code(step, X=("m", "n"), y=sb.labels("m", "k"), W=("n", "k"))[-1]
    assert verdict.status == "wrong"
    assert "sum(d" not in verdict.explanation
