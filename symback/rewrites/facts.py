"""Facts about the data, each used in a step that names it."""

from __future__ import annotations

from itertools import pairwise

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import split_power


def _sum(node: Node, context: Context) -> Node | None:
    """sum(Y, axis=0) -> 1 where the columns of Y sum to one (and along rows alike)."""
    x, axis = node.args[0], node.data
    if x.op == "transpose" and x.args[0].op == "symbol" and axis is not None:
        inner = _sum(n.total(x.args[0], 1 - int(str(axis))), context)
        return None if inner is None else n.ones(node.shape)
    if x.op != "symbol":
        return None
    for along in (0, 1):
        for fact, phrase in ((f"onehot:{along}", "onehot"), (f"sums_to_one:{along}", "columns_sum_to_one")):
            if context.facts.has(fact, str(x.data)) and axis in (along, None):
                context.used.append(f"{phrase}({x.data}{'' if along == 0 else ', axis=1'})")
                return n.ones(node.shape) if axis is not None else n.size(x.shape[1 - along])
    if axis is None and 1 in (0,):
        return None
    return None


def _binary(node: Node, context: Context) -> Node | None:
    """Y^2 -> Y for entries 0 and 1."""
    for i, factor in enumerate(node.args if node.op == "mul" else (node,)):
        base, exponent = split_power(factor)
        name = str(base.data) if base.op == "symbol" else ""
        if exponent > 1 and name and any(context.facts.has(f, name) for f in ("binary", "onehot:0", "onehot:1")):
            context.used.append(f"binary({name})")
            return n.mul(*node.args[:i], base, *node.args[i + 1 :]) if node.op == "mul" else base
    return None


def _orthogonal(node: Node, context: Context) -> Node | None:
    """Q^T Q -> I and Q Q^T -> I."""
    for i, (a, b) in enumerate(pairwise(node.args)):
        if n.transpose(a) is b:
            base = a if a.op == "symbol" else b
            if base.op == "symbol" and context.facts.has("orthogonal", str(base.data)):
                context.used.append(f"orthogonal({base.data})")
                return n.matmul(*node.args[:i], n.eye(a.shape[0]), *node.args[i + 2 :])
    return None


def _inverse(node: Node, context: Context) -> Node | None:
    """Q^-1 -> Q^T."""
    x = node.args[0]
    if x.op == "symbol" and context.facts.has("orthogonal", str(x.data)):
        context.used.append(f"orthogonal({x.data})")
        return n.transpose(x)
    return None


def _abs(node: Node, context: Context) -> Node | None:
    """abs(X) -> X, sign(X) -> 1, step(X) -> 1, relu(X) -> X for positive entries."""
    x = node.args[0]
    if x.op == "symbol" and context.facts.has("positive", str(x.data)):
        context.used.append(f"positive({x.data})")
        return x if node.op in ("abs", "relu") else n.ones(node.shape)
    return None


FACTS = Family(
    "facts",
    "what is assumed about the data",
    {
        "sum": (_sum,), "power": (_binary,), "mul": (_binary,), "matmul": (_orthogonal,), "inv": (_inverse,),
        "abs": (_abs,), "sign": (_abs,), "step": (_abs,), "relu": (_abs,),
    },
)  # fmt: skip
