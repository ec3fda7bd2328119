"""Verdicts in words: each sentence is made of the claim, the step and the shapes at hand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

import symback.algebra.nodes as n
from symback.checking.conditions import conditions, vanishing
from symback.checking.counterexample import counterexample, figure
from symback.checking.diagnose.edit import text
from symback.checking.diagnose.entries import entry
from symback.checking.diagnose.evaluate import Texts
from symback.checking.diagnose.question import Hypothesis
from symback.errors import SymbackError
from symback.language.read import read_in
from symback.language.write import write
from symback.records import Counterexample, Step, Verdict
from symback.rewrites.engine import Context
from symback.rewrites.simplify import simplify

if TYPE_CHECKING:
    from symback.checking.line import Line
    from symback.checking.trial import Trial


def pronounce(trial: Trial, line: Line) -> Verdict:
    """The verdict on one line."""
    found = line.diagnosis.hypothesis if line.bad and line.diagnosis is not None else None
    right = line.status in ("proved", "agrees") and line.claim.wrt is not None
    under = conditions(trial, line) if right else ()
    example = counterexample(trial, line) if line.bad and line.role is not None else None
    expected = right_line(trial, line, found)
    ties = tuple(h.mistake for h in line.diagnosis.ties) if found is not None and line.diagnosis is not None else ()
    return Verdict(
        line.name, line.claim.wrt, line.claim.text, line.status, found.mistake if found is not None else None,
        "\n".join(sentences(trial, line, found, example, expected, under)), expected, example, line.origin,
        None if line.scale.is_one or line.bad else str(line.scale), under, line.proof.facts if line.proof else (),
        tuple(dict.fromkeys(ties)), departure(trial, line, found), line.claim.line,
    )  # fmt: skip


def right_line(trial: Trial, line: Line, found: Hypothesis | None) -> str | None:
    """What the line should be: the claim's own text mended, or the derived formula, in names that the reader has."""
    if (
        found is not None
        and found.repaired is not None
        and found.scale in (None, line.scale)
        and not _helper_at_fault(line)
    ):
        return text(found.repaired)
    derivation = trial.court.derivation
    gradient = derivation.gradients.get(line.role or "")
    if gradient is None:
        return None
    formula = write(gradient.named, derivation.one_d, gradient.ndim == 1)
    lines = {x.name for x in trial.lines}
    if not set(gradient.uses) <= lines:
        try:
            inlined = write(derivation.inlined(gradient.wrt), derivation.one_d, gradient.ndim == 1)
        except SymbackError:
            inlined = formula
        formula = inlined if len(inlined) <= SHORT else formula
    if line.scale.is_one:
        return formula
    node = gradient.named if not set(gradient.uses) - lines else trial.court.formula(gradient.wrt)
    many, _ = simplify(n.mul(line.scale.node, node), Context(trial.court.problem.facts))
    return write(many, derivation.one_d, gradient.ndim == 1)


def _helper_at_fault(line: Line) -> bool:
    return line.bad and line.origin is not None


SHORT = 100  # characters of a formula that a reader takes in at once

# --- sentences ------------------------------------------------------------------------------------------------


def sentences(
    trial: Trial,
    line: Line,
    found: Hypothesis | None,
    example: Counterexample | None,
    expected: str | None,
    under: tuple[str, ...],
) -> list[str]:
    """The explanation, sentence by sentence."""
    if line.status in ("proved", "agrees"):
        return _right(trial, line, under)
    if line.status == "scaled":
        user = next(
            (
                x.name
                for x in trial.lines
                if x.claim.wrt and x.status in ("proved", "agrees") and any(y is line for y in trial.before(x))
            ),
            None,
        )
        later = f", and {user} applies it" if user else ""
        said = f"{line.name} is {line.scale} times the gradient of {trial.court.objective}: the gradient per example"
        return [f"{said}, the 1 / {line.scale} left for later{later}."]
    if line.status == "follows":
        return [f"{line.name} is right in itself, but it is built on {line.origin}, which is wrong."]
    return _wrong(trial, line, found, example, expected)


