"""The right gradient of another common loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.diagnose.rerun import rerun
from symback.errors import SymbackError
from symback.numpy import ELEMENTWISE

LOSSES: dict[str, Callable[[Node, Node], Node]] = {
    "the squared error": lambda p, y: n.sub(p, y),
    "the binary cross-entropy": lambda p, y: n.sub(
        n.div(n.sub(n.ones(p.shape), y), n.sub(n.ones(p.shape), p)), n.div(y, p)
    ),
    "the cross-entropy": lambda p, y: n.neg(n.div(y, p)),
    "the absolute error": lambda p, y: n.apply("sign", n.sub(p, y)),
}  # the gradient of each, summed over its entries, by the prediction p with the labels y


def other(question: Question) -> Iterator[Hypothesis]:
    """The gradient of each common loss of two arrays in the objective."""
    court = question.court
    definition = court.problem.definition(court.objective)
    assert definition is not None
    found = [x for x in postorder(definition.node) if x.op == "symbol" and not x.is_scalar]
    for p in found:
        if str(p.data) not in court.derivation.gradients:
            continue
        for y in found:
            if y is p or y.shape != p.shape or court.problem.definition(str(y.data)) is not None:
                continue
            for name, by in LOSSES.items():
                yield from _of(
                    question,
                    str(p.data),
                    by(p, y),
                    f"it is the gradient of {name} of {p!r} and {y!r}, and {court.objective} is another",
                )


def _of(question: Question, at: str, slope: Node, cause: str) -> Iterator[Hypothesis]:
    court = question.court
    if at == question.wrt:
        yield Hypothesis("other_loss", cause, wrong=slope, place=court.objective)
        return
    definition = court.problem.definition(court.objective)
    assert definition is not None
    users = {p.user for p in court.derivation.gradients[at].paths}
    if users != {court.objective}:
        return
    try:
        wrong = rerun(court, question.wrt, at, lambda node, value, i, ybar: None)
    except SymbackError:
        return
    if wrong is not None:
        from symback.algebra.walk import substitute

        yield Hypothesis(
            "other_loss",
            cause,
            wrong=substitute(wrong, {court.derivation.gradients[at].symbol: slope}),
            place=court.objective,
        )


def elementwise(question: Question) -> Iterator[Hypothesis]:
    """Where the objective is a sum over the entries of one array, the slope of another function of the entries."""
    court = question.court
    for gradient in court.derivation.gradients.values():
        name = gradient.wrt
        if {p.user for p in gradient.paths} != {court.objective} or court.problem.definition(name) is None:
            continue
        r = court.problem.leaf(name)
        if not _entry_by_entry(question, r):
            continue
        for words, slope in (
            ("the absolute value", n.apply("sign", r)), ("half the square", r),
            ("the logistic loss", n.apply("sigmoid", r)),
            ("the hinge", n.apply("step", r)), ("log cosh", n.apply("tanh", r)), ("exp", n.apply("exp", r)),
            ("the cube", n.power(r, 2)), ("the negative hinge", n.neg(n.apply("step", n.neg(r)))),
            ("the logistic loss", n.neg(n.apply("sigmoid", n.neg(r)))),
        ):  # fmt: skip
            cause = f"{slope!r} is the derivative of {words} of {name}, and {court.objective} is another function of it"
            for found in _of(question, name, slope, cause):
                yield Hypothesis("wrong_activation_derivative", cause, wrong=found.wrong, place=court.objective)


def _entry_by_entry(question: Question, r: Node) -> bool:
    """True where the objective adds up functions of single entries of an array."""
    definition = question.court.problem.definition(question.court.objective)
    assert definition is not None
    depends = {r}
    for node in postorder(definition.node):
        if any(a in depends for a in node.args):
            depends.add(node)
            if node.op not in ELEMENTWISE and node.op not in ("add", "mul", "power", "sum", "mean"):
                return False
    return True
