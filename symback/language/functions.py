"""The functions of the language: one table for bare names, one for ``np.`` names, one for methods.

A bare name means what the language says (an axis that is summed is kept); what is spelled ``np.`` or as a
method means exactly what NumPy means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, dim
from symback.algebra.nodes import Node
from symback.errors import SymbackError
from symback.language.expression import MAX_EXPONENT, Scope, Value, binary, guarded, product, unknown
from symback.language.expression import _read as read
from symback.numpy import ELEMENTWISE

Arguments = dict[str, ast.expr]
Reader = Callable[[ast.Call, Arguments, Scope], Value]


def bind(tree: ast.Call, given: list[ast.expr], names: str, scope: Scope) -> Arguments:
    """The arguments by name; ``names`` lists them in order, optional ones with a question mark."""
    order = [name.rstrip("?") for name in names.split()]
    required = [name for name in names.split() if not name.endswith("?")]
    if len(given) > len(order) or any(isinstance(arg, ast.Starred) for arg in given):
        raise scope.source.error(f"{call_name(tree)} takes {_count(len(order), 'argument')}: {', '.join(order)}", tree)
    bound = dict(zip(order, given, strict=False))
    for keyword in tree.keywords:
        if keyword.arg is None or keyword.arg not in order or keyword.arg in bound:
            raise scope.source.error(f"{call_name(tree)} has no place for the keyword {keyword.arg}", tree)
        bound[keyword.arg] = keyword.value
    missing = [name for name in required if name not in bound]
    if missing:
        raise scope.source.error(f"{call_name(tree)} needs {', '.join(missing)}", tree)
    return bound


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def call_name(tree: ast.Call) -> str:
    """The function's name as it is written."""
    return ast.unparse(tree.func)


def read_call(tree: ast.Call, scope: Scope) -> Value:
    """A call of a function of the language, of NumPy, or of a method."""
    func, given = tree.func, list(tree.args)
    match func:
        case ast.Name(id=name):
            if name not in FUNCTIONS:
                hint = unknown(name, list(FUNCTIONS)).split("; did you mean")
                near = "; did you mean" + hint[1] if len(hint) > 1 else ""
                raise scope.source.error(f"{name} is not a function of the language{near}", tree)
            names, reader = FUNCTIONS[name]
        case ast.Attribute(value=ast.Name(id="np"), attr=attr) if attr in NUMPY:
            names, reader = NUMPY[attr]
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"), attr="linalg"), attr=attr) if attr in LINALG:
            names, reader = LINALG[attr]
        case ast.Attribute(value=ast.Name(id="np")) | ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"))):
            raise scope.source.error(f"{call_name(tree)} is not read by symback", tree)
        case ast.Attribute(value=owner, attr=attr) if attr in METHODS:
            names, reader = METHODS[attr]
            given = [owner, *given]
        case ast.Attribute(attr=attr):
            raise scope.source.error(f"the method .{attr} is not read by symback; it reads {_list(METHODS)}", tree)
        case _:
            raise scope.source.error("only a named function can be called", tree)
    return reader(tree, bind(tree, given, names, scope), scope)


def _list(table: dict[str, tuple[str, Reader]]) -> str:
    return ", ".join("." + name for name in sorted(table))


# --- constants and sizes in arguments ----------------------------------------------------------------


def constant(tree: ast.expr, scope: Scope, what: str) -> object:
    """A literal argument such as an axis or a flag."""
    try:
        return ast.literal_eval(tree)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise scope.source.error(f"{what} must be written as a number", tree) from None


def axis_of(args: Arguments, scope: Scope, ndim: int, required: bool = False) -> int | None:
    """The axis, counted from the front; None where it is not given."""
    tree = args.get("axis")
    axis = None if tree is None else constant(tree, scope, "the axis")
    if axis is None and not required:
        return None
    if type(axis) is not int or not -ndim <= axis < ndim:
        raise scope.source.error(
            f"an axis of an array of {_count(ndim, 'dimension')} is {' or '.join(map(str, range(ndim))) or 'none'}",
            tree if tree is not None else next(iter(args.values())),
        )
    return axis % ndim


def keepdims_of(args: Arguments, scope: Scope) -> bool:
    """NumPy's keepdims flag."""
    tree = args.get("keepdims")
    return tree is not None and bool(constant(tree, scope, "keepdims"))


