"""The same problem with its terms and factors shuffled comes out as the same text."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

import symback as sb
from symback.algebra import nodes as n
from symback.algebra.nodes import Node, rebuild
from symback.algebra.walk import postorder
from symback.records import Problem
from symback.rewrites.order import Order
from tests.corpus import cases, text_of

CASES = [c for c in cases() if not c.get("structured")]


def shuffled(root: Node, rng: random.Random) -> Node:
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        new = rebuild(node, [memo[a] for a in node.args]) if node.args else node
        if new.op in ("add", "mul"):
            args = list(new.args)
            rng.shuffle(args)
            new = n.add(*args) if new.op == "add" else n.mul(*args)
        memo[node] = new
    return memo[root]


def shuffle(problem: Problem, seed: int) -> Problem:
    rng = random.Random(seed)
    return replace(problem, definitions=tuple(replace(d, node=shuffled(d.node, rng)) for d in problem.definitions))


def written(problem: Problem, wrt: str, kind: str) -> str:
    return sb.derive(problem, wrt, kind=kind)[wrt].to_numpy()


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_shuffled_terms_and_factors_change_nothing(case: dict[str, str]) -> None:
    problem = sb.parse(text_of(case))
    wanted = written(problem, case["wrt"], case["kind"])
    for seed in (1, 2):
        assert written(shuffle(problem, seed), case["wrt"], case["kind"]) == wanted


def test_the_shuffle_shuffles() -> None:
    problem = sb.parse("A: (n, m)\nB: (n, m)\nJ = sum(A * B * exp(A + B + 1))\n")
    found = {shuffle(problem, seed).definitions[0].node for seed in range(20)}
    assert len(found) > 5
    assert len({Order().apply(node) for node in found}) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("-Y + A", "A - Y"),
        ("b + W @ X", "W @ X + b"),
        ("-A ** 2 + 1", "1 - A ** 2"),
        ("log(A) * Y", "Y * log(A)"),
        ("(1 - A) * A", "A * (1 - A)"),
        ("A.T.T + A - A.T.T * 1", "A"),
    ],
)
def test_the_order_is_a_readers(text: str, wanted: str) -> None:
    problem = sb.parse(f"A: (n, m)\nY: (n, m)\nW: (n, k)\nX: (k, m)\nb: (n, 1)\nZ = {text}\nJ = sum(Z)\n")
    from symback.rewrites.engine import Context
    from symback.rewrites.simplify import simplify

    assert repr(simplify(problem.definitions[0].node, Context())[0]) == wanted
