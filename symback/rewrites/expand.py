"""Multiply out and cancel, where the result is shorter; then take common factors out, where that is shorter."""

from __future__ import annotations

from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.parts import broadcast_core, product_parts, without
from symback.algebra.walk import postorder, substitute
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.functions import FUNCTIONS, negative
from symback.rewrites.ones import ONES
from symback.rewrites.scalars import COLLECT, SCALARS, split_coefficient, split_power

MAX_TERMS = 48


def has_quotient(node: Node) -> bool:
    """True where a factor stands under the line somewhere at the top of a term."""
    return bool(product_parts(node).denominators)


def multiply_out(node: Node, context: Context) -> Node | None:
    """Every product of sums as a sum of products, quotients cancelled first; None past the limit."""
    done: list[Node] = []
    todo = [node]
    while todo:
        if len(done) + len(todo) > MAX_TERMS:
            return None
        term = COLLECT.apply(todo.pop(0), context)
        if term.op == "add":
            todo = list(term.args) + todo
            continue
        factors = list(term.args) if term.op == "mul" else [term]
        sums = [
            i
            for i, f in enumerate(factors)
            if f.op == "add" or (f.op == "power" and f.args[0].op == "add" and f.data == 2)
        ]
        if not sums:
            done.append(term)
            continue
        # a sum that holds quotients first: they may cancel against the other factors
        pick = next((i for i in sums if any(has_quotient(t) for t in factors[i].args)), sums[0])
        chosen = factors.pop(pick)
        if chosen.op == "power":
            factors.append(chosen.args[0])
            chosen = chosen.args[0]
        todo = [n.mul(*factors, _spread(t, term)) for t in chosen.args] + todo
    return n.add(*done)


def _spread(term: Node, whole: Node) -> Node:
    """A number inside a scalar sum keeps its shape when the product is a matrix."""
    return term


def settle(node: Node, context: Context) -> Node:
    """The cheap identities, twice."""
    for _ in range(2):
        for family in (SCALARS, ONES, COLLECT, FUNCTIONS):
            node = family.apply(node, context)
    return node


def stages(node: Node, context: Context) -> list[tuple[str, Node]]:
    """The ways stations of ``_expand`` on one node, for a reader: cancelled, multiplied out, collected."""
    out: list[tuple[str, Node]] = []
    factors = list(node.args) if node.op == "mul" else []
    pick = next((f for f in factors if f.op == "add" and any(has_quotient(t) for t in f.args)), None)
    if pick is not None:
        rest = without(factors, pick)
        out.append(("distribute and cancel", COLLECT.apply(n.add(*(n.mul(*rest, t) for t in pick.args)), context)))
    flat = multiply_out(one_sigmoid(node), context)
    if flat is not None:
        out.append(("multiply out", flat))
        out.append(("collect", settle(flat, context)))
    return out


def _expand(node: Node, context: Context) -> Node | None:
    """(a + b) c -> a c + b c, if terms cancel so that it is shorter."""
    if node.op == "mul" and not any(f.op in ("add", "power") for f in node.args):
        return None
    if node.op == "add" and not any(t.op == "mul" and any(f.op in ("add", "power") for f in t.args) for t in node.args):
        return None
    out = multiply_out(one_sigmoid(node), context) if context.afford(node.size) else None
    if out is None or not context.afford(out.size):
        return None
    new = settle(out, context)
    new = FACTOR.apply(new, context)
    if cost(new)[0] >= cost(node)[0]:
        return None
    context.expanded[node] = new
    return new


def one_sigmoid(node: Node) -> Node:
    """sigmoid(-x) written 1 - sigmoid(x) where sigmoid(x) stands beside it, so that the two can cancel."""
    present = {x.args[0]: x for x in postorder(node) if x.op == "sigmoid"}
    values: dict[Node, Node] = {}
    for x, s in present.items():
        other = present.get(negative(x))
        if other is not None and s not in values and other not in values:
            values[other] = n.sub(n.ones(s.shape), s)
    return substitute(node, values) if values else node


def matmul_terms(node: Node) -> list[Node]:
    """The factors of a matrix product, or the matrix itself."""
    return list(node.args) if node.op == "matmul" else [node]


def _expand_matmul(node: Node, context: Context) -> Node | None:
    """A (B + C) -> A B + A C, if terms cancel so that it is shorter."""
    sums = [i for i, f in enumerate(node.args) if f.op == "add"]
    if not sums or not context.afford(node.size * len(node.args[sums[0]].args)):
        return None
    i = sums[0]
    terms = [n.matmul(*node.args[:i], t, *node.args[i + 1 :]) for t in node.args[i].args]
    from symback.rewrites.inverse import INVERSE

    new = settle(INVERSE.apply(settle(n.add(*terms), context), context), context)
    new = FACTOR.apply(new, context)
    return new if cost(new)[0] < cost(node)[0] else None


# --- common factors ------------------------------------------------------------------------------------


