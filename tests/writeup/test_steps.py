"""What a step says is true: every formula and every pairing on the page, evaluated in NumPy at a random point."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

import symback as sb
from symback.checking.draw import draw
from symback.checking.run import Forward, namespace
from symback.language.write import write
from symback.writeup.document import Writer
from symback.writeup.layout import EQUALS, Op, Row, row
from symback.writeup.steps import DOTS
from symback.writeup.unicode import to_unicode
from tests.writeup.networks import ALL

TWICE = "X: (n, m)\nW: (n, n)\nA = tanh(W @ X)\nB = A * A + W @ A\nJ = sum(B * A) + sum(W ** 2)\n"


def at_a_point(derivation):
    """The values of all arrays and of all gradients."""
    problem = derivation.problem
    point = Forward(problem, derivation.objective).run(draw(problem, np.random.default_rng(3), 2))
    for g in derivation.gradients.values():
        point[str(g.symbol.data)] = value(g.named, point, derivation)
    return point


def value(node, point, derivation):
    found = eval(write(node, derivation.one_d, False, derivation.zero_d), point)
    found = np.asarray(found, dtype=float)
    return found.reshape(1, -1) if found.ndim < 2 else found


@pytest.mark.parametrize("source", [*ALL.values(), TWICE], ids=[*ALL, "twice"])
def test_both_sides_of_every_pairing_are_equal(source):
    derivation = sb.derive(sb.parse(source))
    writer, point = Writer(derivation), at_a_point(derivation)
    rng = np.random.default_rng(5)
    seen = 0
    for gradient in derivation.gradients.values():
        for step in gradient.steps:
            pairs = writer.steps.pairing(step)
            if pairs is None:
                continue
            change = pairs[-1]
            texts = [write(n, derivation.one_d, False, derivation.zero_d).replace("Δ", "D_") for n in pairs]
            shape = np.atleast_2d(point[str(change.data)[1:]]).shape
            local = namespace({**point, str(change.data).replace("Δ", "D_"): rng.normal(size=shape)})
            values = [np.asarray(eval(text, local)) for text in texts]
            left, right = np.sum(values[0] * values[1]), np.sum(values[2] * values[3])
            assert left == pytest.approx(right, rel=1e-9, abs=1e-9), (step.rule, texts)
            seen += 1
    assert seen > 0 or "trace" in source


@pytest.mark.parametrize("source", [*ALL.values(), TWICE], ids=[*ALL, "twice"])
def test_a_formula_without_dots_is_the_gradient_and_shares_add_up_to_it(source):
    derivation = sb.derive(sb.parse(source))
    writer, point = Writer(derivation), at_a_point(derivation)
    for name, gradient in derivation.gradients.items():
        shares: dict[object, float] = defaultdict(float)
        leaf = derivation.problem.leaf(name)
        whole = point[str(gradient.symbol.data)]
        for path in gradient.paths:
            for step in path.steps:
                share = writer.steps.subjects.of(step).share
                dotted = isinstance(formula := writer.steps.item(step).formula, Row) and formula.items[-1] == DOTS
                assert dotted == share
                if writer.steps.subject(step) == writer.typeset(gradient.symbol) and not share:
                    np.testing.assert_allclose(value(step.after, point, derivation), whole, rtol=1e-8, atol=1e-10)
            shares[leaf] = shares[leaf] + value(path.value, point, derivation)
        if gradient.paths:
            np.testing.assert_allclose(shares[leaf], whole, rtol=1e-8, atol=1e-10)
        for step in gradient.tail:
            np.testing.assert_allclose(value(step.after, point, derivation), whole, rtol=1e-8, atol=1e-10)


def test_an_array_that_is_used_twice_has_shares_with_dots():
    text = sb.derive(sb.parse(TWICE)).to_text()
    assert "dA = dB ⊙ A + ⋯" in text and "dA = Wᵀ dB + ⋯" in text
    assert Op("⋯", "ordinary") == DOTS


def test_what_is_put_in_is_named_with_its_number():
    text = " ".join(sb.derive(sb.parse(ALL["two_layer"])).to_text().split())
    assert "Put in dA₂ = (1/m) ((1 − Y)/(1 − A₂) − Y/A₂) from (1)." in text


def test_the_last_formula_of_the_steps_is_the_result():
    for name, source in ALL.items():
        derivation = sb.derive(sb.parse(source))
        writer, point = Writer(derivation), at_a_point(derivation)
        for gradient in derivation.gradients.values():
            items = [i for p in gradient.paths for i in writer.steps.items(p.steps)] if len(gradient.paths) == 1 else []
            items += [*writer.steps.items(gradient.tail), *writer.steps.reordered(gradient)]
            if items and gradient.steps:
                result = row(writer.typeset(gradient.symbol), EQUALS, writer.typeset(gradient.named))
                assert to_unicode(items[-1].formula) == to_unicode(result), (name, gradient.wrt)
                whole = value(gradient.named, point, derivation)
                last = value(gradient.steps[-1].after, point, derivation)
                np.testing.assert_allclose(last, whole, rtol=1e-9, atol=1e-12)
