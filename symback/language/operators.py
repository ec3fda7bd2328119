"""The operators of the language on values: NumPy's broadcasting, its 1-D rules, its booleans; and what would fit."""

from __future__ import annotations

import ast
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, Shape
from symback.algebra.nodes import Node
from symback.language.values import Scope, Value

MAX_EXPONENT = 32  # of matpow and of whole powers: more is a mistake, and would not be readable
MAX_ROOT = 10**6  # the largest denominator of an exponent
MAX_BITS = 1100  # of an exact number: larger ones are no floats
BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@",
}  # fmt: skip
COMPARE = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}


def common_shape(a: Value, b: Value, what: str, tree: ast.expr, scope: Scope) -> Shape:
    """The shape that NumPy broadcasts two values to; raises where they do not conform."""
    out = []
    for have, want in zip(a.node.shape, b.node.shape, strict=True):
        if have != want and ONE not in (have, want):
            raise scope.source.error(_misfit(what, a, b, have, want, tree, scope), tree)
        out.append(want if have == ONE else have)
    return (out[0], out[1])


def binary(op: str, a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    """``a op b`` with NumPy's broadcasting."""
    if op == "@":
        return product(a, b, tree, scope)
    if op == "**":
        return power(a, b, tree, scope)
    if op in "+-" and a.boolean and b.boolean:
        raise scope.source.error(
            f"NumPy's {op} of two comparisons is not arithmetic; write step(...) {op} step(...)", tree
        )
    ndim = max(a.ndim, b.ndim)
    boolean = op == "*" and a.boolean and b.boolean
    if op == "/" and n.is_zero(b.node):
        raise scope.source.error("division by zero", tree)
    if op == "/" and b.boolean:
        raise scope.source.error("a comparison has zeros, and cannot be divided by", tree)
    right = {"/": lambda: n.power(b.node, -1), "-": lambda: n.neg(b.node)}.get(op, lambda: b.node)()
    if op in "*/" and (a.node.is_scalar or b.node.is_scalar):
        return Value(n.mul(a.node, right), ndim, boolean)
    shape = common_shape(a, b, op, tree, scope)
    combine = n.mul if op in "*/" else n.add
    return Value(combine(n.broadcast(a.node, shape), n.broadcast(right, shape)), ndim, boolean)


def negative(value: Value, tree: ast.expr, scope: Scope) -> Value:
    """``-a``."""
    if value.boolean:
        raise scope.source.error("NumPy has no minus of a comparison; write -step(...)", tree)
    return Value(n.neg(value.node), value.ndim)


# --- powers ------------------------------------------------------------------------------------------


def power(a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    """``a ** b``: a known exponent is part of the node, any other is an elementwise function of two arguments."""
    exponent = n.value_of(b.node)
    ndim = max(a.ndim, b.ndim)
    if a.boolean or b.boolean:
        raise scope.source.error("NumPy's powers of comparisons are small integers; write step(...)", tree)
    if exponent is not None:
        return Value(_known_power(a, exponent, tree, scope), ndim)
    if b.node.is_scalar or a.node.is_scalar or a.node.shape == b.node.shape:
        return Value(n.apply("pow", a.node, b.node), ndim)
    shape = common_shape(a, b, "**", tree, scope)
    return Value(n.apply("pow", n.broadcast(a.node, shape), n.broadcast(b.node, shape)), ndim)


def _known_power(a: Value, exponent: Fraction, tree: ast.expr, scope: Scope) -> Node:
    base = n.value_of(a.node)
    if exponent < 0 and n.is_zero(a.node):
        raise scope.source.error("division by zero", tree)
    if base is not None and base < 0 and exponent.denominator != 1:
        raise scope.source.error("a root of a negative number is not real", tree)
    if base is not None and exponent.denominator == 1:
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if (bits - 1) * abs(exponent) > MAX_BITS:
            raise scope.source.error("this number is too long", tree)
        return n.number(base**exponent.numerator)
    if abs(exponent) > MAX_EXPONENT:
        raise scope.source.error(f"an exponent is at most {MAX_EXPONENT}", tree)
    if exponent.denominator > MAX_ROOT:
        raise scope.source.error(f"an exponent has at most {len(str(MAX_ROOT)) - 1} decimals", tree)
    return n.power(a.node, exponent)


# --- products ----------------------------------------------------------------------------------------


def product(a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    """``a @ b``, with NumPy's rules for 1-D arrays."""
    if 0 in (a.ndim, b.ndim):
        raise scope.source.error(f"@ needs arrays of one or two dimensions, not {a.shape} @ {b.shape}; write *", tree)
    if a.boolean and b.boolean:
        raise scope.source.error("NumPy's @ of two comparisons is not arithmetic; write step(...) @ step(...)", tree)
    left = a.node
    right = n.transpose(b.node) if b.ndim == 1 else b.node
    if left.shape[1] != right.shape[0]:
        raise scope.source.error(_no_product(a, b, tree, scope), tree)
    value = n.matmul(left, right)
    if a.ndim == 1:
        return Value(value, 1 if b.ndim == 2 else 0)
    return Value(n.transpose(value), 1) if b.ndim == 1 else Value(value, 2)


def compare(op: str, a: Value, b: Value, tree: ast.expr, scope: Scope) -> Value:
    """Z > 0 as an array of zeros and ones; step(0) is 0, so >= is 1 - step of the opposite."""
    shape = common_shape(a, b, op, tree, scope)
    left, right = n.broadcast(a.node, shape), n.broadcast(b.node, shape)
    if op in ("<", ">="):
        left, right = right, left
    node = n.apply("step", n.sub(left, right))
    if op in (">=", "<="):
        node = n.sub(n.ones(shape), node)
    return Value(node, max(a.ndim, b.ndim), boolean=True)


# --- what would fit ----------------------------------------------------------------------------------


def _misfit(what: str, a: Value, b: Value, have: Dim, want: Dim, tree: ast.expr, scope: Scope) -> str:
    hint = ""
    if a.ndim == b.ndim == 2 and n.transpose(b.node).shape == a.node.shape and isinstance(tree, ast.BinOp):
        left, right = scope.source.segment(tree.left), scope.source.segment(tree.right)
        if len(left + right) < 60:
            hint = f"; did you mean {left} {what} {_bracket(right)}.T ?"
    return f"{scope.source.quoted(tree)}: {a.shape} {what} {b.shape} do not conform: {have} ≠ {want}{hint}"


def _bracket(text: str) -> str:
    return text if text.isidentifier() else f"({text})"


def _no_product(a: Value, b: Value, tree: ast.expr, scope: Scope) -> str:
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
    return f"{scope.source.quoted(tree)}: {a.shape} @ {b.shape} do not multiply: {inner[1]} ≠ {outer[0]}{hint}"
