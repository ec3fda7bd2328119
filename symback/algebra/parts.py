"""How a sum and a product come apart for a reader: sign, number, scalars, matrices, denominators, broadcasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from symback.algebra.dims import ONE, Shape
from symback.algebra.nodes import Node, broadcast, mul, number, power, value_of

UNIT = Fraction(1)


@dataclass(frozen=True)
class Product:
    """``coefficient * scalars * matrices / denominators``."""

    coefficient: Fraction
    scalars: tuple[Node, ...]
    matrices: tuple[Node, ...]
    denominators: tuple[Node, ...]  # to be printed under the line, their exponents already positive


def product_parts(node: Node) -> Product:
    """The parts of any node seen as a product; a node that is none has itself as its only factor."""
    coefficient = UNIT
    scalars: list[Node] = []
    matrices: list[Node] = []
    below: list[Node] = []
    for factor in node.args if node.op == "mul" else (node,):
        value = value_of(factor)
        if value is not None:
            coefficient = value if coefficient is UNIT else coefficient * value
        elif factor.op == "power" and isinstance(factor.data, Fraction) and factor.data < 0:
            below.append(power(factor.args[0], -factor.data))
        elif (inner := inverse_under_broadcast(factor)) is not None:
            below.append(inner)
        elif factor.is_scalar:
            scalars.append(factor)
        else:
            matrices.append(factor)
    return Product(coefficient, tuple(scalars), tuple(matrices), tuple(below))


def inverse_under_broadcast(node: Node) -> Node | None:
    """For (x^-a) 1^T the broadcast x^a 1^T that stands under the line, else None."""
    core = broadcast_core(node)
    if core is None or core.op != "power" or not isinstance(core.data, Fraction) or core.data >= 0:
        return None
    return broadcast(power(core.args[0], -core.data), node.shape)


def broadcast_core(node: Node) -> Node | None:
    """The row or column that a broadcast repeats (b of ``b 1^T``), or None where the node is no broadcast."""
    if node.op == "matmul" and len(node.args) >= 2:
        first, last = node.args[0], node.args[-1]
        if last.op == "ones" and last.shape[0] == ONE and node.shape[0] != ONE:
            return node.args[0] if len(node.args) == 2 else Node("matmul", node.args[:-1], (node.shape[0], ONE))
        if first.op == "ones" and first.shape[1] == ONE and node.shape[1] != ONE:
            return node.args[1] if len(node.args) == 2 else Node("matmul", node.args[1:], (ONE, node.shape[1]))
    return None


def constant_core(node: Node) -> Node | None:
    """The scalar s of ``s 1 1^T``, or None."""
    if node.op == "ones":
        return number(1)
    if node.op == "mul" and node.args[-1].op == "ones" and not node.is_scalar:
        rest = mul(*node.args[:-1])
        return rest if rest.is_scalar else None
    return None


def bare_core(node: Node) -> Node | None:
    """The smaller matrix that NumPy would broadcast to this one: of s 1 1^T, of b 1^T, and of products of those."""
    core = constant_core(node) or broadcast_core(node)
    if core is not None or node.op != "mul" or node.is_scalar:
        return core
    bare = [factor if factor.is_scalar else broadcast_core(factor) for factor in node.args]
    if any(b is None for b in bare) or len({b.shape for b in bare if b and not b.is_scalar}) != 1:
        return None
    return mul(*(b for b in bare if b is not None))


def stripped(parts: tuple[Node, ...], shape: Shape) -> tuple[Node, ...]:
    """The operands of an elementwise operation with broadcasts left to NumPy, as far as the result keeps its shape."""
    bare = [bare_core(p) or p for p in parts]
    rows = any(p.shape[0] == shape[0] for p in bare)
    columns = any(p.shape[1] == shape[1] for p in bare)
    if rows and columns:
        return tuple(bare)
    keep = next(i for i, p in enumerate(parts) if bare[i] is not p)  # one operand must carry the full shape
    return tuple(p if i == keep else b for i, (p, b) in enumerate(zip(parts, bare, strict=True)))


def is_negative(node: Node) -> bool:
    """True of a negative number, and of a product that has one; the constructors keep it in front."""
    value = value_of(node.args[0] if node.op == "mul" else node)
    return value is not None and value < 0


def sum_order(node: Node) -> tuple[Node, ...]:
    """The terms of a sum with a positive one in front, if there is one: A - Y, not -Y + A."""
    terms = node.args
    signs = [is_negative(t) for t in terms]
    if signs[0] and not all(signs):
        first = signs.index(False)
        return (terms[first], *terms[:first], *terms[first + 1 :])
    return terms


def without(parts: Iterable[Node], *gone: Node) -> list[Node]:
    """The parts that stay when each of ``gone`` is taken out once: an equal one that stands there again stays."""
    left = list(parts)
    for part in gone:
        left.remove(part)
    return left