def size_of(tree: ast.expr, scope: Scope) -> Dim:
    """An argument that is a dimension: a name, a positive number, a product of them, or A.shape[0]."""
    node = read(tree, scope).node
    value = n.value_of(node)
    if value is not None and value.denominator == 1 and 0 < value < 10**9:
        return dim(int(value))
    if node.op == "size" and isinstance(node.data, Dim):
        return node.data
    if node.op == "mul":
        result = ONE
        for part in node.args:
            number = n.value_of(part)
            if part.op == "size" and isinstance(part.data, Dim):
                result = result * part.data
            elif number is not None and number.denominator == 1 and number > 0:
                result = result * dim(int(number))
            else:
                break
        else:
            return result
    raise scope.source.error("a size is a dimension's name or a positive whole number", tree)


# --- readers -----------------------------------------------------------------------------------------


def _elementwise(name: str) -> Reader:
    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        values = [read(arg, scope) for arg in args.values()]
        if name == "leaky_relu" and len(values) == 1:
            values.append(Value(n.number(Fraction(1, 100)), 0))
        first = values[0]
        if name in ("log", "sqrt") and (number := n.value_of(first.node)) is not None:
            if number < 0 or (name == "log" and number == 0):
                raise scope.source.error(f"{name} of {number} is not real", tree)
            if name == "log" and number == 1:
                return Value(n.number(0), 0)
        if name == "sqrt":
            return Value(n.power(first.node, Fraction(1, 2)), first.ndim)
        if len(values) == 1:
            return Value(n.apply(name, first.node), first.ndim)
        return _two(name, values[0], values[1], tree, scope)

    return reader


def _two(name: str, a: Value, b: Value, tree: ast.Call, scope: Scope) -> Value:
    """An elementwise function of two arguments, broadcast to one shape."""
    from symback.language.expression import common_shape

    shape = common_shape(a, b, name, tree, scope)
    left = a.node if a.node.is_scalar else n.broadcast(a.node, shape)
    right = b.node if b.node.is_scalar else n.broadcast(b.node, shape)
    return Value(n.apply(name, left, right), max(a.ndim, b.ndim))


def _unary(build: Callable[[Node], Node], scalar: bool = False) -> Reader:
    """A function of one matrix."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        node = guarded(lambda: build(value.node), tree, scope)
        return Value(node, 0 if scalar else 2)

    return reader


def _total(mean: bool, kept: bool) -> Reader:
    """sum and mean; ``kept`` says whether the axis stays (the language) or goes unless keepdims (NumPy)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        if value.ndim == 0:
            return Value(value.node, 0)
        axis = axis_of(args, scope, value.ndim)
        rows, columns = value.node.shape
        count = rows * columns
        if axis is not None and value.ndim == 2:
            count = value.node.shape[axis]
        node = n.total(value.node, axis if value.ndim == 2 else None)
        if mean:
            node = n.mul(node, n.power(n.size(count), -1))
        keep = kept or keepdims_of(args, scope)
        if axis is None:
            return Value(node, 2 if keep and not kept else 0)
        if value.ndim == 1:
            return Value(node, 1 if keep else 0)
        if keep:
            return Value(node, 2)
        return Value(n.transpose(node) if axis == 1 else node, 1)

    return reader


def _columnwise(build: Callable[[Node, int], Node]) -> Reader:
    """softmax and logsumexp, along an axis that must be named."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        axis = axis_of(args, scope, max(value.ndim, 1), required=True)
        assert axis is not None
        return Value(build(value.node, axis if value.ndim == 2 else 1), value.ndim)

    return reader


def _vec(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    value = read(args["A"], scope)
    return Value(n.transpose(value.node) if value.ndim == 1 else n.vec(value.node), 2)


def _diag(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """A matrix of a column, a row or a 1-D array; of a wider matrix NumPy would take the diagonal, so it is refused."""
    value = read(args["A"], scope)
    node = n.transpose(value.node) if value.ndim == 1 else value.node
    if node.shape[1] != ONE:
        raise scope.source.error(
            f"diag makes a matrix of a column, not of {value.shape}; diagonal(A) is the diagonal of a matrix", tree
        )
    return Value(n.diag(node), 2)


def _np_diag(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.diag: of a 1-D array a matrix, of a 2-D array its diagonal."""
    value = read(args["A"], scope)
    if value.ndim == 1:
        return Value(n.diag(n.transpose(value.node)), 2)
    if value.node.shape[0] != value.node.shape[1] or value.ndim == 0:
        raise scope.source.error(
            f"np.diag of a 2-D array is its diagonal, and {value.shape} is not square; diag(x) makes a matrix of a column",
            tree,
        )
    return Value(n.transpose(n.diagonal(value.node)), 1)


