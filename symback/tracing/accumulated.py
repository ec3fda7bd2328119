"""A gradient accumulated over several uses of one array, ``dW += ...`` in a loop: the first term that is wrong.

W is used in several definitions, and its gradient is one term for each. Given a name of its own at each use, W has the
terms as gradients, and each is judged alone: the mistake in the loop's line shows in the first of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from symback.algebra.nodes import symbol
from symback.algebra.walk import substitute, symbols
from symback.errors import SymbackError
from symback.records import Claim, Definition, Problem, Symbol, Verdict


def explained(problem: Problem, verdict: Verdict, judge: Callable[[Problem], tuple[Verdict, ...]]) -> Verdict:
    """The verdict on a wrong sum, with the mistake that its terms have in common, where there is one."""
    claim = next(c for c in problem.claims if c.name == verdict.name)
    if verdict.wrt is None or verdict.wrt not in problem.symbols:
        return verdict
    terms = _terms(claim.text)
    uses = [d for d in problem.definitions if verdict.wrt in symbols(d.node)]
    if len(terms) < 2 or len(terms) != len(uses):
        return verdict
    names = [f"{verdict.wrt}__{i}" for i in range(1, len(uses) + 1)]
    for order in (list(reversed(names)), names):  # the way back meets the last use first
        try:
            named = list(zip(order, terms, strict=True))
            found = _first_wrong(_with_uses(problem, verdict.wrt, names, claim, named), names, judge)
        except SymbackError:
            continue
        if found is not None and found.mistake is not None:
            said = re.sub(rf"\b(d?){re.escape(verdict.wrt)}__\d+\b", rf"\1{verdict.wrt}", found.explanation)
            place = uses[names.index(str(found.wrt))].name
            return replace(verdict, mistake=found.mistake, explanation=f"in its term by way of {place}: {said}")
    return verdict


def _terms(text: str) -> list[str]:
    """The terms of a sum, each as text."""
    tree = ast.parse(text, mode="eval").body
    out: list[str] = []
    while isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        out.append(ast.unparse(tree.right))
        tree = tree.left
    return [ast.unparse(tree), *reversed(out)]


def _with_uses(problem: Problem, wrt: str, names: list[str], claim: Claim, terms: list[tuple[str, str]]) -> Problem:
    """The problem with a second name for the array at each use, and one claim for each of these names."""
    whole = problem.symbols[wrt]
    left = iter(names)
    defined = [Definition(name, whole.node, whole.ndim, wrt) for name in names]
    defined += [_renamed(d, wrt, next(left), whole) if wrt in symbols(d.node) else d for d in problem.definitions]
    before = tuple(c for c in problem.claims[: problem.claims.index(claim)] if c.wrt not in problem.symbols)
    claims = (*before, *(Claim(f"d{name}", name, text) for name, text in terms))
    return replace(problem, definitions=tuple(defined), claims=claims)


def _renamed(definition: Definition, old: str, new: str, whole: Symbol) -> Definition:
    node = substitute(definition.node, {whole.node: symbol(new, whole.shape)})
    return replace(definition, node=node, text=re.sub(rf"\b{re.escape(old)}\b", new, definition.text))


def _first_wrong(problem: Problem, names: list[str], judge: Callable[[Problem], tuple[Verdict, ...]]) -> Verdict | None:
    """The first term that is wrong; None where the terms do not belong to the uses in this order."""
    terms = [v for v in judge(problem) if v.wrt in names]
    return next((v for v in terms if v.status in ("wrong", "ill-formed")), None)
