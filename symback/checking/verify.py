"""Judge what a person claims: line by line, each with the earlier lines' own values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from symback.checking.explain import pronounce
from symback.checking.judge import convene
from symback.checking.line import names_in, parsed
from symback.checking.trial import Trial
from symback.errors import SymbackError
from symback.records import Claim, Problem, Verdict


def verify(problem: Problem, claims: Mapping[str, str] | None = None, of: str | None = None) -> tuple[Verdict, ...]:
    """A verdict on every claim of a problem, or on those handed in, by the name of the array or of the claim.

    Raises SymbackError where the objective is no scalar, or a handed-in claim is about an unknown array.

    >>> from symback.language.read import parse
    >>> text = "X: (n, m)\\nW: (k, n)\\nG: (k, m)\\nJ = sum(G * (W @ X))\\ndW = X @ G.T\\n"
    >>> verdict, = verify(parse(text))
    >>> verdict.status, verdict.mistake
    ('ill-formed', 'order_swapped')
    """
    lines = problem.claims if claims is None else handed_in(problem, claims)
    objective = of or problem.objective
    wanted = list(dict.fromkeys(c.wrt for c in lines if c.wrt is not None and c.wrt != objective))
    if problem.definition(objective) is None:
        raise SymbackError(
            f"{objective} is not defined; the definitions are {', '.join(d.name for d in problem.definitions)}"
        )
    if not lines:
        return ()
    court = convene(problem, objective, wanted or list(problem.symbols))
    with np.errstate(all="ignore"):
        trial = Trial(court, list(lines) if claims is None else in_order(lines))
        trial.run()
        found = {line.name: line for line in trial.lines}
        return tuple(pronounce(trial, found[c.name]) for c in lines)


def handed_in(problem: Problem, claims: Mapping[str, str]) -> tuple[Claim, ...]:
    """Claims given as a mapping: by the array (``W1``) or by the claim's name (``dW1``)."""
    known = {*problem.symbols, *(d.name for d in problem.definitions)}
    out = []
    for name, formula in claims.items():
        if name in known:
            out.append(Claim(f"d{name}", name, str(formula)))
        elif name.startswith("d") and name[1:] in known:
            out.append(Claim(name, name[1:], str(formula)))
        else:
            raise SymbackError(f"a claim about {name}: there is no such array; there are {', '.join(sorted(known))}")
    if len({c.name for c in out}) < len(out):
        raise SymbackError("one array is claimed twice: by its name and by the claim's")
    return tuple(out)


def in_order(claims: tuple[Claim, ...]) -> list[Claim]:
    """The claims so that each comes after those it uses, otherwise as they stand."""
    names = {c.name for c in claims}
    uses = {c.name: [x for x in names_in(parsed(c.text)) if x in names and x != c.name] for c in claims}
    done: list[Claim] = []
    left = list(claims)
    while left:
        ready = next((c for c in left if all(u in {d.name for d in done} for u in uses[c.name])), left[0])
        done.append(ready)
        left.remove(ready)
    return done
