"""Where a wrong line goes wrong: a mistake of its own, one in a helper that it uses, one of each, or two of its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from symback.algebra.nodes import Node
from symback.algebra.walk import symbols
from symback.checking.diagnose.edit import text
from symback.checking.diagnose.evaluate import Misfit, Nodes, Texts, as2, same
from symback.checking.diagnose.question import Diagnosis, Question, Seat
from symback.checking.diagnose.search import REPAIRS, diagnose, one, two, weak
from symback.checking.judge import DISTINCT, Scale
from symback.checking.line import Line
from symback.errors import SymbackError
from symback.language.read import read_in

if TYPE_CHECKING:
    from symback.checking.trial import Trial

Array = Any
LONG = 1500  # elements of a claim: beyond, nothing is tried


def find_fault(trial: Trial, line: Line, targets: Mapping[str, Array]) -> None:
    """Diagnose a wrong line: a mistake of its own, one in a helper that it uses, one of each, or two of its own."""
    assert line.claim.wrt is not None
    asked = questions(trial, line, line.claim.wrt)
    line.diagnosis, true = first_of(asked)
    if true:
        line.mended = frozenset(x.name for x in trial.lines if x.bad or x.origin)
    if line.diagnosis is None:
        helper = blame(trial, line, targets)
        if helper is not None:
            line.origin, line.diagnosis = helper.name, helper.diagnosis
            return
    line.diagnosis = as_operand(trial, line, line.diagnosis) or with_other_helper(trial, line, line.claim.wrt)
    for about in asked:
        line.diagnosis = line.diagnosis or about.witnessed(two(about) or weak(about))
    trial.correct(line)


def first_of(asked: list[Question]) -> tuple[Diagnosis | None, bool]:
    """The diagnosis with the earlier lines' own values, or with their true ones where that is simpler."""
    found = asked[0].witnessed(diagnose(asked[0])) if asked else None
    if len(asked) < 2 or (found is not None and found.hypothesis.second is None):
        return found, False
    other = asked[1].witnessed(diagnose(asked[1]))
    if other is None or (found is not None and other.hypothesis.mistake != found.hypothesis.mistake):
        return found, False
    return other, True


def as_operand(trial: Trial, line: Line, found: Diagnosis | None) -> Diagnosis | None:
    """A missing slope, where the line is written in the gradient by A = f(Z) that stands in place of that by Z."""
    if found is None or found.hypothesis.mistake != "missing_activation_derivative" or found.hypothesis.wrong is None:
        return found
    at = found.hypothesis.place
    used = next((x for x in trial.before(line) if x.role == at and x.name in line.uses), None)
    inner = trial.court.problem.definition(at)
    if used is None or inner is None or line.claim.wrt in symbols(inner.node):
        return found
    cause = f"{used.name}, the gradient by {at}, stands where that before {at} = {inner.text} belongs"
    cause += f": {found.hypothesis.cause}"
    return Diagnosis(replace(found.hypothesis, mistake="wrong_operand", cause=cause), found.ties)


def blame(trial: Trial, line: Line, targets: Mapping[str, Array]) -> Line | None:
    """The helper that makes a claim wrong: with the gradient that it should have been, the claim is right."""
    for helper in trial.before(line):
        if helper.claim.wrt is not None or helper.role is not None or helper.status == "wrong":
            continue
        kept = dict(helper.true)
        for wrt in roles(trial, helper):
            for scale in trial.conventions():
                suppose(trial, helper, wrt, scale)
                values = {w: trial.mended(line, w, [helper], Scale()) for w in targets}
                if all(v is not None and same(v, targets[w]) for w, v in values.items()):
                    convict(trial, helper, wrt, scale)
                    return helper
        helper.true = kept
    return None


def suppose(trial: Trial, helper: Line, wrt: str, scale: Scale) -> None:
    """Let later lines find in a helper the gradient by an array, times a factor."""
    for which in DISTINCT:
        point = trial.court.point(which)
        if point is not None and wrt in point.gradients:
            helper.true[which] = trial.court.shaped(wrt, point.gradients[wrt]) * scale.value(point.sizes)


def convict(trial: Trial, helper: Line, wrt: str, scale: Scale) -> None:
    """A helper that should have been the gradient by an array, and is not."""
    helper.role, helper.scale = wrt, scale
    helper.status = "ill-formed" if helper.value is None else "wrong"
    asked = questions(trial, helper, wrt)
    helper.diagnosis, _ = first_of(asked)
    for about in reversed(asked):
        helper.diagnosis = helper.diagnosis or about.witnessed(two(about) or weak(about))


