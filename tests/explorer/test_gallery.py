"""The gallery: what each derivation teaches is what the literature has, and the page of all is silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import symback as sb
from symback.cli import main
from tests.explorer.pages import DERIVATIONS, NAMES

# Closed forms as text books and papers have them, written in the arrays and the gradients of later definitions.
KNOWN = {
    "logistic_regression": {"z": "(p - y) / m", "w": "X.T @ (p - y) / m", "b": "sum(p - y) / m"},
    "softmax_regression": {"Z": "(P - Y) / m", "W": "X.T @ (P - Y) / m", "b": "sum(P - Y, axis=0) / m"},
    "linear_regression": {"w": "X.T @ (X @ w - y) / m"},
    "ridge_regression": {"w": "X.T @ (X @ w - y) / m + lambda_ * w"},
    "matrix_factorisation": {"U": "(M * (U @ V - R)) @ V.T + mu * U", "V": "U.T @ (M * (U @ V - R)) + mu * V"},
    "gaussian_mean_covariance": {
        "mu": "inv(S) @ sum(X - mu, axis=1)",
        "S": "-m / 2 * inv(S) + inv(S) @ D @ D.T @ inv(S) / 2",
    },
    "gaussian_precision": {"P": "m / 2 * inv(P) - D @ D.T / 2", "mu": "P @ sum(X - mu, axis=1)"},
    "batch_norm": {
        "beta": "sum(G, axis=1)",
        "gamma": "sum(G * N, axis=1)",
        "X": "gamma / s * (G - mean(G, axis=1) - N * mean(G * N, axis=1))",
    },
    "layer_norm": {
        "beta": "sum(G, axis=0)",
        "gamma": "sum(G * N, axis=0)",
        "X": "(gamma * G - mean(gamma * G, axis=1) - N * mean(gamma * G * N, axis=1)) / s",
    },
    "attention": {
        "V": "P.T @ G",
        "S": "P * (G @ V.T - sum(P * (G @ V.T), axis=1))",
        "Q": "(P * (G @ V.T - sum(P * (G @ V.T), axis=1))) @ K / sqrt(d)",
    },
    "rnn_three_steps": {"Wy": "(Wy @ H3 - Y) @ H3.T / m", "H3": "Wy.T @ (Wy @ H3 - Y) / m"},
    "autoencoder": {
        "R": "(R - X) / m",
        "W": "C @ ((R - X) / m).T + (W @ ((R - X) / m) * C * (1 - C)) @ X.T",
    },
    "newton_logistic": {"w": "X.T @ (p * (1 - p) * (X @ u)) / m"},
}


def test_there_are_at_least_sixteen() -> None:
    assert len(NAMES) >= 16
    assert set(KNOWN) < set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_docstring_teaches(name: str) -> None:
    problem = sb.load(DERIVATIONS / f"{name}.py")
    assert problem.title and len(problem.introduction.split("\n\n")) >= 2


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_results_are_those_of_the_literature(name: str) -> None:
    problem = sb.load(DERIVATIONS / f"{name}.py")
    assert sb.derive(problem).check().passed
    for array, formula in KNOWN[name].items():
        (verdict,) = sb.verify(problem, {array: formula})
        assert verdict.status in ("proved", "agrees"), f"d{array} = {formula}: {verdict.status}. {verdict.explanation}"


def test_the_hessian_of_logistic_regression_weighs_the_undecided() -> None:
    problem = sb.load(DERIVATIONS / "logistic_regression.py")
    hessian = sb.derive(problem, wrt="w", kind="hessian")["w"].to_numpy()
    assert sb.equal(problem, hessian, "X.T @ (p * (1 - p) * X) / m").status in ("proved", "agrees")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    assert main(["gallery", str(folder)]) == 0
    return folder / "index.html"


def test_the_page_of_all_shows_each_with_its_picture(gallery: Path, visit: Any) -> None:
    opened = visit(gallery.read_text(encoding="utf-8"))
    assert opened.said == [] and opened.asked == []
    assert opened.run("document.querySelectorAll('.sb-card svg').length") == len(NAMES)
    links = opened.run("[...document.querySelectorAll('.sb-card a')].map(a => a.getAttribute('href'))")
    for link in links:
        page, _, anchor = link.partition("#")
        text = (gallery.parent / page).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in text
