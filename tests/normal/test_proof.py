"""What must be proved, what must never be, and that no number is evaluated for a proof."""

from __future__ import annotations

import time

import numpy as np
import pytest

import symback as sb
from symback.checking import equal as checking
from symback.language.read import read_in
from symback.normal.equal import prove_equal
from tests.normal.evaluate import differ
from tests.normal.identities import ARRAYS, FACTS, NOT_PROVED, PROVED, pairs

PROBLEM = sb.parse(f"{ARRAYS}{FACTS}J = sum(x)\n")
SHAPES = {name: s.shape for name, s in PROBLEM.symbols.items()}


def both(left: str, right: str) -> tuple[object, object]:
    return read_in(PROBLEM, left).node, read_in(PROBLEM, right).node


@pytest.mark.parametrize(("left", "right"), pairs(PROVED))
def test_it_is_proved_and_the_second_witness_agrees(left: str, right: str) -> None:
    a, b = both(left, right)
    assert prove_equal(PROBLEM, a, b)
    for seed in range(3):
        assert differ(a, b, SHAPES, PROBLEM.facts.arrays, ("n", "p", "q"), seed, tall=(("n", "p"),)) is None


@pytest.mark.parametrize(("left", "right"), pairs(NOT_PROVED))
def test_it_is_not_proved(left: str, right: str) -> None:
    a, b = both(left, right)
    assert prove_equal(PROBLEM, a, b) is None


@pytest.mark.parametrize(("left", "right"), pairs(NOT_PROVED))
def test_it_is_refuted_with_numbers_that_differ(left: str, right: str) -> None:
    found = sb.equal(PROBLEM, left, right)
    assert found.status == "refuted", found
    point = found.counterexample
    values = {name: np.array(value) for name, value in point.arrays.items()}
    for name in values:
        ndim = PROBLEM.symbols[name].ndim
        values[name] = values[name][0, 0] if ndim == 0 else values[name][0] if ndim == 1 else values[name]
    import symback.numpy as language

    names = {n: getattr(language, n) for n in language.__all__} | values | point.sizes
    sides = [np.atleast_2d(eval(text, dict(names)))[point.entry] for text in (left, right)]
    assert sides == pytest.approx([point.left, point.right], rel=1e-9) and abs(sides[0] - sides[1]) > 1e-6


def test_a_proof_evaluates_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def sampled(*_: object) -> object:
        raise AssertionError("a number was asked for")

    monkeypatch.setattr(checking, "refute", sampled)
    monkeypatch.setattr(np.random, "default_rng", sampled)
    for left, right in pairs(PROVED):
        assert sb.equal(PROBLEM, left, right).status == "proved"
    with pytest.raises(AssertionError, match="a number"):
        sb.equal(PROBLEM, "A @ B", "B @ A")


@pytest.mark.parametrize(
    ("left", "right", "facts"),
    [
        ("S.T", "S", ("symmetric(S)",)),
        ("sum(T, axis=0)", "ones(1, p)", ("onehot(T)",)),
        ("sum(R, axis=1)", "ones(n, 1)", ("rows_sum_to_one(R)",)),
        ("sum(g)", "1", ("onehot(g, axis=1)",)),
        ("pinv(X) @ X", "eye(p)", ("n > p",)),
        ("Q.T @ Q + A", "A + eye(n)", ("orthogonal(Q)",)),
        ("trace(A @ B)", "trace(B @ A)", ()),
    ],
)
def test_the_facts_that_a_proof_used_are_named(left: str, right: str, facts: tuple[str, ...]) -> None:
    assert sb.equal(PROBLEM, left, right).facts == facts


def test_full_rank_is_a_condition_of_a_pseudoinverse() -> None:
    found = sb.equal(PROBLEM, "pinv(X) @ X", "eye(p)")
    assert found.conditions == ("X has full rank",)


@pytest.mark.parametrize(
    ("left", "right"),
    [("step(-x)", "1 - step(x)"), ("sign(x) ** 2", "ones(n, 1)"), ("step(x) + step(-x)", "ones(n, 1)")],
)
def test_what_holds_off_a_kink_alone_is_proved_only_when_that_is_asked(left: str, right: str) -> None:
    a, b = both(left, right)
    assert prove_equal(PROBLEM, a, b) is None
    assert prove_equal(PROBLEM, a, b, kinks=False)