def _right(trial: Trial, line: Line, under: tuple[str, ...]) -> list[str]:
    if line.claim.wrt is None:
        if line.role is None:
            return [f"{line.name} is a name for {line.claim.text}; it claims no gradient."]
        times = "" if line.scale.is_one else f"{line.scale} times "
        return [f"{line.name} is {times}the gradient by {line.role}."]
    out = []
    if line.status == "proved":
        facts = f", with {', '.join(line.proof.facts)}" if line.proof is not None and line.proof.facts else ""
        out.append(f"{line.name} is right: equal to the derived gradient for all sizes{facts}.")
    else:
        out.append(f"{line.name} agrees with the derivative at every draw; no proof was found.")
    for condition in under:
        out.append(f"It is right only because {condition}.")
    if all(abs(v).max(initial=0.0) < 1e-11 for v in line.true.values()) and line.true:
        out.append(f"The gradient by {line.claim.wrt} is identically zero.")
    out += [f"A way that may seem to be missing is not: {reason}." for reason in vanishing(trial, line)[:1]]
    edge = _edges(line)
    return out + ([edge] if edge else [])


def _edges(line: Line) -> str | None:
    """Where >= or <= counts the kink itself, which step does not."""
    if line.tree is None:
        return None
    for node in ast.walk(line.tree):
        match node:
            case ast.Compare(left=left, ops=[ast.GtE() | ast.LtE()], comparators=[right]):
                return f"At {text(left)} = {text(right)} there is no derivative, and step(0) = 0 is another convention."
    return None


def _wrong(
    trial: Trial, line: Line, found: Hypothesis | None, example: Counterexample | None, expected: str | None
) -> list[str]:
    out = [_by_number(trial, line, example)]
    if _helper_at_fault(line):
        helper = trial.line(line.origin or "")
        assert helper is not None
        cause = f": {found.cause}" if found is not None else ""
        stands = f"which stands for the gradient by {helper.role}"
        out.append(f"The line itself is right; the mistake is in {helper.name}, {stands}{cause}.")
        return out
    if found is not None:
        out += _causes(trial, line, found, expected)
    elif example is not None and example.claimed is not None:
        out.append("None of the known mistakes explains it.")
    if expected is not None:
        out.append(f"Right: {line.name} = {expected}.")
    return out


def _by_number(trial: Trial, line: Line, example: Counterexample | None) -> str:
    wrt = line.role or line.claim.wrt
    if line.status == "ill-formed" and line.error:
        said = line.error.split("; did you mean")[0]
        return f"{line.name} is ill-formed: {said}."
    if line.status == "ill-formed" and line.value is not None and wrt is not None:
        return f"{line.name} is ill-formed: it has the shape {line.value.shape}, and {wrt} has {_declared(trial, wrt)}."
    if example is None or example.claimed is None:
        return f"{line.name} is wrong."
    i, j = example.entry
    place = {0: "", 1: f"[{j}]", 2: f"[{i}, {j}]"}[trial.court.problem.ndim(wrt)] if wrt else ""
    slope = (example.above - example.below) / (2 * example.h)
    return (
        f"{line.name} is wrong: in the counterexample it says {figure(example.claimed)} for {wrt}{place}, "
        f"where {trial.court.objective} has the slope {figure(slope)}"
        + (f", and {line.scale} times that is meant." if example.times != 1 else ".")
    )


def _declared(trial: Trial, name: str) -> str:
    rows, columns = trial.court.problem.shape(name)
    ndim = trial.court.problem.ndim(name)
    return "()" if ndim == 0 else f"({columns},)" if ndim == 1 else f"({rows}, {columns})"