def roles(trial: Trial, helper: Line) -> list[str]:
    """The arrays whose gradient a helper may be meant to be: of its shape, those named alike first."""
    point = trial.court.point("first")
    if point is None:
        return []
    names = [
        wrt for wrt, value in point.gradients.items()
        if "first" not in helper.own or value.shape == as2(helper.own["first"]).shape
    ]  # fmt: skip
    digits = "".join(ch for ch in helper.name if ch.isdigit())
    return sorted(
        names, key=lambda w: (helper.name.lower()[1:] != w.lower(), "".join(c for c in w if c.isdigit()) != digits)
    )


def questions(trial: Trial, line: Line, wrt: str, values: tuple[bool, ...] = ()) -> list[Question]:
    """What is asked about a wrong line: with the earlier lines' own values, and with those that they should have."""
    if line.tree is None or wrt not in trial.court.derivation.gradients:
        return []
    if sum(1 for _ in ast.walk(line.tree)) > LONG:
        return []
    place = next(i for i, x in enumerate(trial.lines) if x is line)
    before = trial.up_to(place)
    bad = any(x.bad or x.origin for x in before.lines)
    return [question(before, line, wrt, true) for true in values or ((False, True) if bad else (False,))]


def with_other_helper(trial: Trial, line: Line, wrt: str) -> Diagnosis | None:
    """A mistake in the line, on top of one in a helper before it: the helper is supposed to be what it should be."""
    for helper in [x for x in trial.before(line) if x.claim.wrt is None and x.role is None and x.origin is None]:
        kept = dict(helper.true)
        for role in roles(trial, helper)[:4]:
            for scale in trial.conventions():
                suppose(trial, helper, role, scale)
                spread(trial, helper, line)
                found, _ = one(supposed(trial, line, wrt), REPAIRS)
                if found is not None:
                    convict(trial, helper, role, scale)
                    line.mended = frozenset({helper.name})
                    return supposed(trial, line, wrt).witnessed(found)
        helper.true = kept
        spread(trial, helper, line)
    return None


def supposed(trial: Trial, line: Line, wrt: str) -> Question:
    """The question with the true values of the earlier lines."""
    return questions(trial, line, wrt, (True,))[0]


def spread(trial: Trial, helper: Line, until: Line) -> None:
    """The true values of the helpers that are written in another one."""
    for which in DISTINCT:
        point = trial.court.point(which)
        for line in trial.lines:
            if (
                point is not None
                and line.tree is not None
                and line.claim.wrt is None
                and any(x is helper for x in trial.before(line))
            ):
                try:
                    line.true[which] = Texts(trial.names(point, which, True)).value(line.tree)
                except Misfit:
                    line.true.pop(which, None)


def question(trial: Trial, line: Line, wrt: str, true: bool) -> Question:
    """What is asked about a wrong line."""
    assert line.tree is not None
    seats = [seat(trial, line, wrt, which, true) for which in DISTINCT]
    extra = trial.extra(true)

    def read(tree: ast.expr) -> Node | None:
        try:
            return read_in(trial.court.problem, text(tree), extra).node
        except SymbackError:
            return None

    lines = {x.name: x.tree for x in trial.lines if x.tree is not None}
    factor = trial.batch_scale() if trial.court.problem.definition(wrt) else Scale()
    found = [s for s in seats if s is not None]
    role_factor = line.scale if line.claim.wrt is None else Scale()
    square = seat(trial, line, wrt, "square", true)
    return Question(trial.court, wrt, line.tree, found, square, lines, factor, role_factor, read=read)


def seat(trial: Trial, line: Line, wrt: str, which: str, true: bool) -> Seat | None:
    """One point as a seat for the question."""
    point = trial.court.point(which)
    if point is None or wrt not in point.gradients:
        return None
    if which == "square":
        at_square(trial)
    names = trial.names(point, which, true)
    texts = Texts(names)
    assert line.tree is not None
    factor = line.scale.value(point.sizes) if line.claim.wrt is None else 1.0
    truths = Texts({**point.names, **trial.court.gradients_at(point)})
    nodes = Nodes(point.nodes.names, point.sizes)
    return Seat(texts, truths, nodes, point.gradients[wrt] * factor, texts.matrix(line.tree), point.sizes)


def at_square(trial: Trial) -> None:
    """The values of the earlier lines where all sizes are equal."""
    point = trial.court.point("square")
    assert point is not None
    for line in trial.lines:
        if "square" not in line.own and line.tree is not None:
            try:
                line.own["square"] = Texts(trial.names(point, "square")).value(line.tree)
            except Misfit:
                continue
        if line.claim.wrt in point.gradients:
            line.true.setdefault("square", trial.court.shaped(line.claim.wrt, point.gradients[line.claim.wrt]))
