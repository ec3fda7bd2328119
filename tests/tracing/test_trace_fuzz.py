"""Random small programs: where NumPy computes, the trace computes the same or refuses; where NumPy raises, refuses."""

from __future__ import annotations

import importlib.util
import random
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symback as sb
from symback.errors import SymbackError
from tests.tracing.test_trace import evaluate

SHAPES = {
    "A": ("n", "m"), "B": ("n", "m"), "W": ("n", "n"), "v": ("m",), "u": ("n",), "c": ("n", 1), "r": (1, "m"), "s": (),
}  # fmt: skip
UNARY = (
    "np.tanh({a})", "np.exp(0.1 * {a})", "{a}.T", "-{a}", "{a} ** 2", "{a}.sum(axis=0)", "np.sum({a}, axis=1)",
    "np.mean({a}, axis=1, keepdims=True)", "np.sum({a}, 0, keepdims=True)", "{a}.copy()", "np.maximum(0, {a})",
    "1 / (1 + np.exp(-{a}))", "{a}.reshape(-1, 1)", "np.squeeze({a})", "{a}[:, np.newaxis]", "{a}[None, :]",
    "np.sum({a})", "np.where({a} > 0, {a}, 0.1 * {a})", "({a} > 0) * 1.0", "np.zeros_like({a}) + 0.5", "{a}.mean()",
    "np.exp({a} - np.max({a})) / np.exp({a} - np.max({a})).sum(axis=-1, keepdims=True)",
    "np.transpose({a})", "{a}.ravel()", "np.var({a}, axis=0)", "np.sqrt(np.abs({a}) + 1)", "np.diag({a}) * 1.0",
    "np.array({a}, copy=True)", "{a}.reshape({a}.shape)", "np.expand_dims({a}, 0)", "np.clip({a}, -0.3, 0.4)",
)  # fmt: skip
BINARY = (
    "{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / (1.5 + {b} ** 2)", "{a} @ {b}", "np.dot({a}, {b})", "{a}.dot({b}.T)",
    "np.outer({a}, {b})", "np.maximum({a}, {b})", "np.multiply({a}, {b})", "{a} * ({b} > 0)", "{a}.T @ {b}",
)  # fmt: skip
IN_PLACE = (
    "{a} += {b}", "{a} *= 0.5", "{a} -= 0.1 * {b}", "{a}[{a} <= 0] = 0", "{a}[...] = {b}", "{a} /= {a}.shape[0]",
    "{a}[{a} > 0] *= 2", "np.tanh({a}, out={a})",
)  # fmt: skip


def program(rng: random.Random) -> str:
    """A function of a few random statements that returns a scalar made of all that it has computed."""
    names = list(SHAPES)
    lines = []
    for i in range(rng.randint(2, 6)):
        kind = rng.random()
        a, b = rng.choice(names), rng.choice(names)
        if kind < 0.2 and i:
            lines.append(rng.choice(IN_PLACE).format(a=rng.choice(names[len(SHAPES) :]), b=b))
        else:
            lines.append(f"x{i} = {rng.choice(UNARY if kind < 0.6 else BINARY).format(a=a, b=b)}")
            names.append(f"x{i}")
    used = names[len(SHAPES) :][-3:]
    result = " + ".join(f"np.sum({name} * 1.5)" for name in used)
    head = ["import numpy as np", f"def f({', '.join(SHAPES)}):"]
    return "\n".join([*head, *(f"    {line}" for line in lines), f"    return {result}", ""])


def module_of(text: str, folder: Path, seed: int) -> Any:
    path = folder / f"program_{seed}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("start", range(0, 240, 40))
def test_a_trace_is_right_or_refused(start: int, tmp_path: Path) -> None:
    traced = 0
    for seed in range(start, start + 40):
        text = program(random.Random(seed))
        function = module_of(text, tmp_path, seed).f
        numbers = np.random.default_rng(seed)
        sizes = {"n": 4, "m": 3}
        values = {k: numbers.normal(size=tuple(sizes.get(str(s), s) for s in shape)) for k, shape in SHAPES.items()}
        values["s"] = np.float64(values["s"])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                truth = function(**{k: np.copy(v) if k != "s" else v for k, v in values.items()})
        except Exception:
            truth = None
        try:
            problem = sb.trace(function, **SHAPES)
        except SymbackError:
            continue
        assert truth is not None, f"NumPy raises, and the trace does not:\n{text}\n{problem.text}"
        traced += 1
        with np.errstate(all="ignore"):
            value = evaluate(problem, values, sizes)[problem.objective]
        np.testing.assert_allclose(np.squeeze(value), truth, rtol=1e-7, err_msg=f"{text}\n{problem.text}")
    assert traced >= 8
