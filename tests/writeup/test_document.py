"""The document: what is in it, in which order, for gradients, Jacobians, Hessians, and in every notation."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

import symback as sb
from symback.checking.check import CheckError
from symback.writeup.blocks import Callout, Heading, Result, Steps, Table, say
from symback.writeup.document import build
from symback.writeup.notation import Notation
from symback.writeup.render import to_latex, to_text
from symback.writeup.unicode import to_unicode
from tests.writeup.networks import ALL, CONSTANT, ROWS, TWO_LAYER


def headings(document):
    """The titles of the sections."""
    found = [b.spans for b in document.blocks if isinstance(b, Heading) and b.level == 1]
    return ["".join(s if isinstance(s, str) else "…" for s in spans) for spans in found]


def test_the_parts_stand_in_the_order_of_reading():
    found = headings(build(sb.derive(sb.parse(TWO_LAYER))))
    assert found[0] == "The forward pass" and found[1].startswith("Why ")
    middle = ["Notation and conventions", "The gradients, one after the other", "Summary"]
    assert found[2:] == [*middle, "The rules used", "The check", "A worked example"]


def test_every_gradient_has_steps_a_framed_result_and_a_line_of_the_summary():
    derivation = sb.derive(sb.parse(TWO_LAYER))
    document = build(derivation)
    results = {b.name: b for b in document.blocks if isinstance(b, Result)}
    assert set(results) == set(derivation)
    assert sum(isinstance(b, Steps) for b in document.blocks) >= len(derivation)
    assert [b.number for b in document.blocks if isinstance(b, Result)] == list(range(1, len(derivation) + 1))
    summary = next(b for b in document.blocks if isinstance(b, Table) and b.header[0] == ("gradient",))
    assert len(summary.rows) == len(derivation)
    for name, result in results.items():
        assert result.numpy.startswith(f"d{name} = ")


def test_a_parameter_follows_the_definition_that_completes_it():
    names = [b.name for b in build(sb.derive(sb.parse(TWO_LAYER))).blocks if isinstance(b, Result)]
    assert names == ["A2", "Z2", "W2", "b2", "A1", "Z1", "X", "W1", "b1", "Y"]


def test_later_products_say_their_order_in_short():
    callouts = [b for b in build(sb.derive(sb.parse(TWO_LAYER))).blocks if isinstance(b, Callout)]
    assert len(callouts) == 4  # dW2, dA1, dX, dW1; a bias is met by ones, which have no order to ask about


def test_conventions_are_stated_where_they_are_used():
    rows, columns = (sb.derive(sb.parse(s)).to_text() for s in (ROWS, TWO_LAYER))
    assert "step(0) = 0" in rows and "step(0) = 0" not in columns
    assert "recomputes everything after it" in " ".join(columns.split())
    assert "acts on each row by itself" in " ".join(rows.split())
    assert "onehot(Y, axis=1)" in rows


def test_the_check_is_reported_with_its_figures():
    derivation = sb.derive(sb.parse(TWO_LAYER))
    report = derivation.check(trials=2)
    text = derivation.to_text(report)
    assert f"at {report.trials} random points" in " ".join(text.split()) and "point 2" in text and "point 3" not in text


HESSIAN = "x: (n, 1)\nA: (n, n)\nf = x.T @ A @ x\n"
JACOBIAN = "x: (n, 1)\nA: (m, n)\nf = tanh(A @ x)\n"
STACKED = "X: (n, p)\nA: (m, n)\nF = A @ X\n"


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [(HESSIAN, "hessian", "∂²f/∂x ∂xᵀ"), (JACOBIAN, "jacobian", "∂f/∂x"), (STACKED, "jacobian_vec", "∂vec(F)/∂vec(X)")],
)
def test_jacobians_and_hessians_are_called_what_they_are(source, kind, name):
    derivation = sb.derive(sb.parse(source), wrt="X" if "X" in source else "x", kind=kind)
    text = derivation.to_text()
    numpy = next(b.numpy for b in build(derivation).blocks if isinstance(b, Result))
    assert re.search(rf"^  {re.escape(name)} = .*{re.escape(numpy)}$", text, flags=re.M)  # the line of the summary
    assert re.search(r"the (Hessian|Jacobian) by", text) and "the gradient by" not in text


def test_an_unnamed_cost_is_not_called_by_the_name_of_the_output():
    source = "X: (n, p)\nW: (k, n)\nG: (k, p)\nO = tanh(W @ X)\n"
    text = sb.derive(sb.parse(source), wrt="W", of="O", upstream="G").to_text()
    assert "∂ℓ/∂" in text and "∂O/∂" not in text and "ℓ is a cost that is not written here" in " ".join(text.split())


def test_a_structured_derivative_is_not_mixed_with_the_free_one():
    source = "S: (n, n)\na: (n, 1)\nassume(symmetric(S))\nf = a.T @ inv(S) @ a\n"
    text = sb.derive(sb.parse(source), wrt="S", structured=True).to_text()
    assert "dS_{free} = −S⁻¹ a aᵀ S⁻¹" in text
    assert "dS = −S⁻¹ a aᵀ S⁻¹\n" not in text


@pytest.mark.parametrize("notation", [Notation("partial", "[]"), Notation("partial", "()"), Notation("d", "[]")])
def test_the_notation_can_be_chosen(notation):
    derivation = sb.derive(sb.parse(TWO_LAYER))
    report = derivation.check(trials=1)
    text, latex = to_text(derivation, report, notation), to_latex(derivation, report, notation)
    assert ("∂J/∂W⁽²⁾" in text) == (notation.gradient == "partial")
    assert r"W^{[2]}" in latex or r"W^{(2)}" in latex


def test_colour_is_only_there_when_it_is_asked_for():
    derivation = sb.derive(sb.parse(TWO_LAYER))
    plain, coloured = derivation.to_text(), derivation.to_text(colour=True)
    assert "\033" not in plain and "\033[1;35m" in coloured
    assert re.sub(r"\033\[[\d;]*m", "", coloured) == plain
    assert not re.search("[\ue000-\uf8ff]", plain)


@pytest.mark.parametrize("name", ALL)
def test_records_show_themselves_in_a_notebook(name):
    problem = sb.parse(ALL[name])
    derivation = sb.derive(problem)
    result = derivation[next(iter(derivation))]
    for record in (problem, derivation, result, *result.steps):
        assert record._repr_latex_().startswith("$$") and "sbmark" not in record._repr_latex_()
        assert "<math" in record._repr_html_()
        assert "$$\n" in record._repr_markdown_()


def test_the_cost_of_writing_grows_with_the_number_of_layers_alone():
    def seconds(layers: int) -> float:
        lines = ["A0: (n, m)", *(f"W{i}: (n, n)" for i in range(1, layers + 1))]
        lines += [line for i in range(1, layers + 1) for line in (f"Z{i} = W{i} @ A{i - 1}", f"A{i} = tanh(Z{i})")]
        derivation = sb.derive(sb.parse("\n".join([*lines, f"J = sum(A{layers} ** 2)\n"])))
        report = sb.derive(sb.parse(TWO_LAYER)).check(trials=1)
        start = time.process_time()
        derivation.to_text(report)
        return time.process_time() - start

    seconds(4)
    assert seconds(64) < 16 * max(seconds(8), 0.02)  # eight times the layers


def test_what_fails_its_check_is_not_written():
    derivation = sb.derive(sb.parse(TWO_LAYER))
    gradient = derivation.gradients["W2"]
    wrong = replace(gradient, named=derivation.problem.leaf("W2"), uses=())
    broken = replace(derivation, gradients={**derivation.gradients, "W2": wrong}, _inlined={})
    for write in (broken.to_text, broken.to_latex, broken.to_markdown):
        with pytest.raises(CheckError):
            write()
    with pytest.raises(CheckError):
        derivation.to_text(replace(derivation.check(trials=1), passed=False))


def test_an_objective_that_depends_on_nothing_can_be_written():
    assert "J = 2 n" in sb.derive(sb.parse(CONSTANT)).to_text()


def test_say_counts_its_places():
    assert say("{} is {}", "a", "b") == ("a", " is ", "b")
    with pytest.raises(ValueError, match="2 places"):
        say("{} is {}", "a")
    assert to_unicode(build(sb.derive(sb.parse(TWO_LAYER))).blocks[2].layouts[0]).startswith("   Z₁")
