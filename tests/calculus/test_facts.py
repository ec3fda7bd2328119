"""A step that uses a fact says so, also where the same rewriting was done before for another gradient."""

from __future__ import annotations

import symback as sb

GAUSS = """
X: (n, m)
mu: (n, 1)
P: (n, n)
assume(spd(P))
D = X - mu
J = trace(D.T @ P @ D) / 2 - m * logdet(P) / 2
"""


def facts(derivation: sb.Derivation, name: str) -> set[str]:
    return {fact for step in derivation[name].steps for fact in step.facts}


def test_the_fact_is_named_for_each_gradient_that_rests_on_it() -> None:
    derivation = sb.derive(sb.parse(GAUSS))
    assert facts(derivation, "D") == {"spd(P)"}
    assert facts(derivation, "P") == {"spd(P)"}  # the inverse of P is turned round once more
    assert facts(derivation, "mu") == set()


def test_a_fact_that_does_not_help_is_not_named() -> None:
    derivation = sb.derive(sb.parse("S: (n, n)\nX: (n, n)\nassume(symmetric(S))\nJ = trace(inv(S + X) @ X)\n"))
    assert facts(derivation, "S") == set()
    assert derivation["S"].to_numpy().endswith(".T")


def test_a_closed_fact_is_used_after_the_derivative_only() -> None:
    # d tr(A S^T) / dS = A; with S^T read as S beforehand it would be A^T
    derivation = sb.derive(sb.parse("A: (n, n)\nS: (n, n)\nassume(symmetric(S))\nJ = trace(A @ S.T)\n"), wrt="S")
    assert derivation["S"].to_numpy() == "A"