def test_definitions_are_written_out_where_a_proof_needs_it() -> None:
    text = "W: (k, n)\nX: (n, m)\nZ = W @ X\nP = softmax(Z, axis=0)\nJ = sum(P)\n"
    problem = sb.parse(text)
    assert sb.equal(problem, "J", "m").status == "proved"
    assert sb.equal(problem, "Z.T", "X.T @ W.T").status == "proved"
    assert sb.equal(problem, "sum(P * Z)", "sum(Z)").status == "refuted"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_identities_of_one_size_are_not_proved_for_all(size: int) -> None:
    """Cayley and Hamilton at n = 1, 2, 3: true there, false at the next size."""
    powers = {1: "X - trace(X) * eye(n)", 2: "X @ X - trace(X) * X + det(X) * eye(n)"}
    powers[3] = "X @ X @ X - trace(X) * X @ X + (trace(X) ** 2 - trace(X @ X)) * X / 2 - det(X) * eye(n)"
    free = "X: (n, n)\nJ = trace(X)\n"
    assert sb.equal(free, powers[size], "0 * X").status == "refuted"
    fixed = f"X: (n, n)\nassume(n == {size})\nJ = trace(X)\n"
    assert sb.equal(fixed, powers[size], "0 * X").status in ("proved", "unknown")


def test_a_dimension_of_one_disappears() -> None:
    problem = "W: (k, n)\nb: (k, 1)\nX: (n, m)\nassume(k == 1)\nJ = sum(W @ X)\n"
    assert sb.equal(problem, "trace(W @ X @ ones(m, 1))", "sum(W @ X)").status == "proved"
    assert sb.equal(problem, "b * W", "W * sum(b)").status == "proved"


def test_literal_dimensions_count() -> None:
    problem = "X: (2, m)\nJ = sum(X)\n"
    assert sb.equal(problem, "sum(ones(2, 2))", "4").status == "proved"
    assert sb.equal(problem, "trace(eye(2)) * X", "2 * X").status == "proved"


def test_names_of_definitions_do_not_shadow_what_they_stand_for() -> None:
    problem = "A: (n, n)\nB: (n, n)\nC = A @ B\nJ = trace(C)\n"
    assert sb.equal(problem, "C", "B @ A").status == "refuted"
    assert sb.equal(problem, "trace(C)", "trace(B @ A)").status == "proved"


@pytest.mark.parametrize("factors", [6, 8, 12])
def test_symmetric_networks_are_told_apart(factors: int) -> None:
    """Two cycles of length k against one of length 2 k: colour refinement alone cannot see the difference."""
    problem = "S: (n, n)\nassume(symmetric(S))\nJ = trace(S)\n"
    half = " @ ".join(["S"] * (factors // 2))
    whole = " @ ".join(["S"] * factors)
    assert sb.equal(problem, f"trace({half}) ** 2", f"trace({whole})").status == "refuted"
    assert sb.equal(problem, f"trace({half}) ** 2", f"trace({half}) * trace({half})").status == "proved"


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(f"(x + {k} * y) ** 6" for k in range(20)),
        "maximum(" * 7 + "x" + "".join(f", {'xy'[k % 2]} * {k + 2})" for k in range(7)),
        "(" * 60 + "x" + " + y) * x" * 60,
        "tanh(" * 40 + "x" + ")" * 40,
        " @ ".join(["(A + B.T)"] * 12) + " @ x",
        "x" + " / (1 + x * y)" * 12,
    ],
)
def test_hard_questions_end_soon(text: str) -> None:
    start = time.perf_counter()
    sb.equal(PROBLEM, text, f"({text}) * 2")
    assert time.perf_counter() - start < 10


def test_shapes_that_differ_are_an_error_with_both_shapes() -> None:
    with pytest.raises(sb.SymbackError, match=r"A @ X is \(n, p\) and X\.T @ A is \(p, n\)"):
        sb.equal(PROBLEM, "A @ X", "X.T @ A")


def test_a_chain_says_which_line_is_the_first_false_one() -> None:
    problem = "G: (k, m)\nW: (k, n)\nH: (n, m)\n"
    lines = [
        "trace(G.T @ (W @ H))",
        "trace((W.T @ G).T @ H)",
        "sum((W.T @ G) * H)",
        "sum((G.T @ W) * H.T)",
        "sum(W.T @ G)",
        "trace(H)",
    ]
    with pytest.raises(sb.SymbackError):
        sb.check_chain(problem, lines)  # the last line is the trace of a matrix that is not square
    chain = sb.check_chain(problem, lines[:-1])
    assert chain.first_false == 4 and not chain.proved
    assert [step.status for step in chain.steps] == ["proved", "proved", "proved", "refuted"]
    assert sb.check_chain(problem, lines[:4]).proved


def test_a_fact_that_no_point_satisfies_refutes_nothing() -> None:
    problem = "X: (n, m)\nW: (k, n)\nP = W @ X\nassume(onehot(P))\nJ = sum(P)\n"
    assert sb.equal(problem, "sum(P)", "m").status == "proved"
    assert sb.equal(problem, "sum(X)", "m").status == "unknown"


@pytest.mark.parametrize("fact", ["onehot(v)", "columns_sum_to_one(v)"])
def test_the_entries_of_a_1d_array_sum_to_one_along_its_one_axis(fact: str) -> None:
    problem = f"v: (n,)\nz: (n,)\nassume({fact})\nJ = sum(v * z)\n"
    assert sb.equal(problem, "sum(v)", "1").status == "proved"
    assert sb.equal(problem, "sum(v)", "n").status == "refuted"
