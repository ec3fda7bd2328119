"""The search for the simplest mistake that explains a claim.

The order of simplicity: the whole off by a factor or its sign; a transpose or the order of factors; a bracket, ``*``
for ``@`` or ``@`` for ``*``; a sum over the batch; the factor or sign of one term; the derivative of an activation; a
term, path or penalty left out; another operand; a factor or an inverse left out; a factor pulled out of a sum; another
loss; softmax's Jacobian left out. One mistake comes before one mistake with a factor beside it, and that before two.
Within one step that has no order of its own (which transpose, which axis), every explanation that fits is a tie and
is said.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from symback.checking.diagnose import activations, insertions, losses, operands, order, products, scale, sums, terms
from symback.checking.diagnose.evaluate import parallel, same
from symback.checking.diagnose.question import Diagnosis, Hypothesis, Question
from symback.checking.judge import Scale, ratio

Family = Callable[[Question], Iterator[Hypothesis]]

ORDER: tuple[Family, ...] = (
    scale.whole, order.transposes, order.swaps, products.hadamard, products.matmul, order.orders, order.whole,
    products.precedence, sums.axes, sums.means, products.hadamard_anyhow, sums.missing, scale.terms, scale.signs,
    activations.elementwise, activations.softmax, terms.objective_terms, terms.ways, insertions.slopes,
    operands.replaced_name, operands.exchanged, operands.composed, terms.adjoint_factors, insertions.inverses,
    operands.pulled_out, operands.other_gradient, losses.other, losses.elementwise, activations.softmax_missing,
)  # fmt: skip
FORMS: tuple[Family, ...] = (terms.derived_factors, terms.derived_terms, insertions.factors)  # a part is left out
TIED: tuple[Family, ...] = (
    order.transposes,
    order.swaps,
    order.orders,
    sums.axes,
    products.hadamard_anyhow,
    operands.exchanged,
)
PAIRED: tuple[Family, ...] = (
    order.transposes, order.orders, sums.missing, sums.axes, products.hadamard, products.matmul, scale.terms,
    operands.replaced_name,
)  # fmt: skip
REPAIRS: tuple[Family, ...] = (
    order.transposes,
    order.orders,
    sums.axes,
    sums.missing,
    products.hadamard,
    products.matmul,
    scale.terms,
)
SECONDS = 0.7  # for two mistakes at once; one mistake takes a few hundredths


def diagnose(question: Question) -> Diagnosis | None:
    """The simplest single mistake, alone or with a factor beside it; None where none of the known ones explains it."""
    with np.errstate(all="ignore"):
        found, beside = one(question, ORDER)
        if beside is not None and beside.hypothesis.mistake == "missing_activation_derivative":
            return beside
        if found is None:
            found, _ = one(question, FORMS)
        return found or beside


def weak(question: Question) -> Diagnosis | None:
    """A part of the derived formula left out, with a factor beside it: said only where nothing simpler explains it."""
    with np.errstate(all="ignore"):
        return one(question, FORMS)[1]


def one(question: Question, families: tuple[Family, ...]) -> tuple[Diagnosis | None, Diagnosis | None]:
    """The simplest single mistake, and the simplest one with a factor beside it."""
    beside: Hypothesis | None = None
    for family in families:
        found: list[Hypothesis] = []
        for hypothesis in family(question):
            if time.process_time() > question.until:
                return None, None
            off = _explains(question, hypothesis)
            if off is None or _adds_nothing(question, hypothesis):
                continue
            if off.is_one or off == question.factor:
                found.append(hypothesis if off.is_one else replace(hypothesis, scale=off))
                if len(found) > 2:
                    break
            elif beside is None and family is not scale.whole:
                beside = _beside(question, hypothesis, off)
        if found and not (
            family is losses.other and beside is not None and beside.mistake == "missing_activation_derivative"
        ):
            ties = found[1:] if family in TIED else []
            return Diagnosis(found[0], tuple(h for h in ties if h.mistake != found[0].mistake)), None
    return None, Diagnosis(beside) if beside is not None else None


def _explains(question: Question, hypothesis: Hypothesis) -> Scale | None:
    """The factor that is left between the claim and what the hypothesis gives; 1 where it explains everything."""
    if hypothesis.repaired is not None:
        return _left(question, hypothesis)
    return question.gives(hypothesis.wrong, hypothesis.text, scaled=True)


def _left(question: Question, hypothesis: Hypothesis) -> Scale | None:
    assert hypothesis.repaired is not None
    above, below = [], []
    for seat in question.seats:
        value = seat.texts.matrix(hypothesis.repaired)
        if value is None or value.shape != seat.target.shape:
            return None
        above.append(value)
        below.append(seat.target)
        if len(above) == 1 and len(question.seats) > 1 and not parallel(value, seat.target):
            return None
    if all(same(a, b) for a, b in zip(above, below, strict=True)):
        return Scale()
    return ratio(question.court, above, below)


def _beside(question: Question, hypothesis: Hypothesis, off: Scale) -> Hypothesis:
    """The hypothesis with a factor beside it."""
    tree = hypothesis.repaired or question.tree
    factor = next(scale.named(question, off, tree, ""), None)
    return replace(hypothesis, scale=off, second=factor)


def two(question: Question) -> Diagnosis | None:
    """Two mistakes: a change of the text after another, two of one kind first."""
    with np.errstate(all="ignore"):
        return _same_kind(question) or _two(question)


def _same_kind(question: Question) -> Diagnosis | None:
    """Two mistakes of one kind at two places: two transposes, the order in two terms."""
    for family in (order.transposes, order.orders):
        firsts = [h for h in family(question) if h.repaired is not None][:40]
        for first in firsts:
            for second in family(replace_tree(question, first)):
                if time.process_time() > question.until:
                    return None
                if (
                    second.repaired is not None
                    and second.mistake == first.mistake
                    and question.repairs_it(second.repaired)
                ):
                    return Diagnosis(replace(first, repaired=second.repaired, second=second))
    return None


def _two(question: Question) -> Diagnosis | None:
    until = min(question.until, time.process_time() + SECONDS)
    firsts = [h for family in PAIRED for h in family(question) if h.repaired is not None]
    for first in firsts[:150]:
        inner = replace_tree(question, first)
        for family in PAIRED[:-1]:
            for second in family(inner):
                if time.process_time() > until:
                    return None
                if second.repaired is not None and question.repairs_it(second.repaired):
                    if _adds_nothing(inner, second):
                        continue
                    return Diagnosis(replace(first, repaired=second.repaired, second=second))
    return None


def _adds_nothing(question: Question, hypothesis: Hypothesis) -> bool:
    """True where what is put in is zero everywhere: sum(P - Y) repairs many a line, and explains none."""
    if not hypothesis.new or not hypothesis.old:
        return False
    try:
        new = ast.parse(hypothesis.new, mode="eval").body
    except SyntaxError:
        return False
    values = [seat.texts.matrix(new) for seat in question.seats]
    return bool(values) and all(v is not None and float(np.abs(v).max(initial=0.0)) < 1e-9 for v in values)


def replace_tree(question: Question, first: Hypothesis) -> Question:
    """The question about the text with one mistake repaired."""
    assert first.repaired is not None
    tree = first.repaired
    return replace(question, tree=tree, seats=[replace(s, claimed=s.texts.matrix(tree)) for s in question.seats])
