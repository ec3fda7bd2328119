"""Factors and signs: of the whole formula, and of one term of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from symback.algebra.parts import product_parts
from symback.checking.diagnose.edit import negated, number, parts, replaced, text, times
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.judge import UNIT, Scale, monomial, ratio


def whole(question: Question) -> Iterator[Hypothesis]:
    """The claim is the gradient times a number, a size, or -1."""
    if not question.has_value:
        return
    found = ratio(question.court, [s.claimed for s in question.seats], [s.target for s in question.seats])
    if found is not None:
        yield from named(question, found, question.tree, "")


def named(question: Question, off: Scale, part: ast.expr, where: str) -> Iterator[Hypothesis]:
    """The name of a factor by which ``part`` is too large."""
    if off.is_one:
        return
    repaired = scaled(part, off.inverse)
    what = text(part) if where else ""
    if off.number < 0:
        rest = Scale(-off.number, off.powers)
        cause = f"the sign is the opposite{f' of what it should be in {what}' if what else ''}"
        second = next(named(question, rest, part, where), None)
        yield Hypothesis("wrong_sign", cause, repaired=repaired, old=text(part), new=text(repaired), second=second)
        return
    if off.powers and off.number != 1:  # a size and a number are two mistakes, or one where the size is the batch's
        batch = Scale(powers=off.powers)
        number_only = next(named(question, Scale(off.number), part, where), None)
        assert number_only is not None
        if batch == question.factor:
            mended = (_neater(question, batch) if part is question.tree else None) or scaled(
                part, Scale(1 / off.number)
            )
            yield replace(number_only, repaired=mended, new=text(mended), scale=batch)
        else:
            size_only = next(named(question, batch, part, where), None)
            assert size_only is not None
            yield replace(size_only, repaired=repaired, new=text(repaired), second=number_only)
        return
    mistake, cause = _mistake(question, off, part)
    repaired = (_neater(question) if part is question.tree else None) or repaired
    yield Hypothesis(
        mistake, cause + (f" in {what}" if what else ""), repaired=repaired, old=text(part), new=text(repaired)
    )


def _mistake(question: Question, off: Scale, part: ast.expr) -> tuple[str, str]:
    averaged = set(question.court.averaged)
    up = [(d, p) for d, p in off.powers if p > 0]
    down = [(d, p) for d, p in off.powers if p < 0]
    written = text(question.tree)
    if up and down:
        return "wrong_mean", f"it divides by {_sizes(down)} where it should divide by {_sizes(up)}"
    if up and off.number == 1 and any(p.denominator != 1 for _, p in up):  # no mean divides by a root
        return "missing_factor", f"the factor {off.inverse} is missing"
    if up:
        return "missing_mean", f"the 1 / {_sizes(up)} of the mean is missing: it is {off} times the gradient"
    if down:
        twice = any(d in written for d, _ in down) and ("/" in written or "mean" in written)
        if "mean(" in written and not _divides(question.tree):
            return "mean_for_sum", f"it takes the mean where the sum belongs, which divides by {_sizes(down)}"
        again = " once more than the objective does" if averaged or twice else ", and the objective takes no mean"
        return "double_mean", f"it divides by {_sizes(down)}{again}"
    coefficient = abs(product_parts(question.one).coefficient) if question.one is not None else Fraction(1)
    whole_part = part is question.tree
    if (whole_part and coefficient * off.number == 1) or (not up and not down and not _numbers(part)):
        return "missing_factor", f"the factor {Scale(1 / off.number)} is missing"
    return "wrong_factor", f"it is {off} times the gradient"


def _neater(question: Question, scale: Scale = UNIT) -> ast.expr | None:
    """The text with one factor, divisor or minus of its own taken away, or a mean made a sum, where that mends it."""
    for place in parts(question.tree):
        match place.node:
            case ast.BinOp(left=left, op=ast.Div()):
                new = left
            case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant() | ast.Name()):
                new = left
            case ast.BinOp(left=ast.Constant() | ast.Name() | ast.BinOp(op=ast.Div()), op=ast.Mult(), right=right):
                new = right
            case ast.Call(func=ast.Name(id="mean"), args=args, keywords=keywords):
                new = ast.Call(ast.Name("sum"), args, keywords)
            case _:
                continue
        repaired = replaced(question.tree, place.path, new)
        if question.repairs_it(repaired, scale):
            return repaired
    return None


def _sizes(powers: list[tuple[str, Fraction]]) -> str:
    return " * ".join(d if abs(p) == 1 else f"{d} ** {abs(p)}" for d, p in powers)


def _divides(tree: ast.expr) -> bool:
    return any(isinstance(p.node, ast.BinOp) and isinstance(p.node.op, ast.Div) for p in parts(tree))


def _numbers(tree: ast.expr) -> bool:
    """True where a number other than 1 stands as a factor of the text."""
    match tree:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.MatMult(), right=right):
            return _numbers(left) or _numbers(right)
        case ast.UnaryOp(operand=inner):
            return _numbers(inner)
        case ast.Constant(value=value):
            return value != 1
    return False


def scaled(tree: ast.expr, by: Scale) -> ast.expr:
    """The text times a factor."""
    if by.number < 0:
        return negated(scaled(tree, Scale(-by.number, by.powers)) if by.number != -1 or by.powers else tree)
    if by.is_one:
        return tree
    factor = ast.parse(str(by), mode="eval").body
    match factor:
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=below):
            return times(ast.Div(), tree, below)
        case ast.BinOp(left=above, op=ast.Div(), right=below):
            return times(ast.Div(), times(ast.Mult(), above, tree), below)
    return times(ast.Mult(), factor, tree)


def terms(question: Question) -> Iterator[Hypothesis]:
    """One term of a sum is off by a factor: the text without the term is subtracted, and what is left compared."""
    for place in parts(question.tree):
        if not isinstance(place.node, ast.BinOp) or not isinstance(place.node.op, ast.Add | ast.Sub):
            continue
        for side in ("left", "right"):
            part = getattr(place.node, side)
            path = (*place.path, (side, 0))
            off = _solve(question, path, part)
            if off is None or off.is_one:
                continue
            minus = side == "right" and isinstance(place.node.op, ast.Sub)
            for found in named(question, off, part, "term"):
                if found.mistake == "wrong_sign" and found.second is None and side == "right":
                    op = ast.Add() if minus else ast.Sub()
                    fixed = replaced(question.tree, place.path, ast.BinOp(place.node.left, op, part))
                    sign, other = ("-", "+") if minus else ("+", "-")
                    cause = f"the sign of {text(part)} is wrong: {sign} where {other} belongs"
                    yield Hypothesis("wrong_sign", cause, repaired=fixed, old=text(place.node), new=text(fixed))
                else:
                    fixed = replaced(question.tree, path, scaled(part, off.inverse))
                    yield Hypothesis(
                        found.mistake, found.cause, repaired=fixed, old=found.old, new=found.new, second=found.second
                    )


def _solve(question: Question, path: tuple[tuple[str, int], ...], part: ast.expr) -> Scale | None:
    """The c with which the text is right once ``part`` is divided by it."""
    values = []
    zero = times(ast.Mult(), number(0), part)
    without = replaced(question.tree, path, zero)
    double = replaced(question.tree, path, times(ast.Mult(), number(2), part))
    for seat in question.seats:
        rest, twice = seat.texts.matrix(without), seat.texts.matrix(double)
        if rest is None or twice is None or seat.claimed is None or not rest.shape == twice.shape == seat.target.shape:
            return None
        own = seat.claimed - rest
        if np.max(np.abs(twice - rest - 2 * own)) > 1e-8 * (1 + np.max(np.abs(own))):
            return None  # the text is not linear in this part
        wanted = seat.target - rest
        size = float(np.sum(wanted * wanted))
        if size < 1e-18:
            return None
        c = float(np.sum(own * wanted)) / size
        if abs(c) < 1e-9 or np.max(np.abs(own - c * wanted)) > 1e-7 * max(float(np.max(np.abs(own))), 1e-9):
            return None
        values.append(c)
    return monomial(question.court, values, [s.sizes for s in question.seats])


def signs(question: Question) -> Iterator[Hypothesis]:
    """+ for - and - for + anywhere, a minus too many or too few: within functions too."""
    for place in parts(question.tree):
        match place.node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                new: ast.expr = ast.BinOp(left, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), right)
                sign, other = ("+", "-") if isinstance(op, ast.Add) else ("-", "+")
                cause = f"{text(place.node)} has {sign} where {other} belongs"
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                new, cause = inner, f"the minus before {text(inner)} is one too many"
            case ast.Name() | ast.Call() | ast.Attribute():
                new, cause = negated(place.node), f"the minus before {text(place.node)} is missing"
            case _:
                continue
        yield Hypothesis(
            "wrong_sign", cause, repaired=replaced(question.tree, place.path, new), old=text(place.node), new=text(new)
        )
