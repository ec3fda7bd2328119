"""Transposes and the order of factors: what shapes can tell, and what they cannot where a matrix is square."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise, permutations, product

from symback.checking.diagnose.edit import chain, everywhere, joined, parts, replaced, text, transposed
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.diagnose.sums import axis_of, summing


def transposes(question: Question) -> Iterator[Hypothesis]:
    """A .T put on or taken off, at one place, or wherever the same thing stands."""
    seen: dict[str, int] = {}
    for place in parts(question.tree):
        seen[text(place.node)] = seen.get(text(place.node), 0) + 1
    skip: set[int] = set()  # what is under a .T, or summed along an axis: there the axis is what is wrong
    for place in parts(question.tree):
        node = place.node
        if isinstance(node, ast.Call) and summing(node) and axis_of(node) is not None and node.args:
            skip.add(id(node.args[0]))
        if id(node) in skip or isinstance(node, ast.Constant | ast.UnaryOp | ast.Compare):
            continue
        if not place.path and isinstance(node, ast.BinOp):
            continue  # the transpose of the whole has a family of its own
        if isinstance(node, ast.Attribute) and node.attr == "T":
            skip.add(id(node.value))
        new = transposed(node)
        if not _matters(question, node):
            continue
        yield _toggle(node, new, replaced(question.tree, place.path, new))
        if seen[text(node)] > 1:
            yield _toggle(node, new, everywhere(question.tree, text(node), new))
            seen[text(node)] = 1


def _matters(question: Question, node: ast.expr) -> bool:
    """False of what is a scalar everywhere."""
    for seat in question.seats:
        value = seat.texts.matrix(node)
        if value is not None and value.size == 1:
            return False
    return True


def _toggle(node: ast.expr, new: ast.expr, repaired: ast.expr) -> Hypothesis:
    removed = isinstance(node, ast.Attribute) and node.attr == "T"
    mistake = "extra_transpose" if removed else "missing_transpose"
    return Hypothesis(
        mistake, f"{text(node)} stands where {text(new)} belongs", repaired=repaired, old=text(node), new=text(new)
    )


def swaps(question: Question) -> Iterator[Hypothesis]:
    """The two sides of a matrix product exchanged."""
    for place in parts(question.tree):
        node = place.node
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            new = joined(ast.MatMult, [node.right, node.left])
            yield _reorder(node, new, replaced(question.tree, place.path, new), "order_swapped")


def orders(question: Question) -> Iterator[Hypothesis]:
    """The factors of a matrix product in another order, with and without transposes."""
    inside: set[int] = set()
    for place in parts(question.tree):
        node = place.node
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)) or id(node) in inside:
            continue
        walk: ast.expr = node
        while isinstance(walk, ast.BinOp) and isinstance(walk.op, ast.MatMult):
            inside.add(id(walk))
            walk = walk.left
        factors = chain(node, ast.MatMult)
        for new in _reordered(factors):
            yield _reorder(node, new, replaced(question.tree, place.path, new), "order_swapped")
        yield from _pairs_everywhere(question, factors)
        if len(factors) == 2:
            yield from _both(question, place.path, node, factors)


def _reordered(factors: list[ast.expr]) -> Iterator[ast.expr]:
    if len(factors) <= 3:
        for order in permutations(factors):
            if list(order) != factors:
                yield joined(ast.MatMult, list(order))
        return
    yield joined(ast.MatMult, factors[::-1])
    for i in range(len(factors) - 1):
        yield joined(ast.MatMult, [*factors[:i], factors[i + 1], factors[i], *factors[i + 2 :]])


def _reorder(node: ast.expr, new: ast.expr, repaired: ast.expr, mistake: str) -> Hypothesis:
    cause = f"the factors of {text(node)} stand in the wrong order: {text(new)} belongs there"
    return Hypothesis(mistake, cause, repaired=repaired, old=text(node), new=text(new))


def _pairs_everywhere(question: Question, factors: list[ast.expr]) -> Iterator[Hypothesis]:
    """Two neighbours exchanged wherever they stand beside each other."""
    for a, b in pairwise(factors):
        new = _exchange(question.tree, text(a), text(b))
        if new is not question.tree:
            cause = f"{text(a)} @ {text(b)} stands where {text(b)} @ {text(a)} belongs"
            yield Hypothesis(
                "order_swapped", cause, repaired=new, old=f"{text(a)} @ {text(b)}", new=f"{text(b)} @ {text(a)}"
            )


def _exchange(tree: ast.expr, a: str, b: str) -> ast.expr:
    result = tree
    count = 0
    for place in parts(tree):
        if isinstance(place.node, ast.BinOp) and isinstance(place.node.op, ast.MatMult):
            factors = chain(place.node, ast.MatMult)
            if len(factors) >= 2 and text(factors[-2]) == a and text(factors[-1]) == b:
                new = joined(ast.MatMult, [*factors[:-2], factors[-1], factors[-2]])
                result = everywhere(result, text(place.node), new)
                count += 1
    return result if count > 1 else tree


def _both(
    question: Question, path: tuple[tuple[str, int], ...], node: ast.expr, factors: list[ast.expr]
) -> Iterator[Hypothesis]:
    """Two factors exchanged, and one or both transposed: with both, it is the transpose of the whole."""
    b, a = factors
    for left, right in product((False, True), repeat=2):
        if not left and not right:
            continue
        new = joined(ast.MatMult, [transposed(a) if left else a, transposed(b) if right else b])
        toggled = [x for x, flag in ((a, left), (b, right)) if flag]
        added = any(not (isinstance(x, ast.Attribute) and x.attr == "T") for x in toggled)
        mistake = "order_swapped" if left and right else "missing_transpose" if added else "extra_transpose"
        cause = f"{text(node)} stands where {text(new)} belongs"
        if left and right:
            cause += ", its transpose"
            if not path:
                cause += ": this is the gradient in numerator layout"
        yield Hypothesis(mistake, cause, repaired=replaced(question.tree, path, new), old=text(node), new=text(new))


def whole(question: Question) -> Iterator[Hypothesis]:
    """The whole is the transpose of the gradient: right in numerator layout."""
    new = transposed(question.tree)
    removed = isinstance(question.tree, ast.Attribute)
    mistake = "extra_transpose" if removed else "missing_transpose"
    if isinstance(question.tree, ast.BinOp) and isinstance(question.tree.op, ast.MatMult):
        mistake = "order_swapped"
    cause = "it is the transpose of the gradient: the derivative in numerator layout, not in the shape of the array"
    yield Hypothesis(mistake, cause, repaired=new, old=text(question.tree), new=text(new))
