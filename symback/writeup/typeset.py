"""An expression as a mathematician would write it, piece by piece: expression -> layout tree.

Signs, brackets and broadcasts come apart as they do in the NumPy text (``symback.algebra.parts``), so the two agree.
Matrix products stand side by side, products entry by entry with ⊙; sums along an axis are products with ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from symback.algebra.dims import ONE, Dim, Shape
from symback.algebra.nodes import Node, value_of
from symback.algebra.parts import product_parts, stripped, sum_order
from symback.language.write import decimal
from symback.numpy import ELEMENTWISE
from symback.writeup.layout import (
    TOP,
    Big,
    Brace,
    Fence,
    Frac,
    Func,
    Layout,
    Marked,
    Named,
    Num,
    Op,
    Row,
    Space,
    Sqrt,
    Sub,
    Sup,
    Sym,
    height,
    row,
)  # fmt: skip
from symback.writeup.notation import GREEK, dim_layout, name_layout, shape_layout

ATOM, CALL, PRODUCT, TIMES, PLUS = 5, 4, 3, 2, 1  # how tightly a formula binds
Bound = tuple[Layout, int]
SIMPLE = 10  # a fraction with a smaller denominator stays one: 1/2, 2/3
MINUS, ADD, ODOT, CROSS = Op("−"), Op("+"), Op("⊙"), Op("⊗")
COMMA = Op(",", "punctuation")
NEGATIVE = Op("−", "prefix")


def brackets(layout: Layout) -> Layout:
    """Round brackets."""
    return Fence(layout)


def raised(base: Layout, up: Layout) -> Layout:
    """A base with something raised; what is raised already gets brackets, the number of a layer shares the place."""
    match base:
        case Named(Sup(letter, number), name, shape):
            return Sup(Named(letter, name, shape), row(number, up))
        case Sup() | Named(Frac()) | Marked(Sup()) | Frac() | Marked(Frac()) | Sqrt():
            return Sup(brackets(base), up)
        case _:
            return Sup(base, up)


def transposed(base: Layout) -> Layout:
    """A base with a transpose sign."""
    return raised(base, TOP)


class Typesetter:
    """One notation for one problem: what each name looks like, what is marked, which factors carry their shapes."""

    def __init__(
        self, names: Mapping[str, Layout], marked: frozenset[Node] = frozenset(), shapes: bool = False
    ) -> None:
        """``names`` are the layouts of arrays, ``marked`` the parts that a step has changed."""
        self.names, self.marked, self.shapes = names, marked, shapes
        self.memo: dict[Node, Bound] = {}

    def marking(self, nodes: Iterable[Node]) -> Typesetter:
        """The same notation with some parts marked."""
        return Typesetter(self.names, frozenset(nodes), self.shapes)

    def with_shapes(self) -> Typesetter:
        """The same notation with its shape below each array."""
        return Typesetter(self.names, self.marked, True)

    def __call__(self, node: Node) -> Layout:
        """The layout of an expression."""
        return self.bound(node)[0]

    def bound(self, node: Node) -> Bound:
        """The layout, and how tightly it binds."""
        if node not in self.memo:
            layout, binds = self._layout(node)
            self.memo[node] = (Marked(layout), binds) if node in self.marked else (layout, binds)
        return self.memo[node]

    def at(self, node: Node, level: int) -> Layout:
        """The layout, in brackets where it binds less tightly than ``level``."""
        layout, binds = self.bound(node)
        return layout if binds >= level else brackets(layout)

    def _layout(self, node: Node) -> Bound:
        match node.op:
            case "symbol":
                return self.name(node), ATOM
            case "number":
                return number_layout(value_of(node) or Fraction(0))
            case "size":
                assert isinstance(node.data, Dim)
                return dim_layout(node.data), ATOM if len(node.data.names) == 1 else PRODUCT
            case "add":
                return self.sum(node)
            case "power" if isinstance(node.data, Fraction) and node.data > 0:
                return self.power(node)
            case "mul" | "power":
                return self.product(node)
            case "matmul":
                return self.matmul(node.args), PRODUCT
            case "transpose":
                return self.transpose(node.args[0]), ATOM
            case "sum":
                return self.total(node)
            case op if op in LEAVES:
                return LEAVES[op](node), ATOM if op != "ones" or ONE in node.shape else PRODUCT
            case op if op in SPECIAL:
                return SPECIAL[op](self, node)
            case _:
                return self.call(node)

    def name(self, node: Node) -> Layout:
        """A named array, with its shape below where that is asked for."""
        return self.names.get(str(node.data)) or name_layout(str(node.data))

    # --- sums -------------------------------------------------------------------------------------------

    def sum(self, node: Node) -> Bound:
        """Terms with their signs, a positive one in front; rows and columns are repeated silently, as NumPy does it."""
        terms = sum_order(node)
        out: list[Layout] = []
        for i, (term, bare) in enumerate(zip(terms, stripped(terms, node.shape), strict=True)):
            layout, binds = self.bound(bare)
            if self.shapes and bare.op == "symbol" and any(t.op == "matmul" for t in terms):
                layout = shaped(layout, bare)
            negative, positive = signed(layout)
            layout = brackets(layout) if binds == PLUS else positive
            if negative and binds != PLUS:
                out += [MINUS if i else NEGATIVE, layout]
            else:
                out += [ADD, layout] if i else [layout]
            if term in self.marked and bare is not term:
                out[-1] = Marked(out[-1])
        return row(*out), PLUS

    def total(self, node: Node) -> Bound:
        """∑ X over all entries, X 1 along the rows, 1ᵀ X down the columns."""
        x = node.args[0]
        if node.data is None:
            return row(Big("∑"), self.at(x, ATOM)), TIMES
        factors = x.args if x.op == "matmul" and x not in self.marked else (x,)
        if node.data == 1:
            return self.matmul((*factors, ones_node((x.shape[1], ONE)))), PRODUCT
        return self.matmul((ones_node((ONE, x.shape[0])), *factors)), PRODUCT

    # --- products ---------------------------------------------------------------------------------------

    def product(self, node: Node) -> Bound:
        """A number and scalars in front, over their own line; then the matrices entry by entry, over theirs."""
        parts = product_parts(node)
        matrices, below = list(parts.matrices), list(parts.denominators)
        low = [b for b in below if b.is_scalar]
        below = [b for b in below if not b.is_scalar]
        if matrices or below:
            both = stripped((*matrices, *below), node.shape) if not node.is_scalar else (*matrices, *below)
            matrices, below = list(both[: len(matrices)]), list(both[len(matrices) :])
        plain = [s for s in parts.scalars if s.op in ("symbol", "size", "pi", "power")]
        rest = [s for s in parts.scalars if s not in plain]
        if node.is_scalar and not low and not below:
            plain, rest = (plain, rest)
        front = self.front(abs(parts.coefficient), plain, low, bare=bool(rest or matrices or below))
        pieces: list[Layout] = [] if front is None else [front]
        alone = len(rest) + bool(matrices or below) == 1 and not pieces
        for scalar in rest:
            pieces.append(self.at(scalar, TIMES if scalar is rest[-1] and not (matrices or below) else CALL))
        if matrices or below:
            layout, binds = self.entrywise(matrices, below)
            pieces.append(brackets(layout) if binds == PLUS else layout)
            if alone and parts.coefficient > 0:
                return layout, binds
        body = row(*(p for i, piece in enumerate(pieces) for p in ((Space(), piece) if i else (piece,))))
        if parts.coefficient < 0:
            return row(NEGATIVE, body), TIMES
        binds = (
            ATOM if len(pieces) == 1 and not rest and isinstance(body, Num) else PRODUCT if len(pieces) == 1 else TIMES
        )
        return body, binds

    def front(self, value: Fraction, above: list[Node], below: list[Node], bare: bool) -> Layout | None:
        """The number and the scalars that a product begins with, or None where there are none."""
        number, below_line = coefficient_texts(value)
        top: list[Layout] = [Num(number)] if number != "1" else []
        bottom: list[Layout] = [Num(below_line)] if below_line else []
        top += [self.at(s, PRODUCT) for s in above]
        one_below = len(below) + len(bottom) == 1
        bottom += [self.at(s, PLUS if one_below else CALL) for s in below]
        if not bottom:
            if not top:
                return None if bare else Num("1")
            return _juxtaposed(top)
        return Frac(_juxtaposed(top) if top else Num("1"), _juxtaposed(bottom))

    def entrywise(self, matrices: list[Node], below: list[Node]) -> Bound:
        """Matrices multiplied entry by entry, over those that divide entry by entry."""
        if not below:
            return self.hadamard(matrices)
        if self.shapes:  # a fraction is too small a place for shapes
            return Typesetter(self.names, self.marked).entrywise(matrices, below)
        under, _ = self.hadamard(below)
        tall = [m for m in matrices if m.op == "matmul" or self.heavy(m)]
        inside = [m for m in matrices if m not in tall]
        over = self.hadamard(inside)[0] if inside else Num("1")
        quotient = Frac(over, under)
        if not tall:
            return quotient, PRODUCT
        pieces = [self.at(m, CALL) for m in tall]
        return _joined([*pieces, quotient], ODOT), TIMES

    def heavy(self, node: Node) -> bool:
        """True of a factor that would make a fraction hard to read: one with a fraction inside."""
        return height(self.bound(node)[0]) > 1

    def hadamard(self, factors: list[Node]) -> Bound:
        """Factors joined by ⊙; scalars and 1 by 1 leftovers stand in front without it."""
        if len(factors) == 1:
            return self.bound(factors[0])
        if all(f.is_scalar for f in factors):
            return _juxtaposed([self.at(f, CALL) for f in factors]), PRODUCT
        return _joined([self.at(f, CALL) for f in factors], ODOT), TIMES

    def matmul(self, factors: tuple[Node, ...]) -> Layout:
        """Matrices side by side, in their order."""
        factors = tuple(f for f in factors if value_of(f) != 1) or factors[:1]  # a seed of 1 changes nothing
        if not self.shapes:
            return _juxtaposed([self.at(f, CALL) for f in factors])
        plain = Typesetter(self.names, self.marked)
        return _juxtaposed([shaped(plain.at(f, CALL), f) for f in factors])

    def power(self, node: Node) -> Bound:
        """A positive power; of a matrix it is entry by entry, and says so with ⊙."""
        base, exponent = node.args[0], node.data
        assert isinstance(exponent, Fraction)
        if exponent == Fraction(1, 2):
            return Sqrt(self(base)), ATOM
        up = (
            number_layout(exponent)[0]
            if exponent.denominator == 1
            else row(Num(str(exponent.numerator)), Op("/", "ordinary"), Num(str(exponent.denominator)))
        )
        return raised(self.at(base, CALL), up if node.is_scalar else row(Op("⊙", "ordinary"), up)), ATOM

    def transpose(self, inner: Node) -> Layout:
        """Xᵀ, and X to the minus ⊤ for the transpose of an inverse."""
        if inner.op == "inv":
            return raised(self.at(inner.args[0], ATOM), row(NEGATIVE, TOP))
        return transposed(self.at(inner, CALL))

    # --- functions ----------------------------------------------------------------------------------------

    def call(self, node: Node) -> Bound:
        """A function by its name."""
        arguments = [self(a) for a in node.args]
        body = row(*(p for i, a in enumerate(arguments) for p in ((COMMA, a) if i else (a,))))
        head = function_name(node.op)
        if node.op in ("softmax", "logsumexp") and node.data == 1:
            head = Sub(head, Sym("rows", "roman"))
        return row(head, brackets(body)), CALL


def shaped(layout: Layout, node: Node) -> Layout:
    """A factor with its shape below it; a number has none."""
    return layout if node.is_scalar else Brace(layout, shape_layout(node.shape))


def signed(layout: Layout) -> tuple[bool, Layout]:
    """Whether a layout begins with a minus sign, and what is behind it."""
    if isinstance(layout, Row) and layout.items and layout.items[0] == NEGATIVE:
        return True, row(*layout.items[1:])
    if isinstance(layout, Marked):
        negative, rest = signed(layout.body)
        return negative, Marked(rest) if negative else layout
    return False, layout


def coefficient_texts(value: Fraction) -> tuple[str, str]:
    """A positive number as it stands above and below a line: a simple fraction, or a decimal where that is shorter."""
    short = decimal(value)
    if value.denominator == 1:
        return str(value.numerator), ""
    if short is not None and value.denominator >= SIMPLE:
        return short, ""
    return str(value.numerator), str(value.denominator)


def number_layout(value: Fraction) -> Bound:
    """A number: whole, a simple fraction, a decimal."""
    if value < 0:
        return row(NEGATIVE, number_layout(-value)[0]), TIMES
    above, below = coefficient_texts(value)
    return (Frac(Num(above), Num(below)), PRODUCT) if below else (Num(above), ATOM)


def function_name(op: str) -> Layout:
    """The upright name of a function, or the letter that mathematicians use."""
    latex = ELEMENTWISE[op].latex if op in ELEMENTWISE else ""
    word = re.fullmatch(r"\\(?:mathrm\{)?([A-Za-z]+)\}?", latex)
    name = word[1] if word else op.replace("_", " ")
    return Sym(GREEK[name]) if name in GREEK else Func(name)


def ones_node(shape: Shape) -> Node:
    """The column or row of ones that a sum along an axis is a product with."""
    from symback.algebra.nodes import ones

    return ones(shape)


def _ones(node: Node) -> Layout:
    rows, columns = (Sub(Sym("1", "bold"), dim_layout(d)) for d in node.shape)
    if node.shape[1] == ONE:
        return rows
    return transposed(columns) if node.shape[0] == ONE else row(rows, transposed(columns))


def _commutation(node: Node) -> Layout:
    assert isinstance(node.data, tuple)
    return Sub(Sym("K"), row(dim_layout(node.data[0]), COMMA, dim_layout(node.data[1])))


def _joined(pieces: list[Layout], by: Layout) -> Layout:
    return row(*(p for i, piece in enumerate(pieces) for p in ((by, piece) if i else (piece,))))


def _juxtaposed(pieces: list[Layout]) -> Layout:
    """Factors side by side, with a little air where two would run into one another."""
    return _joined(pieces, Space()) if len(pieces) > 1 else pieces[0]


LEAVES: dict[str, Callable[[Node], Layout]] = {
    "pi": lambda node: Sym("π"),
    "eye": lambda node: Sub(Sym("I"), dim_layout(node.shape[0])),
    "ones": _ones,
    "zeros": lambda node: Sub(Num("0"), shape_layout(node.shape)),
    "commutation": _commutation,
}

SPECIAL: dict[str, Callable[[Typesetter, Node], Bound]] = {
    "trace": lambda t, x: (row(Func("tr"), brackets(t(x.args[0]))), CALL),
    "det": lambda t, x: (row(Func("det"), brackets(t(x.args[0]))), CALL),
    "logdet": lambda t, x: (
        row(Func("log"), Fence(row(Func("det"), Space(), t.at(x.args[0], PRODUCT)), "|", "|")), CALL,
    ),
    "inv": lambda t, x: (raised(t.at(x.args[0], ATOM), row(NEGATIVE, Num("1"))), ATOM),
    "pinv": lambda t, x: (raised(t.at(x.args[0], ATOM), Op("+", "ordinary")), ATOM),
    "matpow": lambda t, x: (raised(t.at(x.args[0], ATOM), Num(str(x.data))), ATOM),
    "norm": lambda t, x: (
        Fence(t(x.args[0]), "‖", "‖") if ONE in x.args[0].shape else Sub(Fence(t(x.args[0]), "‖", "‖"), Sym("F")), ATOM,
    ),
    "abs": lambda t, x: (Fence(t(x.args[0]), "|", "|"), ATOM),
    "kron": lambda t, x: (row(t.at(x.args[0], CALL), CROSS, t.at(x.args[1], CALL)), TIMES),
    "pow": lambda t, x: (
        raised(t.at(x.args[0], ATOM), row(*(() if x.is_scalar else (Op("⊙", "ordinary"),)), t(x.args[1]))), ATOM,
    ),
    "unvec": lambda t, x: (row(Sub(Func("unvec"), shape_layout(x.shape)), brackets(t(x.args[0]))), CALL),
}  # fmt: skip
