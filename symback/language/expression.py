"""Read one expression of the language: Python's syntax, NumPy's meaning, symbolic shapes. Nothing is executed."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, Shape, show_shape
from symback.algebra.nodes import Node
from symback.errors import ShapeError
from symback.language.source import MAX_DEPTH, Source

MAX_EXPONENT = 32  # of matpow and of whole powers: more is a mistake, and would not be readable
MAX_BITS = 4096  # of an exact number


@dataclass(frozen=True)
class Value:
    """What an expression is: a matrix, and how many dimensions NumPy sees. A 1-D array is held as a row."""

    node: Node
    ndim: int
    boolean: bool = False  # NumPy's booleans: + between two of them would be "or"

    @property
    def shape(self) -> str:
        """The shape as NumPy would show it."""
        if self.ndim == 0:
            return "()"
        return f"({self.node.shape[1]},)" if self.ndim == 1 else show_shape(self.node.shape)


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use."""

    source: Source
    values: Mapping[str, Value]
    dims: Mapping[str, Dim]  # a dimension's name, and what it is (itself, or the number it is assumed to be)


BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@",
}  # fmt: skip
COMPARE = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}


def read_expression(tree: ast.expr, scope: Scope) -> Value:
    """The value of a syntax tree; raises SymbackError with the place where it cannot be one."""
    value = _read(tree, scope)
    if value.node.depth > 3 * MAX_DEPTH:
        raise scope.source.error("this expression is nested too deep; name a part of it first", tree)
    return value


