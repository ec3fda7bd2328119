"""The constructors of matrix expressions: they check shapes and normalise lightly.

Constructors normalise lightly (flatten, fold numbers, drop zeros and double transposes);
everything that a reader should see as a step is left to the rewrites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise

from symback.algebra.dims import ONE as ONE
from symback.algebra.dims import SCALAR, Dim, Shape, show_shape
from symback.algebra.node import Node as Node
from symback.errors import ShapeError

# --- leaves ----------------------------------------------------------------------------------------


def symbol(name: str, shape: Shape) -> Node:
    """A named array."""
    return Node("symbol", (), shape, name)


def number(value: int | Fraction) -> Node:
    """An exact number."""
    return Node("number", (), SCALAR, Fraction(value))


def size(of: Dim) -> Node:
    """A dimension used as a number, as in ``/ m``; a known one is the number itself."""
    return Node("size", (), SCALAR, of) if of.names else number(of.coefficient)


PI = Node("pi", (), SCALAR)


def ones(shape: Shape) -> Node:
    """The matrix of ones; the scalar one is the number 1."""
    return number(1) if shape == SCALAR else Node("ones", (), shape)


def zeros(shape: Shape) -> Node:
    """The matrix of zeros; the scalar zero is the number 0."""
    return number(0) if shape == SCALAR else Node("zeros", (), shape)


def eye(n: Dim) -> Node:
    """The identity matrix of size n."""
    return number(1) if n == ONE else Node("eye", (), (n, n))


def commutation(m: Dim, n: Dim) -> Node:
    """K with K vec(A) = vec(A^T) for A of shape (m, n) (Magnus and Neudecker 1979)."""
    if m == ONE or n == ONE:
        return eye(m * n)
    return Node("commutation", (), (m * n, m * n), (m, n))


# --- predicates ------------------------------------------------------------------------------------


def value_of(node: Node) -> Fraction | None:
    """The number that a number node holds, or None."""
    if node.op == "number":
        assert isinstance(node.data, Fraction)
        return node.data
    return None


def is_number(node: Node, value: int) -> bool:
    """True of the number node that holds this value."""
    return node.op == "number" and node.data == value


def is_zero(node: Node) -> bool:
    """True of the zero matrix and the number 0."""
    return node.op == "zeros" or is_number(node, 0)


# --- sums and products -----------------------------------------------------------------------------


def add(*terms: Node) -> Node:
    """The sum of terms of one shape, in the order given.

    Raises ShapeError where the shapes differ.
    """
    shape = terms[0].shape
    flat: list[Node] = []
    constant = Fraction(0)
    for term in terms:
        if term.shape != shape:
            raise ShapeError(f"{show_shape(shape)} + {show_shape(term.shape)} do not add")
        for part in term.args if term.op == "add" else (term,):
            if part.op == "number":
                constant += value_of(part) or 0
                if not any(p.op == "number" for p in flat):
                    flat.append(part)
            elif not is_zero(part):
                flat.append(part)
    if shape == SCALAR:  # the number stays where the first one stood: 1 - A reads better than -A + 1
        flat = [number(constant) if p.op == "number" else p for p in flat if p.op != "number" or constant != 0]
    if not flat:
        return zeros(shape)
    return flat[0] if len(flat) == 1 else Node("add", tuple(flat), shape)


def mul(*factors: Node) -> Node:
    """The elementwise product: factors of one shape, and scalars that scale it; numbers are folded in front.

    Raises ShapeError where two factors are matrices of different shapes.
    """
    shape = SCALAR
    flat: list[Node] = []
    coefficient = Fraction(1)
    for factor in factors:
        if factor.shape != SCALAR:
            if shape not in (SCALAR, factor.shape):
                raise ShapeError(f"{show_shape(shape)} * {show_shape(factor.shape)} do not multiply entry by entry")
            shape = factor.shape
        for part in factor.args if factor.op == "mul" else (factor,):
            if part.op == "number":
                coefficient *= value_of(part) or 0
            else:
                flat.append(part)
    if coefficient == 0 or any(p.op == "zeros" for p in flat):
        return zeros(shape)
    if any(
        not p.is_scalar and p.op != "ones" for p in flat
    ):  # ones multiply nothing, where something else has the shape
        flat = [p for p in flat if p.op != "ones"]
    elif len(repeated := [i for i, p in enumerate(flat) if p.op == "ones"]) > 1:  # and once among themselves
        flat = [p for i, p in enumerate(flat) if i not in repeated[:-1]]
    if coefficient != 1 or not flat:
        flat.insert(0, number(coefficient))
    return flat[0] if len(flat) == 1 else Node("mul", tuple(flat), shape)


def neg(x: Node) -> Node:
    """-X."""
    return mul(number(-1), x)


def sub(x: Node, y: Node) -> Node:
    """X - Y."""
    return add(x, neg(y))


def power(x: Node, exponent: int | Fraction) -> Node:
    """The elementwise power with a known exponent; numbers are evaluated, nested powers of integers merged."""
    exponent = Fraction(exponent)
    if exponent == 1:
        return x
    if exponent == 0 or x.op == "ones":
        return ones(x.shape)
    base = value_of(x)
    if base is not None and exponent.denominator == 1 and (base != 0 or exponent > 0) and abs(exponent) <= 64:
        return number(base**exponent.numerator)
    if x.op == "power" and exponent.denominator == 1:  # (x^a)^n = x^(an) for integer n wherever both are defined
        assert isinstance(x.data, Fraction)
        return power(x.args[0], x.data * exponent)
    return Node("power", (x,), x.shape, exponent)


def div(x: Node, y: Node) -> Node:
    """X / Y, entry by entry, or by a scalar."""
    return mul(x, power(y, -1))


def matmul(*factors: Node) -> Node:
    """The matrix product A B ... Z.

    Raises ShapeError where neighbours do not conform.
    """
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.args if factor.op == "matmul" else (factor,))
    for i in range(len(flat) - 1, 0, -1):  # 1 1^T is the matrix of ones
        left, right = flat[i - 1], flat[i]
        if left.op == right.op == "ones" and left.shape[1] == right.shape[0] == ONE:
            flat[i - 1 : i + 1] = [ones((left.shape[0], right.shape[1]))]
    for left, right in pairwise(flat):
        if left.shape[1] != right.shape[0]:
            raise ShapeError(
                f"{show_shape(left.shape)} @ {show_shape(right.shape)} do not multiply: "
                f"{left.shape[1]} ≠ {right.shape[0]}"
            )
    shape = (flat[0].shape[0], flat[-1].shape[1])
    if any(is_zero(f) for f in flat):
        return zeros(shape)
    if all(f.is_scalar for f in flat):
        return mul(*flat)
    return flat[0] if len(flat) == 1 else Node("matmul", tuple(flat), shape)


def transpose(x: Node) -> Node:
    """X^T; a scalar is its own transpose, and so is the transpose's transpose undone."""
    if x.is_scalar or x.op == "eye":
        return x
    if x.op == "transpose":
        return x.args[0]
    shape = (x.shape[1], x.shape[0])
    if x.op in ("ones", "zeros"):
        return Node(x.op, (), shape)
    if x.op == "commutation":  # K_mn^T = K_nm
        assert isinstance(x.data, tuple)
        return commutation(x.data[1], x.data[0])
    return Node("transpose", (x,), shape)


