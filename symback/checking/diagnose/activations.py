"""The derivative of an activation: left out, twice, of another function, at another point; and softmax's Jacobian."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.diagnose.rerun import between, rerun
from symback.errors import SymbackError
from symback.numpy import ELEMENTWISE
from symback.ops.elementwise import slope

Write = Callable[[Node, Node, Node], Node]  # of the value, the argument and the gradient that arrives
Slope = tuple[str, str, Write]  # its name as a mistake, as words, and as a formula

COMMON = ("sigmoid", "tanh", "relu", "softplus", "silu", "exp", "sin", "leaky_relu", "gelu")


def elementwise(question: Question) -> Iterator[Hypothesis]:
    """One elementwise function between the array and the objective, its derivative replaced."""
    for definition in between(question.court, question.wrt):
        for node in postorder(definition.node):
            if node.op not in ELEMENTWISE or node.op == "step" or (node.is_scalar and not definition.node.is_scalar):
                continue
            if definition.name == question.court.objective and node.op in ("log", "exp", "abs"):
                continue
            value = definition.leaf if node is definition.node else node
            for mistake, words, other in slopes(node, value):
                yield from _tried(question, definition.name, node, mistake, words, other)
            if (
                value is not definition.leaf and node.shape == definition.node.shape
            ):  # A = f(Z) * mask / p, and A put for f(Z)
                for mistake, words, other in slopes(node, definition.leaf):
                    if mistake == "wrong_activation_derivative":
                        yield from _tried(question, definition.name, node, mistake, words, other)


def softmax(question: Question) -> Iterator[Hypothesis]:
    """Softmax between the array and the objective, its Jacobian replaced."""
    for definition in between(question.court, question.wrt):
        for node in postorder(definition.node):
            if node.op == "softmax":
                for mistake, words, other in _softmax(node):
                    yield from _tried(question, definition.name, node, mistake, words, other)


def softmax_missing(question: Question) -> Iterator[Hypothesis]:
    """Softmax's Jacobian left out altogether."""
    for definition in between(question.court, question.wrt):
        for node in postorder(definition.node):
            if node.op == "softmax":
                yield from _tried(
                    question, definition.name, node, "missing_activation_derivative",
                    "the Jacobian of softmax is left out", lambda y, x, g: g,
                )  # fmt: skip


def _tried(question: Question, at: str, node: Node, mistake: str, words: str, other: Write) -> Iterator[Hypothesis]:
    def twist(here: Node, value: Node, i: int, ybar: Node) -> Node | None:
        return other(value, here.args[0], ybar) if here is node and i == 0 else None

    try:
        wrong = rerun(question.court, question.wrt, at, twist)
    except SymbackError:
        return
    if wrong is not None:
        yield Hypothesis(mistake, words, wrong=wrong, place=at, node=node)


@lru_cache(maxsize=64)
def slopes(node: Node, value: Node) -> tuple[Slope, ...]:
    """What people write for f'(x) * g, simplest first; y is how to write the value."""
    return (*_counted(node, value), *_elsewhere(node, value), *_of_others(node, value), *_slips(node, value))


def _put(other: Node) -> Write:
    return lambda y, x, g: n.mul(g, other)


def _counted(node: Node, value: Node) -> Iterator[Slope]:
    """The slope not at all, and twice."""
    own = slope(node, value)
    at = f"the derivative of {node.op} at {value!r}"
    yield "missing_activation_derivative", f"{at} is left out", lambda y, x, g: g
    yield "extra_activation_derivative", f"{at} stands there once too often", lambda y, x, g: n.mul(g, own, own)


def _elsewhere(node: Node, value: Node) -> Iterator[Slope]:
    """The slope at the value, with the argument for the value, and at the gradient that arrives."""
    f, x = node.op, node.args[0]
    again = n.apply(f, value, *node.args[1:])
    for words, other in (
        (f"at {value!r}, not at {x!r}", slope(again, again)),
        (f"with {x!r} where the value {value!r} belongs", slope(node, x)),
        (f"at {value!r}, not at {x!r}", slope(again, value)),
    ):
        if other is not slope(node, value):
            yield "derivative_at_wrong_point", f"the derivative of {f} is taken {words}", _put(other)
    words = f"the derivative of {f} is taken at the gradient that arrives, not at {x!r}"
    yield "derivative_at_wrong_point", words, lambda y, x, g: slope(node, g)
    yield "derivative_at_wrong_point", words, lambda y, x, g: n.mul(g, slope(node, g))


