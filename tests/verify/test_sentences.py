"""Every sentence is true of the network at hand: names, shapes, numbers, the right line."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import symback as sb
from tests.verify.networks import renamed, run, two_layer

NAMES: list[dict[str, str]] = [
    {},
    {"X": "data", "Y": "labels", "W1": "U", "b1": "p", "W2": "V", "b2": "q", "Z1": "S", "A1": "H", "Z2": "T", "A2": "O",
     "n_0": "features", "n_1": "hidden", "n_2": "classes", "m": "batch"},
    {"W1": "W_in", "W2": "W_out", "A1": "act", "Z1": "pre", "A2": "prob", "Z2": "score", "m": "N", "n_1": "h"},
]  # fmt: skip
WRONG = {
    "missing_transpose": ("W2", "dA1 = W2 @ (A2 - Y) / m"),
    "order_swapped": ("A1.T", "dW2 = A1.T @ (A2 - Y) / m"),
    "extra_transpose": ("X.T", "dW1 = (W2.T @ ((A2 - Y) / m) * (1 - A1 ** 2) @ X.T).T"),
    "summed_over_everything": ("sum", "db2 = sum(A2 - Y) / m"),
    "wrong_axis": ("axis=0", "db2 = sum(A2 - Y, axis=0) / m"),
    "missing_sum": ("A2 - Y", "db2 = (A2 - Y) / m"),
    "missing_mean": ("m", "dW2 = (A2 - Y) @ A1.T"),
    "double_mean": ("m", "dW2 = (A2 - Y) @ A1.T / m / m"),
    "wrong_factor": ("2", "dW2 = 2 * (A2 - Y) @ A1.T / m"),
    "wrong_sign": ("sign", "dW2 = (Y - A2) @ A1.T / m"),
    "missing_activation_derivative": ("tanh", "dZ1 = W2.T @ (A2 - Y) / m"),
    "extra_activation_derivative": ("sigmoid", "dZ2 = (A2 - Y) * A2 * (1 - A2) / m"),
    "wrong_activation_derivative": ("tanh", "dZ1 = W2.T @ (A2 - Y) / m * (1 - A1)"),
    "derivative_at_wrong_point": ("tanh", "dZ1 = W2.T @ (A2 - Y) / m * (1 - tanh(A1) ** 2)"),
    "wrong_operand": ("Z1", "dW2 = (A2 - Y) @ Z1.T / m"),
    "hadamard_for_matmul": ("*", "dW2 = (A2 - Y) * A1.T / m"),
    "operator_precedence": ("W2.T", "dZ1 = (1 - A1 ** 2) * W2.T @ (A2 - Y) / m"),
}


def wrong_claim(mistake: str, names: dict[str, str]) -> tuple[str, sb.Verdict]:
    claim = renamed(WRONG[mistake][1], names)
    text = two_layer(names)
    return text, sb.verify(sb.parse(text + claim + "\n"))[-1]


@pytest.mark.parametrize("names", NAMES, ids=["plain", "words", "letters"])
@pytest.mark.parametrize("mistake", WRONG)
def test_the_mistake_is_named_under_any_names(mistake: str, names: dict[str, str]) -> None:
    _, verdict = wrong_claim(mistake, names)
    assert verdict.mistake == mistake
    assert renamed(WRONG[mistake][0], names) in verdict.explanation


@pytest.mark.parametrize("names", NAMES, ids=["plain", "words", "letters"])
@pytest.mark.parametrize("mistake", WRONG)
def test_every_name_and_every_shape_in_a_sentence_is_of_this_network(mistake: str, names: dict[str, str]) -> None:
    text, verdict = wrong_claim(mistake, names)
    problem = sb.parse(text)
    known = {*problem.symbols, *(d.name for d in problem.definitions)}
    sizes = {n for s in problem.symbols.values() for size in s.shape for n in size.names}
    for sentence in verdict.sentences:
        for name in re.findall(r"\b(\w+)\[", sentence):
            assert name in known or name[1:] in known
        for name, shape in re.findall(r"^(\w+) has the shape (\(\w+, \w+\))", sentence):
            assert shape == "({}, {})".format(*problem.shape(name))
        for shape in re.findall(r"\((\w+), (\w+)\)", sentence):
            if "shape" in sentence:
                assert set(shape) <= sizes | {"1"}


@pytest.mark.parametrize("names", NAMES, ids=["plain", "words", "letters"])
@pytest.mark.parametrize("mistake", WRONG)
def test_the_right_line_is_right(mistake: str, names: dict[str, str]) -> None:
    text, verdict = wrong_claim(mistake, names)
    assert verdict.expected is not None and f"{verdict.name} = {verdict.expected}." in verdict.explanation
    again = sb.verify(sb.parse(text + f"{verdict.name} = {verdict.expected}\n"))
    assert again[-1].status == "proved"


@pytest.mark.parametrize("names", NAMES, ids=["plain", "words", "letters"])
@pytest.mark.parametrize("mistake", WRONG)
def test_the_numbers_of_the_counterexample_are_numpys(mistake: str, names: dict[str, str]) -> None:
    text, verdict = wrong_claim(mistake, names)
    shown = verdict.counterexample
    assert shown is not None
    values: dict[str, Any] = {**shown.sizes, **{k: np.array(v) for k, v in shown.arrays.items()}}
    line = f"{verdict.name} = {verdict.claim}\n" if shown.claimed is not None else ""
    scope = run(text + line, values)
    if shown.claimed is not None:
        assert np.isclose(np.atleast_2d(scope[verdict.name])[shown.entry], shown.claimed)
    objective = renamed("J", names)
    for step, said in ((-shown.h, shown.below), (shown.h, shown.above)):
        moved = np.array(scope[shown.wrt], dtype=float)
        moved[shown.entry] += step
        assert np.isclose(run(text, {**values, shown.wrt: moved})[objective], said)
    slope = (shown.above - shown.below) / (2 * shown.h)
    assert np.isclose(slope * shown.times, shown.true, rtol=1e-3, atol=1e-5)
    assert shown.claimed is None or not np.isclose(shown.claimed, slope, rtol=1e-4)


def test_the_index_line_is_the_right_formula() -> None:
    _, verdict = wrong_claim("missing_transpose", {})
    assert "Entry by entry: dA1[i, j] = sum over p of W2[p, i] * (A2[p, j] - Y[p, j]) / m." in verdict.sentences


def test_silent_mistakes_say_that_shapes_cannot_tell() -> None:
    text = "x: (h, 1)\nW: (h, h)\nt: (h, 1)\na = tanh(W @ x)\nJ = sum((a - t) ** 2) / 2\n"
    verdict = sb.verify(sb.parse(text), {"x": "W @ ((a - t) * (1 - a ** 2))"})[0]
    assert verdict.mistake == "missing_transpose"
    assert "Both W and W.T have the shape (h, h), so shapes cannot tell them apart." in verdict.sentences


def test_the_step_where_it_departs_is_the_one_done_wrong() -> None:
    _, verdict = wrong_claim("missing_activation_derivative", {})
    assert verdict.step is not None and verdict.step.node is not None and verdict.step.node.op == "tanh"
