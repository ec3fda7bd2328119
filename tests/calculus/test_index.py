"""The index method is a second derivation: it uses no adjoint, and its result is proved equal to the published one."""

from __future__ import annotations

from dataclasses import replace

import pytest

import symback as sb
from symback.calculus import index
from symback.language.read import read_in
from symback.normal.equal import prove_equal
from symback.ops import RULES
from tests.corpus import Case, cases, text_of
from tests.numeric import close, environment, run, truth, value

GRADIENTS = [c for c in cases() if c["kind"] == "gradient" and not c.get("structured")]

NETWORK = """
X: (n, m)
Y: (k, m)
W1: (p, n)
b1: (p, 1)
W2: (k, p)
b2: (k, 1)
Z1 = W1 @ X + b1
A1 = tanh(Z1)
Z2 = W2 @ A1 + b2
P = softmax(Z2, axis=0)
J = -sum(Y * log(P)) / m
"""


@pytest.fixture
def no_adjoint(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> object:
        raise AssertionError("an adjoint was asked for")

    for op, rule in list(RULES.items()):
        monkeypatch.setitem(RULES, op, replace(rule, adjoint=refused))


@pytest.mark.usefixtures("no_adjoint")
def test_the_fixture_would_notice_an_adjoint() -> None:
    with pytest.raises(AssertionError, match="an adjoint"):
        sb.derive(sb.parse(NETWORK), "W1")


@pytest.mark.usefixtures("no_adjoint")
@pytest.mark.parametrize("case", GRADIENTS, ids=[c["id"] for c in GRADIENTS])
def test_it_derives_the_corpus_without_adjoints_to_the_published_form(case: Case) -> None:
    problem = sb.parse(text_of(case))
    found = sb.derive(problem, case["wrt"], method="index")[case["wrt"]]
    assert found.steps
    assert prove_equal(problem, found.node, read_in(problem, case["answer"]).node), found.node


@pytest.mark.parametrize("case", GRADIENTS, ids=[c["id"] for c in GRADIENTS])
def test_both_methods_are_proved_equal(case: Case) -> None:
    problem = sb.parse(text_of(case))
    first, second = (sb.derive(problem, case["wrt"], method=m)[case["wrt"]] for m in ("differential", "index"))
    assert prove_equal(problem, first.node, second.node)


@pytest.mark.usefixtures("no_adjoint")
@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2", "X", "Y", "A1"])
def test_a_network_is_right_by_differences(name: str) -> None:
    problem = sb.parse(NETWORK)
    text = sb.derive(problem, name, method="index")[name].to_numpy()
    values = environment(problem, positive=True)
    if name == "A1":  # the parameters are held fixed, and what follows A1 is computed anew
        inputs = run(problem, values, upto="A1")
        rest = "Z2 = W2 @ A1 + b2\nP = softmax(Z2, axis=0)\nJ = -sum(Y * log(P)) / m\n"
        short = sb.parse(f"W2: (k, p)\nA1: (p, m)\nb2: (k, 1)\nY: (k, m)\n{rest}")
        wanted = truth(short, inputs, "A1", "gradient")
    else:
        wanted = truth(problem, values, name, "gradient")
    assert close(value(text, run(problem, values)), wanted)


def test_entries_are_shown_with_their_sums() -> None:
    problem = sb.parse("W: (k, n)\nX: (n, m)\nG: (k, m)\nJ = sum(G * (W @ X))\n")
    (step,) = [s for s in sb.derive(problem, "X", method="index")["X"].steps if s.kind == "index"]
    assert "[p, q]" in step.statement
    assert "W[" in step.statement and "sum over" in step.statement


def test_a_wrong_delta_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the transpose forgot to swap its indices, the proof against the published form would fail."""
    monkeypatch.setitem(index.ENTRY, "transpose", lambda w, node, u, i, j: w.entry(u, i, j))
    problem = sb.parse("X: (n, n)\nA: (n, n)\nJ = trace(A @ X.T)\n")
    found = sb.derive(problem, "X", method="index")["X"]
    assert not prove_equal(problem, found.node, read_in(problem, "A").node)


@pytest.mark.usefixtures("no_adjoint")
@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("X: (n, m)\nA: (p, q)\nJ = sum(kron(X, A) ** 3)\n", "X"),
        ("X: (n, m)\nA: (p, q)\nJ = sum(tanh(kron(A, X)))\n", "X"),
        ("X: (n, n)\nJ = trace(matpow(kron(X, X), 2))\n", "X"),
        ("X: (n, m)\nB: (p, m)\na: (p, 1)\nJ = sum(kron(B, a) @ X.T @ X @ B.T)\n", "a"),
        ("X: (n, m)\nA: (p, n)\nJ = norm(vec(A @ X)) ** 2 + sum(exp(vec(X.T)))\n", "X"),
        ("x: (n,)\nA: (n, m)\nJ = sum(sin(A * sum(x) + A)) + x @ x\n", "x"),
        ("X: (n, m)\nJ = sum(logsumexp(X, axis=1)) + norm(softmax(X, axis=0)) ** 2\n", "X"),
        ("X: (n, m)\nassume(n > m)\nJ = sum(pinv(X)) + logdet(X.T @ X)\n", "X"),
    ],
)
def test_stacked_and_repeated_blocks_are_right_by_differences(text: str, wrt: str) -> None:
    problem = sb.parse(text)
    printed = sb.derive(problem, wrt, method="index")[wrt].to_numpy()
    values = environment(problem)
    assert close(value(printed, run(problem, values)), truth(problem, values, wrt, "gradient")), printed
