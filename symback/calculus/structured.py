"""The derivative by the independent entries of a symmetric or diagonal matrix (The Matrix Cookbook, section 2.8)."""

from __future__ import annotations

from dataclasses import replace

from symback.algebra import nodes as n
from symback.calculus.sweep import rewrite_step
from symback.errors import RefusedError
from symback.records import Gradient, Problem, Step
from symback.rewrites.engine import Context
from symback.rewrites.simplify import simplify


def structure(problem: Problem, gradient: Gradient, objective: str) -> Gradient:
    """The gradient by the independent entries; raises RefusedError where no structure is assumed.

    For symmetric X an entry off the diagonal stands in two places, so both count: G + G^T - G * I. The gradient
    in the space of symmetric matrices, (G + G^T) / 2, is stated in the step; for diagonal X both are G * I.
    """
    name, g = gradient.wrt, gradient.named
    context = Context(problem.facts, tuple(d for d in problem.definitions if d.name != objective))
    identity = n.eye(g.shape[0]) if g.shape[0] == g.shape[1] else None
    if identity is not None and problem.facts.has("diagonal", name):
        raw = n.mul(g, identity)
        why = f"{name} is diagonal: only its diagonal entries are free"
    elif identity is not None and (problem.facts.has("symmetric", name) or problem.facts.has("spd", name)):
        raw = n.sub(n.add(g, n.transpose(g)), n.mul(g, identity))
        inside, _ = simplify(n.mul(n.power(n.number(2), -1), n.add(g, n.transpose(g))), context)
        why = (
            f"{name} is symmetric: an entry off the diagonal stands in two places and both count; "
            f"the gradient in the space of symmetric matrices is (G + G.T) / 2 = {inside!r}"
        )
    else:
        raise RefusedError(f"structured=True needs assume(symmetric({name})) or assume(diagonal({name}))")
    step = Step("structure", "the chain rule over the independent entries", name, g, raw, why, "structure")
    value, changes = simplify(raw, context)
    return replace(gradient, tail=(*gradient.tail, step, *(rewrite_step(c, name) for c in changes)), named=value)
