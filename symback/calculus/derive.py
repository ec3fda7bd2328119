"""From a problem to a derivation: of what, by what, of which kind, by which method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import symback.algebra.nodes as n
from symback.algebra.dims import SCALAR, show_shape
from symback.algebra.nodes import Node
from symback.calculus.derivation import Derivation
from symback.calculus.hessian import derive_hessian
from symback.calculus.index import index_sweep
from symback.calculus.jacobian import derive_jacobian
from symback.calculus.row import row_sweep
from symback.calculus.structured import structure
from symback.calculus.sweep import sweep
from symback.errors import SymbackError
from symback.language.read import pointed
from symback.records import Gradient, Problem, Step

if TYPE_CHECKING:
    from sympy import Basic

Wanted = object  # None, a name or a SymPy symbol, or several of them
METHODS = {"differential": sweep, "index": index_sweep, "jacobian": row_sweep}
KINDS = ("gradient", "jacobian", "jacobian_vec", "hessian")


def to_problem(given: object, wrt: Wanted) -> tuple[Problem, list[str] | None]:
    """A problem as it is, a SymPy expression read as one; and the names of what is derived by."""
    wanted = None if wrt is None else list(wrt) if isinstance(wrt, list | tuple) else [wrt]
    if isinstance(given, Problem):
        return given, wanted  # type: ignore[return-value]  # names, or something that no problem declares
    from symback.emit.from_sympy import name_of, problem_from_sympy

    problem = problem_from_sympy(given, *(w for w in wanted or [] if not isinstance(w, str)))
    return problem, None if wanted is None else [name_of(problem, w) for w in wanted]


def derive(
    problem: Problem | Basic,
    wrt: Wanted = None,
    *,
    of: str | None = None,
    upstream: str | None = None,
    kind: str = "gradient",
    structured: bool = False,
    method: str = "differential",
) -> Derivation:
    """The gradients of a problem's objective, by every array it depends on or by those named.

    A SymPy expression over MatrixSymbols is taken as the objective as it stands; then ``wrt`` may be its symbols.

    Raises SymbackError where a name is unknown, the objective is no scalar, or a rule is missing.
    """
    problem, names = to_problem(problem, wrt)
    objective = of or problem.objective
    if problem.definition(objective) is None:
        defined = ", ".join(d.name for d in problem.definitions)
        raise SymbackError(f"{objective} is not defined; the definitions are {defined}")
    for value, known, what in ((kind, KINDS, "kind"), (method, tuple(METHODS), "method")):
        if value not in known:
            raise SymbackError(f"{what}={value!r} is not one of {', '.join(known)}")
    everything = [*problem.symbols, *(d.name for d in problem.definitions if d.name != objective)]
    for name in names or []:
        if name not in everything:
            raise SymbackError(f"{name} is not declared or defined; there are {', '.join(everything)}")
    seed = _seed(problem, objective, upstream, kind)
    if kind != "gradient":
        return Derivation(problem, objective, _other(problem, objective, names, kind), seed, kind)
    gradients = METHODS[method](problem, objective, tuple(everything if names is None else names), seed)
    for name in names or []:
        if name not in gradients:
            gradients[name] = _independent(problem, name, objective)
    if structured:
        inlined = Derivation(problem, objective, gradients, seed)
        gradients = {
            name: structure(problem, replace(gradients[name], named=inlined.inlined(name), uses=()), objective)
            for name in names or gradients
        }
    return Derivation(problem, objective, gradients, seed, structured=structured)


def _another(problem: Problem) -> str:
    """What to say where a helper stands between the objective and the first claim."""
    scalars = [d.name for d in problem.definitions if d.node.shape == SCALAR]
    return f"where {scalars[-1]} is meant, write objective({scalars[-1]}); else " if scalars else ""


def _seed(problem: Problem, objective: str, upstream: str | None, kind: str) -> Node | None:
    """The gradient of an unnamed cost by the objective, where one is handed in; else the objective is a scalar."""
    shape = problem.shape(objective)
    if upstream is None:
        if kind == "gradient" and shape != SCALAR:
            raise pointed(
                problem,
                objective,
                f"the objective {objective} is no scalar but {show_shape(shape)}; {_another(problem)}define "
                f"J = sum({objective}) or its like, "
                'ask for kind="jacobian_vec", or hand in the gradient of a cost by it as upstream',
            )
        return None
    if upstream not in problem.symbols:
        raise SymbackError(f"upstream={upstream!r} names no declared array")
    if problem.shape(upstream) != shape:
        raise SymbackError(
            f"{upstream} is the gradient by {objective}, so its shape is {show_shape(shape)}, "
            f"not {show_shape(problem.shape(upstream))}"
        )
    return problem.leaf(upstream)


def _other(problem: Problem, objective: str, names: list[str] | None, kind: str) -> dict[str, Gradient]:
    """Jacobians and Hessians, by each of the arrays named."""
    if not names:
        raise SymbackError(f"kind={kind!r} needs wrt: by which array?")
    if kind == "hessian":
        if problem.shape(objective) != SCALAR:
            raise SymbackError(f"the Hessian is of a scalar, and {objective} is {show_shape(problem.shape(objective))}")
        return {name: derive_hessian(problem, objective, name) for name in names}
    return {name: derive_jacobian(problem, objective, name, kind == "jacobian_vec") for name in names}


def _independent(problem: Problem, name: str, objective: str) -> Gradient:
    """The gradient by an array that the objective does not contain is zero, and that is said."""
    zero = n.zeros(problem.shape(name))
    step = Step(
        "independence",
        "what does not occur does not change",
        name,
        zero,
        zero,
        f"{objective} does not depend on {name}, so its gradient is zero",
        "rewrite",
    )
    return Gradient(name, n.symbol(f"d{name}", problem.shape(name)), (), (step,), zero, problem.ndim(name))
