"""A formula in, the same formula out, in every notation: each row is what a mathematician would write."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import symback as sb
from symback.writeup.latex import to_latex
from symback.writeup.mathml import to_mathml
from symback.writeup.notation import Notation, all_names, name_layout
from symback.writeup.portable import to_portable
from symback.writeup.typeset import Typesetter
from symback.writeup.unicode import to_unicode

SHAPES = """A: (n, n)
B: (n, n)
W1: (k, n)
X: (n, m)
b1: (k, 1)
v: (n, 1)
s: ()
lam: ()
mu_hat: (n, 1)
"""
FORMULAS = [
    ("W1 @ X + b1", r"W_{1}\,X + b_{1}", "W₁ X + b₁"),
    ("A.T @ B", r"A^{\top}\,B", "Aᵀ B"),
    ("(A @ B).T", r"(A\,B)^{\top}", "(A B)ᵀ"),
    ("A * B", r"A \odot B", "A ⊙ B"),
    ("(A @ B) * A", r"(A\,B) \odot A", "(A B) ⊙ A"),
    ("A @ (B * A)", r"A\,(B \odot A)", "A (B ⊙ A)"),
    ("A ** 2", r"A^{\odot 2}", "A⊙²"),
    ("matpow(A, 2)", r"A^{2}", "A²"),
    ("matpow(A, 2).T", r"(A^{2})^{\top}", "(A²)ᵀ"),
    ("s ** 2", r"s^{2}", "s²"),
    ("A / B", r"\frac{A}{B}", "A/B"),
    ("(1 - A) / B", r"\frac{1 - A}{B}", "(1 − A)/B"),
    ("-A / m", r"-\frac{1}{m}\,A", "−(1/m) A"),
    ("A @ B / (2 * m)", r"\frac{1}{2\,m}\,A\,B", "(1/(2 m)) A B"),
    ("lam / 2 * sum(A ** 2)", r"\frac{\lambda}{2}\,\sum A^{\odot 2}", "(λ/2) ∑ A⊙²"),
    ("sum(A, axis=1)", r"A\,\mathbf 1_{n}", "A 𝟏ₙ"),
    ("sum(A, axis=0)", r"\mathbf 1_{n}^{\top}\,A", "𝟏ₙᵀ A"),
    ("ones(n, 3)", r"\mathbf 1_{n}\mathbf 1_{3}^{\top}", "𝟏ₙ𝟏₃ᵀ"),
    ("sigmoid(A) - 1", r"\sigma(A) - 1", "σ(A) − 1"),
    ("tanh(A) * log(B)", r"\tanh(A) \odot \log(B)", "tanh(A) ⊙ log(B)"),
    ("softplus(A)", r"\operatorname{softplus}(A)", "softplus(A)"),
    ("leaky_relu(A, 0.1)", r"\operatorname{leaky\,relu}(A, 0.1)", "leaky relu(A, 0.1)"),
    ("softmax(A, axis=0)", r"\operatorname{softmax}(A)", "softmax(A)"),
    ("softmax(A, axis=1)", r"\operatorname{softmax}_{\mathrm{rows}}(A)", "softmax_{rows}(A)"),
    ("inv(A).T", r"A^{-\top}", "A⁻ᵀ"),
    ("inv(A @ B)", r"(A\,B)^{-1}", "(A B)⁻¹"),
    ("logdet(A)", r"\log\lvert\det\,A\rvert", "log|det A|"),
    ("trace(A @ B)", r"\operatorname{tr}(A\,B)", "tr(A B)"),
    ("norm(v) + norm(A)", r"\lVert v\rVert + \lVert A\rVert_{F}", "‖v‖ + ‖A‖_F"),
    ("sqrt(A)", r"\sqrt{A}", "√(A)"),
    ("A + (B - A @ A)", r"A + B - A\,A", "A + B − A A"),
    ("A - (B + A.T)", r"A - (B + A^{\top})", "A − (B + Aᵀ)"),
    ("-A + B", r"B - A", "B − A"),
    ("mu_hat - v", r"\hat \mu - v", "μ̂ − v"),
    ("kron(A, B)", r"A \otimes B", "A ⊗ B"),
    ("eye(n) - A", r"I_{n} - A", "Iₙ − A"),
    ("0.01 * A", r"0.01\,A", "0.01 A"),
    ("abs(A)", r"\lvert A\rvert", "|A|"),
]


def node(text: str):
    problem = sb.parse(SHAPES + f"J = {text}\n")
    shapes = {name: s.shape for name, s in problem.symbols.items()}
    return problem.definitions[-1].node, Typesetter(all_names({**shapes, "J": shapes["s"]}, {}, "J"))


@pytest.mark.parametrize(("text", "latex", "plain"), FORMULAS)
def test_a_formula_is_written_as_a_mathematician_writes_it(text, latex, plain):
    expression, typeset = node(text)
    assert to_latex(typeset(expression)).strip() == latex
    assert to_unicode(typeset(expression)) == plain


class Tags(HTMLParser):
    """The elements of a page, which have to be closed in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.names.update(value for key, value in attrs if key in ("data-n", "data-name"))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("text", [row[0] for row in FORMULAS])
def test_mathml_is_balanced_and_names_its_arrays(text):
    expression, typeset = node(text)
    page = Tags()
    page.feed(to_mathml(typeset(expression)))
    assert page.open == []
    assert page.names == {n for n in ("A", "B", "W1", "X", "b1", "v", "s", "lam", "mu_hat") if _occurs(n, text)}


def _occurs(name: str, text: str) -> bool:
    import re

    return re.search(rf"(?<![\w.]){name}(?!\w|\()", text) is not None


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("W1", "W_{1}"), ("n_0", "n_{0}"), ("gamma", r"\gamma"), ("b_out", r"b_{\mathrm{out}}"), ("Wxh", "W_{xh}"),
        ("logits", r"\mathrm{logits}"), ("x_bar", r"\bar x"), ("theta2", r"\theta_{2}"), ("W_1_2", "W_{1, 2}"),
    ],
)  # fmt: skip
def test_names_are_letters_with_what_belongs_below(name, latex):
    assert to_latex(name_layout(name)) == latex


def test_a_layer_number_can_stand_above():
    layout = name_layout("W2", Notation(layer="[]"))
    assert to_latex(layout) == r"W^{\lbrack2\rbrack}" or to_latex(layout) == "W^{[2]}"


def test_two_names_never_look_alike():
    problem = sb.parse("W1: (n, n)\nW_1: (n, n)\nlam: ()\nlambda_: ()\nJ = trace(W1 @ W_1) * lam * lambda_\n")
    shapes = {name: problem.shape(name) for name in [*problem.symbols, "J"]}
    drawn = [to_latex(layout) for layout in all_names(shapes, {}, "J").values()]
    assert len(set(drawn)) == len(drawn)


def test_the_portable_dialect_keeps_underscores_behind_letters():
    expression, typeset = node("softmax(A, axis=1)")
    assert to_portable(typeset(expression)) == r"\mathop{\mathrm{softmax}}\nolimits_{\mathrm{rows}}(A)"
