"""Gradients of random texts, 1-D arrays and broadcasts among them: the printed formula against differences in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import symback as sb
from tests.language.random_expressions import expressions
from tests.language.running import DECLARATIONS, environment, run

FOUND = [  # what random texts have found wrong once
    "((S @ x) * (c + x)) @ c",
    "((S @ x) * (d + x)) @ vec(sigmoid(x))",
    "(np.sum(T, axis=1) @ T.T) @ exp(-np.outer(y, y) ** 2)",
]


def assert_gradients_are_differences(text: str) -> None:
    """Each printed gradient of sum(text), against central differences of the text itself along a random direction."""
    names = environment(1)
    rng = np.random.default_rng(2)
    derivation = sb.derive(sb.parse(f"{DECLARATIONS}J = sum({text})\n"))
    for name, result in derivation.items():
        point = names[name]
        gradient = run(result.to_numpy(), names)
        assert gradient.shape == np.shape(point) or {gradient.shape, np.shape(point)} <= {(), (1, 1)}
        direction = rng.normal(size=np.shape(point))
        along = float(np.sum(np.reshape(gradient, np.shape(point)) * direction))
        size = max(1e-3, abs(along), float(np.linalg.norm(gradient)), 1e-4 * abs(float(run(f"sum({text})", names))))
        gaps = []
        for h in (1e-5, 1e-6, 1e-4):
            up, down = (run(f"sum({text})", {**names, name: point + s * h * direction}) for s in (1, -1))
            gaps.append(abs(float(up - down) / (2 * h) - along) / size)
        assert not min(gaps) > 1e-4, f"d sum({text}) / d {name} is printed as {result.to_numpy()}: off by {gaps}"


@pytest.mark.parametrize("text", FOUND)
def test_what_was_wrong_once_is_right(text: str) -> None:
    assert_gradients_are_differences(text)


@settings(max_examples=150)
@given(expressions())
def test_printed_gradients_are_differences(text: str) -> None:
    assert_gradients_are_differences(text)
