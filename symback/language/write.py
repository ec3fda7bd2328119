"""Write an expression in the language: NumPy text that can be pasted into a derivation file or run.

Each text carries how many dimensions NumPy sees in its value. A 1-D array stands for a row: it may stay as it is
where NumPy reads it as one (beside other operands, at the ends of a product), and is turned into a row elsewhere.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from fractions import Fraction
from typing import NamedTuple
from weakref import WeakKeyDictionary

from symback.algebra.dims import Dim
from symback.algebra.nodes import Node, matmul, mul, value_of
from symback.algebra.parts import product_parts, stripped, sum_order
from symback.algebra.walk import postorder
from symback.language.numerals import coefficient, contraction, decimal, dim_text, whole, with_means
from symback.numpy import ELEMENTWISE

ATOM, POWER, UNARY, TIMES, PLUS = 5, 4, 3, 2, 1  # how tightly a text binds
DEEP = 40  # levels that are written by plain recursion
LOOSE = frozenset({"norm", "vec"})  # functions that take a 1-D array and give what they give of the row
NUMBERS = frozenset({"norm", "trace", "det", "logdet"})  # whose value has no dimension


class Text(NamedTuple):
    """What is written, how tightly it binds, and the number of dimensions that NumPy sees."""

    text: str
    binds: int
    ndim: int


_written: WeakKeyDictionary[Node, Text] = WeakKeyDictionary()  # texts of nodes, as long as those are in use


def write(
    node: Node, one_d: frozenset[str] = frozenset(), flat: bool = False, zero_d: frozenset[str] = frozenset()
) -> str:
    """The text of an expression; ``one_d`` names the 1-D arrays, ``flat`` asks for a 1-D result of a row.

    ``zero_d`` names the scalars without a dimension, which leave a 1-D array what it is.

    >>> from symback.language.read import parse
    >>> parse("A: (m, n)\\nB: (n, m)\\nJ = -sum((A.T - B) ** 2) / m\\n").definitions[0].node
    -sum((A.T - B) ** 2) / m
    """
    writer = _Writer(one_d, zero_d)
    first = writer.whole(node)
    if not flat:
        return writer.matrix(node).text
    for text in (first, _Writer(one_d, zero_d, squeeze=True).whole(node)):
        if text.ndim == 1:
            return text.text
    column = node.args[0] if node.op == "transpose" else node
    return f"np.ravel({writer.matrix(column).text})"


class _Writer:
    """One writing; it remembers what it has written. With ``squeeze`` sums along an axis give 1-D arrays."""

    def __init__(self, one_d: frozenset[str], zero_d: frozenset[str], squeeze: bool = False) -> None:
        self.one_d, self.zero_d, self.squeeze = one_d, zero_d, squeeze
        plain = not (one_d or zero_d or squeeze)
        self.memo: MutableMapping[Node, Text] = _written if plain else {}

    def whole(self, node: Node) -> Text:
        """The text of an expression that may be nested deeper than Python can recurse: its parts are written first."""
        for part in postorder(node) if node.depth > DEEP else ():
            self.natural(part)
        return self.natural(node)

    def natural(self, node: Node) -> Text:
        """The text of an expression, 1-D where that is enough."""
        found = self.memo.get(node)
        if found is None:
            found = self.memo[node] = self._write(node)
        return found

    def matrix(self, node: Node) -> Text:
        """The text of an expression with two dimensions; a number may have none."""
        found = self.natural(node)
        return Text(f"vec({found.text}).T", ATOM, 2) if found.ndim == 1 else found

    def at(self, node: Node, level: int) -> str:
        """The two-dimensional text, in brackets where it binds less tightly than ``level``."""
        return _bracket(self.matrix(node), level)

    def _write(self, node: Node) -> Text:
        match node.op:
            case "symbol":
                name = str(node.data)
                return Text(name, ATOM, 1 if name in self.one_d else 0 if name in self.zero_d else 2)
            case "number":
                return _number(value_of(node) or Fraction(0))
            case "size":
                assert isinstance(node.data, Dim)
                text = dim_text(node.data)
                return Text(text, ATOM if text.isidentifier() else TIMES, 0)
            case "pi":
                return Text("pi", ATOM, 0)
            case "add":
                return self.sum(node)
            case "power" if isinstance(node.data, Fraction) and node.data > 0:
                return self.power(node)
            case "mul" | "power":
                return self.product(node)
            case "matmul":
                return self.chain(node)
            case "transpose":
                return self.transposed(node.args[0])
            case "sum" | "mean":
                return self.total(node)
            case _:
                return self.call(node)

    # --- functions ----------------------------------------------------------------------------------------

    def call(self, node: Node) -> Text:
        """A function of the language, with its axis or exponent."""
        match node.op:
            case "eye":
                return Text(f"eye({dim_text(node.shape[0])})", ATOM, 2)
            case "ones" | "zeros" if self.squeeze and node.shape[0].is_one:
                return Text(f"np.{node.op}({dim_text(node.shape[1])})", ATOM, 1)
            case "ones" | "zeros":
                return Text(f"{node.op}({dim_text(node.shape[0])}, {dim_text(node.shape[1])})", ATOM, 2)
            case "commutation":
                assert isinstance(node.data, tuple)
                return Text(f"commutation({dim_text(node.data[0])}, {dim_text(node.data[1])})", ATOM, 2)
            case "unvec":
                return self.unvec(node)
            case "kron_adjoint":
                return self.natural(contraction(node))
            case "pow":
                base, exponent = (self.natural(a) for a in stripped(node.args, node.shape))
                text = f"{_bracket(base, ATOM)} ** {_bracket(exponent, ATOM)}"
                return Text(text, POWER, max(base.ndim, exponent.ndim))
            case op if op in ELEMENTWISE:
                args = [self.natural(a) for a in stripped(node.args, node.shape)]
                return Text(f"{op}({', '.join(a.text for a in args)})", ATOM, max(a.ndim for a in args))
            case "softmax" | "logsumexp" if (arg := self.natural(node.args[0])).ndim == 1:
                return Text(f"{node.op}({arg.text}, axis=0)", ATOM, 1)
            case "diag" if (row := self.turned(node.args[0])) is not None:
                return Text(f"diag({row.text})", ATOM, 2)
            case "kron" if all(self.natural(a).ndim == 1 for a in node.args):
                return Text(f"kron({', '.join(self.natural(a).text for a in node.args)})", ATOM, 1)
        texts = [(self.natural if node.op in LOOSE else self.matrix)(a).text for a in node.args]
        if node.data is not None:
            texts.append(str(node.data) if node.op == "matpow" else f"axis={node.data}")
        return Text(f"{node.op}({', '.join(texts)})", ATOM, 0 if node.op in NUMBERS else 2)

    def total(self, node: Node) -> Text:
        """A sum or a mean; of everything where the result is a number."""
        arg = node.args[0]
        if node.is_scalar and (self.one_d or node.data != 1):  # of a row, the axis says that (1, 1) is meant
            return Text(f"{node.op}({self.natural(arg).text})", ATOM, 0)
        if self.squeeze and node.data == 0:
            return self.squeezed(node)
        return Text(f"{node.op}({self.matrix(arg).text}, axis={node.data})", ATOM, 2)

    def squeezed(self, node: Node) -> Text:
        """A sum or a mean along an axis as NumPy has it, without that axis."""
        inner = _Writer(self.one_d, self.zero_d).matrix(node.args[0])
        return Text(f"np.{node.op}({inner.text}, axis={node.data})", ATOM, 1)

    def unvec(self, node: Node) -> Text:
        """The matrix whose vec is v: (vec(I)^T kron I)(I kron v)."""
        m, n = (dim_text(size) for size in node.shape)
        column = self.matrix(node.args[0]).text
        return Text(f"kron(vec(eye({n})).T, eye({m})) @ kron(eye({n}), {column})", TIMES, 2)

    # --- products of matrices -----------------------------------------------------------------------------

    def chain(self, node: Node) -> Text:
        """A product of matrices; a 1-D array may stand at either end, as far as the result is what it should be."""
        scalars = [a for a in node.args if a.is_scalar]
        if scalars:  # a number has no @ in NumPy: x @ 1 is 1 * x
            return self.natural(mul(*scalars, matmul(*(a for a in node.args if not a.is_scalar))))
        first, *middle, last = node.args
        row, column = self.natural(first), self.turned(last)
        inner = [self.at(a, POWER) for a in middle]
        if row.ndim == 1 and column is not None:
            return Text(" @ ".join([_bracket(row, POWER), *inner, _bracket(column, POWER)]), TIMES, 0)
        if row.ndim == 1 and not node.is_scalar:
            return Text(" @ ".join([_bracket(row, POWER), *inner, self.at(last, POWER)]), TIMES, 1)
        return Text(" @ ".join([self.at(first, POWER), *inner, self.at(last, POWER)]), TIMES, 2)

    def transposed(self, inner: Node) -> Text:
        """X.T, or the 1-D array that a column X turns into, or the column that a 1-D array turns into."""
        row = self.turned(inner)
        if row is not None:
            return row
        text = self.natural(inner)
        if text.ndim == 1:
            return Text(f"vec({text.text})", ATOM, 2)
        return Text(_bracket(text, ATOM) + ".T", ATOM, 2)

    def turned(self, column: Node) -> Text | None:
        """The 1-D text of the transpose of a column, where it has one: x of vec(x), A @ x of A @ vec(x)."""
        if not column.shape[1].is_one or column.is_scalar:
            return None
        if column.op == "transpose":
            row = self.natural(column.args[0])
            return row if row.ndim == 1 else None
        if column.op in ("sum", "mean") and self.squeeze:
            return self.squeezed(column)
        if column.op == "diagonal" and self.squeeze:
            return Text(f"np.diagonal({self.matrix(column.args[0]).text})", ATOM, 1)
        if column.op == "matmul" and not any(a.is_scalar for a in column.args):
            last = self.turned(column.args[-1])
            left = " @ ".join(self.at(a, POWER) for a in column.args[:-1])
            return None if last is None else Text(f"{left} @ {_bracket(last, POWER)}", TIMES, 1)
        return None

    # --- sums and products, entry by entry ----------------------------------------------------------------

    def sum(self, node: Node) -> Text:
        """Terms with their signs between them."""
        terms = [self.natural(term) for term in stripped(sum_order(node), node.shape)]
        out = _bracket(terms[0], UNARY if terms[0].text.startswith("-") else TIMES)
        for term in terms[1:]:
            if term.binds == PLUS:
                out += f" + ({term.text})"
            else:
                out += f" - {term.text[1:]}" if term.text.startswith("-") else f" + {term.text}"
        return Text(out, PLUS, max(term.ndim for term in terms))

    def product(self, node: Node) -> Text:
        """A number, scalars, matrices, and what they are divided by."""
        parts = with_means(product_parts(node))
        matrices, below = parts.matrices, parts.denominators
        if not node.is_scalar and (matrices or below):
            both = stripped((*matrices, *below), node.shape)
            matrices, below = both[: len(matrices)], both[len(matrices) :]
        over = [self.natural(part) for part in (*parts.scalars, *matrices)]
        under = [self.natural(part) for part in below]
        numbers, bottom = coefficient(abs(parts.coefficient), bool(over))
        above = [*numbers, *(_bracket(text, POWER) for text in over)]
        if len(matrices) and matrices[0].op == "matmul" and over[len(parts.scalars)].binds == TIMES:
            above[len(numbers) + len(parts.scalars)] = over[
                len(parts.scalars)
            ].text  # 2 * W.T @ D * g needs no brackets
        bottom += [_bracket(text, POWER) for text in under]
        out = ("-" if parts.coefficient < 0 else "") + (" * ".join(above) or "1")
        if bottom:
            out += " / " + (bottom[0] if len(bottom) == 1 else f"({' * '.join(bottom)})")
        ndim = max((text.ndim for text in (*over, *under)), default=0)
        if len(above) == 1 and not bottom:
            binds = UNARY if out.startswith("-") else over[0].binds if over else ATOM
            return Text(out, binds, ndim)
        return Text(out, TIMES, ndim)

    def power(self, node: Node) -> Text:
        """A positive power."""
        base, exponent = self.natural(node.args[0]), node.data
        assert isinstance(exponent, Fraction)
        if exponent == Fraction(1, 2):
            return Text(f"sqrt({base.text})", ATOM, base.ndim)
        text = _number(exponent)
        return Text(f"{_bracket(base, ATOM)} ** {_bracket(text, ATOM)}", POWER, base.ndim)


def _bracket(text: Text, level: int) -> str:
    return text.text if text.binds >= level else f"({text.text})"


def _number(value: Fraction) -> Text:
    """A number: whole, decimal, or a quotient."""
    if value < 0:
        text, binds, _ = _number(-value)
        return Text(f"-{text}", UNARY if binds == ATOM else TIMES, 0)
    if value.denominator == 1:
        return Text(whole(value.numerator), ATOM, 0)
    short = decimal(value)
    return Text(short, ATOM, 0) if short else Text(f"{whole(value.numerator)} / {whole(value.denominator)}", TIMES, 0)


__all__ = ["decimal", "dim_text", "write"]