def broadcast(x: Node, shape: Shape) -> Node:
    """X repeated to ``shape``, written as what it is: a product with ones (b 1^T, 1 b, or s 1 1^T).

    Raises ShapeError where a size is neither 1 nor equal to the target.
    """
    if x.shape == shape:
        return x
    for have, want in zip(x.shape, shape, strict=True):
        if have != want and have != ONE:
            raise ShapeError(f"{show_shape(x.shape)} does not broadcast to {show_shape(shape)}")
    if x.op in ("ones", "zeros"):
        return Node(x.op, (), shape)
    if x.is_scalar:
        return mul(x, ones(shape))
    if x.shape[1] != shape[1]:
        return matmul(x, ones((ONE, shape[1])))
    return matmul(ones((shape[0], ONE)), x)


# --- everything else -------------------------------------------------------------------------------


def total(x: Node, axis: int | None = None) -> Node:
    """The sum of all entries, down the columns (axis 0) or along the rows (axis 1), the dimension kept."""
    if x.is_scalar or (axis is not None and x.shape[axis] == ONE):
        return x
    if axis is None and ONE in x.shape:
        axis = 0 if x.shape[1] == ONE else 1
    shape = SCALAR if axis is None else (ONE, x.shape[1]) if axis == 0 else (x.shape[0], ONE)
    return zeros(shape) if is_zero(x) else Node("sum", (x,), shape, axis)


def square_check(x: Node, what: str) -> None:
    """Raise ShapeError where X is not square."""
    if x.shape[0] != x.shape[1]:
        raise ShapeError(f"{what} needs a square matrix, not {show_shape(x.shape)}")


def trace(x: Node) -> Node:
    """The sum of the diagonal."""
    square_check(x, "trace")
    return x if x.is_scalar else number(0) if is_zero(x) else Node("trace", (x,), SCALAR)


def det(x: Node) -> Node:
    """The determinant."""
    square_check(x, "det")
    return x if x.is_scalar else Node("det", (x,), SCALAR)


def logdet(x: Node) -> Node:
    """The logarithm of the absolute value of the determinant."""
    square_check(x, "logdet")
    return Node("logdet", (x,), SCALAR)


def inv(x: Node) -> Node:
    """The inverse; of a scalar, its reciprocal."""
    square_check(x, "inv")
    if x.is_scalar:
        return power(x, -1)
    return x if x.op == "eye" else x.args[0] if x.op == "inv" else Node("inv", (x,), x.shape)


