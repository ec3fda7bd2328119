"""What is drawn satisfies what is assumed."""

import numpy as np
import pytest

from symback.checking.draw import draw, draw_sizes
from symback.errors import SymbackError
from symback.language.read import parse

CHECKS = {
    "symmetric": lambda a: np.allclose(a, a.T),
    "spd": lambda a: np.allclose(a, a.T) and np.linalg.eigvalsh(a).min() > 0.1,
    "invertible": lambda a: np.linalg.cond(a) < 200,
    "orthogonal": lambda a: np.allclose(a @ a.T, np.eye(len(a))),
    "positive": lambda a: a.min() > 0,
    "diagonal": lambda a: np.allclose(a, np.diag(np.diag(a))) and np.abs(np.diag(a)).min() > 0.1,
    "binary": lambda a: set(np.unique(a)) == {0.0, 1.0},
    "onehot": lambda a: set(np.unique(a)) == {0.0, 1.0} and np.allclose(a.sum(axis=0), 1),
    "columns_sum_to_one": lambda a: np.allclose(a.sum(axis=0), 1) and a.min() > 0,
    "rows_sum_to_one": lambda a: np.allclose(a.sum(axis=1), 1),
    "full_rank": lambda a: np.linalg.cond(a) < 200,
}


@pytest.mark.parametrize("fact", CHECKS)
def test_facts_hold(fact):
    problem = parse(f"A: (n, n)\nassume({fact}(A))\nJ = sum(A)\n")
    for seed in range(5):
        value = draw(problem, np.random.default_rng(seed)).inputs["A"]
        assert value.shape[0] == value.shape[1] >= 5 and CHECKS[fact](value)


def test_facts_hold_together():
    problem = parse("A: (n, n)\nassume(symmetric(A), invertible(A), positive(A))\nJ = sum(A)\n")
    value = draw(problem, np.random.default_rng(0)).inputs["A"]
    assert all(CHECKS[fact](value) for fact in ("symmetric", "invertible", "positive"))


def test_rows_are_onehot_along_axis_one():
    problem = parse("Y: (m, k)\nassume(onehot(Y, axis=1))\nJ = sum(Y)\n")
    value = draw(problem, np.random.default_rng(0)).inputs["Y"]
    assert np.allclose(value.sum(axis=1), 1) and set(np.unique(value)) == {0.0, 1.0}


def test_arrays_have_the_dimensions_that_numpy_sees():
    problem = parse("A: (m, n)\nv: (n,)\ns: ()\nt: (1, 1)\nJ = sum(A * v) * s * t\n")
    inputs = draw(problem, np.random.default_rng(0)).inputs
    assert [np.ndim(inputs[name]) for name in "Avst"] == [2, 1, 0, 2]


def test_sizes_are_distinct():
    problem = parse("A: (m, n)\nB: (n, p)\nC: (p, q)\nJ = sum(A @ B @ C)\n")
    for seed in range(20):
        sizes = draw_sizes(problem, np.random.default_rng(seed), 2)
        assert len(set(sizes.values())) == 4 and min(sizes.values()) >= 2


@pytest.mark.parametrize("relation", ["n > p", "n >= 20", "m == n", "n > 2", "m > n, n > p", "n > 30, p > n"])
def test_relations_hold(relation):
    problem = parse(f"X: (n, p)\ny: (m, 1)\nassume({relation})\nJ = sum(X) + sum(y)\n")
    for seed in range(5):
        sizes = draw_sizes(problem, np.random.default_rng(seed))
        assert eval(relation.replace(",", " and"), {}, sizes)


def test_fixed_sizes_are_kept():
    problem = parse("X: (n, k)\nassume(k == 1)\nJ = sum(X) * k\n")
    drawn = draw(problem, np.random.default_rng(0))
    assert drawn.sizes["k"] == 1 and drawn.inputs["X"].shape[1] == 1


def test_relations_that_contradict_each_other_are_an_error():
    problem = parse("X: (n, p)\nassume(n > p, p > n)\nJ = sum(X)\n")
    with pytest.raises(SymbackError, match="no sizes"):
        draw_sizes(problem, np.random.default_rng(0))