def _of_others(node: Node, value: Node) -> Iterator[Slope]:
    """Parts of the slope itself, then the slopes of other functions, in the argument and in the value."""
    f, x, one = node.op, node.args[0], n.ones(node.shape)
    for formula in (n.sub(one, value), value):
        words = f"{formula!r} stands where the derivative of {f}, {slope(node, value)!r}, belongs"
        yield "wrong_activation_derivative", words, _put(formula)
    for name in COMMON:
        if name == f:
            continue
        more = (n.number(Fraction(1, 100)),) if name == "leaky_relu" else ()
        call = n.apply(name, x, *more)
        words = f"it uses the derivative of {name}, and {value!r} is {f} of {x!r}"
        found = [slope(call, value), slope(call, call), slope(call, x)]
        for formula in dict.fromkeys([*found, n.apply("step", value)] if name == "relu" else found):
            yield "wrong_activation_derivative", words, _put(formula)


def _slips(node: Node, value: Node) -> Iterator[Slope]:
    """Formulas that look like a slope, with the gradient that arrives and without it."""
    f, x, one = node.op, node.args[0], n.ones(node.shape)
    own = slope(node, value)
    square = n.power(value, 2)
    looks = [n.add(one, square), n.power(n.sub(one, square), -1), n.neg(own), n.sub(square, one), square]
    looks += [n.mul(value, n.add(one, value)), n.power(n.sub(one, value), 2), n.mul(n.number(2), value)]
    looks += [x, n.sub(one, x), n.mul(x, n.sub(one, x)), n.sub(one, n.power(x, 2)), n.power(own, -1)]
    looks += [n.apply("abs", own), n.apply("sign", x), n.apply("step", n.neg(x))]
    for formula in looks:
        words = f"{formula!r} stands where the derivative of {f}, {own!r}, belongs"
        yield "wrong_activation_derivative", words, _put(formula)
        yield "wrong_activation_derivative", words + ", and the gradient that arrives is left out", _alone(formula)


def _alone(formula: Node) -> Write:
    return lambda y, x, g: formula


def _softmax(node: Node) -> Iterator[Slope]:
    axis = node.data
    one = n.ones(node.shape)
    rest = "dP_i / dZ_j = P_i * ([i = j] - P_j), and only i = j is there"
    yield (
        "softmax_diagonal_only",
        f"p * (1 - p) is the diagonal of softmax's Jacobian alone: {rest}",
        lambda y, x, g: n.mul(g, y, n.sub(one, y)),
    )
    yield "softmax_diagonal_only", f"the sum in softmax's Jacobian is dropped: {rest}", lambda y, x, g: n.mul(g, y)

    def tangent(y: Node, g: Node, along: int) -> Node:
        return n.mul(y, n.sub(g, n.broadcast(n.total(n.mul(y, g), along), g.shape)))

    yield (
        "wrong_axis",
        f"softmax runs along axis {axis}, and the sum in its Jacobian along the other",
        (lambda y, x, g: tangent(y, g, 1 - int(str(axis)))),
    )
    yield (
        "wrong_sign",
        "the sum in softmax's Jacobian has the opposite sign",
        (lambda y, x, g: n.mul(y, n.add(g, n.broadcast(n.total(n.mul(y, g), int(str(axis))), g.shape)))),
    )
    yield (
        "missing_activation_derivative",
        "the factor P in softmax's Jacobian is left out",
        (lambda y, x, g: n.sub(g, n.broadcast(n.total(n.mul(y, g), int(str(axis))), g.shape))),
    )
    words = "softmax's Jacobian is there once already, and the derivative of sigmoid stands beside it"
    yield "wrong_activation_derivative", words, lambda y, x, g: n.mul(tangent(y, g, int(str(axis))), y, n.sub(one, y))
    for what, formula in (
        ("the score itself", lambda y, x: x), ("1 - P", lambda y, x: n.sub(one, y)),
        ("1 - P ** 2", lambda y, x: n.sub(one, n.power(y, 2))),
        ("step(Z)", lambda y, x: n.apply("step", x)), ("Z * (1 - Z)", lambda y, x: n.mul(x, n.sub(one, x))),
    ):  # fmt: skip
        yield "wrong_activation_derivative", f"{what} stands where softmax's Jacobian belongs", _times(formula)


def _times(formula: Callable[[Node, Node], Node]) -> Write:
    return lambda y, x, g: n.mul(g, formula(y, x))
