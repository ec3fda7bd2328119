"""Random problems: each is derived right against differences of its own text, or refused with a reason.

``SYMBACK_RANDOM=2000`` asks for more of them; ``SYMBACK_SEED`` for others.
"""

import os

import pytest

from symback.calculus.derive import derive
from symback.errors import SymbackError
from symback.language.read import parse
from tests.calculus.random_problems import random_problem

COUNT = int(os.environ.get("SYMBACK_RANDOM", "240"))
FIRST = int(os.environ.get("SYMBACK_SEED", "0"))
GROUP = 20
NO_POINT = "no point was found"  # nothing to compare with: the function has a kink or a pole at every draw


def outcome(seed):
    """``right``, ``refused`` or ``no point``; an AssertionError says which formula is wrong, at which seed."""
    text = random_problem(seed, operations=(6, 12, 25)[seed % 3])
    try:
        derivation = derive(parse(text))
        report = derivation.check(trials=2, seed=seed)
    except SymbackError:
        return "refused"
    if report.reason.startswith(NO_POINT):
        return "no point"
    assert report.passed, f"seed {seed}: {report.reason}\n{text}"
    assert set(report.results) == set(derivation)
    return "right"


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, GROUP))
def test_random_problems_are_derived_right(first):
    found = [outcome(seed) for seed in range(first, min(first + GROUP, FIRST + COUNT))]
    assert found.count("refused") <= 1
    assert found.count("no point") <= 2


def test_the_problems_reach_every_operation():
    texts = "\n".join(random_problem(seed, 25) for seed in range(400))
    for name in [
        "trace",
        "det",
        "logdet",
        "inv",
        "pinv",
        "norm",
        "sum",
        "mean",
        "diag",
        "diagonal",
        "vec",
        "kron",
        "eye",
        "ones",
        "matpow",
        "commutation",
        "softmax",
        "logsumexp",
        "exp",
        "log",
        "sqrt",
        "abs",
        "sin",
        "cos",
        "tanh",
        "sigmoid",
        "relu",
        "leaky_relu",
        "softplus",
        "gelu",
        "silu",
        "erf",
        "maximum",
        "minimum",
        "np.dot",
        "np.sum",
        ".T",
    ]:
        assert f"{name}(" in texts or name == ".T", name


def test_the_same_seed_is_the_same_problem():
    assert random_problem(7) == random_problem(7) != random_problem(8)
