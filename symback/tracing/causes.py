"""Which line is at fault: one wrong line makes many wrong, and a name may promise another gradient than it holds.

Verdicts on code start from what the names say. Where something is wrong, other readings of the same lines are tried,
each judged anew: an intermediate whose name misleads claims nothing; a line without a telling name is the gradient of
an array of its shape. The reading with the fewest lines at fault is the one reported.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from symback.checking.judge import convene
from symback.checking.line import Line
from symback.checking.trial import Trial
from symback.checking.verify import in_order
from symback.errors import SymbackError
from symback.language.read import read_in
from symback.language.values import Value
from symback.records import Claim, Problem
from symback.tracing.lines import Place

MAX_READINGS = 60  # how many other readings are judged,
MAX_SECONDS = 5.0  # and for about how long


@dataclass(frozen=True)
class Reading:
    """The claims in one reading, and what became of each, without a diagnosis."""

    claims: tuple[Claim, ...]
    status: dict[str, str]
    roles: dict[str, str]  # of what arrays the lines that are right are the gradients, whatever their names

    @property
    def wrong(self) -> list[str]:
        """The lines at fault."""
        return [name for name, status in self.status.items() if status in ("wrong", "ill-formed")]

    def right(self, name: str) -> bool:
        """True where nothing is to be mended in this line or before it."""
        return self.status[name] in ("proved", "agrees", "scaled")

    def faults(self, places: Mapping[str, Place], returned: frozenset[str]) -> tuple[int, int]:
        """What is to be small: source lines at fault, and returned gradients at fault."""
        return len({places[name].line for name in self.wrong}), sum(name in returned for name in self.wrong)


class Judged(Trial):
    """A trial that tells right from wrong and asks for no causes."""

    def fault(self, line: Line, targets: Mapping[str, object]) -> None:
        """A wrong line is left undiagnosed."""


def read_so(problem: Problem, claims: tuple[Claim, ...]) -> Reading:
    """What becomes of the claims in one reading."""
    wanted = list(dict.fromkeys(c.wrt for c in claims if c.wrt is not None and c.wrt != problem.objective))
    court = convene(problem, problem.objective, wanted or list(problem.symbols))
    with np.errstate(all="ignore"):
        trial = Judged(court, in_order(claims))
        trial.run()
    roles = {line.name: line.role for line in trial.lines if line.role and not line.bad}
    return Reading(claims, {line.name: line.status for line in trial.lines}, roles)


def first_reading(problem: Problem, returned: frozenset[str]) -> Reading:
    """The claims as their names say, but for wrong intermediates that only right gradients are built on."""
    reading = read_so(problem, problem.claims)
    uses = {c.name: used(c.text, problem.claims) for c in problem.claims}
    while True:
        wrong = [c.name for c in reading.claims if c.wrt and c.name in reading.wrong and c.name not in returned]
        users = {name: [r for r in returned if name in _before(r, uses)] for name in wrong}
        idle = {name for name in wrong if users[name] and all(reading.right(r) for r in users[name])}
        if not idle:
            return reading
        reading = read_so(problem, tuple(replace(c, wrt=None) if c.name in idle else c for c in reading.claims))


def best_reading(problem: Problem, first: Reading, places: Mapping[str, Place], returned: frozenset[str]) -> Reading:
    """The first reading, or the one that needs the fewest lines at fault."""
    best = first
    end = time.monotonic() + MAX_SECONDS
    tried = {best.claims}
    while (least := best.faults(places, returned)) not in ((0, 0), (1, 0)):
        for claims in _others(problem, best, returned):
            if claims in tried or len(tried) > MAX_READINGS or time.monotonic() > end:
                continue
            tried.add(claims)
            try:
                other = read_so(problem, claims)
            except SymbackError:  # this reading cannot be judged, so it is not the one
                continue
            if other.faults(places, returned) < least:
                best = other
                break
        else:
            return best
    return best


def _others(problem: Problem, best: Reading, returned: frozenset[str]) -> Iterator[tuple[Claim, ...]]:
    """The readings next to this one, the simplest first."""
    claims = best.claims
    uses = {c.name: used(c.text, claims) for c in claims}
    for claim in claims:
        if claim.name in best.wrong and claim.wrt is not None and claim.name not in returned:
            yield _with(claims, replace(claim, wrt=None))
    heads = [name for name in best.wrong if name in returned] or best.wrong
    common = set.intersection(*({name, *_before(name, uses)} for name in heads)) if heads else set()
    open_to = [c for c in claims if c.name in common and c.name not in returned]
    unknown = [c for c in open_to if c.name not in best.roles]
    known = [c for c in reversed(open_to) if c.name in best.roles and c.wrt is None]  # right, but for another array
    for claim in unknown + (known if len(heads) > 1 else []):
        for role in _roles(problem, claims, claim, set(best.roles.values())):
            yield _with(claims, replace(claim, wrt=role))


def with_helpers_put_in(problem: Problem, name: str) -> Iterator[tuple[Problem, str]]:
    """The claims up to a line, with a helper put into it, and the helper's name."""
    place = next(i for i, c in enumerate(problem.claims) if c.name == name)
    claims = problem.claims[: place + 1]
    for other in claims[:place]:
        if other.wrt is None and other.name in used(claims[-1].text, claims):
            text = put_in(claims[-1].text, other)
            yield replace(problem, claims=(*claims[:-1], replace(claims[-1], text=text))), other.name


def _with(claims: tuple[Claim, ...], new: Claim) -> tuple[Claim, ...]:
    return tuple(new if c.name == new.name else c for c in claims)


def used(text: str, claims: tuple[Claim, ...]) -> list[str]:
    """The claims that a text is written in."""
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    return [c.name for c in claims if c.name in words]


def _before(name: str, uses: dict[str, list[str]]) -> set[str]:
    """The lines that a line is built on."""
    found: set[str] = set()
    todo = list(uses[name])
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += uses[one]
    return found


def put_in(text: str, other: Claim) -> str:
    """A text with the formula of a line in the place of its name."""
    return re.sub(rf"\b{re.escape(other.name)}\b", lambda _: f"({other.text})", text)


def _roles(problem: Problem, claims: tuple[Claim, ...], claim: Claim, known: set[str]) -> list[str]:
    """The definitions of its shape that no other line is about, the last first."""
    place = claims.index(claim)
    try:
        extra: dict[str, Value] = {}
        for c in claims[:place]:
            extra[c.name] = read_in(problem, c.text, extra)
        shape = read_in(problem, claim.text, extra).node.shape
    except SymbackError:
        return []
    taken = {*(c.wrt for c in claims), *known}
    names = [d.name for d in problem.definitions if d.node.shape == shape and d.name not in taken]
    return [name for name in reversed(names) if name != problem.objective][:4]