def _np_diagflat(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    value = read(args["A"], scope)
    if ONE not in value.node.shape:
        raise scope.source.error(f"np.diagflat is read of a vector, not of {value.shape}", tree)
    node = value.node if value.node.shape[1] == ONE else n.transpose(value.node)
    return Value(n.diag(node), 2)


def _kron(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    a, b = read(args["A"], scope), read(args["B"], scope)
    return Value(n.kron(a.node, b.node), max(a.ndim, b.ndim))


def _matpow(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    exponent = constant(args["k"], scope, "the exponent of a matrix power")
    if type(exponent) is not int or abs(exponent) > MAX_EXPONENT:
        raise scope.source.error(f"the exponent of a matrix power is a whole number of at most {MAX_EXPONENT}", tree)
    value = read(args["A"], scope)
    return Value(guarded(lambda: n.matpow(value.node, exponent), tree, scope), 2)


def _filled(build: Callable[[tuple[Dim, Dim]], Node]) -> Reader:
    """ones(m, n) and zeros(m, n)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        if "n" not in args:
            return Value(build((size_of(args["m"], scope), ONE)), 2)
        return Value(build((size_of(args["m"], scope), size_of(args["n"], scope))), 2)

    return reader


def _np_filled(build: Callable[[tuple[Dim, Dim]], Node]) -> Reader:
    """np.ones((m, n)), np.ones(m)."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        shape = args["shape"]
        if not isinstance(shape, ast.Tuple | ast.List):
            return Value(build((ONE, size_of(shape, scope))), 1)
        sizes = [size_of(part, scope) for part in shape.elts]
        if len(sizes) not in (1, 2):
            raise scope.source.error("arrays here have one or two dimensions", tree)
        return Value(build((sizes[0], sizes[1]) if len(sizes) == 2 else (ONE, sizes[0])), len(sizes))

    return reader


def _like(build: Callable[[tuple[Dim, Dim]], Node]) -> Reader:
    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        value = read(args["A"], scope)
        return Value(build(value.node.shape), value.ndim)

    return reader


def _eye(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    return Value(n.eye(size_of(args["n"], scope)), 2)


def _commutation(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    return Value(n.commutation(size_of(args["m"], scope), size_of(args["n"], scope)), 2)


def _binary(op: str) -> Reader:
    """np.multiply and its kind."""

    def reader(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
        return binary(op, read(args["A"], scope), read(args["B"], scope), tree, scope)

    return reader


def _product(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    return product(read(args["A"], scope), read(args["B"], scope), tree, scope)


def _dot(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.dot: a product of arrays, and with a scalar a plain product."""
    a, b = read(args["A"], scope), read(args["B"], scope)
    return binary("*", a, b, tree, scope) if 0 in (a.ndim, b.ndim) else product(a, b, tree, scope)


def _outer(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    a, b = read(args["A"], scope), read(args["B"], scope)
    if ONE not in a.node.shape or ONE not in b.node.shape:
        raise scope.source.error(f"np.outer is read of two vectors, not of {a.shape} and {b.shape}", tree)
    column = a.node if a.node.shape[1] == ONE else n.transpose(a.node)
    row = b.node if b.node.shape[0] == ONE else n.transpose(b.node)
    return Value(n.matmul(column, row), 2)


def _square(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    value = read(args["A"], scope)
    return Value(n.power(value.node, 2), value.ndim)


def _same(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    return read(args["A"], scope)


def _transpose(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    value = read(args["A"], scope)
    return value if value.ndim < 2 else Value(n.transpose(value.node), 2, value.boolean)


def _flat(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.ravel and np.squeeze of something with one row or one column: a 1-D array."""
    value = read(args["A"], scope)
    if value.ndim < 2:
        return value
    if ONE not in value.node.shape:
        if call_name(tree).endswith("squeeze"):
            return value
        raise scope.source.error(f"{call_name(tree)} is read of a row or a column, not of {value.shape}", tree)
    if value.node.is_scalar:
        return Value(value.node, 0 if call_name(tree).endswith("squeeze") else 1)
    return Value(value.node if value.node.shape[0] == ONE else n.transpose(value.node), 1)


def _np_norm(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    return Value(n.norm(read(args["A"], scope).node), 0)


def _negative(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    value = read(args["A"], scope)
    return Value(n.neg(value.node), value.ndim)


def _where(tree: ast.Call, args: Arguments, scope: Scope) -> Value:
    """np.where(Z > 0, a, b) as step * a + (1 - step) * b."""
    mask = read(args["condition"], scope)
    if not mask.boolean:
        raise scope.source.error("the first argument of np.where is a comparison such as Z > 0", tree)
    yes, no = read(args["x"], scope), read(args["y"], scope)
    plain = Value(mask.node, mask.ndim)
    chosen = binary("*", plain, yes, tree, scope)
    other = binary("*", binary("-", Value(n.number(1), 0), plain, tree, scope), no, tree, scope)
    return binary("+", chosen, other, tree, scope)


def _arity(name: str) -> str:
    return {1: "x", 2: "x a?" if name == "leaky_relu" else "x a"}[len(ELEMENTWISE[name].slopes)]


FUNCTIONS: dict[str, tuple[str, Reader]] = {
    **{name: (_arity(name), _elementwise(name)) for name in ELEMENTWISE},
    "sum": ("A axis?", _total(mean=False, kept=True)),
    "mean": ("A axis?", _total(mean=True, kept=True)),
    "trace": ("A", _unary(n.trace, scalar=True)),
    "det": ("A", _unary(n.det, scalar=True)),
    "logdet": ("A", _unary(n.logdet, scalar=True)),
    "norm": ("A", _unary(n.norm, scalar=True)),
    "inv": ("A", _unary(n.inv)),
    "pinv": ("A", _unary(n.pinv)),
    "diagonal": ("A", _unary(n.diagonal)),
    "diag": ("A", _diag),
    "vec": ("A", _vec),
    "kron": ("A B", _kron),
    "matpow": ("A k", _matpow),
    "softmax": ("A axis?", _columnwise(n.softmax)),
    "logsumexp": ("A axis?", _columnwise(n.logsumexp)),
    "eye": ("n", _eye),
    "ones": ("m n?", _filled(n.ones)),
    "zeros": ("m n?", _filled(n.zeros)),
    "commutation": ("m n", _commutation),
}

SAME_IN_NUMPY = ("exp", "log", "sqrt", "abs", "sign", "sin", "cos", "tanh", "maximum", "minimum")

NUMPY: dict[str, tuple[str, Reader]] = {
    **{name: FUNCTIONS[name] for name in SAME_IN_NUMPY},
    "absolute": FUNCTIONS["abs"],
    "sum": ("A axis? keepdims?", _total(mean=False, kept=False)),
    "mean": ("A axis? keepdims?", _total(mean=True, kept=False)),
    "dot": ("A B", _dot),
    "matmul": ("A B", _product),
    "multiply": ("A B", _binary("*")),
    "divide": ("A B", _binary("/")),
    "add": ("A B", _binary("+")),
    "subtract": ("A B", _binary("-")),
    "power": ("A B", _binary("**")),
    "outer": ("A B", _outer),
    "square": ("A", _square),
    "negative": ("A", _negative),
    "transpose": ("A", _transpose),
    "trace": FUNCTIONS["trace"],
    "kron": FUNCTIONS["kron"],
    "diag": ("A", _np_diag),
    "diagflat": ("A", _np_diagflat),
    "where": ("condition x y", _where),
    "eye": ("n", _eye),
    "identity": ("n", _eye),
    "ones": ("shape", _np_filled(n.ones)),
    "zeros": ("shape", _np_filled(n.zeros)),
    "ones_like": ("A", _like(n.ones)),
    "zeros_like": ("A", _like(n.zeros)),
    "squeeze": ("A", _flat),
    "ravel": ("A", _flat),
    "asarray": ("A", _same),
    "array": ("A", _same),
    "copy": ("A", _same),
}

LINALG: dict[str, tuple[str, Reader]] = {
    "inv": FUNCTIONS["inv"],
    "pinv": FUNCTIONS["pinv"],
    "det": FUNCTIONS["det"],
    "norm": ("A", _np_norm),
    "matrix_power": FUNCTIONS["matpow"],
}

METHODS: dict[str, tuple[str, Reader]] = {
    "sum": NUMPY["sum"],
    "mean": NUMPY["mean"],
    "dot": NUMPY["dot"],
    "transpose": NUMPY["transpose"],
    "copy": NUMPY["copy"],
    "trace": NUMPY["trace"],
    "ravel": NUMPY["ravel"],
    "squeeze": NUMPY["squeeze"],
}

__all__ = ["FUNCTIONS", "LINALG", "METHODS", "NUMPY", "SymbackError", "read_call"]
