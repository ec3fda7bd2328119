"""Sentences about 1-D arrays, scalars, values that are not finite, and sizes too large for numbers."""

from __future__ import annotations

import ast
import re

import numpy as np
import pytest

import symback as sb
from symback.checking.diagnose.products import _read

LINEAR = """X: (m, n)
y: (m,)
w: (n,)
c: ()
yh = X @ w + c
J = sum((yh - y) ** 2) / m
"""


def entries(claim: str) -> str:
    """The line of indices in the explanation of a wrong claim."""
    said = sb.verify(sb.parse(LINEAR + claim + "\n"))[-1].explanation
    found = re.search(r"Entry by entry: (.*)\.", said)
    assert found, said
    return found.group(1)


def test_the_entry_of_a_1d_gradient_is_its_value() -> None:
    said = entries("dw = 2 * X.T @ (yh - y)")
    found = re.fullmatch(r"dw\[(\w)\] = sum over (\w) of (.*)", said)
    assert found, said
    rng = np.random.default_rng(0)
    m, n = 4, 3
    X, y, w, c = rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n), 0.5
    yh = X @ w + c
    term = compile(found.group(3), "", "eval")
    known = {"X": X, "y": y, "yh": yh, "m": m}
    free, bound = found.group(1), found.group(2)
    got = [sum(eval(term, {**known, free: a, bound: b}) for b in range(m)) for a in range(n)]
    np.testing.assert_allclose(got, 2 * X.T @ (yh - y) / m)


def test_a_sum_over_a_1d_array_has_one_index() -> None:
    assert entries("dc = 2 * sum(yh - y)") == "dc = sum over p of 2 * (yh[p] - y[p]) / m"


def test_a_sum_along_the_only_axis_has_its_index() -> None:
    assert entries("dc = 2 * (yh - y) / m") == "dc = sum over p of 2 * (yh[p] - y[p]) / m"


def test_an_entry_of_an_array_has_as_many_indices_as_the_array() -> None:
    said = [v.explanation for v in sb.verify(sb.parse(LINEAR + "dw = 0 * w\ndc = c\ndX = X\n"))]
    assert re.search(r"for w\[\d\],", said[0])
    assert "for c," in said[1]
    assert re.search(r"for X\[\d, \d\],", said[2])


def test_a_claim_that_is_infinite_at_the_counterexample_is_wrong() -> None:
    verdict = sb.verify(sb.parse("X: (n, m)\nJ = sum(X ** 2) / m\ndX = 2 * X / (m - 1)\n"))[0]
    assert verdict.status == "wrong"
    assert "dX is wrong" in verdict.explanation


def test_what_python_reads_keeps_its_brackets() -> None:
    assert _read(ast.parse("X / A * (1 + A)", mode="eval").body) == "(X / A) * (1 + A)"


def test_arrays_too_large_for_numbers_are_named_as_the_reason() -> None:
    text = "X: (784, 60000)\nw: (1, 784)\nJ = sum((w @ X) ** 2)\ndw = 2 * w @ X @ X.T\n"
    assert sb.verify(sb.parse(text))[0].status == "proved"
    with pytest.raises(sb.SymbackError, match="too large to judge"):
        sb.verify(sb.parse(text.replace("2 * w", "3 * w")))
