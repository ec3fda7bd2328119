"""Read one expression of the language: Python's syntax, NumPy's meaning, symbolic shapes. Nothing is executed."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import SCALAR, Shape
from symback.algebra.nodes import Node
from symback.errors import ShapeError
from symback.language.operators import BINARY, COMPARE, MAX_BITS, binary, common_shape, compare, negative, product
from symback.language.source import MAX_DEPTH, Source
from symback.language.values import Scope, Value

MAX_LEVELS = 3 * MAX_DEPTH  # of the expression that is built
MAX_SIZE = 200_000  # of the expression that is built, written out in full
MAX_POWER = 1024  # of powers of powers
MAX_COMPARED = 1000  # names that a misspelt one is compared with


def read_expression(tree: ast.expr, scope: Scope) -> Value:
    """The value of a syntax tree; raises SymbackError with the place where it cannot be one."""
    return read(tree, scope)


def read(tree: ast.expr, scope: Scope) -> Value:
    """The value of a part of an expression, within the limits."""
    value = _read(tree, scope)
    node = value.node
    if node.depth > MAX_LEVELS or node.size > MAX_SIZE:
        raise scope.source.error("this expression is too large; name a part of it first", tree)
    if node.op == "power" and isinstance(node.data, Fraction) and abs(node.data) > MAX_POWER:
        raise scope.source.error(f"an exponent is at most {MAX_POWER}", tree)
    for part in (node, *node.args) if node.op in ("number", "mul", "add") else ():
        number = n.value_of(part)
        if number is not None and max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS:
            raise scope.source.error("this number is too long", tree)
    return value


def _read(tree: ast.expr, scope: Scope) -> Value:
    match tree:
        case ast.BinOp():
            return _chain(tree, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return negative(read(operand, scope), tree, scope)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            value = read(operand, scope)
            if value.boolean:
                raise scope.source.error("NumPy has no plus of a comparison; write step(...)", tree)
            return value
        case ast.Constant(value=value):
            return Value(_number(value, tree, scope), 0)
        case ast.Name(id=name):
            return _name(name, tree, scope)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
            return compare(COMPARE[type(op)], read(left, scope), read(right, scope), tree, scope)
        case ast.Compare():
            raise scope.source.error("a comparison of the language is one of > >= < <= between two operands", tree)
        case ast.Attribute():
            return _attribute(tree, scope)
        case ast.Call():
            from symback.language.functions import read_call  # the table of functions reads its arguments by read

            return read_call(tree, scope)
        case ast.Subscript():
            return _subscript(tree, scope)
        case _:
            raise scope.source.error(
                f"{type(tree).__name__} is not part of the language; "
                "it has names, numbers, + - * / ** @ .T, comparisons and functions",
                tree,
            )


@dataclass
class _Run:
    """Terms, factors or matrices in a row that are still to be put together: n of them cost n, and not n^2."""

    nodes: list[Node]
    op: str
    shape: Shape
    ndim: int
    boolean: bool

    @classmethod
    def of(cls, value: Value) -> _Run:
        """A run of one."""
        return cls([value.node], "", value.node.shape, value.ndim, value.boolean)

    def value(self) -> Value:
        """What the run is, put together."""
        join = {"+": n.add, "*": n.mul, "@": n.matmul}.get(self.op, lambda node: node)
        return Value(join(*self.nodes), self.ndim, self.boolean)

    def takes(self, op: str, right: Value) -> bool:
        """True where the next operand may just be put at the end: same operation, nothing to repeat or to refuse."""
        if self.op not in ("", op) or self.boolean or right.boolean:
            return False
        match op:
            case "+":
                return right.node.shape == self.shape
            case "*":
                return right.node.shape in (self.shape, SCALAR)
            case "@":
                return self.ndim == right.ndim == 2 and self.shape[1] == right.node.shape[0]
        return False

    def put(self, op: str, node: Node, ndim: int) -> None:
        """One more at the end."""
        self.nodes.append(node)
        self.op, self.ndim = op, max(self.ndim, ndim)
        if op == "@":
            self.shape = (self.shape[0], node.shape[1])


def _chain(tree: ast.BinOp, scope: Scope) -> Value:
    """A run of operators that lean to the left, read in a loop: a + b + c + ... may have a thousand terms."""
    pending: list[ast.BinOp] = []
    left: ast.expr = tree
    while isinstance(left, ast.BinOp):
        pending.append(left)
        left = left.left
    run = _Run.of(read(left, scope))
    for part in reversed(pending):
        op = BINARY.get(type(part.op))
        if op is None:
            raise scope.source.error(f"the operator {_op_text(part.op)} is not part of the language", part)
        right = read(part.right, scope)
        if run.takes("+" if op == "-" else op, right):
            run.put("+" if op == "-" else op, n.neg(right.node) if op == "-" else right.node, right.ndim)
            continue
        value = binary(op, run.value(), right, part, scope)
        if value.node.depth > MAX_LEVELS:
            raise scope.source.error("this expression is too large; name a part of it first", part)
        run = _Run.of(value)
    return run.value()


def _op_text(op: ast.operator) -> str:
    return {
        "FloorDiv": "//", "Mod": "%", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "LShift": "<<", "RShift": ">>",
    }.get(type(op).__name__, type(op).__name__)  # fmt: skip


def _number(value: object, tree: ast.expr, scope: Scope) -> Node:
    """An exact number: what the literal says, not the nearest float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise scope.source.error(f"{scope.source.quoted(tree)} is not a number of the language; numbers are real", tree)
    if isinstance(value, int):
        return n.number(value)
    if value - value != 0:
        raise scope.source.error("this number is not finite", tree)
    text = scope.source.segment(tree)
    if value == 0 and any(digit in text.lower().split("e")[0] for digit in "123456789"):
        raise scope.source.error("this number is too small to be told from zero", tree)
    return n.number(Fraction(text) if len(text) < 400 else Fraction(value))


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
    shown = name if len(name) <= 60 else name[:59] + "…"
    close = difflib.get_close_matches(name, known[-MAX_COMPARED:], 1, 0.6) if len(name) <= 60 else []
    hint = f"; did you mean {close[0]} ?" if close else ""
    return f"{shown} is not declared or defined before this line{hint}"


