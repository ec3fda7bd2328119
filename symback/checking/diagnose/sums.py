"""Sums over the batch: left out, over the other axis, over everything, or a mean instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symback.checking.diagnose.edit import Path, parts, replaced, text
from symback.checking.diagnose.question import Hypothesis, Question


def axes(question: Question) -> Iterator[Hypothesis]:
    """The axis of one sum, or of all of them, is another; or there should be an axis."""
    calls = [
        (p.path, p.node, kind)
        for p in parts(question.tree)
        if isinstance(p.node, ast.Call) and (kind := summing(p.node))
    ]
    for path, call, _ in calls:
        axis = axis_of(call)
        if axis is None:
            for wanted in (1, 0):
                new = with_axis(call, wanted)
                cause = f"{text(call)} sums over everything, where {text(new)} sums over the {_along(wanted)} alone"
                yield Hypothesis(
                    "summed_over_everything",
                    cause,
                    repaired=replaced(question.tree, path, new),
                    old=text(call),
                    new=text(new),
                )
        else:
            new = with_axis(call, 1 - axis)
            cause = f"{text(call)} sums over the {_along(axis)} where {text(new)} sums over the {_along(1 - axis)}"
            yield Hypothesis(
                "wrong_axis", cause, repaired=replaced(question.tree, path, new), old=text(call), new=text(new)
            )
            everything = with_axis(call, None)
            cause = f"{text(call)} sums over the {_along(axis)} alone where the sum over everything belongs"
            yield Hypothesis(
                "missing_sum",
                cause,
                repaired=replaced(question.tree, path, everything),
                old=text(call),
                new=text(everything),
            )
    if len(calls) > 1:
        tree = question.tree
        for path, call, _ in sorted(calls, key=lambda c: -len(c[0])):
            axis = axis_of(call)
            if axis is not None:
                inner = _at(tree, path)
                assert isinstance(inner, ast.Call)
                tree = replaced(tree, path, with_axis(inner, 1 - axis))
        yield Hypothesis(
            "wrong_axis",
            "all of its sums run over the other axis",
            repaired=tree,
            old=text(question.tree),
            new=text(tree),
        )


def _along(axis: int) -> str:
    return "columns" if axis == 1 else "rows"


def _at(tree: ast.expr, path: Path) -> ast.expr:
    for place in parts(tree):
        if place.path == path:
            return place.node
    raise AssertionError("a replaced part keeps the places of the others")


def summing(call: ast.Call) -> str | None:
    """sum or mean, where a call is one."""
    match call.func:
        case ast.Name(id="sum" | "mean" as kind) | ast.Attribute(attr="sum" | "mean" as kind):
            return kind
    return None


def axis_of(call: ast.Call) -> int | None:
    """The axis that a sum names."""
    for keyword in call.keywords:
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, int):
            return keyword.value.value % 2
    position = 1 if isinstance(call.func, ast.Name) or text(call.func).startswith("np.") else 0
    if len(call.args) > position and isinstance(call.args[position], ast.Constant):
        value = call.args[position].value  # type: ignore[attr-defined]  # a constant
        return value % 2 if isinstance(value, int) else None
    return None


def with_axis(call: ast.Call, axis: int | None) -> ast.Call:
    """The same sum over an axis, its dimension kept where NumPy would drop it."""
    position = 1 if isinstance(call.func, ast.Name) or text(call.func).startswith("np.") else 0
    keywords = [k for k in call.keywords if k.arg != "axis"]
    if axis is not None:
        keywords = [ast.keyword("axis", ast.Constant(axis)), *keywords]
        if not isinstance(call.func, ast.Name) and not any(k.arg == "keepdims" for k in keywords):
            keywords.append(ast.keyword("keepdims", ast.Constant(True)))
    return ast.Call(call.func, call.args[:position], keywords)


def missing(question: Question) -> Iterator[Hypothesis]:
    """A sum is left out: of the whole, or of a part."""
    for place in parts(question.tree):
        if isinstance(place.node, ast.Constant):
            continue
        values = [seat.texts.matrix(place.node) for seat in question.seats]
        if any(v is not None and v.size == 1 for v in values):
            continue
        for axis in (1, 0, None):
            keywords = [] if axis is None else [ast.keyword("axis", ast.Constant(axis))]
            new = ast.Call(ast.Name("sum"), [place.node], keywords)
            over = "over everything" if axis is None else f"over the {_along(axis)}"
            cause = f"{text(place.node)} is not summed {over}"
            yield Hypothesis(
                "missing_sum",
                cause,
                repaired=replaced(question.tree, place.path, new),
                old=text(place.node),
                new=text(new),
            )


def means(question: Question) -> Iterator[Hypothesis]:
    """A mean where a sum belongs, a sum where a mean belongs, a sum too many, and one whose dimension NumPy drops."""
    for place in parts(question.tree):
        node = place.node
        kind = summing(node) if isinstance(node, ast.Call) else None
        if kind is None:
            continue
        assert isinstance(node, ast.Call)
        other = "sum" if kind == "mean" else "mean"
        func = ast.Name(other) if isinstance(node.func, ast.Name) else ast.Attribute(node.func.value, other, ast.Load())  # type: ignore[attr-defined]  # a method or np.
        new = ast.Call(func, node.args, node.keywords)
        mistake = "mean_for_sum" if kind == "mean" else "missing_mean"
        cause = f"{text(node)} takes the {kind} where the {other} belongs"
        yield Hypothesis(
            mistake, cause, repaired=replaced(question.tree, place.path, new), old=text(node), new=text(new)
        )
        axis = axis_of(node)
        if (
            axis is not None
            and not isinstance(node.func, ast.Name)
            and not any(k.arg == "keepdims" for k in node.keywords)
        ):
            kept = with_axis(node, axis)
            cause = f"{text(node)} without keepdims is a 1-D array, which NumPy reads as a row"
            yield Hypothesis(
                "missing_transpose",
                cause,
                repaired=replaced(question.tree, place.path, kept),
                old=text(node),
                new=text(kept),
            )
