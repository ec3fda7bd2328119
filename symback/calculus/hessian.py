"""The Hessian of a scalar by a vector: the Jacobian of its gradient."""

from __future__ import annotations

from dataclasses import replace

from symback.algebra import nodes as n
from symback.calculus.jacobian import jacobian, written_out
from symback.calculus.sweep import sweep
from symback.errors import RefusedError
from symback.records import Definition, Facts, Gradient, Path, Problem
from symback.rewrites.engine import Context

MAX_SIZE = 2000  # nodes of a gradient that is differentiated once more


def derive_hessian(problem: Problem, objective: str, name: str) -> Gradient:
    """H[i, j] = d^2 f / dx_i dx_j, of shape (n, n) for a vector of n entries.

    Raises RefusedError where ``name`` is a matrix: its Hessian would have four indices.
    """
    x = problem.leaf(name)
    if not any(size.is_one for size in x.shape):
        raise RefusedError(
            f'the Hessian by the matrix {name} would have four indices; ask for kind="jacobian_vec" of its gradient'
        )
    definition = problem.definition(objective)
    assert definition is not None
    full = written_out(problem, definition.node, name)
    # No fact is used before the second derivative is taken: a fact on x would make it wrong.
    plain = replace(problem, facts=Facts(), definitions=(*_before(problem, name), Definition(objective, full, 2, "")))
    first = sweep(plain, objective, (name,)).get(name)
    if first is None:
        size = x.shape[0] * x.shape[1]
        return Gradient(name, n.symbol(f"H_{name}", (size, size)), (), (), n.zeros((size, size)))
    if first.named.size > MAX_SIZE:
        raise RefusedError(f"the gradient by {name} is too long to be derived once more in closed form")
    context = Context(problem.facts, tuple(d for d in problem.definitions if d.name != objective))
    gradient = first.named if x.shape[1].is_one else n.transpose(first.named)
    value, steps = jacobian(gradient, x, context, name)
    all_steps = (*first.steps, *steps)
    return Gradient(name, n.symbol(f"H_{name}", value.shape), (Path(objective, all_steps, value),), (), value, 2, ())


def _before(problem: Problem, name: str) -> tuple[Definition, ...]:
    """The definitions that do not depend on the variable keep their names."""
    from symback.algebra.walk import symbols

    depends = {name}
    out = []
    for definition in problem.definitions:
        if any(s in depends for s in symbols(definition.node)) or definition.name == name:
            depends.add(definition.name)
        else:
            out.append(definition)
    return tuple(out)
