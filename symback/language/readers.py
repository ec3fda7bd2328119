"""How each function of the language reads its arguments: shapes, axes, NumPy's 1-D results, booleans."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, Shape, dim
from symback.algebra.nodes import Node
from symback.language.expression import constant, guarded, read
from symback.language.operators import MAX_EXPONENT, binary, common_shape, negative, power, product
from symback.language.values import Scope, Value

Arguments = dict[str, ast.expr]
Reader = Callable[[ast.Call, Arguments, Scope], Value]


# --- constants and sizes in arguments ----------------------------------------------------------------


def axis_of(args: Arguments, scope: Scope, ndim: int) -> int | None:
    """The axis, counted from the front; None where it is not given."""
    tree = args.get("axis")
    axis = None if tree is None else constant(tree, scope, "the axis")
    if axis is None or tree is None:
        return None
    if type(axis) is not int or not -ndim <= axis < ndim:
        known = {0: "a scalar has no axis", 1: "a 1-D array has axis 0 only"}.get(ndim, "an axis is 0 or 1")
        raise scope.source.error(known, tree)
    return axis % ndim


def keepdims_of(args: Arguments, scope: Scope) -> bool:
    """NumPy's keepdims flag."""
    tree = args.get("keepdims")
    flag = False if tree is None else constant(tree, scope, "keepdims")
    if tree is not None and (not isinstance(flag, bool | int) or flag not in (0, 1)):
        raise scope.source.error("keepdims is True or False", tree)
    return bool(flag)


def size_of(tree: ast.expr, scope: Scope) -> Dim:
    """An argument that is a dimension: a name, a positive number, a product of them, or A.shape[0]."""
    node = read(tree, scope).node
    result = ONE
    for part in node.args if node.op == "mul" else (node,):
        number = n.value_of(part)
        if part.op == "size" and isinstance(part.data, Dim):
            result = result * part.data
        elif number is not None and number.denominator == 1 and 0 < number < 10**9:
            result = result * dim(int(number))
        else:
            raise scope.source.error("a size is a dimension's name or a positive whole number", tree)
    return result


# --- elementwise -------------------------------------------------------------------------------------


def elementwise(name: str) -> Reader:
    """A function applied entry by entry; of two arguments, broadcast to one shape."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        values = [read(arg, scope) for arg in args.values()]
        if name == "leaky_relu" and len(values) == 1:
            values.append(Value(n.number(Fraction(1, 100)), 0))
        if len(values) == 2:
            return _two(name, values[0], values[1], tree, scope)
        value = values[0]
        _no_boolean(value, tree, scope)
        number = n.value_of(value.node)
        if number is not None and name in ("log", "sqrt"):
            if number < 0 or (name == "log" and number == 0):
                raise scope.source.error(f"{name} of {number} is not real", tree)
            if name == "log" and number == 1:
                return Value(n.number(0), 0)
        return Value(n.power(value.node, Fraction(1, 2)) if name == "sqrt" else n.apply(name, value.node), value.ndim)

    return reader


def _no_boolean(value: Value, tree: ast.Call, scope: Scope) -> None:
    """Raise where NumPy would compute with true and false, or in half precision."""
    if value.boolean:
        function = scope.source.quoted(tree.func)
        raise scope.source.error(f"{function} of a comparison is not of zeros and ones in NumPy; write step(...)", tree)


def _two(name: str, a: Value, b: Value, tree: ast.Call, scope: Scope) -> Value:
    shape = common_shape(a, b, name, tree, scope)
    left = a.node if a.node.is_scalar else n.broadcast(a.node, shape)
    right = b.node if b.node.is_scalar else n.broadcast(b.node, shape)
    return Value(n.apply(name, left, right), max(a.ndim, b.ndim), a.boolean and b.boolean)


def binary_function(op: str) -> Reader:
    """np.multiply and its kind."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        return binary(op, read(args["A"], scope), read(args["B"], scope), tree, scope)

    return reader


