"""Write an expression in the language: NumPy text that can be pasted into a derivation file or run."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node, eye, kron, matmul, mul, number, ones, power, value_of
from symback.algebra.parts import Product, constant_core, product_parts, stripped, sum_order
from symback.numpy import ELEMENTWISE

ENTRYWISE = frozenset({"add", "mul", "power", *ELEMENTWISE})
NUMBERS = frozenset({"number", "size", "pi", "trace", "det", "logdet", "norm"})
ATOM, POWER, UNARY, TIMES, PLUS = 5, 4, 3, 2, 1  # how tightly a text binds
Text = tuple[str, int]


def write(
    node: Node, one_d: frozenset[str] = frozenset(), flat: bool = False, zero_d: frozenset[str] = frozenset()
) -> str:
    """The text of an expression; ``one_d`` names the 1-D arrays, ``flat`` asks for a 1-D result of a row.

    ``zero_d`` names the scalars without a dimension, which leave a 1-D array what it is.

    >>> from symback.language.read import parse
    >>> parse("A: (m, n)\\nB: (n, m)\\nJ = -sum((A.T - B) ** 2) / m\\n").definitions[0].node
    -sum((A.T - B) ** 2) / m
    """
    writer = _Writer(one_d, zero_d=zero_d)
    return (writer.flat(node) if flat else writer.text(node))[0]


def dim_text(size: Dim) -> str:
    """A dimension as an argument: m * n."""
    return " * ".join(([] if size.coefficient == 1 and size.names else [str(size.coefficient)]) + list(size.names))


def decimal(value: Fraction) -> str | None:
    """The exact decimal of a number that has a short one, else None."""
    denominator = value.denominator
    while denominator % 10 == 0:
        denominator //= 10
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return None
    text = repr(float(value))
    return text if Fraction(text) == value and len(text) < 20 else None


class _Writer:
    """One writing; it knows which arrays are 1-D, and remembers what it has written."""

    def __init__(self, one_d: frozenset[str], one_d_result: bool = False, zero_d: frozenset[str] = frozenset()) -> None:
        self.one_d, self.zero_d = one_d, zero_d
        self.one_d_result = one_d_result  # where every array is 1-D, and so is the result
        self.memo: dict[Node, Text] = {}

    def text(self, node: Node) -> Text:
        """The text of a two-dimensional expression, and how tightly it binds."""
        if node not in self.memo:
            self.memo[node] = self._text(node)
        return self.memo[node]

    def at(self, node: Node, level: int) -> str:
        """The text, in brackets where it binds less tightly than ``level``."""
        text, binds = self.text(node)
        return text if binds >= level else f"({text})"

    def _text(self, node: Node) -> Text:
        match node.op:
            case "symbol":
                name = str(node.data)
                return (f"vec({name}).T", ATOM) if name in self.one_d and not self.one_d_result else (name, ATOM)
            case "number":
                return self.number(value_of(node) or Fraction(0))
            case "size":
                assert isinstance(node.data, Dim)
                text = dim_text(node.data)
                return text, ATOM if text.isidentifier() else TIMES
            case "pi":
                return "pi", ATOM
            case "eye":
                return f"eye({dim_text(node.shape[0])})", ATOM
            case "ones" | "zeros":
                return f"{node.op}({dim_text(node.shape[0])}, {dim_text(node.shape[1])})", ATOM
            case "commutation":
                assert isinstance(node.data, tuple)
                return f"commutation({dim_text(node.data[0])}, {dim_text(node.data[1])})", ATOM
            case "add":
                return self.sum(node)
            case "power" if isinstance(node.data, Fraction) and node.data > 0:
                return self.power(node)
            case "mul" | "power":
                return self.product(node)
            case "matmul" if any(a.is_scalar for a in node.args):  # a number has no @ in NumPy: x @ 1 is 1 * x
                scalars, rest = ([a for a in node.args if a.is_scalar is scalar] for scalar in (True, False))
                return self.text(mul(*scalars, matmul(*rest)))
            case "matmul":
                return " @ ".join(self.at(a, POWER) for a in node.args), TIMES
            case "transpose":
                return self.transposed(node.args[0])
            case _:
                return self.call(node)

    def number(self, value: Fraction) -> Text:
        """A number: whole, decimal, or a quotient."""
        if value < 0:
            text, binds = self.number(-value)
            return f"-{text}", UNARY if binds == ATOM else TIMES
        if value.denominator == 1:
            return str(value.numerator), ATOM
        short = decimal(value)
        return (short, ATOM) if short else (f"{value.numerator} / {value.denominator}", TIMES)

    def transposed(self, inner: Node) -> Text:
        if inner.op == "symbol" and str(inner.data) in self.one_d:
            return f"vec({inner.data})", ATOM
        return self.at(inner, ATOM) + ".T", ATOM

    def call(self, node: Node) -> Text:
        """A function of the language, with its axis or exponent."""
        if node.op == "pow":
            return f"{self.at(node.args[0], ATOM)} ** {self.at(node.args[1], ATOM)}", POWER
        args = [self.text(a)[0] for a in node.args]
        if node.op == "matpow":
            args.append(str(node.data))
        elif node.op == "unvec":
            return self.unvec(node)
        elif node.op == "kron_adjoint":
            return self.text(contraction(node))
        elif node.data is not None:
            args.append(f"axis={node.data}")
        return f"{node.op}({', '.join(args)})", ATOM

    def unvec(self, node: Node) -> Text:
        """The matrix whose vec is v: (vec(I)^T kron I)(I kron v)."""
        m, n = (dim_text(size) for size in node.shape)
        return f"kron(vec(eye({n})).T, eye({m})) @ kron(eye({n}), {self.text(node.args[0])[0]})", TIMES

    # --- sums -------------------------------------------------------------------------------------------

    def sum(self, node: Node) -> Text:
        terms = sum_order(node)
        bare = stripped(terms, node.shape)
        rows = self.rows(bare)
        out = ""
        for i, term in enumerate(bare):
            text, binds = self.operand(term, i != rows)
            negative = text.startswith("-") and binds != PLUS
            if binds == PLUS:
                text = f"({text})"
            if i == 0:
                out = text
            else:
                out += f" - {text[1:]}" if negative else f" + {text}"
        return out, PLUS

    def rows(self, operands: tuple[Node, ...]) -> int | None:
        """Which of the operands must be written as a row: one, where all that are no numbers are 1-D arrays.

        Beside an array of two dimensions a 1-D array stands as it is.
        """
        arrays = [i for i, a in enumerate(operands) if not a.is_scalar]
        if self.one_d_result or not arrays or not all(self.is_one_d(operands[i]) for i in arrays):
            return None
        return arrays[0]

    def is_one_d(self, node: Node) -> bool:
        """True of the name of a 1-D array."""
        return node.op == "symbol" and str(node.data) in self.one_d

    def operand(self, node: Node, loose: bool) -> Text:
        """An operand of an elementwise operation; NumPy reads a 1-D array as a row."""
        if loose and self.is_one_d(node):
            return str(node.data), ATOM
        return self.text(node)

    # --- products -----------------------------------------------------------------------------------------

    def product(self, node: Node) -> Text:
        parts = self.with_means(product_parts(node))
        matrices, below = list(parts.matrices), list(parts.denominators)
        if not node.is_scalar and (matrices or below):
            both = stripped((*matrices, *below), node.shape)
            matrices, below = list(both[: len(matrices)]), list(both[len(matrices) :])
        sign = "-" if parts.coefficient < 0 else ""
        numbers, bottom = self.coefficient(abs(parts.coefficient), bool(parts.scalars or matrices))
        above: list[Text] = [(text, ATOM) for text in numbers]
        above += [self.text(scalar) for scalar in parts.scalars]
        rows = self.rows((*matrices, *below))
        open_front = not parts.scalars  # a matrix product may lead without brackets: W.T @ D * g
        for i, matrix in enumerate(matrices):
            text, binds = self.operand(matrix, i != rows)
            leads = i == 0 and binds == TIMES and matrix.op == "matmul" and open_front
            above.append((text, POWER if leads else binds))
        under = bottom + [self._under(b, len(matrices) + i != rows) for i, b in enumerate(below)]
        if len(above) == 1 and not under and not sign:
            return above[0]
        out = " * ".join(text if binds >= POWER else f"({text})" for text, binds in above) or "1"
        if under:
            out += " / " + (under[0] if len(under) == 1 else f"({' * '.join(under)})")
        return sign + out, TIMES if under or len(above) > 1 else UNARY

    def _under(self, node: Node, loose: bool) -> str:
        text, binds = self.operand(node, loose)
        return text if binds >= POWER else f"({text})"

    def coefficient(self, value: Fraction, more: bool) -> tuple[list[str], list[str]]:
        """The texts of a positive coefficient above and below the line."""
        if value == 1:
            return [], []
        if value.denominator == 1:
            return [str(value.numerator)], []
        short = decimal(value)
        if value.numerator == 1 and (more or short is None) and (value.denominator < 100 or short is None):
            return [], [str(value.denominator)]
        return ([short], []) if short else ([str(value.numerator)], [str(value.denominator)])

    def power(self, node: Node) -> Text:
        """A positive power."""
        base, exponent = node.args[0], node.data
        assert isinstance(exponent, Fraction)
        if exponent == Fraction(1, 2):
            return f"sqrt({self.text(base)[0]})", ATOM
        text = self.number(exponent)[0] if decimal(exponent) else f"({exponent.numerator} / {exponent.denominator})"
        return f"{self.at(base, ATOM)} ** {text}", POWER

    def with_means(self, parts: Product) -> Product:
        """sum(X, axis) / m as mean(X, axis), where m is the number of entries summed."""
        below = list(parts.denominators)
        out: list[list[Node]] = []
        for group in (parts.scalars, parts.matrices):
            out.append([])
            for factor in group:
                total = factor if factor.op == "sum" else None
                if total is not None and below:
                    rows, columns = total.args[0].shape
                    count = {None: rows * columns, 0: rows, 1: columns}[total.data]  # type: ignore[index]
                    found = _take(below, count)
                    if found is not None:
                        below = found
                        out[-1].append(Node("mean", total.args, total.shape, total.data))
                        continue
                out[-1].append(factor)
        return Product(parts.coefficient, tuple(out[0]), tuple(out[1]), tuple(below))

    # --- 1-D results ----------------------------------------------------------------------------------------

    def flat(self, node: Node) -> Text:
        """A row as the 1-D array that NumPy would have."""
        if self.entrywise(node):
            return _Writer(self.one_d, one_d_result=True).text(node)
        if node.op == "sum" and node.data == 0:
            return f"np.sum({self.text(node.args[0])[0]}, axis=0)", ATOM
        if node.op == "mul":
            matrices = [f for f in node.args if not f.is_scalar]
            rest = mul(*(f for f in node.args if f.is_scalar)) if len(matrices) < len(node.args) else number(1)
            if len(matrices) == 1 and matrices[0].op == "sum" and matrices[0].data == 0 and self.entrywise(rest):
                inner, _ = self.flat(matrices[0])
                below = power(rest, -1)
                if product_parts(rest).denominators and not product_parts(below).denominators:
                    return f"{inner} / {self.at(below, POWER)}", TIMES
                return f"{self.at(rest, TIMES)} * {inner}", TIMES
        return f"np.ravel({self.text(node)[0]})", ATOM

    def is_number(self, node: Node) -> bool:
        """True of arithmetic with numbers that have no dimension."""
        return node.op in ENTRYWISE and all(self.entrywise(a) for a in node.args)

    def entrywise(self, node: Node) -> bool:
        """True of 1-D arrays and what is computed from them entry by entry, with numbers that have no dimension."""
        if node.is_scalar:
            return node.op in NUMBERS or node.op == "symbol" and str(node.data) in self.zero_d or self.is_number(node)
        if self.is_one_d(node):
            return True
        if node.op not in ENTRYWISE or node.shape[0] != ONE:
            return False
        cores = [constant_core(a) or a for a in node.args]  # a number that is repeated along the row stays a number
        return all(map(self.entrywise, cores)) and not all(a.is_scalar for a in cores)


def contraction(node: Node) -> Node:
    """The adjoint of A kron B in the language: G * (1 kron B) holds the products, sums over each block collect them.

    Abar = (I kron 1^T) (G * (1 1^T kron B)) (I kron 1), and Bbar = (1^T kron I) (G * (A kron 1 1^T)) (1 kron I).
    """
    g, other = node.args
    (m, n), (p, q) = node.shape, other.shape
    if node.data == 0:
        left, right, weights = kron(eye(m), ones((ONE, p))), kron(eye(n), ones((q, ONE))), kron(ones(node.shape), other)
    else:
        left, right, weights = kron(ones((ONE, p)), eye(m)), kron(ones((q, ONE)), eye(n)), kron(other, ones(node.shape))
    return matmul(left, mul(g, weights), right)


def _take(below: list[Node], count: Dim) -> list[Node] | None:
    """The denominators without those whose product is ``count``, or None where they are not all there."""
    left = list(below)
    names = list(count.names)
    if count.coefficient != 1 or not names:
        return None
    for node in list(left):
        if node.op != "size" or not isinstance(node.data, Dim) or node.data.coefficient != 1:
            continue
        if all(name in names for name in node.data.names):
            for name in node.data.names:
                names.remove(name)
            left.remove(node)
    return left if not names else None


__all__ = ["ONE", "decimal", "dim_text", "write"]
