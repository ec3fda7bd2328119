"""A claim that is not in the language is a verdict, ``ill-formed`` or ``wrong``, and never an error; nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest

import symback as sb
from tests.language.malformed import EXPRESSIONS, HEADER

PROBLEM = sb.parse(HEADER + "J = sum(W @ X) * s + sum(S) + sum(x)\n")
ODD = [
    "", "X", "W", "s", "J", "dX", "dQ", "sum(X)", "eye(10**8)", "ones(10**9, m)", "0 * X", "X" + " + X" * 2000,
    "(" * 90 + "X" + ")" * 90, "X\nX", "X; X", "X = 3", "\0", "\ud800", "#",
]  # fmt: skip


@pytest.mark.parametrize("text", [*EXPRESSIONS.strip("\n").split("\n"), *ODD], ids=lambda text: ascii(text[:60]))
def test_a_malformed_claim_is_a_verdict(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (verdict,) = sb.verify(PROBLEM, {"X": text})
    assert verdict.status in ("ill-formed", "wrong") and verdict.explanation
    assert not list(tmp_path.iterdir())
