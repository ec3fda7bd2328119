"""``verify_code``: the gradients that a training step returns, and every intermediate of its backward pass, judged.

The step is traced once. What the cost depends on is the forward pass; every other value that a gradient depends on is
a line of the working, in order, a claim where its name says of which array it is the gradient.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from symback.checking.verify import verify
from symback.records import Problem, Verdict
from symback.tracing.accumulated import explained
from symback.tracing.causes import Reading, best_reading, first_reading, with_helpers_put_in
from symback.tracing.claims import Code, Wrt, code_problem
from symback.tracing.premises import premises
from symback.tracing.problem import run


def verify_code(step: Callable[..., Any], *, wrt: Wrt = None, **shapes: Any) -> tuple[Verdict, ...]:
    """A verdict on each gradient that ``step`` returns and each intermediate on the way to it, with its source line.

    ``step`` returns ``(cost, gradients)``; the gradients are a dict with keys such as ``"dW1"`` or ``"W1"``, or a tuple
    in the order of ``wrt``. Shapes are given as to ``trace``. A verdict has ``line`` and ``source``: the statement that
    is wrong first, or the one that computes the gradient.

    Raises SymbackError, pointing at the source line, where the step cannot be traced.

    >>> import numpy as np
    >>> def step(X, Y, W):
    ...     A = W @ X
    ...     cost = np.sum((A - Y) ** 2) / X.shape[1]
    ...     dA = (A - Y) / X.shape[1]
    ...     return cost, {"W": dA @ X.T}
    >>> verdicts = verify_code(step, X=("n", "m"), Y=("k", "m"), W=("k", "n"))
    >>> [(v.name, v.status, v.mistake, v.line) for v in verdicts]
    [('dA', 'wrong', 'missing_factor', 4), ('dW', 'follows', None, 4)]
    """
    done = run(step, shapes)
    code = code_problem(done, wrt)
    first = first_reading(code.problem, frozenset(code.returned))
    premise: tuple[str, ...] = ()
    if first.wrong:
        for other, said in premises(done, code, wrt):
            reading = first_reading(other.problem, frozenset(other.returned))
            if _better(reading, first, code, said, premise):
                code, first, premise = other, reading, said
            if not first.wrong:
                break
    reading = best_reading(code.problem, first, code.places, frozenset(code.returned))
    verdicts = judge(replace(code, problem=replace(code.problem, claims=reading.claims)))
    return tuple(_under(v, premise) for v in verdicts) if premise else verdicts


def _better(reading: Reading, first: Reading, code: Code, said: tuple[str, ...], premise: tuple[str, ...]) -> bool:
    """True where a premise makes more of the returned gradients right, and spoils none."""
    right = {name for name in code.returned if first.right(name)}
    now = {name for name in code.returned if name in reading.status and reading.right(name)}
    # labels of a softmax sum to one in all code, so a mistake beside it is not explained by them
    return right < now or (right <= now and not premise and "sum to one" in said[0] and len(said) == 1)


def judge(code: Code) -> tuple[Verdict, ...]:
    """The verdicts of a step's claims, each with its place in the source."""
    out = []
    for verdict in verify(code.problem):
        at = verdict.origin if verdict.origin in code.places else verdict.name
        if verdict.status == "wrong" and verdict.mistake is None:
            verdict = explained(code.problem, verdict, verify)
        if verdict.status == "wrong" and verdict.mistake is None:
            verdict, at = _in_a_helper(code.problem, verdict)
        out.append(_placed(verdict, code, str(at)))
    return tuple(out)


def _in_a_helper(problem: Problem, verdict: Verdict) -> tuple[Verdict, str]:
    """A mistake that shows when a partial result is put into the line that uses it, and that partial result's name."""
    for whole, helper in with_helpers_put_in(problem, verdict.name):
        found = next(v for v in verify(whole) if v.name == verdict.name)
        if found.mistake is not None:
            return replace(found, claim=verdict.claim), helper
    return verdict, verdict.name


def _placed(verdict: Verdict, code: Code, at: str) -> Verdict:
    """A verdict with its line, or with the line of what it follows from; and what was overwritten before it."""
    wrong = verdict.status in ("wrong", "ill-formed")
    other = verdict.mistake in ("wrong_operand", None)  # what an array that has been overwritten looks like
    place = code.places[at]
    said = verdict.explanation
    for word, there in code.overwritten.items():
        if wrong and other and re.search(rf"\b{word}\b", verdict.claim) and place != there:
            said += f"; {word} is what line {there.line} makes of it: {there.text}"
    return replace(verdict, line=place.line, source=place.text, explanation=said)


def _under(verdict: Verdict, premise: tuple[str, ...]) -> Verdict:
    """A right line, with what it is right under."""
    if not verdict.right or verdict.wrt is None:
        return verdict
    new = tuple(p for p in premise if not (p.startswith("where") and verdict.conditions))  # unless that is said
    said = "; ".join((verdict.explanation.rstrip(". "), *new))
    return replace(verdict, explanation=said, conditions=(*verdict.conditions, *new))
