"""A scalar that is added to every entry is counted, and no matrix of ones is multiplied by another."""

from __future__ import annotations

import numpy as np

import symback as sb
from symback.algebra import nodes as n
from symback.algebra.dims import Dim


def test_ones_times_ones_are_ones() -> None:
    ones = n.ones((Dim(1, ("m",)), Dim(1, ("n",))))
    assert n.mul(ones, ones) == ones
    s = n.symbol("s", n.SCALAR)
    assert n.mul(ones, s, ones) == n.mul(s, ones)


def test_a_scalar_beside_an_array_is_counted() -> None:
    problem = sb.parse("X: (m, n)\nb: (m, 1)\nc = sum(b)\nJ = sum(X * c + c)\n")
    text = sb.derive(problem)["c"].to_numpy()
    assert "ones" not in text
    X = np.arange(6.0).reshape(2, 3)
    assert eval(text, {"X": X, "m": 2, "n": 3, "sum": np.sum}) == 15 + 6
