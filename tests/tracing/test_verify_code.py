"""Backward passes in the styles of real code: the right ones judged right, a planted mistake found where it stands."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symback as sb
from symback.records import Verdict
from symback.tracing.claims import code_problem
from symback.tracing.problem import run
from tests.tracing.real_code import NAMES, STEPS, draw, flat, load, mistakes, sizes_for
from tests.tracing.test_trace import evaluate


def judged(name: str, folder: Path | None = None, change: tuple[str, str] | None = None) -> tuple[Verdict, ...]:
    module = load(name, folder, change)
    return sb.verify_code(module.step, wrt=getattr(module, "WRT", None), **module.SHAPES)


@pytest.mark.parametrize("name", NAMES)
def test_a_right_backward_pass_is_judged_right(name: str) -> None:
    verdicts = judged(name)
    assert [v for v in verdicts if not v.right] == []
    lines = (STEPS / f"{name}.py").read_text().split("\n")
    for verdict in verdicts:
        assert verdict.line is not None and verdict.source is not None
        assert verdict.source.split("; ")[0][:20] in " ".join(lines[verdict.line - 1].split())


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda m: f"{m[0]}-{m[3]}")
def test_a_planted_mistake_is_found_where_it_stands(mistake: tuple[str, str, str, str, str], tmp_path: Path) -> None:
    name, old, new, kind, at = mistake
    verdicts = judged(name, tmp_path, (old, new))
    first = next(v for v in verdicts if v.status in ("wrong", "ill-formed"))
    assert first.mistake in kind.split("|")
    assert first.source is not None and at in first.source
    text = (STEPS / f"{name}.py").read_text().replace(old, new).split("\n")
    assert first.line is not None and at in " ".join(" ".join(text[first.line - 1 : first.line + 2]).split())


@pytest.mark.parametrize("name", NAMES)
def test_the_claims_have_the_values_of_the_returned_gradients(name: str) -> None:
    module = load(name)
    code = code_problem(run(module.step, module.SHAPES), getattr(module, "WRT", None))
    rng = np.random.default_rng(5)
    sizes = sizes_for(module.SHAPES, rng)
    arguments = draw(module.SHAPES, sizes, rng)
    space = evaluate(code.problem, arguments, sizes)
    for claim in code.problem.claims:
        space[claim.name] = eval(claim.text, space)
    returned = [np.asarray(g) for _, g in flat(module.step(**copy.deepcopy(arguments))[1])]
    for claim in (c for c in code.problem.claims if c.name in code.returned):
        value = np.asarray(space[claim.name])
        assert any(g.size == value.size and np.allclose(g.ravel(), value.ravel()) for g in returned), claim


def test_gradients_nested_as_the_parameters_are() -> None:
    def step(X: Any, Y: Any, layers: Any) -> Any:
        H = np.tanh(layers[0]["W"] @ X)
        E = layers[1]["W"] @ H - Y
        dH = layers[1]["W"].T @ E
        return 0.5 * np.sum(E**2), [{"dW": dH * (1 - H**2) @ X.T}, {"dW": E @ H.T}]

    verdicts = sb.verify_code(step, X=("n", "m"), Y=("k", "m"), layers=[{"W": ("h", "n")}, {"W": ("k", "h")}])
    assert [(v.wrt, v.status) for v in verdicts[-2:]] == [("layers_0_W", "proved"), ("layers_1_W", "proved")]


def test_what_a_right_gradient_rests_on_is_said() -> None:
    def step(X: Any, Y: Any, W: Any) -> Any:
        P = np.exp(W @ X) / np.sum(np.exp(W @ X), axis=0)
        cost = -np.sum(Y * np.log(P + 1e-8)) / X.shape[1]
        return cost, {"W": (P - Y) @ X.T / X.shape[1]}

    verdict = sb.verify_code(step, X=("n", "m"), Y=("k", "m"), W=("k", "n"))[-1]
    assert verdict.right and any("sum to one" in c for c in verdict.conditions)
    assert any("small constant" in c for c in verdict.conditions)


def test_a_step_that_returns_something_else_is_refused() -> None:
    for step, says in (
        (lambda X: np.sum(X), "a step returns"),
        (lambda X: (np.sum(X), {"Q": X}), "no gradient of X is returned"),
        (lambda X: (np.sum(X), (X * 2,)), "give wrt"),
    ):
        with pytest.raises(sb.SymbackError, match=says):
            sb.verify_code(step, X=("n", "m"))
    with pytest.raises(sb.SymbackError, match="wrt names 2"):
        sb.verify_code(lambda X: (np.sum(X), (X * 2,)), wrt=("X", "Y"), X=("n", "m"))


def test_two_layers_are_traced_and_judged_within_a_second() -> None:
    judged("course_two_layers")
    start = time.perf_counter()
    judged("course_two_layers")
    assert time.perf_counter() - start < 1.0
