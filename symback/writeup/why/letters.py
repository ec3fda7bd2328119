"""The letters of the explanation: one example's z, a and s, the weight W, the upstream derivative δ."""

from __future__ import annotations

from symback.algebra.dims import ONE
from symback.algebra.nodes import Node, symbol, transpose
from symback.language.write import write
from symback.writeup.crossing import Crossing, after_product
from symback.writeup.layout import Fence, Frac, Layout, Matrix, Num, Op, Space, Sub, Sup, Sym, row
from symback.writeup.numbers import Runner
from symback.writeup.typeset import Typesetter, function_name, transposed

A, Z, S, D, M, Q, DELTA = (Sym(letter) for letter in ("a", "z", "s", "D", "M", "Q", "δ"))
I, J, K, L = (Sym(letter) for letter in "ijkl")  # noqa: E741  # the indices of the explanation
PLUS = Op("+")


def at(base: Layout, *below: Layout) -> Layout:
    """A letter with its indices."""
    return Sub(base, row(*below))


def entry(matrix: Layout, i: Layout, j: Layout) -> Layout:
    """One entry of a matrix: [A]_ij."""
    return Sub(Fence(matrix, "[", "]"), row(i, j))


def derivative(of: Layout, by: Layout) -> Layout:
    """∂s/∂a."""
    return Frac(row(Op("∂", "ordinary"), of), row(Op("∂", "ordinary"), by))


def slashed(of: Layout, by: Layout) -> Layout:
    """∂J/∂a on one line."""
    return row(Op("∂", "ordinary"), of, Op("/", "ordinary"), Op("∂", "ordinary"), by)


def product(*factors: Layout) -> Layout:
    """Factors side by side."""
    return row(*(p for i, factor in enumerate(factors) for p in ((Space(), factor) if i else (factor,))))


def added(terms: list[Layout]) -> Layout:
    """Terms with plus signs."""
    return row(*(p for i, term in enumerate(terms) for p in ((PLUS, term) if i else (term,))))


def column(entries: list[Layout]) -> Layout:
    """Entries under each other."""
    return Matrix(tuple((e,) for e in entries))


class Letters:
    """One crossing, and how its arrays are written in the explanation."""

    def __init__(self, crossing: Crossing, runner: Runner, typeset: Typesetter) -> None:
        """``left`` is the convention: columns are examples where the weight stands on the left."""
        self.crossing, self.runner, self.typeset = crossing, runner, typeset
        self.left, self.turned_weight = crossing.left, crossing.turned
        self.objective = typeset(symbol(runner.objective, (ONE, ONE)))
        self.weight = str(crossing.weight.data)
        self.g = function_name(crossing.activation.function) if crossing.activation else None
        self.turned = transpose(crossing.factor)
        self.first = crossing.sum_is_first

    @property
    def node(self) -> Node:
        """The product in the forward pass."""
        assert self.crossing.step.node is not None
        return self.crossing.step.node

    @property
    def vector(self) -> str:
        """What one example is: a column or a row."""
        return "column" if self.left else "row"

    @property
    def layered(self) -> bool:
        """True where the gradient goes on to an earlier layer, whose columns or rows are examples."""
        return self.crossing.array not in self.runner.problem.symbols

    @property
    def one(self) -> str:
        """What one column or row is called."""
        return "example" if self.layered else self.vector

    @property
    def letter(self) -> Layout:
        """The letter of the weight: W, or its own where it has one that is free."""
        own = len(self.weight) == 1 and self.weight not in "azsdDMQHPJ"
        return Sym(self.weight if own else "W")

    def w(self, k: Layout, j: Layout) -> Layout:
        """The entry of the weight that joins unit j to output k."""
        return at(self.letter, k, j) if self.first else at(self.letter, j, k)

    @property
    def passing(self) -> Layout:
        """The matrix beside δ in the gradient: the weight or its transpose."""
        return self.letter if self.turned_weight else transposed(self.letter)

    @property
    def factor(self) -> Layout:
        """The factor of the forward pass."""
        return transposed(self.letter) if self.turned_weight else self.letter

    def beside(self, delta: Layout, passing: Layout) -> Layout:
        """The gradient's product in its right order."""
        return product(passing, delta) if self.left else product(delta, passing)

    def of_g(self, x: Layout) -> Layout:
        """g(z)."""
        assert self.g is not None
        return row(self.g, Fence(x))

    def slope(self, x: Layout) -> Layout:
        """g'(z)."""
        assert self.g is not None
        return row(Sup(self.g, Op("′", "ordinary")), Fence(x))

    def upstream(self, bracketed: bool = False) -> Layout:
        """The gradient that arrives at the product."""
        layout = self.typeset(self.crossing.upstream)
        return Fence(layout) if bracketed and self.crossing.upstream.op != "symbol" else layout

    def outputs(self) -> tuple[Layout, ...]:
        """The values of k to write out: one where there is one output, else two."""
        one = self.node.shape[0 if self.left else 1] == ONE
        return (Num("1"),) if one else (Num("1"), Num("2"))

    # --- code -------------------------------------------------------------------------------------------

    @property
    def sides(self) -> tuple[str, str]:
        """The two factors of the gradient as NumPy text, in their right order."""
        left, right = (side(node) for node in after_product(self.crossing))
        return left, right

    @property
    def name(self) -> str:
        """The name of the gradient in question."""
        return str(self.runner.gradients[self.crossing.target].symbol.data)

    @property
    def times_slope(self) -> str:
        """The slope behind the product, as NumPy text."""
        return f" * g'({self.crossing.target})" if self.crossing.activation else ""

    @property
    def line(self) -> str:
        """The line of code in question."""
        return f"{self.name} = {' @ '.join(self.sides)}{self.times_slope}"


def side(node: Node) -> str:
    """A factor as NumPy text, in brackets where it is more than a name."""
    text = write(node)
    return text if text.removesuffix(".T").isidentifier() else f"({text})"