def np_square(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.square."""
    return power(read(args["A"], scope), Value(n.number(2), 0), tree, scope)


def np_negative(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.negative."""
    return negative(read(args["A"], scope), tree, scope)


def np_where(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.where(Z > 0, a, b) as step * a + (1 - step) * b."""
    mask = read(args["condition"], scope)
    if not mask.boolean:
        raise scope.source.error("the first argument of np.where is a comparison such as Z > 0", tree)
    yes, no = read(args["x"], scope), read(args["y"], scope)
    plain = Value(mask.node, mask.ndim)
    chosen = binary("*", plain, yes, tree, scope)
    other = binary("*", binary("-", Value(n.number(1), 0), plain, tree, scope), no, tree, scope)
    value = binary("+", chosen, other, tree, scope)
    return Value(value.node, value.ndim, yes.boolean and no.boolean)


# --- sums along an axis ------------------------------------------------------------------------------


def total(mean: bool, kept: bool) -> Reader:
    """sum and mean; ``kept`` says whether the axis stays (the language) or goes unless keepdims (NumPy)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        axis, keep = axis_of(args, scope, value.ndim), kept or keepdims_of(args, scope)
        along = axis if value.ndim == 2 else None  # of a 1-D array every entry is summed
        rows, columns = value.node.shape
        node = n.total(value.node, along)
        if mean:
            count = rows * columns if along is None else (rows, columns)[along]
            node = n.mul(node, n.power(n.size(count), -1))
        if axis is None:
            return Value(node, value.ndim if keep and not kept else 0)
        if keep:
            return Value(node, value.ndim)
        return Value(n.transpose(node) if axis == 1 else node, value.ndim - 1)

    return reader


def columnwise(build: Callable[[Node, int], Node]) -> Reader:
    """softmax and logsumexp, along an axis that must be named."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        _no_boolean(value, tree, scope)
        axis = axis_of(args, scope, value.ndim)
        if axis is None:
            raise scope.source.error("the axis is 0 (down each column) or 1 (along each row)", tree)
        return Value(build(value.node, axis if value.ndim == 2 else 1), value.ndim)

    return reader


# --- matrix functions --------------------------------------------------------------------------------


def matrix_function(build: Callable[[Node], Node], scalar: bool = False, least: int = 0) -> Reader:
    """A function of one matrix, whose value is a matrix or a scalar; a scalar may stand for it where ``least`` is 0."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        if value.ndim == 1 or value.ndim < least:
            raise scope.source.error(f"{scope.source.quoted(tree.func)} needs a matrix, not {value.shape}", tree)
        _no_boolean(value, tree, scope)
        return Value(guarded(lambda: build(value.node), tree, scope), 0 if scalar else 2)

    return reader


def norm(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """The vector 2-norm or the Frobenius norm."""
    return Value(n.norm(read(args["A"], scope).node), 0)


def matpow(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """A matrix times itself."""
    exponent = constant(args["k"], scope, "the exponent of a matrix power")
    if type(exponent) is not int or abs(exponent) > MAX_EXPONENT:
        raise scope.source.error(f"the exponent of a matrix power is a whole number of at most {MAX_EXPONENT}", tree)
    value = read(args["A"], scope)
    if value.ndim == 1:
        raise scope.source.error(f"a matrix power needs a matrix, not {value.shape}", tree)
    _no_boolean(value, tree, scope)
    return Value(guarded(lambda: n.matpow(value.node, exponent), tree, scope), 2)


def kron(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """The Kronecker product of the language: of matrices, a scalar being 1 by 1."""
    a, b = read(args["A"], scope), read(args["B"], scope)
    return Value(n.kron(a.node, b.node), max(a.ndim or 2, b.ndim or 2), a.boolean and b.boolean)


def np_kron(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.kron: of 1-D arrays it is 1-D, of scalars a scalar."""
    a, b = read(args["A"], scope), read(args["B"], scope)
    return Value(n.kron(a.node, b.node), max(a.ndim, b.ndim), a.boolean and b.boolean)


def np_dot(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.dot: a product of arrays, and with a scalar a plain product."""
    a, b = read(args["A"], scope), read(args["B"], scope)
    return binary("*", a, b, tree, scope) if 0 in (a.ndim, b.ndim) else product(a, b, tree, scope)


def np_outer(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.outer of two vectors, columns or rows."""
    a, b = read(args["A"], scope), read(args["B"], scope)
    if ONE not in a.node.shape or ONE not in b.node.shape:
        raise scope.source.error(f"np.outer is read of two vectors, not of {a.shape} and {b.shape}", tree)
    return Value(n.matmul(_column(a), n.transpose(_column(b))), 2, a.boolean and b.boolean)


# --- shapes ------------------------------------------------------------------------------------------


def _column(value: Value) -> Node:
    """A vector as a column."""
    return value.node if value.node.shape[1] == ONE else n.transpose(value.node)


def same(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.array, np.copy: the same values."""
    return read(args["A"], scope)


def np_transpose(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.transpose; a 1-D array is its own."""
    value = read(args["A"], scope)
    return value if value.ndim < 2 else Value(n.transpose(value.node), 2, value.boolean)


def np_ravel(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.ravel of something with one row or one column: a 1-D array."""
    value = read(args["A"], scope)
    if ONE not in value.node.shape:
        function = scope.source.quoted(tree.func)
        raise scope.source.error(f"{function} is read of a row or a column, not of {value.shape}", tree)
    return Value(n.transpose(_column(value)), 1, value.boolean)


def np_squeeze(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.squeeze: dimensions of 1 go."""
    value = read(args["A"], scope)
    ndim = sum(size != ONE for size in value.node.shape)
    return value if ndim == 2 else Value(n.transpose(_column(value)), ndim, value.boolean)


def vec(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """The columns stacked; a 1-D array as a column."""
    value = read(args["A"], scope)
    return Value(n.transpose(value.node) if value.ndim == 1 else n.vec(value.node), 2, value.boolean)


def diag(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """A matrix of a column or a 1-D array; of a wider matrix NumPy would take the diagonal, so it is refused."""
    value = read(args["A"], scope)
    node = n.transpose(value.node) if value.ndim == 1 else value.node
    if node.shape[1] != ONE:
        raise scope.source.error(
            f"diag makes a matrix of a column, not of {value.shape}; diagonal(A) is the diagonal of a matrix", tree
        )
    return Value(n.diag(node), 2)


def np_diag(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.diag: of a 1-D array a matrix, of a 2-D array its diagonal."""
    value = read(args["A"], scope)
    if value.ndim == 1:
        return Value(n.diag(n.transpose(value.node)), 2, value.boolean)
    return np_diagonal(tree, args, scope)


def np_diagonal(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.diagonal: the diagonal of a square matrix as a 1-D array."""
    value = read(args["A"], scope)
    if value.ndim < 2 or value.node.shape[0] != value.node.shape[1]:
        raise scope.source.error(
            f"{scope.source.quoted(tree.func)} of a 2-D array is its diagonal, and {value.shape} is not square; "
            "diag(x) makes a matrix of a column",
            tree,
        )
    return Value(n.transpose(n.diagonal(value.node)), 1, value.boolean)


def np_diagflat(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.diagflat: the matrix with a vector on its diagonal."""
    value = read(args["A"], scope)
    if ONE not in value.node.shape:
        raise scope.source.error(f"np.diagflat is read of a vector, not of {value.shape}", tree)
    return Value(n.diag(_column(value)), 2, value.boolean)


# --- constants ---------------------------------------------------------------------------------------


def filled(build: Callable[[Shape], Node]) -> Reader:
    """ones(m, n) and zeros(m, n)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        return Value(build((size_of(args["m"], scope), size_of(args["n"], scope))), 2)

    return reader


def np_filled(build: Callable[[Shape], Node]) -> Reader:
    """np.ones((m, n)), np.ones(m), np.ones(A.shape)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        match args["shape"]:
            case ast.Attribute(value=owner, attr="shape"):
                value = read(owner, scope)
                return Value(build(value.node.shape), value.ndim)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                sizes = [size_of(part, scope) for part in parts]
            case single:
                sizes = [size_of(single, scope)]
        if len(sizes) > 2:
            raise scope.source.error("arrays here have at most two dimensions", tree)
        rows, columns = [ONE] * (2 - len(sizes)) + sizes
        return Value(build((rows, columns)), len(sizes))

    return reader


def np_like(build: Callable[[Shape], Node]) -> Reader:
    """np.ones_like(A) and np.zeros_like(A)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        if value.boolean:
            raise scope.source.error("NumPy makes booleans of a comparison's like; name its shape instead", tree)
        return Value(build(value.node.shape), value.ndim)

    return reader


def eye(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """The identity matrix."""
    return Value(n.eye(size_of(args["n"], scope)), 2)


def commutation(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """K with K vec(A) = vec(A.T)."""
    return Value(n.commutation(size_of(args["m"], scope), size_of(args["n"], scope)), 2)