def _causes(trial: Trial, line: Line, found: Hypothesis, expected: str | None) -> list[str]:
    out = [_sentence(found.cause)]
    shapes = _shapes(trial, line, found)
    if shapes:
        out.append(shapes)
    why = _why(trial, line, expected)
    if why:
        out.append(why)
    if found.second is not None:
        out.append("There is a second mistake: " + found.second.cause + ".")
    if found.mistake == "missing_mean" and trial.court.problem.definition(line.role or "") is not None:
        out.append(
            "Left for later it would be the convention of gradients per example, but no later line comes right with it."
        )
    if line.diagnosis is not None and not line.diagnosis.proved:
        out.append("This explanation was found at random draws; it is not proved.")
    if line.diagnosis is not None and line.diagnosis.ties:
        others = dict.fromkeys(h.cause for h in line.diagnosis.ties)
        out.append(f"It can be read otherwise too: {'; or '.join(others)}.")
    return out


def _sentence(cause: str) -> str:
    """A cause as a sentence; a name that it begins with keeps its case."""
    first = cause.split(" ")[0]
    return (
        cause[0].upper() + cause[1:] if first in ("it", "the", "all", "its", "softmax's", "softmax") else cause
    ) + "."


def _shapes(trial: Trial, line: Line, found: Hypothesis) -> str | None:
    """The shapes of what stands there and of what belongs there."""
    if (
        not found.old
        or not found.new
        or found.mistake
        in ("wrong_sign", "wrong_factor", "missing_factor", "missing_mean", "double_mean", "wrong_mean")
    ):
        return None
    shapes: list[str | None] = []
    for part in (found.old, found.new):
        try:
            shapes.append(read_in(trial.court.problem, part, trial.extra()).shape)
        except SymbackError:
            shapes.append(None)
    old, new = shapes
    if new is None or len(found.new) > 80:
        return None
    if old is None:
        return f"As it stands its shapes do not conform; {found.new} has the shape {new}."
    if old == new:
        return f"Both {found.old} and {found.new} have the shape {new}, so shapes cannot tell them apart."
    return f"{found.old} has the shape {old}, {found.new} has {new}."


def _why(trial: Trial, line: Line, expected: str | None) -> str | None:
    """One line of indices: the entry of the right formula."""
    point = trial.court.point("first")
    if point is None or expected is None:
        return None
    texts = Texts({**trial.court.gradients_at(point), **trial.names(point, "first", True)})

    def shape(part: ast.expr) -> tuple[bool, bool, bool] | None:
        value = texts.matrix(part)
        return None if value is None else (value.shape[0] == 1, value.shape[1] == 1, np.ndim(texts.value(part)) == 1)

    found = entry(ast.parse(expected, mode="eval").body, shape, line.name, set(texts.names))
    return None if found is None else f"Entry by entry: {found}."


def departure(trial: Trial, line: Line, found: Hypothesis | None) -> Step | None:
    """The step of the derivation at which the claim departs: the one that was done otherwise."""
    if found is None or line.role is None:
        return None
    gradients = trial.court.derivation.gradients
    own = gradients[line.role].steps if line.role in gradients else ()
    kinds = STEPS.get(found.mistake, ())
    if found.place:
        for gradient in gradients.values():
            for path in gradient.paths:
                for step in path.steps:
                    if (
                        path.user == found.place
                        and step.kind == "rule"
                        and (found.node is None or step.node is found.node)
                    ):
                        return step
    return next((s for s in own if s.node is not None and s.node.op in kinds), own[0] if own else None)


STEPS = {
    **dict.fromkeys(("order_swapped", "hadamard_for_matmul"), ("matmul",)),
    **dict.fromkeys(("missing_transpose", "extra_transpose"), ("matmul", "transpose")),
    **dict.fromkeys(("missing_sum", "wrong_axis", "summed_over_everything", "mean_for_sum"), ("matmul", "sum")),
    **dict.fromkeys(("missing_mean", "double_mean", "wrong_mean", "matmul_for_hadamard"), ("mul",)),
    **dict.fromkeys(("missing_factor", "wrong_factor"), ("mul", "power")),
    **dict.fromkeys(("wrong_operand", "operator_precedence"), ("matmul", "mul")),
    "missing_inverse": ("inv", "logdet"),
}  # the operations at whose step a mistake in the claim's own text is made
