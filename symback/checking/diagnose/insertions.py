"""A factor put back: the slope of an activation, an array, an inverse, where the claim has a form of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symback.algebra.walk import postorder
from symback.checking.diagnose.edit import Path, parts, replaced, text, times
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.diagnose.rerun import between
from symback.language.write import write
from symback.numpy import ELEMENTWISE
from symback.ops.elementwise import slope

POOL = 12  # parts of the derived formula that are tried as the factor that is missing, the shortest first
PLAIN = ("sum", "mean", "trace", "eye", "ones", "zeros", "diag", "diagonal", "vec")


def slopes(question: Question) -> Iterator[Hypothesis]:
    """The slope of an activation between the array and the objective, put back as a factor somewhere."""
    seen: set[str] = set()
    for definition in between(question.court, question.wrt):
        for node in postorder(definition.node):
            if node.op not in ELEMENTWISE or node.op == "step" or node.is_scalar:
                continue
            value = definition.leaf if node is definition.node else node
            words = write(slope(node, value), question.court.derivation.one_d)
            if words in seen:
                continue
            seen.add(words)
            factor = ast.parse(words, mode="eval").body
            for path, part in _places(question):
                if _same_shape(question, part, factor):
                    cause = f"the derivative of {node.op} at {value!r}, {words}, is left out beside {text(part)}"
                    yield _put(
                        question, path, part, times(ast.Mult(), part, factor), "missing_activation_derivative", cause
                    )


def factors(question: Question) -> Iterator[Hypothesis]:
    """An array of the forward pass, or a function in the claim, put back as a factor or a divisor somewhere."""
    problem = question.court.problem
    names = [*problem.symbols, *(d.name for d in problem.definitions if d.name != question.court.objective)]
    pool: list[ast.expr] = [ast.Name(x) for x in names]
    calls = {
        text(p.node): p.node
        for p in parts(question.tree)
        if isinstance(p.node, ast.Call) and text(p.node.func) not in PLAIN
    }
    pool += calls.values()
    wanted = {
        text(p.node): p.node
        for form in question.derived
        for p in parts(form)
        if isinstance(p.node, ast.BinOp | ast.Call)
    }
    pool += sorted((x for k, x in wanted.items() if k not in calls), key=lambda x: len(text(x)))[:POOL]
    for path, part in _places(question):
        for factor in pool:
            if text(factor) == text(part) or not _fits(question, part, factor):
                continue
            cause = f"the factor {text(factor)} is left out beside {text(part)}"
            yield _put(question, path, part, times(ast.Mult(), part, factor), "missing_chain_factor", cause)
            if _same_shape(question, part, factor) or _is_scalar(question, factor):
                cause = f"{text(part)} is not divided by {text(factor)}"
                yield _put(question, path, part, times(ast.Div(), part, factor), "missing_chain_factor", cause)


def inverses(question: Question) -> Iterator[Hypothesis]:
    """An inverse that is left out."""
    for place in parts(question.tree):
        if isinstance(place.node, ast.Constant) or (
            isinstance(place.node, ast.Name) and place.node.id in question.court.dims
        ):
            continue
        value = question.seats[0].texts.matrix(place.node) if question.seats else None
        if value is None or value.shape[0] != value.shape[1] or value.size == 1:
            continue
        new = ast.Call(ast.Name("inv"), [place.node], [])
        yield _put(
            question,
            place.path,
            place.node,
            new,
            "missing_inverse",
            f"{text(place.node)} stands where {text(new)} belongs",
        )


def _put(question: Question, path: Path, part: ast.expr, new: ast.expr, mistake: str, cause: str) -> Hypothesis:
    return Hypothesis(mistake, cause, repaired=replaced(question.tree, path, new), old=text(part), new=text(new))


def _places(question: Question) -> list[tuple[Path, ast.expr]]:
    """The parts that a factor may have stood beside: not numbers, sizes, or what is under a power."""
    return [
        (p.path, p.node)
        for p in parts(question.tree)
        if not isinstance(p.node, ast.Constant)
        and not (isinstance(p.node, ast.Name) and p.node.id in question.court.dims)
    ]


def _fits(question: Question, part: ast.expr, factor: ast.expr) -> bool:
    """True where the factor broadcasts against the part."""
    if not question.seats:
        return False
    a, b = question.seats[0].texts.matrix(part), question.seats[0].texts.matrix(factor)
    if a is None or b is None:
        return False
    return all(1 in (x, y) or x == y for x, y in zip(a.shape, b.shape, strict=True))


def _same_shape(question: Question, part: ast.expr, factor: ast.expr) -> bool:
    if not question.seats:
        return False
    a, b = question.seats[0].texts.matrix(part), question.seats[0].texts.matrix(factor)
    return a is not None and b is not None and a.shape == b.shape


def _is_scalar(question: Question, factor: ast.expr) -> bool:
    value = question.seats[0].texts.matrix(factor)
    return value is not None and value.size == 1
