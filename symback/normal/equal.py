"""Equality of expressions: proved by normal forms, refuted by numbers (elsewhere), or unknown."""

from __future__ import annotations

from dataclasses import dataclass

from symback.algebra.nodes import Node
from symback.algebra.walk import postorder, substitute
from symback.normal.form import Normalizer
from symback.normal.network import UndecidedError
from symback.records import Problem


@dataclass(frozen=True)
class Proof:
    """Two expressions are equal for all sizes, under the facts named, wherever both are defined."""

    facts: tuple[str, ...]
    written_out: tuple[str, ...]  # the definitions that had to be written out


def prove_equal(problem: Problem, a: Node, b: Node) -> Proof | None:
    """A proof that ``a`` equals ``b``, or None where none was found; no number is evaluated.

    Definitions are atoms first; then the elementwise ones are written out, then all of them.
    """
    if a.shape != b.shape:
        return None
    for names, values in _levels(problem):
        left, right = substitute(a, values), substitute(b, values)
        if names and left is a and right is b:
            continue
        if max(left.size, right.size) > 4000:
            return None
        if _same(problem, left, right):
            return Proof(tuple(sorted(f"{fact}({name})" for fact, name in problem.facts.arrays)), names)
    return None


def _same(problem: Problem, a: Node, b: Node) -> bool:
    if a is b:
        return True
    sums_inverted = any(x.op == "inv" and x.args[0].op == "add" for root in (a, b) for x in postorder(root))
    for open_sums in (False, True) if sums_inverted else (False,):
        normal = Normalizer(problem.facts, open_sums=open_sums)
        try:
            left, right = normal.form(a), normal.form(b)
        except (UndecidedError, RecursionError):
            continue
        if left.dims == right.dims and left.terms == right.terms:
            return True
    return False


def _levels(problem: Problem) -> list[tuple[tuple[str, ...], dict[Node, Node]]]:
    """No definition written out; those without a matrix product; all."""
    light: dict[Node, Node] = {}
    full: dict[Node, Node] = {}
    for d in problem.definitions:
        if not any(x.op == "matmul" and all(f.op != "ones" for f in x.args) for x in postorder(d.node)):
            light[d.leaf] = substitute(d.node, light)
        full[d.leaf] = substitute(d.node, full)
        if full[d.leaf].size > 4000:
            del full[d.leaf]
    names = tuple(str(k.data) for k in light), tuple(str(k.data) for k in full)
    return [((), {}), (names[0], light), (names[1], full)]
