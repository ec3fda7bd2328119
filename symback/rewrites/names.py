"""What a definition already names is written by its name."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import split_coefficient, split_power, term_key


def _whole(node: Node, context: Context) -> Node | None:
    for definition in context.definitions:
        if definition.node is node and node.args:
            return definition.leaf
    return None


def _factors(node: Node, context: Context) -> Node | None:
    """A definition that is a product, found among the factors of a longer one (with its exponents)."""
    for definition in context.definitions:
        wanted = definition.node
        if wanted.op != "mul" or wanted.shape != node.shape or wanted is node:
            continue
        have = {split_power(f)[0]: split_power(f)[1] for f in node.args}
        need = {split_power(f)[0]: split_power(f)[1] for f in wanted.args if n.value_of(f) is None}
        if all(have.get(base) == exponent for base, exponent in need.items()):
            coefficient = split_coefficient(wanted)[0]
            rest = [f for f in node.args if split_power(f)[0] not in need]
            return n.mul(n.number(1 / coefficient), *rest, definition.leaf)
    return None


def _terms(node: Node, context: Context) -> Node | None:
    """A definition that is a sum, up to the order of its terms or its sign."""
    mine = {(split_coefficient(t)[0], term_key(split_coefficient(t)[1])) for t in node.args}
    for definition in context.definitions:
        wanted = definition.node
        if wanted.op != "add" or len(wanted.args) != len(node.args) or wanted.shape != node.shape:
            continue
        theirs = {(split_coefficient(t)[0], term_key(split_coefficient(t)[1])) for t in wanted.args}
        if theirs == mine:
            return definition.leaf
        if {(-c, k) for c, k in theirs} == mine:
            return n.neg(definition.leaf)
    return None


NAMES = Family(
    "names",
    "a definition already names this",
    {
        **{op: (_whole,) for op in (
            "matmul", "power", "inv", "softmax", "sigmoid", "tanh", "exp", "relu", "sum", "logsumexp", "norm", "log",
            "pinv", "det", "logdet", "trace", "maximum", "silu", "gelu", "softplus", "sin", "cos", "leaky_relu", "transpose",
        )},
        "add": (_whole, _terms),
        "mul": (_whole, _factors),
    },
)  # fmt: skip
