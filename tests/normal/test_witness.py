"""Property test: nothing is proved that a second witness, NumPy at whole numbers and kinks, sees differ."""

from __future__ import annotations

import os

import pytest

from symback.normal.equal import prove_equal
from symback.records import Facts, Problem, Symbol
from tests.normal.evaluate import differ
from tests.normal.random_pairs import FACTS, SHAPES, SYMBOLS, Grower, neighbour

PROBLEM = Problem("", "", {k: Symbol(k, s) for k, s in SYMBOLS.items()}, (), "", (), Facts(FACTS))
COUNT = int(os.environ.get("SYMBACK_PAIRS", "240"))  # expressions, each with four neighbours; more on demand
BATCH = 20


@pytest.mark.parametrize("batch", range(COUNT // BATCH))
def test_nothing_is_proved_that_differs(batch: int) -> None:
    proved = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        grower = Grower(seed, exact=seed % 2 == 0)
        a = grower.grow(grower.random.choice(SHAPES), grower.random.randint(1, 8))
        for k in range(4):
            b = neighbour(a, 10 * seed + k)
            if k == 3:  # three places at once
                b = neighbour(neighbour(b, seed + 77), seed + 5)
            if b is not a and prove_equal(PROBLEM, a, b):
                proved += 1
                found = differ(a, b, SYMBOLS, FACTS, ("n", "m"), seed)
                assert found is None, f"seed {seed}: {a!r} was proved equal to {b!r}, but {found}"
    assert proved > BATCH // 2  # the test would be empty if nothing were proved


def test_the_witness_sees_what_differs() -> None:
    from symback.algebra import nodes as n

    x = n.symbol("x", SYMBOLS["x"])
    assert differ(n.apply("step", n.neg(x)), n.sub(n.ones(x.shape), n.apply("step", x)), SYMBOLS, FACTS, ("n", "m"))
    assert differ(n.apply("exp", x), n.add(n.ones(x.shape), x), SYMBOLS, FACTS, ("n", "m"))
    assert differ(x, n.mul(n.apply("abs", x), n.apply("sign", x)), SYMBOLS, FACTS, ("n", "m")) is None