def pinv(x: Node) -> Node:
    """The Moore-Penrose inverse."""
    return Node("pinv", (x,), (x.shape[1], x.shape[0]))


def norm(x: Node) -> Node:
    """The vector 2-norm, or the Frobenius norm of a matrix."""
    return Node("norm", (x,), SCALAR)


def diag(x: Node) -> Node:
    """The matrix with the column x on its diagonal."""
    if x.is_scalar:
        return x
    if x.shape[1] != ONE:
        raise ShapeError(f"diag makes a matrix of a column, not of {show_shape(x.shape)}")
    shape = (x.shape[0], x.shape[0])
    return zeros(shape) if is_zero(x) else Node("diag", (x,), shape)


def diagonal(x: Node) -> Node:
    """The diagonal of X as a column."""
    square_check(x, "diagonal")
    shape = (x.shape[0], ONE)
    return x if x.is_scalar else zeros(shape) if is_zero(x) else Node("diagonal", (x,), shape)


def vec(x: Node) -> Node:
    """The columns of X stacked."""
    shape = (x.shape[0] * x.shape[1], ONE)
    return x if x.shape[1] == ONE else zeros(shape) if is_zero(x) else Node("vec", (x,), shape)


def unvec(x: Node, shape: Shape) -> Node:
    """The matrix of a shape whose columns are stacked in x."""
    return x if shape[1] == ONE else zeros(shape) if is_zero(x) else Node("unvec", (x,), shape)


def kron(x: Node, y: Node) -> Node:
    """The Kronecker product."""
    if x.is_scalar or y.is_scalar:
        return mul(x, y)
    if x.op == "eye" and y.op == "eye":
        return eye(x.shape[0] * y.shape[0])
    shape = (x.shape[0] * y.shape[0], x.shape[1] * y.shape[1])
    return zeros(shape) if is_zero(x) or is_zero(y) else Node("kron", (x, y), shape)


def matpow(x: Node, exponent: int) -> Node:
    """X times itself, ``exponent`` times; negative ones are powers of the inverse."""
    square_check(x, "matpow")
    if exponent < 0:
        return matpow(inv(x), -exponent)
    if exponent == 0:
        return eye(x.shape[0])
    if exponent == 1:
        return x
    if x.is_scalar:
        return power(x, exponent)
    if x.op == "eye":
        return x
    return Node("matpow", (x,), x.shape, exponent)


def softmax(x: Node, axis: int) -> Node:
    """exp(x) over its sum along ``axis``."""
    return ones(x.shape) if x.shape[axis] == ONE else Node("softmax", (x,), x.shape, axis)


def logsumexp(x: Node, axis: int) -> Node:
    """The logarithm of the sum of exp(x) along ``axis``, the dimension kept."""
    if x.shape[axis] == ONE:
        return x
    return Node("logsumexp", (x,), (ONE, x.shape[1]) if axis == 0 else (x.shape[0], ONE), axis)


def apply(name: str, *args: Node) -> Node:
    """An elementwise function by name, of arguments of one shape (or scalars beside it)."""
    shape = next((a.shape for a in args if not a.is_scalar), SCALAR)
    for arg in args:
        if arg.shape not in (shape, SCALAR):
            raise ShapeError(f"{name} of {show_shape(shape)} and {show_shape(arg.shape)}")
    if name in ("maximum", "minimum") and args[0] is args[1]:  # there is no kink between a value and itself
        return args[0]
    return Node(name, args, shape)


def rebuild(node: Node, args: Iterable[Node]) -> Node:
    """The same operation over other arguments, through its constructor, so that shapes are checked anew."""
    new = tuple(args)
    if new == node.args:
        return node
    data = node.data
    match node.op:
        case "add":
            return add(*new)
        case "mul":
            return mul(*new)
        case "matmul":
            return matmul(*new)
        case "power":
            assert isinstance(data, Fraction)
            return power(new[0], data)
        case "sum":
            return total(new[0], node.axis)
        case "softmax" | "logsumexp" | "matpow":
            assert isinstance(data, int)
            return {"softmax": softmax, "logsumexp": logsumexp, "matpow": matpow}[node.op](new[0], data)
        case "kron":
            return kron(new[0], new[1])
        case "unvec":
            return unvec(new[0], node.shape)
        case "kron_adjoint":
            return zeros(node.shape) if any(map(is_zero, new)) else Node(node.op, new, node.shape, data)
        case op if op in OF_ONE_MATRIX:
            return OF_ONE_MATRIX[op](new[0])
        case op:
            return apply(op, *new)


OF_ONE_MATRIX: dict[str, Callable[[Node], Node]] = {
    "transpose": transpose, "trace": trace, "det": det, "logdet": logdet, "inv": inv, "pinv": pinv,
    "norm": norm, "diag": diag, "diagonal": diagonal, "vec": vec,
}  # fmt: skip