def _common_scalars(node: Node, context: Context) -> Node | None:
    """s A + s B -> s (A + B), for numbers, scalars and matrices that multiply entry by entry."""
    if not context.afford(node.size):
        return None
    parts = [_powers(t) for t in node.args]
    shared: dict[Node, Fraction] = {}
    for base, _exponent in parts[0].items():
        exponents = [p.get(base, Fraction(0)) for p in parts]
        low, high = min(exponents), max(exponents)
        take = low if low > 0 else high if high < 0 else Fraction(0)
        if take:
            shared[base] = take
    coefficients = [split_coefficient(t)[0] for t in node.args]
    number = _common_number(coefficients)
    candidates = []
    if shared:
        candidates.append((number, shared))
        candidates.append((Fraction(1), shared))
    if number != 1:
        candidates.append((number, {}))
    best, best_cost = None, cost(node)
    for number, factors in candidates:
        inverse = [n.power(b, -e) for b, e in factors.items()]
        inner = [COLLECT.apply(n.mul(n.number(1 / number), *inverse, t), context) for t in node.args]
        inner = [
            t if t.shape == node.shape or any(f.shape == node.shape for f in factors) else n.broadcast(t, node.shape)
            for t in inner
        ]
        if len({t.shape for t in inner}) != 1:
            continue
        new = n.mul(n.number(number), *(n.power(b, e) for b, e in factors.items()), n.add(*inner))
        if new.shape == node.shape and cost(new)[0] <= best_cost[0]:
            best, best_cost = new, cost(new)
    return best


def _powers(term: Node) -> dict[Node, Fraction]:
    out: dict[Node, Fraction] = {}
    for factor in term.args if term.op == "mul" else (term,):
        core = None if factor.is_scalar else broadcast_core(factor)
        parts = core.args if core is not None and core.op == "mul" else (factor,)
        for part in parts:
            if n.value_of(part) is None:
                whole = part if part.is_scalar or part is factor else n.broadcast(part, factor.shape)
                base, exponent = split_power(whole)
                out[base] = out.get(base, Fraction(0)) + exponent
    return out


def _common_number(values: list[Fraction]) -> Fraction:
    """The greatest common divisor of the numbers, negative where all are."""
    import math

    top = math.gcd(*(v.numerator for v in values))
    bottom = math.lcm(*(v.denominator for v in values))
    return Fraction(top, bottom) * (-1 if all(v < 0 for v in values) else 1)


def chain(term: Node) -> tuple[list[Node], list[Node]]:
    """The scalar factors of a term, and its factors in matrix order."""
    factors = term.args if term.op == "mul" else (term,)
    matrices = [f for f in factors if not f.is_scalar]
    if len(matrices) != 1:
        return [], [term]
    return [f for f in factors if f.is_scalar], matmul_terms(matrices[0])


def _common_matrices(node: Node, context: Context) -> Node | None:
    """A X + A Y -> A (X + Y), and X B + Y B -> (X + Y) B, among all or some of the terms."""
    if node.is_scalar:
        return None
    chains = [chain(t) for t in node.args]
    best, best_cost = None, cost(node)
    for side in (0, -1):
        groups: dict[Node, list[int]] = {}
        for i, (_, factors) in enumerate(chains):
            groups.setdefault(factors[side], []).append(i)
        for factor, members in groups.items():
            alone = all(len(chains[i][1]) == 1 for i in members)
            if len(members) < 2 or factor.op == "eye" or alone or not context.afford(node.size):
                continue
            inner = []
            for i in members:
                scalars, factors = chains[i]
                rest = factors[1:] if side == 0 else factors[:-1]
                size = factor.shape[1] if side == 0 else factor.shape[0]
                inner.append(n.mul(*scalars, n.matmul(*rest) if rest else n.eye(size)))
            if len({t.shape for t in inner}) != 1:
                continue
            middle = FACTOR.apply(settle(n.add(*inner), context), context)
            scalars, core = _front(middle)
            product = n.matmul(factor, core) if side == 0 else n.matmul(core, factor)
            joined = SCALARS.apply(n.mul(*scalars, product), context)
            others = [t for i, t in enumerate(node.args) if i not in members]
            new = n.add(*others[: members[0]], joined, *others[members[0] :])
            if cost(new) < best_cost:
                best, best_cost = new, cost(new)
    return best


def _front(node: Node) -> tuple[list[Node], Node]:
    from symback.rewrites.scalars import split_scalars

    return split_scalars(node)


def _common_outer(node: Node, context: Context) -> Node | None:
    """Terms of a sum whose Hadamard factor is common to some of them: A * X + A * Y + Z -> A * (X + Y) + Z."""
    powers = [_powers(t) for t in node.args]
    best, best_cost = None, cost(node)
    seen: set[Node] = set()
    for p in powers:
        for base, exponent in p.items():
            if base in seen:
                continue
            seen.add(base)
            sign = 1 if exponent > 0 else -1
            members = [i for i, q in enumerate(powers) if q.get(base, Fraction(0)) * sign > 0]
            if len(members) < 2 or len(members) == len(powers) or not context.afford(node.size):
                continue
            take = min(abs(powers[i][base]) for i in members) * sign
            inner = [COLLECT.apply(n.mul(n.power(base, -take), node.args[i]), context) for i in members]
            if len({t.shape for t in inner}) != 1:
                inner = [n.broadcast(t, node.shape) if t.is_scalar else t for t in inner]
            if len({t.shape for t in inner}) != 1:
                continue
            middle = FACTOR.apply(COLLECT.apply(n.add(*inner), context), context)
            joined = n.mul(n.power(base, take), middle)
            others = [t for i, t in enumerate(node.args) if i not in members]
            if joined.shape != node.shape:
                continue
            new = n.add(*others[: members[0]], joined, *others[members[0] :])
            if cost(new)[0] <= best_cost[0]:
                best, best_cost = new, cost(new)
    return best


EXPAND = Family(
    "multiply out",
    "a product of sums is a sum of products; what cancels is gone",
    {"mul": (_expand,), "add": (_expand,), "matmul": (_expand_matmul,)},
)

FACTOR = Family(
    "common factors",
    "what all terms share is written once",
    {"add": (_common_scalars, _common_matrices, _common_outer)},
)