def _attribute(tree: ast.Attribute, scope: Scope) -> Value:
    if isinstance(tree.value, ast.Name) and tree.value.id == "np":
        if tree.attr == "pi":
            return Value(n.PI, 0)
        raise scope.source.error(f"np.{tree.attr} is not a value of the language", tree)
    value = read(tree.value, scope)
    if tree.attr == "T":
        return value if value.ndim < 2 else Value(n.transpose(value.node), 2, value.boolean)
    if tree.attr == "size":
        return Value(n.size(value.node.shape[0] * value.node.shape[1]), 0)
    raise scope.source.error(f".{tree.attr} is not part of the language; arrays have .T, .shape[i], .sum, .dot", tree)


def _subscript(tree: ast.Subscript, scope: Scope) -> Value:
    """Only ``A.shape[i]``."""
    if not (isinstance(tree.value, ast.Attribute) and tree.value.attr == "shape"):
        raise scope.source.error("indexing is not part of the language; only A.shape[0] and A.shape[1] are", tree)
    value = read(tree.value.value, scope)
    sizes = value.node.shape[2 - value.ndim :]
    index = constant(tree.slice, scope, "the axis")
    if type(index) is not int or not -len(sizes) <= index < len(sizes):
        raise scope.source.error(f"an array of shape {value.shape} has no such axis", tree)
    return Value(n.size(sizes[index]), 0)


def constant(tree: ast.expr, scope: Scope, what: str) -> object:
    """A literal argument such as an axis or a flag."""
    match tree:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
    raise scope.source.error(f"{what} must be written as a number", tree)


def guarded(build: Callable[[], Node], tree: ast.expr, scope: Scope) -> Node:
    """A node from a constructor, its complaint about shapes turned into one that points at the place."""
    try:
        return build()
    except ShapeError as error:
        raise scope.source.error(f"{scope.source.quoted(tree)}: {error.message}", tree) from None


__all__ = [
    "Scope", "Source", "Value", "binary", "common_shape", "constant", "guarded", "product", "read", "read_expression",
    "unknown",
]  # fmt: skip
