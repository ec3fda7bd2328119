"""Gradients by hand against differences: ratios named, kinks and dead units told apart from mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symback as sb
from symback.errors import SymbackError

RNG = np.random.default_rng(3)
INPUTS = {"X": RNG.normal(size=(3, 5)), "Y": RNG.normal(size=(2, 5)), "W": RNG.normal(size=(2, 3))}


def cost(X: Any, Y: Any, W: Any) -> Any:
    return np.sum((W @ X - Y) ** 2) / X.shape[1]


def gradient(X: Any, Y: Any, W: Any) -> dict[str, Any]:
    return {"dW": 2 * (W @ X - Y) @ X.T / X.shape[1]}


def test_a_right_gradient_passes_to_rounding() -> None:
    report = sb.gradcheck(cost, gradient, INPUTS)
    assert report.passed and report.arrays["W"].max_relative_error < 1e-12
    assert report.arrays["W"].method == "complex step"


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (2.0, "W.shape[0]: the division by it is missing (or a factor 2 of a square)"), (0.2, "once too often"),
        (5.0, "X.shape[1]"), (-1.0, "minus the gradient"), (0.0, "it is 0"), (7.0, "7 times the gradient"),
    ],
)  # fmt: skip
def test_a_constant_factor_is_named(factor: float, says: str) -> None:
    found = sb.gradcheck(cost, {"W": factor * gradient(**INPUTS)["dW"]}, INPUTS).arrays["W"]
    assert not found.passed and says in found.meaning and says in str(found)
    assert found.ratio == pytest.approx(factor)


def test_wrong_entries_are_counted_and_found() -> None:
    claim = gradient(**INPUTS)["dW"]
    claim[1, 2] += 0.1
    found = sb.gradcheck(cost, {"W": claim}, INPUTS).arrays["W"]
    assert not found.passed and "1 of 6 entries are wrong" in found.meaning
    assert np.unravel_index(np.argmax(found.errors), found.errors.shape) == (1, 2)


def test_a_transpose_and_a_shape_are_said() -> None:
    inputs = {"A": RNG.normal(size=(3, 3)), "B": RNG.normal(size=(3, 3))}
    report = sb.gradcheck(lambda A, B: np.trace(A @ B), {"A": inputs["B"], "B": inputs["A"][:2]}, inputs)
    assert report.arrays["A"].meaning == "it is the transpose of the gradient"
    assert "shape (2, 3)" in report.arrays["B"].meaning
    assert not report.passed


def test_kinks_and_dead_units_are_not_mistakes() -> None:
    W = np.array([[1.0, -1.0, 2.0], [-5.0, -5.0, -5.0]])
    X = np.abs(RNG.normal(size=(3, 4)))
    X[:, 0] = [1.0, 1.0, 0.0]  # W X is exactly 0 at the first unit and the first example

    def hidden(W: Any, X: Any) -> Any:
        return np.sum(np.maximum(0, W @ X))

    report = sb.gradcheck(hidden, {"W": (W @ X > 0) @ X.T * 1.0}, {"W": W, "X": X})
    found = report.arrays["W"]
    assert found.passed and found.kinks == 2 and found.untested == 3
    assert "kink" in str(found) and "dead units" in str(found)
    assert found.method == "central differences"


def test_nested_inputs_and_a_step_that_returns_both() -> None:
    def step(X: Any, parameters: Any) -> Any:
        J = np.sum(np.tanh(parameters["W1"] @ X + parameters["b1"]))
        dZ = 1 - np.tanh(parameters["W1"] @ X + parameters["b1"]) ** 2
        return J, {"dW1": dZ @ X.T, "db1": dZ.sum(axis=1, keepdims=True)}

    parameters = {"W1": RNG.normal(size=(2, 3)), "b1": RNG.normal(size=(2, 1))}
    inputs = {"X": RNG.normal(size=(3, 4)), "parameters": parameters}
    report = sb.gradcheck(step, step, inputs)
    assert report.passed and set(report.arrays) == {"W1", "b1"}


def test_gradients_that_name_no_input_are_refused() -> None:
    with pytest.raises(SymbackError, match="named after an input"):
        sb.gradcheck(cost, {"Q": np.ones(2)}, INPUTS)
    with pytest.raises(SymbackError, match="a dict"):
        sb.gradcheck(cost, [np.ones(2)], INPUTS)


def test_an_explained_function_is_itself_and_carries_its_derivation() -> None:
    @sb.explain(X=("n", "m"), Y=("k", "m"), W=("k", "n"))
    def cost(X: Any, Y: Any, W: Any) -> Any:
        """Least squares."""
        return np.sum((W @ X - Y) ** 2) / X.shape[1]

    assert cost.__doc__ == "Least squares."
    assert cost(**INPUTS) == pytest.approx(np.sum((INPUTS["W"] @ INPUTS["X"] - INPUTS["Y"]) ** 2) / 5)
    assert cost.derivation["W"].to_numpy() == "2 * (W @ X - Y) @ X.T / m"
    assert "J = sum((W @ X - Y) ** 2) / m" in repr(cost)
    assert "text/plain" in cost._repr_mimebundle_()