def _read(tree: ast.expr, scope: Scope) -> Value:
    match tree:
        case ast.BinOp():
            return _chain(tree, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _read(operand, scope)
            if value.boolean:
                raise scope.source.error("NumPy has no minus of booleans; write -1 * (...) or step(...)", tree)
            return Value(n.neg(value.node), value.ndim)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _read(operand, scope)
        case ast.Constant(value=value):
            return Value(_number(value, tree, scope), 0)
        case ast.Name(id=name):
            return _name(name, tree, scope)
        case ast.Compare():
            return _compare(tree, scope)
        case ast.Attribute():
            return _attribute(tree, scope)
        case ast.Call():
            from symback.language.functions import read_call  # the table of functions reads its arguments by _read

            return read_call(tree, scope)
        case ast.Subscript():
            return _subscript(tree, scope)
        case _:
            kind = type(tree).__name__
            raise scope.source.error(
                f"{kind} is not part of the language; it has names, numbers, + - * / ** @ .T, comparisons and functions",
                tree,
            )


def _chain(tree: ast.BinOp, scope: Scope) -> Value:
    """A run of operators that lean to the left, read in a loop: a + b + c + ... may have a thousand terms."""
    pending: list[ast.BinOp] = []
    left: ast.expr = tree
    while isinstance(left, ast.BinOp):
        pending.append(left)
        left = left.left
    value = _read(left, scope)
    run: list[Node] = []  # the terms of a sum that is still growing, so that n terms cost n and not n^2
    for part in reversed(pending):
        op = BINARY.get(type(part.op))
        if op is None:
            raise scope.source.error(f"the operator {_op_text(part.op)} is not part of the language", part)
        right = _read(part.right, scope)
        if op in "+-" and value.node.shape == right.node.shape and not value.boolean and not right.boolean:
            run = run or [value.node]
            run.append(right.node if op == "+" else n.neg(right.node))
            value = Value(value.node, max(value.ndim, right.ndim))
            continue
        if run:
            value, run = Value(n.add(*run), value.ndim), []
        value = binary(op, value, right, part, scope)
        if value.node.depth > 3 * MAX_DEPTH:
            raise scope.source.error("this expression is nested too deep; name a part of it first", part)
    return Value(n.add(*run), value.ndim) if run else value


def _op_text(op: ast.operator) -> str:
    return {
        "FloorDiv": "//", "Mod": "%", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "LShift": "<<", "RShift": ">>",
    }.get(type(op).__name__, type(op).__name__)  # fmt: skip


def _number(value: object, tree: ast.expr, scope: Scope) -> Node:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise scope.source.error(f"{value!r} is not a number of the language; numbers are real", tree)
    if isinstance(value, int):
        exact = Fraction(value)
    elif value - value != 0:
        raise scope.source.error("this number is not finite", tree)
    else:
        text = scope.source.segment(tree)
        exact = Fraction(text) if len(text) < 40 and value != 0 and 1e-300 < value else Fraction(repr(value))
    return _small(n.number(exact), tree, scope)


def _small(node: Node, tree: ast.expr, scope: Scope) -> Node:
    """The node, if the exact number in it is not absurdly long."""
    for part in (node, *node.args):
        value = n.value_of(part)
        if value is not None and max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise scope.source.error("this number is too long", tree)
    return node


def _name(name: str, tree: ast.expr, scope: Scope) -> Value:
    if name in scope.values:
        return scope.values[name]
    if name in scope.dims:
        return Value(n.size(scope.dims[name]), 0)
    if name == "pi":
        return Value(n.PI, 0)
    raise scope.source.error(unknown(name, [*scope.values, *scope.dims]), tree)


def unknown(name: str, known: list[str]) -> str:
    """The sentence for a name that nothing declares, with the nearest one that is known."""
    close = difflib.get_close_matches(name, known, 1, 0.6)
    hint = f"; did you mean {close[0]} ?" if close else ""
    return f"{name} is not declared or defined before this line{hint}"


def to_node(value: Value, shape: Shape) -> Node:
    """The value repeated to a shape."""
    return n.broadcast(value.node, shape)


def common_shape(a: Value, b: Value, what: str, tree: ast.expr, scope: Scope) -> Shape:
    """The shape that NumPy broadcasts two values to; raises where they do not conform."""
    out = []
    for have, want in zip(a.node.shape, b.node.shape, strict=True):
        if have != want and ONE not in (have, want):
            raise scope.source.error(_misfit(what, a, b, have, want, tree, scope), tree)
        out.append(want if have == ONE else have)
    return (out[0], out[1])


def _misfit(what: str, a: Value, b: Value, have: Dim, want: Dim, tree: ast.expr, scope: Scope) -> str:
    text = scope.source.segment(tree)
    text = f"{text}: " if len(text) < 80 else ""
    hint = ""
    if b.ndim == 2 and n.transpose(b.node).shape == a.node.shape and isinstance(tree, ast.BinOp):
        left, right = scope.source.segment(tree.left), scope.source.segment(tree.right)
        if len(left + right) < 60:
            hint = f"; did you mean {left} {what} {_bracket(right)}.T ?"
    return f"{text}{a.shape} {what} {b.shape} do not conform: {have} ≠ {want}{hint}"


def _bracket(text: str) -> str:
    return text if text.isidentifier() else f"({text})"


def binary(op: str, a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    """``a op b`` with NumPy's broadcasting."""
    if op == "@":
        return product(a, b, tree, scope)
    if op in "+-" and a.boolean and b.boolean:
        raise scope.source.error(
            f"NumPy's {op} of two comparisons is not arithmetic; write step(...) {op} step(...)", tree
        )
    if op == "**":
        return _power(a, b, tree, scope)
    ndim = max(a.ndim, b.ndim)
    if op in "*/":
        if op == "/" and n.is_zero(b.node):
            raise scope.source.error("division by zero", tree)
        right = n.power(b.node, -1) if op == "/" else b.node
        if a.node.is_scalar or b.node.is_scalar:
            return Value(_small(n.mul(a.node, right), tree, scope), ndim, a.boolean and b.boolean and op == "*")
        shape = common_shape(a, b, op, tree, scope)
        return Value(
            n.mul(n.broadcast(a.node, shape), n.broadcast(right, shape)), ndim, a.boolean and b.boolean and op == "*"
        )
    shape = common_shape(a, b, op, tree, scope)
    left, right = n.broadcast(a.node, shape), n.broadcast(b.node, shape)
    return Value(_small(n.add(left, right if op == "+" else n.neg(right)), tree, scope), ndim)


def _power(a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    exponent = n.value_of(b.node)
    if exponent is not None:
        if abs(exponent) > MAX_EXPONENT or exponent.denominator > MAX_EXPONENT:
            base = n.value_of(a.node)
            if base is None or exponent.denominator != 1 or abs(exponent) > MAX_BITS:
                raise scope.source.error(f"an exponent is at most {MAX_EXPONENT}", tree)
        base = n.value_of(a.node)
        if base == 0 and exponent < 0:
            raise scope.source.error("division by zero", tree)
        if base is not None and base < 0 and exponent.denominator != 1:
            raise scope.source.error("a root of a negative number is not real", tree)
        return Value(_small(n.power(a.node, exponent), tree, scope), a.ndim)
    if b.node.is_scalar or a.node.is_scalar or a.node.shape == b.node.shape:
        return Value(n.apply("pow", a.node, b.node), max(a.ndim, b.ndim))
    shape = common_shape(a, b, "**", tree, scope)
    return Value(n.apply("pow", n.broadcast(a.node, shape), n.broadcast(b.node, shape)), max(a.ndim, b.ndim))


def product(a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    """``a @ b``, with NumPy's rules for 1-D arrays."""
    if 0 in (a.ndim, b.ndim):
        raise scope.source.error(f"@ needs arrays of one or two dimensions, not {a.shape} @ {b.shape}; write *", tree)
    left = a.node
    right = n.transpose(b.node) if b.ndim == 1 else b.node
    if left.shape[1] != right.shape[0]:
        raise scope.source.error(_no_product(a, b, tree, scope), tree)
    value = n.matmul(left, right)
    if a.ndim == 1:
        return Value(value, 1 if b.ndim == 2 else 0)
    return Value(n.transpose(value), 1) if b.ndim == 1 else Value(value, 2)


def _no_product(a: Value, b: Value, tree: ast.expr, scope: Scope) -> str:
    text = scope.source.segment(tree)
    text = f"{text}: " if len(text) < 80 else ""
    left, right = ("A", "B")
    if isinstance(tree, ast.BinOp):
        left, right = _bracket(scope.source.segment(tree.left)), _bracket(scope.source.segment(tree.right))
    inner, outer = a.node.shape, (b.node.shape if b.ndim == 2 else (b.node.shape[1], ONE))
    fits = [
        text
        for fits, text in (
            (inner[1] == outer[1] and b.ndim == 2, f"{left} @ {right}.T"),
            (inner[0] == outer[0] and a.ndim == 2, f"{left}.T @ {right}"),
            (inner[0] == outer[1] and a.ndim == b.ndim == 2, f"{right} @ {left}"),
            (inner == outer, f"{left} * {right}"),
        )
        if fits
    ]
    hint = f"; did you mean {fits[0]} ?" if fits and len(fits[0]) < 60 else ""
    return f"{text}{a.shape} @ {b.shape} do not multiply: {inner[1]} ≠ {outer[0]}{hint}"


def _compare(tree: ast.Compare, scope: Scope) -> Value:
    """Z > 0 as an array of zeros and ones; step(0) is 0, so >= is 1 - step of the opposite."""
    if len(tree.ops) != 1 or type(tree.ops[0]) not in COMPARE:
        raise scope.source.error("a comparison of the language is one of > >= < <= between two operands", tree)
    a, b = _read(tree.left, scope), _read(tree.comparators[0], scope)
    op = COMPARE[type(tree.ops[0])]
    shape = common_shape(a, b, op, tree, scope)
    left, right = n.broadcast(a.node, shape), n.broadcast(b.node, shape)
    above, below = n.sub(left, right), n.sub(right, left)
    node = {
        ">": lambda: n.apply("step", above),
        "<": lambda: n.apply("step", below),
        ">=": lambda: n.sub(n.ones(shape), n.apply("step", below)),
        "<=": lambda: n.sub(n.ones(shape), n.apply("step", above)),
    }[op]()
    return Value(node, max(a.ndim, b.ndim), boolean=True)


def _attribute(tree: ast.Attribute, scope: Scope) -> Value:
    if isinstance(tree.value, ast.Name) and tree.value.id == "np":
        if tree.attr == "pi":
            return Value(n.PI, 0)
        raise scope.source.error(f"np.{tree.attr} is not a value of the language", tree)
    value = _read(tree.value, scope)
    if tree.attr == "T":
        return value if value.ndim < 2 else Value(n.transpose(value.node), 2, value.boolean)
    if tree.attr == "size":
        return Value(n.size(value.node.shape[0] * value.node.shape[1]), 0)
    raise scope.source.error(f".{tree.attr} is not part of the language; arrays have .T, .shape[i], .sum, .dot", tree)


def _subscript(tree: ast.Subscript, scope: Scope) -> Value:
    """Only ``A.shape[i]``."""
    if not (isinstance(tree.value, ast.Attribute) and tree.value.attr == "shape"):
        raise scope.source.error("indexing is not part of the language; only A.shape[0] and A.shape[1] are", tree)
    value = _read(tree.value.value, scope)
    sizes = value.node.shape[2 - value.ndim :]
    try:
        index = ast.literal_eval(tree.slice)
    except ValueError:
        index = None
    if type(index) is not int or not -len(sizes) <= index < len(sizes):
        raise scope.source.error(f"an array of shape {value.shape} has no such axis", tree)
    return Value(n.size(sizes[index]), 0)


def guarded(build: Callable[[], Node], tree: ast.expr, scope: Scope) -> Node:
    """A node from a constructor, its complaint about shapes turned into one that points at the place."""
    try:
        return build()
    except ShapeError as error:
        raise scope.source.error(error.message, tree) from None

