"""What real code takes for granted: labels that sum to one, and a small constant that only keeps a logarithm finite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.parts import constant_core
from symback.algebra.walk import postorder
from symback.records import Problem
from symback.tracing.claims import Code, Wrt, code_problem
from symback.tracing.problem import Run

TINY = Fraction(1, 10_000)
FINITE = "but for the small constant that keeps a logarithm or a quotient finite"


def premises(done: Run, code: Code, wrt: Wrt) -> Iterator[tuple[Code, tuple[str, ...]]]:
    """The step read under each premise that it may rest on, and the premise in words."""
    exact = without_small_constants(done)
    axes = {p.data for d in code.problem.definitions for p in postorder(d.node) if p.op in ("softmax", "logsumexp")}
    kinds = [f"the {'columns' if axis == 0 else 'rows'}" for axis in axes]
    one = frozenset((f"sums_to_one:{axis}", name) for axis in axes for name in _labels_in(code.problem, axis))
    labels = " and ".join(sorted({name for _, name in one}))
    masks = _masks_in(code.problem)
    facts = [(one, f"where {' and '.join(kinds)} of {labels} sum to one")] if one else []
    if masks:
        zero_one = frozenset(("binary", name) for name in masks)
        facts.append((zero_one, f"where the entries of {' and '.join(masks)} are 0 or 1"))
    both = [(frozenset().union(*(f for f, _ in facts)), tuple(said for _, said in facts))] if len(facts) == 2 else []
    assumed = [*((known, (said,)) for known, said in facts), *both]
    for known, said in assumed:
        yield _assuming(code, known), said
    if exact is not done:
        plain = code_problem(exact, wrt)
        yield plain, (FINITE,)
        for known, said in assumed:
            yield _assuming(plain, known), (*said, FINITE)


def _labels_in(problem: Problem, axis: object) -> list[str]:
    """The arguments that may be labels of a softmax: of its shape, and no result of it."""
    parts = [p for d in problem.definitions for p in postorder(d.node) if p.data == axis]
    shapes = {p.args[0].shape for p in parts if p.op in ("softmax", "logsumexp")}
    weights = {v.wrt for v in problem.claims}
    return [s.name for s in problem.symbols.values() if s.shape in shapes and s.name not in weights]


def _masks_in(problem: Problem) -> list[str]:
    """The arguments that may be masks: they multiply entry by entry, and no gradient by them is returned."""
    factors = {a for d in problem.definitions for p in postorder(d.node) if p.op == "mul" for a in p.args}
    weights = {v.wrt for v in problem.claims}
    given = [s for s in problem.symbols.values() if s.node in factors and not s.node.is_scalar]
    return [s.name for s in given if s.name not in weights]


def _assuming(code: Code, facts: frozenset[tuple[str, str]]) -> Code:
    known = code.problem.facts
    return replace(code, problem=replace(code.problem, facts=replace(known, arrays=known.arrays | facts)))


def without_small_constants(done: Run) -> Run:
    """The run without the constants of at most 1e-4 that are added, or clipped at, to keep a value finite."""
    changed = False
    entries = {}
    for name, entry in done.tape.entries.items():
        node = _exact(entry.value.node)
        changed = changed or node is not entry.value.node
        entries[name] = replace(entry, value=replace(entry.value, node=node))
    return replace(done, tape=replace(done.tape, entries=entries)) if changed else done


def _exact(root: Node) -> Node:
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        new = n.rebuild(node, [memo[a] for a in node.args]) if node.args else node
        if new.op == "add" and len(new.args) > 1:
            kept = [a for a in new.args if not _tiny(a)]
            new = n.add(*kept) if kept and len(kept) < len(new.args) else new
        elif new.op in ("maximum", "minimum") and (bound := n.value_of(new.args[1])) is not None:
            new = new.args[0] if abs(bound) <= TINY or abs(1 - bound) <= TINY else new
        memo[node] = new
    return memo[root]


def _tiny(term: Node) -> bool:
    value = n.value_of(term if term.is_scalar else constant_core(term) or term)
    return value is not None and 0 < abs(value) <= TINY
