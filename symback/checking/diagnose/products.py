"""``*`` for ``@``, ``@`` for ``*``, and Python's precedence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from symback.algebra.walk import postorder
from symback.checking.diagnose.edit import joined, parts, replaced, text, times, transposed
from symback.checking.diagnose.question import Hypothesis, Question

SAME_LEVEL = (ast.Mult, ast.MatMult, ast.Div)


def hadamard(question: Question) -> Iterator[Hypothesis]:
    """``*`` where ``@`` belongs, as it stands."""
    yield from _hadamard(question, (True,))


def hadamard_anyhow(question: Question) -> Iterator[Hypothesis]:
    """``*`` where ``@`` belongs, with the order and the transposes that a product needs."""
    if multiplied(question):
        yield from _hadamard(question, (False,))


def multiplied(question: Question) -> bool:
    """True where the array stands in a matrix product of the forward pass."""
    leaf = question.court.problem.leaf(question.wrt)
    return any(
        x.op == "matmul" and any(a is leaf or a.args == (leaf,) for a in x.args) and all(a.op != "ones" for a in x.args)
        for d in question.court.problem.definitions
        for x in postorder(d.node)
    )


def _hadamard(question: Question, how: tuple[bool, ...]) -> Iterator[Hypothesis]:
    for exact in how:
        for place in parts(question.tree):
            node = place.node
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _matrices(question, node):
                for new in _products(node.left, node.right, exact):
                    found = _exchange("hadamard_for_matmul", "*", "@", node, new, question, place.path)
                    yield found
                    if (
                        place.path and place.path[0][0] == "value"
                    ):  # a .T about the whole that was meant to mend the shape
                        assert isinstance(found.repaired, ast.Attribute)
                        yield replace(found, repaired=found.repaired.value)


def _matrices(question: Question, node: ast.BinOp) -> bool:
    for part in (node.left, node.right):
        if isinstance(part, ast.Constant):
            return False
        for seat in question.seats:
            value = seat.texts.matrix(part)
            if value is not None and value.size == 1:
                return False
    return True


def _products(a: ast.expr, b: ast.expr, exact: bool) -> Iterator[ast.expr]:
    at = ast.MatMult()
    if exact:
        yield times(at, a, b)
        return
    for left, right in ((a, b), (b, a)):
        for x, y in ((left, right), (transposed(left), right), (left, transposed(right))):
            if (x, y) != (a, b):
                yield times(at, x, y)
    match a:  # (s * A) * B is s * (A @ B) too
        case ast.BinOp(left=s, op=ast.Mult(), right=inner):
            for left, right in ((inner, b), (b, inner)):
                for x, y in ((left, right), (transposed(left), right), (left, transposed(right))):
                    yield times(ast.Mult(), s, times(at, x, y))


def _exchange(
    mistake: str,
    used: str,
    wanted: str,
    node: ast.expr,
    new: ast.expr,
    question: Question,
    path: tuple[tuple[str, int], ...],
) -> Hypothesis:
    kinds = {"*": "the product entry by entry", "@": "the matrix product"}
    cause = f"{text(node)} uses {kinds[used]} where {kinds[wanted]} {text(new)} belongs"
    return Hypothesis(mistake, cause, repaired=replaced(question.tree, path, new), old=text(node), new=text(new))


def matmul(question: Question) -> Iterator[Hypothesis]:
    """``@`` where ``*`` belongs, or ``@ inv(...)`` where ``/`` does."""
    for place in parts(question.tree):
        node = place.node
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)):
            continue
        yield _exchange(
            "matmul_for_hadamard", "@", "*", node, times(ast.Mult(), node.left, node.right), question, place.path
        )
        match node.right:
            case ast.Call(func=ast.Name(id="inv"), args=[inner]):
                new = times(ast.Div(), node.left, inner)
                cause = f"{text(node)} multiplies by an inverse matrix where the quotient {text(new)} belongs"
                yield Hypothesis(
                    "matmul_for_hadamard",
                    cause,
                    repaired=replaced(question.tree, place.path, new),
                    old=text(node),
                    new=text(new),
                )
        for new in _outer(node):
            yield _exchange("matmul_for_hadamard", "@", "*", node, new, question, place.path)


def _outer(node: ast.BinOp) -> Iterator[ast.expr]:
    """The last two, three, ... of a run of @ made *: in (A @ B) @ C @ D the first may be meant."""
    right = [node.right]
    left = node.left
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.MatMult):
        right.insert(0, left.right)
        left = left.left
        yield joined(ast.Mult, [left, *right])


def precedence(question: Question) -> Iterator[Hypothesis]:
    """A bracket is missing: gp * W.T @ D for gp * (W.T @ D), a / b * c for a / (b * c), and powers."""
    for place in parts(question.tree):
        match place.node:
            case ast.BinOp(left=ast.BinOp(left=a, op=first, right=b), op=second, right=c) if _differ(first, second):
                yield _bracket(question, place.path, place.node, ast.BinOp(a, first, ast.BinOp(b, second, c)))
            case ast.BinOp(left=a, op=first, right=ast.BinOp(left=b, op=second, right=c)) if _differ(first, second):
                yield _bracket(question, place.path, place.node, ast.BinOp(ast.BinOp(a, first, b), second, c))
        match place.node:
            case ast.BinOp(left=ast.BinOp(left=a, op=first, right=b), op=ast.Pow(), right=c):
                yield _bracket(question, place.path, place.node, ast.BinOp(a, first, ast.BinOp(b, ast.Pow(), c)))
            case ast.BinOp(left=a, op=first, right=ast.BinOp(left=b, op=ast.Pow(), right=c)) if not isinstance(
                first, ast.Pow
            ):
                yield _bracket(question, place.path, place.node, ast.BinOp(ast.BinOp(a, first, b), ast.Pow(), c))


def _differ(first: ast.operator, second: ast.operator) -> bool:
    """True of two operators that bind alike, where the bracket matters."""
    kinds = {type(first), type(second)}
    return kinds <= {ast.Mult, ast.MatMult, ast.Div} and kinds not in ({ast.Mult}, {ast.MatMult})


def _bracket(question: Question, path: tuple[tuple[str, int], ...], node: ast.expr, new: ast.expr) -> Hypothesis:
    cause = f"Python reads {text(node)} as {_read(node)}, where {text(new)} is meant"
    return Hypothesis(
        "operator_precedence", cause, repaired=replaced(question.tree, path, new), old=text(node), new=text(new)
    )


def _read(node: ast.expr) -> str:
    match node:
        case ast.BinOp(left=ast.BinOp() as a, op=op, right=c):
            return f"({text(a)}){text(ast.BinOp(ast.Name('a'), op, c))[1:]}"
    return text(node)
