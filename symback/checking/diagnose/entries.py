"""One entry of a formula: ``A[i, p] * B[p, j]`` summed over p, from the text of ``A @ B``."""

from __future__ import annotations

import ast
from collections.abc import Callable

from symback.checking.diagnose.edit import text
from symback.checking.diagnose.sums import axis_of, summing

LETTERS = "ijpqrstuvwxyzabcdefghklmno"
MAX_LENGTH = 160
Shape = Callable[
    [ast.expr], tuple[bool, bool, bool] | None
]  # whether a part has one row, has one column, and is a 1-D array, held as a row; None where it has no value


def entry(tree: ast.expr, shape: Shape, name: str, taken: set[str]) -> str | None:
    """``name[i, j] = ...``, sums in front; None where it is not made of products, sums and functions of entries.

    The letters of the indices are none of ``taken``.
    """
    whole = shape(tree)
    letters = [letter for letter in LETTERS if letter not in taken]
    if whole is None or len(letters) < 2:
        return None
    writer = _Writer(shape, letters[2:])
    try:
        body = writer.at(tree, letters[0], letters[1], 0)
    except (_NoEntryError, IndexError):
        return None
    place = [letter for letter, single in zip(letters, whole[:2], strict=False) if not single]
    out = f"{name}[{', '.join(place)}] = " if place else f"{name} = "
    out += f"{writer.front()}{body}"
    return out if len(out) <= MAX_LENGTH else None


class _NoEntryError(Exception):
    pass


class _Writer:
    """One writing: it hands out the letters of the sums."""

    def __init__(self, shape: Shape, free: list[str]) -> None:
        """A writing of a formula whose parts have these shapes."""
        self.shape, self.free = shape, free
        self.letters: list[str] = []

    def letter(self) -> str:
        """The next letter for a sum."""
        self.letters.append(self.free[len(self.letters)])
        return self.letters[-1]

    def front(self) -> str:
        """The sums, said before the entry."""
        return f"sum over {', '.join(self.letters)} of " if self.letters else ""

    def at(self, tree: ast.expr, i: str, j: str, level: int) -> str:
        """The entry (i, j); ``level`` says whether it stands in a product (1) or under a power (2)."""
        match tree:
            case ast.Name(id=name):
                return self.named(tree, name, i, j)
            case ast.Constant():
                return text(tree)
            case ast.Attribute(value=inner, attr="T"):
                flat = (shape := self.shape(inner)) is not None and shape[2]
                return self.at(inner, i, j, level) if flat else self.at(inner, j, i, level)
            case ast.BinOp(left=a, op=ast.MatMult(), right=b):
                shape = self.shape(a)
                if shape is None:
                    raise _NoEntryError
                p = "" if shape[1] else self.letter()
                right = self.shape(b)
                if right is not None and right[2]:  # A @ x of a 1-D x is the row of the sums of A[j, p] * x[p]
                    out = f"{self.at(a, j, p, 1)} * {self.at(b, i, p, 1)}"
                else:
                    out = f"{self.at(a, i, p, 1)} * {self.at(b, p, j, 1)}"
                return f"({out})" if level > 1 else out
            case ast.BinOp(left=a, op=ast.Mult() | ast.Div() as op, right=b):
                sign = "*" if isinstance(op, ast.Mult) else "/"
                out = f"{self.at(a, i, j, 1)} {sign} {self.at(b, i, j, 1 if sign == '*' else 2)}"
                return f"({out})" if level > 1 else out
            case ast.BinOp(left=a, op=ast.Add() | ast.Sub() as op, right=b):
                before = len(self.letters)
                out = f"{self.at(a, i, j, 0)} {'+' if isinstance(op, ast.Add) else '-'} {self.at(b, i, j, 1)}"
                if len(self.letters) != before:
                    raise _NoEntryError  # a sum inside one term only: a line of entries would mislead
                return f"({out})" if level else out
            case ast.BinOp(left=a, op=ast.Pow(), right=ast.Constant() as b):
                return f"{self.at(a, i, j, 2)} ** {text(b)}"
            case ast.UnaryOp(op=ast.USub(), operand=a):
                return f"-{self.at(a, i, j, 1)}"
            case ast.Call(args=[a, *_]) if (kind := summing(tree)) == "sum" and isinstance(tree.func, ast.Name):
                return self.summed(tree, a, i, j, kind)
            case ast.Call(func=ast.Name(id=name), args=[a], keywords=[]) if name not in NOT_BY_ENTRY:
                return f"{name}({self.at(a, i, j, 0)})"
        raise _NoEntryError

    def summed(self, call: ast.Call, inner: ast.expr, i: str, j: str, kind: str) -> str:
        """A sum along an axis, or over everything."""
        axis, shape = axis_of(call), self.shape(inner)
        if shape is None:
            raise _NoEntryError
        if axis is None or shape[2]:  # along what there is
            row, column = ("" if single else self.letter() for single in shape[:2])
        else:
            row, column = (self.letter(), j) if axis == 0 else (i, self.letter())
        return self.at(inner, row, column, 1)

    def named(self, tree: ast.expr, name: str, i: str, j: str) -> str:
        """An array's entry; a row or a column has one index, a scalar none."""
        shape = self.shape(tree)
        if shape is None:
            raise _NoEntryError
        indices = [index for index, single in ((i, shape[0]), (j, shape[1])) if not single]
        if "" in indices:
            raise _NoEntryError
        return f"{name}[{', '.join(indices)}]" if indices else name


NOT_BY_ENTRY = (
    "inv",
    "pinv",
    "det",
    "logdet",
    "trace",
    "norm",
    "diag",
    "diagonal",
    "vec",
    "matpow",
    "mean",
    "eye",
    "ones",
    "zeros",
    "softmax",
)
