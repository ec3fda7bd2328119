"""What a definition already names is written by its name."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.parts import broadcast_core, without
from symback.algebra.walk import postorder, substitute
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import opposite, split_coefficient, split_power, term_key


def _whole(node: Node, context: Context) -> Node | None:
    for definition in context.definitions:
        if definition.node is node and node.args:
            return definition.leaf
    return None


def _factors(node: Node, context: Context) -> Node | None:
    """A definition that is a product, found among the factors of a longer one, where that is shorter."""
    have: dict[Node, Fraction] = {}
    for base, exponent in (split_power(f) for f in node.args if n.value_of(f) is None):
        have[base] = have.get(base, Fraction(0)) + exponent
    for definition in context.definitions:
        wanted = definition.node
        if wanted.op != "mul" or wanted.shape != node.shape or wanted is node:
            continue
        coefficient, core = split_coefficient(wanted)
        need = [split_power(f) for f in (core.args if core.op == "mul" else (core,))]
        sign = 1
        left = dict(have)
        for base, exponent in need:
            key = base if base in left else opposite(base, left)
            if key is None or left[key] * exponent <= 0 or abs(left[key]) < abs(exponent):
                break
            if key is not base:
                if exponent.denominator != 1:
                    break
                sign *= (-1) ** exponent.numerator
            left[key] -= exponent
        else:
            number = split_coefficient(node)[0] / coefficient * sign
            new = n.mul(n.number(number), definition.leaf, *(n.power(b, e) for b, e in left.items() if e))
            if cost(new) < cost(node):
                return new
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


def solve_definitions(root: Node, context: Context) -> Node | None:
    """``root`` with X - mu written as Xh * s, where a definition says Xh = (X - mu) / s; None where there is no such."""
    values: dict[Node, Node] = {}
    present = set(postorder(root))
    for definition in context.definitions:
        if definition.node.op != "mul" or definition.node.is_scalar:
            continue
        factors = definition.node.args
        for core in factors:
            others = without(factors, core)
            if core.op not in ("add", "matmul") or broadcast_core(core) is not None:
                continue
            if not all(f.is_scalar or broadcast_core(f) is not None for f in others):
                continue
            solved = n.mul(definition.leaf, *(n.power(b, -e) for b, e in map(split_power, others)))
            if core in present:
                values[core] = solved
            if core.op == "add":
                turned = next((p for p in present if opposite(p, {core: Fraction(1)}) is core), None)
                if turned is not None:
                    values[turned] = n.neg(solved)
    return substitute(root, values) if values else None


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
