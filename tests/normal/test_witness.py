"""Property test: nothing is proved that a second witness, NumPy at whole numbers and kinks, sees differ."""

from __future__ import annotations

import os

import pytest

import symback as sb
from symback.algebra import nodes as n
from symback.algebra.walk import substitute
from symback.language.read import read_in
from symback.normal.equal import prove_equal
from symback.records import Facts, Problem, Symbol
from tests.corpus import cases, text_of
from tests.normal.evaluate import differ
from tests.normal.identities import ARRAYS, PROVED, pairs
from tests.normal.identities import FACTS as DECLARED
from tests.normal.modular import agree, rational
from tests.normal.random_pairs import FACTS, SHAPES, SYMBOLS, Grower, neighbour

PROBLEM = Problem("", "", {k: Symbol(k, s) for k, s in SYMBOLS.items()}, (), "", (), Facts(FACTS))
IDENTITIES = sb.parse(f"{ARRAYS}{DECLARED}J = sum(x)\n")
SHAPES_ = {name: s.shape for name, s in IDENTITIES.symbols.items()}
RATIONAL = [pair for pair in pairs(PROVED) if all(rational(read_in(IDENTITIES, text).node) for text in pair)]
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
                if rational(a) and rational(b):
                    assert agree(a, b, SYMBOLS, FACTS, ("n", "m"), seed) is not False, f"{a!r} and {b!r} modulo a prime"
    assert proved > BATCH // 2  # the test would be empty if nothing were proved


def test_the_witness_sees_what_differs() -> None:
    x = n.symbol("x", SYMBOLS["x"])
    assert differ(n.apply("step", n.neg(x)), n.sub(n.ones(x.shape), n.apply("step", x)), SYMBOLS, FACTS, ("n", "m"))
    assert differ(n.apply("exp", x), n.add(n.ones(x.shape), x), SYMBOLS, FACTS, ("n", "m"))
    assert differ(x, n.mul(n.apply("abs", x), n.apply("sign", x)), SYMBOLS, FACTS, ("n", "m")) is None


@pytest.mark.parametrize(("left", "right"), RATIONAL)
def test_rational_identities_agree_modulo_a_prime(left: str, right: str) -> None:
    a, b = (read_in(IDENTITIES, text).node for text in (left, right))
    answers = [agree(a, b, SHAPES_, IDENTITIES.facts.arrays, ("n", "p", "q"), seed) for seed in range(3)]
    assert False not in answers and True in answers


def test_the_prime_sees_identities_of_one_size() -> None:
    a, b = (read_in(IDENTITIES, text).node for text in ("trace(A) ** 2 - trace(A @ A)", "2 * det(A)"))
    answers = {seed: agree(a, b, SHAPES_, frozenset(), ("n", "p", "q"), seed) for seed in range(40)}
    assert True in answers.values()  # n = 2
    assert False in answers.values()  # n > 2


def test_rational_answers_of_the_corpus_agree_modulo_a_prime() -> None:
    """What is derived and what is published, for every rational case without facts that a random table lacks."""
    count = 0
    for case in cases():
        if case["kind"] != "gradient" or case.get("structured"):
            continue
        problem = sb.parse(text_of(case))
        full: dict[object, object] = {}
        for definition in problem.definitions:
            full[definition.leaf] = substitute(definition.node, full)
        a = substitute(sb.derive(problem, case["wrt"])[case["wrt"]].node, full)
        b = substitute(read_in(problem, case["answer"]).node, full)
        if not (rational(a) and rational(b)) or problem.facts.sizes:
            continue
        shapes = {name: s.shape for name, s in problem.symbols.items()}
        names = tuple({d for s in shapes.values() for size in s for d in size.names})
        assert agree(a, b, shapes, problem.facts.arrays, names, count) is not False, case["id"]
        count += 1
    assert count > 60
