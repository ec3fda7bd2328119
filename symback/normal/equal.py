"""Proofs of equality by normal forms. No number is evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder, substitute
from symback.normal.content import cleared
from symback.normal.form import Effort
from symback.normal.network import UndecidedError
from symback.normal.table import normalizer
from symback.records import Facts, Problem

MAX_SIZE = 4000  # nodes of an expression with the definitions written out


@dataclass(frozen=True)
class Proof:
    """Two expressions are equal for all sizes, wherever both are defined, under the facts and conditions named."""

    facts: tuple[str, ...]
    written_out: tuple[str, ...]  # the definitions that had to be written out
    conditions: tuple[str, ...] = ()


def prove_equal(problem: Problem, a: Node, b: Node, *, kinks: bool = True) -> Proof | None:
    """A proof that ``a`` equals ``b``, or None where none was found; no number is evaluated.

    Definitions are atoms first; then the elementwise ones are written out, then all of them. With ``kinks=False`` the
    proof need not hold where an argument of step, relu, abs, ... is zero.
    """
    if a.shape != b.shape:
        return None
    effort = Effort()
    for names, left, right in _levels(problem, a, b):
        found = _under(problem.facts, left, right, kinks, effort)
        if found is not None:
            return replace(found, written_out=names)
    return None


def _under(facts: Facts, a: Node, b: Node, kinks: bool, effort: Effort) -> Proof | None:
    """A proof from as few of the facts as it needs."""
    conditions = _same(Facts(), a, b, kinks, effort)
    if conditions is not None:
        return Proof((), (), conditions)
    if not (facts.arrays or facts.sizes) or _same(facts, a, b, kinks, effort) is None:
        return None
    for fact in sorted(facts.arrays):
        fewer = replace(facts, arrays=facts.arrays - {fact})
        if _same(fewer, a, b, kinks, effort) is not None:
            facts = fewer
    for relation in facts.sizes:
        fewer = replace(facts, sizes=tuple(r for r in facts.sizes if r != relation))
        if _same(fewer, a, b, kinks, effort) is not None:
            facts = fewer
    named = [*map(_name, sorted(facts.arrays)), *(f"{x} {r} {y}" for x, r, y in facts.sizes)]
    return Proof(tuple(named), (), _same(facts, a, b, kinks, effort) or ())


def _name(fact: tuple[str, str]) -> str:
    """A fact as it is written in ``assume(...)``."""
    kind, name = fact
    if kind.startswith("sums_to_one"):
        return f"{'columns' if kind.endswith('0') else 'rows'}_sum_to_one({name})"
    kind, _, axis = kind.partition(":")
    return f"{kind}({name}, axis=1)" if axis == "1" else f"{kind}({name})"


def _same(facts: Facts, a: Node, b: Node, kinks: bool, effort: Effort) -> tuple[str, ...] | None:
    """The conditions under which the difference has the normal form 0, or None."""
    if a is b:
        return ()
    inverted = any(x.op == "inv" and x.args[0].op == "add" for root in (a, b) for x in postorder(root))
    for sums in ("as they are", "opened", "joined") if inverted else ("as they are",):
        normal = normalizer(facts, kinks=kinks, sums=sums, effort=effort)
        try:
            difference = cleared(normal, normal.form(n.sub(a, b)))
        except (UndecidedError, RecursionError):
            continue
        if not difference.terms:
            return tuple(normal.conditions)
    return None


def _levels(problem: Problem, a: Node, b: Node) -> Iterator[tuple[tuple[str, ...], Node, Node]]:
    """The two sides with no definition written out; with those that hold no matrix product; with all."""
    yield (), a, b
    light: dict[Node, Node] = {}
    full: dict[Node, Node] = {}
    for d in problem.definitions:
        if not any(x.op == "matmul" and all(f.op != "ones" for f in x.args) for x in postorder(d.node)):
            light[d.leaf] = substitute(d.node, light)
        full[d.leaf] = substitute(d.node, full)
        if full[d.leaf].size > MAX_SIZE:
            del full[d.leaf]
    seen = {(a, b)}
    for values in (light, full):
        sides = substitute(a, values), substitute(b, values)
        if sides not in seen and max(side.size for side in sides) <= MAX_SIZE:
            seen.add(sides)
            yield tuple(str(leaf.data) for leaf in values), *sides
