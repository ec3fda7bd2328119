"""Elementwise functions  Y = f(X): one rule for all of them; their values and slopes stand in ``symback.numpy``."""

from __future__ import annotations

import ast
from functools import lru_cache

from symback.algebra.dims import SCALAR, dim
from symback.algebra.nodes import Node, apply, broadcast, mul, symbol, total
from symback.language.expression import Scope, Value, read_expression
from symback.language.source import Source
from symback.numpy import ELEMENTWISE
from symback.ops.rule import Rule


@lru_cache(maxsize=256)
def _template(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def slope(node: Node, y: Node, i: int = 0) -> Node:
    """The slope of an elementwise function by its argument i, of the shape of its value."""
    names = dict(zip(("x", "a"), node.args, strict=False)) | {"y": y}
    text = ELEMENTWISE[node.op].slopes[i]
    scope = Scope(Source(text), {name: Value(arg, 0 if arg.is_scalar else 2) for name, arg in names.items()}, {})
    return broadcast(read_expression(_template(text), scope).node, node.shape)


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """Every entry changes by its own slope."""
    return mul(slope(node, y, i), broadcast(dx, node.shape))


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """The Jacobian is diagonal, so the slopes cross the inner product unchanged: a Hadamard product."""
    result = mul(ybar, slope(node, y, i))
    return total(result) if node.args[i].is_scalar and not node.is_scalar else result


def _rule(op: str) -> Rule:
    count = len(ELEMENTWISE[op].slopes)

    def examples() -> tuple[Node, ...]:
        """The function of one matrix, or of two and of a matrix with a scalar."""
        x, a = (symbol(name, (dim("m"), dim("n"))) for name in "XA")
        return (apply(op, x),) if count == 1 else (apply(op, x, a), apply(op, x, symbol("s", SCALAR)))

    return Rule(
        op,
        f"elementwise {op}",
        "each entry of the value depends on one entry of the argument: a diagonal Jacobian acts entry by entry",
        "calculus of one variable, entry by entry",
        differential,
        adjoint,
        examples,
        bool(ELEMENTWISE[op].kinks),
    )


RULES = tuple(_rule(op) for op in ELEMENTWISE if op != "sqrt")  # a square root is read as the power 1/2
