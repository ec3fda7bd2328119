"""The notations of a write-up: what each choice looks like, in every format, and that no choice is guessed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import symback as sb
from symback.errors import SymbackError
from symback.writeup.pdf import to_pdf

TEXT = """
X: (n_0, m)
Y: (n_2, m)
W1: (n_1, n_0)
W2: (n_2, n_1)
Z1 = W1 @ X
A1 = tanh(Z1)
Z2 = W2 @ A1
J = sum((Z2 - Y) ** 2) / 2
"""
CHOICES = [
    ("", r"dW_{1} = dZ_{1}\,X^{\top}"),
    ("partial", r"\frac{\partial J}{\partial W_{1}} = "),
    ("delta", r"\frac{\partial J}{\partial W_{1}} = \delta_{1}\,X^{\top}"),
    ("delta, W^[1]", r"\frac{\partial J}{\partial W^{\lbrack 1\rbrack}} = \delta^{\lbrack 1\rbrack}\,X^{\top}"),
    ("W^(1)", r"dW^{(1)} = dZ^{(1)}\,X^{\top}"),
]


@pytest.fixture(scope="module")
def derivation() -> sb.Derivation:
    return sb.derive(sb.parse(TEXT))


def plain(latex: str) -> str:
    """Without what differs between spellings of brackets."""
    return latex.replace("[", r"\lbrack ").replace("]", r"\rbrack ").replace(" ", "")


@pytest.mark.parametrize(("notation", "line"), CHOICES)
def test_latex_in_every_notation(notation: str, line: str, derivation: sb.Derivation) -> None:
    assert plain(line) in plain(derivation.to_latex(notation=notation))


@pytest.mark.parametrize("notation", ["partial", "delta, W^[1]", "W^(1)"])
def test_every_format_takes_a_notation_and_its_code_stays(notation: str, derivation: sb.Derivation) -> None:
    for text in (
        derivation.to_text(notation=notation), derivation.to_markdown(notation=notation),
        derivation.to_html(notation=notation),
    ):  # fmt: skip
        assert "dW1 = dZ1 @ X.T" in text


def test_a_delta_of_the_problem_itself_is_not_taken_for_a_gradient() -> None:
    problem = sb.parse("delta1: (n, m)\nW1: (n, m)\nZ1 = W1 * delta1\nJ = sum(Z1 ** 2)\n")
    assert r"\frac{\partial J}{\partial Z_{1}}" in sb.derive(problem).to_latex(notation="delta")


def test_an_unknown_notation_is_refused(derivation: sb.Derivation) -> None:
    with pytest.raises(SymbackError, match="'W<1>' is not one of dW, partial, delta"):
        derivation.to_latex(notation="W<1>")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_a_fragment_stands_in_another_document(derivation: sb.Derivation, tmp_path: Path) -> None:
    whole, part = derivation.to_latex(notation="delta, W^[1]"), derivation.to_latex(fragment=True)
    assert r"\documentclass" in whole and r"\documentclass" not in part
    assert to_pdf(whole).startswith(b"%PDF")
