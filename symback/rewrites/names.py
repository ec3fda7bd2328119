"""What a definition already names is written by its name."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.parts import broadcast_core, without
from symback.algebra.walk import postorder, substitute
from symback.records import Definition
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import SCALARS, opposite, split_coefficient, split_power, term_key


def by_node(definitions: tuple[Definition, ...]) -> dict[Node, Definition]:
    """What each right-hand side is called."""
    table = {settled(d.node): d for d in reversed(definitions) if d.node.args}
    return {**table, **{d.node: d for d in reversed(definitions) if d.node.args}}


def settled(node: Node) -> Node:
    """A right-hand side with its scalars in front, as the rewrites leave every expression."""
    return SCALARS.apply(node, Context())


def by_name(definitions: tuple[Definition, ...]) -> dict[str, Definition]:
    """The definitions by name."""
    return {d.name: d for d in definitions}


def by_power(definitions: tuple[Definition, ...]) -> dict[Node, tuple[Node, Fraction]]:
    """The bases of the definitions that are powers, with the name and the exponent: s = (v + e)^(-1/2)."""
    powers = ((d, settled(d.node)) for d in reversed(definitions))
    return {p.args[0]: (d.leaf, p.data) for d, p in powers if p.op == "power" and isinstance(p.data, Fraction)}


def _power(node: Node, context: Context) -> Node | None:
    """(v + e)^(-3/2) -> s^3 where a definition says s = (v + e)^(-1/2)."""
    found = context.index(by_power).get(node.args[0])
    if found is None or not isinstance(node.data, Fraction) or found[0] is node.args[0]:
        return None
    ratio = node.data / found[1]
    return n.power(found[0], ratio) if ratio.denominator == 1 and ratio != 1 else None


def by_factor(definitions: tuple[Definition, ...]) -> dict[Node, list[Definition]]:
    """The definitions that are products, by each of the bases they multiply."""
    out: dict[Node, list[Definition]] = {}
    for d in definitions:
        if d.node.op == "mul":
            for factor in settled(d.node).args:
                if n.value_of(factor) is None:
                    out.setdefault(split_power(factor)[0], []).append(d)
    return out


def by_terms(definitions: tuple[Definition, ...]) -> dict[object, tuple[Definition, int]]:
    """The definitions that are sums, by the set of their terms, and by that of the opposite terms."""
    out: dict[object, tuple[Definition, int]] = {}
    for d in definitions:
        node = settled(d.node)
        if node.op == "add":
            for sign in (1, -1):
                out.setdefault((node.shape, term_set(node, sign)), (d, sign))
    return out


def term_set(node: Node, sign: int = 1) -> object:
    """The terms of a sum whatever their order."""
    return frozenset((sign * c, term_key(core)) for c, core in map(split_coefficient, node.args))


def _whole(node: Node, context: Context) -> Node | None:
    definition = context.index(by_node).get(node)
    return None if definition is None else definition.leaf


def _candidates(table: dict[Node, list[Definition]], bases: Iterable[Node]) -> list[Definition]:
    return list({id(d): d for base in bases for d in table.get(base, ())}.values())


def _factors(node: Node, context: Context) -> Node | None:
    """A definition that is a product, found among the factors of a longer one, where that is shorter."""
    table = context.index(by_factor)
    have: dict[Node, Fraction] = {}
    for base, exponent in (split_power(f) for f in node.args if n.value_of(f) is None):
        have[base] = have.get(base, Fraction(0)) + exponent  # a factor may stand there more than once
    turned = [n.add(*(n.neg(t) for t in base.args)) for base in have if base.op == "add"]
    for definition in _candidates(table, [*have, *turned]) if table else ():
        wanted = definition.node
        if wanted.shape != node.shape or wanted is node:
            continue
        new = _divided(node, have, definition)
        if new is not None and cost(new) < cost(node):
            return new
    return None


def _divided(node: Node, have: dict[Node, Fraction], definition: Definition) -> Node | None:
    """The product with the definition's factors taken out and its name put in, or None where they are not all there."""
    coefficient, core = split_coefficient(settled(definition.node))
    sign = 1
    left = dict(have)
    for base, exponent in (split_power(f) for f in (core.args if core.op == "mul" else (core,))):
        key = base if base in left else opposite(base, left)
        if key is None or left[key] * exponent <= 0 or abs(left[key]) < abs(exponent):
            return None
        if key is not base:
            if exponent.denominator != 1:
                return None
            sign *= (-1) ** exponent.numerator
        left[key] -= exponent
    number = split_coefficient(node)[0] / coefficient * sign
    return n.mul(n.number(number), definition.leaf, *(n.power(b, e) for b, e in left.items() if e))


def _terms(node: Node, context: Context) -> Node | None:
    """A definition that is a sum, up to the order of its terms or its sign."""
    table = context.index(by_terms)
    if not table:
        return None
    found = table.get((node.shape, term_set(node)))
    if found is None or found[0].node is node:
        return None
    return found[0].leaf if found[1] == 1 else n.neg(found[0].leaf)


def by_core(definitions: tuple[Definition, ...]) -> dict[Node, Node]:
    """X - mu as Xh * s for every definition Xh = (X - mu) / s: the core of a product, solved for."""
    out: dict[Node, Node] = {}
    for d in definitions:
        product = settled(d.node)
        if product.op != "mul" or d.node.is_scalar:
            continue
        for core in product.args:
            others = without(product.args, core)
            if core.op not in ("add", "matmul") or broadcast_core(core) is not None:
                continue
            if all(f.is_scalar or broadcast_core(f) is not None for f in others):
                out[core] = n.mul(d.leaf, *(n.power(b, -e) for b, e in map(split_power, others)))
                if core.op == "add":
                    out[n.add(*(n.neg(t) for t in core.args))] = n.neg(out[core])
                    out[n.add(*(n.neg(t) for t in reversed(core.args)))] = n.neg(out[core])
    return out


def solve_definitions(root: Node, context: Context) -> Node | None:
    """``root`` with X - mu written as Xh * s, where a definition says Xh = (X - mu) / s; else None."""
    table = context.index(by_core)
    if not table:
        return None
    values = {node: table[node] for node in postorder(root) if node in table}
    return substitute(root, values) if values else None


NAMES = Family(
    "names",
    "a definition already names this",
    {"*": (_whole,), "add": (_whole, _terms), "mul": (_whole, _factors), "power": (_whole, _power)},
)
