"""Which line is at fault: one wrong line makes many wrong, and a name may promise another gradient than it holds.

Verdicts on code start from what the names say. Where something is wrong, other readings of the same lines are tried,
each judged anew: an intermediate whose name misleads claims nothing; a line without a telling name is the gradient of
an array of its shape; a partial result is put into the lines that use it. The reading with the fewest lines at fault,
and with their mistakes named, is the one reported.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from symback.errors import SymbackError
from symback.language.read import read_in
from symback.language.values import Value
from symback.records import Claim, Problem, Verdict
from symback.tracing.lines import Place

MAX_READINGS = 24  # how many other readings are judged,
MAX_SECONDS = 8.0  # and for about how long
Judge = Callable[[Problem], tuple[Verdict, ...]]


@dataclass(frozen=True)
class Reading:
    """The claims in one reading, their verdicts, and the line that each claim is to be blamed on."""

    claims: tuple[Claim, ...]
    verdicts: tuple[Verdict, ...]
    blame: tuple[tuple[str, str], ...] = ()  # claim -> the line that was put into it

    @property
    def wrong(self) -> tuple[Verdict, ...]:
        """The lines at fault."""
        return tuple(v for v in self.verdicts if v.status in ("wrong", "ill-formed"))

    def faults(self, places: Mapping[str, Place], returned: frozenset[str]) -> tuple[int, int, int]:
        """What is to be small: source lines at fault, mistakes without a name, returned gradients at fault."""
        lines = {places[v.name].line for v in self.wrong}
        return len(lines), sum(v.mistake is None for v in self.wrong), sum(v.name in returned for v in self.wrong)


def best_reading(problem: Problem, places: Mapping[str, Place], returned: frozenset[str], judge: Judge) -> Reading:
    """The claims as their names say, or in the reading that needs the fewest mistakes."""
    start = time.monotonic()
    best = Reading(problem.claims, judge(problem))
    explained = best.faults(places, returned)[:2] == (1, 0)  # only an earlier line might explain more
    seconds = (MAX_SECONDS / 4 if explained else MAX_SECONDS) / max(time.monotonic() - start, 0.01)
    left = min(MAX_READINGS, int(seconds))
    tried = {problem.claims}
    while (least := best.faults(places, returned)) not in ((0, 0, 0), (1, 0, 0)):
        for claims, blame in _others(replace(problem, claims=best.claims), best, returned):
            if claims in tried or left <= 0:
                continue
            left -= 1
            tried.add(claims)
            try:
                other = Reading(claims, judge(replace(problem, claims=claims)), (*best.blame, *blame))
            except SymbackError:  # this reading cannot be judged, so it is not the one
                continue
            if other.faults(places, returned) < least:
                best = other
                break
        else:
            return best
    return best


Claims = tuple[tuple[Claim, ...], tuple[tuple[str, str], ...]]


def _others(problem: Problem, best: Reading, returned: frozenset[str]) -> Iterator[Claims]:
    """The readings next to this one, the simplest first."""
    claims = best.claims
    wrong = [v.name for v in best.wrong]
    uses = {c.name: used(c.text, claims) for c in claims}
    for name in wrong:
        for other in (c for c in claims if c.wrt is None and c.name in uses[name]):
            yield tuple(
                replace(c, text=put_in(c.text, other)) if c.name == name else c for c in claims
            ), ((name, other.name),)
    for claim in claims:
        if claim.name in wrong and claim.wrt is not None and claim.name not in returned:
            yield _with(claims, replace(claim, wrt=None)), ()
    common = set.intersection(*({name, *_before(name, uses)} for name in wrong)) if wrong else set()
    right = {v.name for v in best.verdicts if v.wrt is not None and v.right}
    for claim in claims:
        if claim.name in common - right and claim.name not in returned:
            for role in _roles(problem, claims, claim):
                yield _with(claims, replace(claim, wrt=role)), ()


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


def _roles(problem: Problem, claims: tuple[Claim, ...], claim: Claim) -> list[str]:
    """The definitions of its shape that no other claim is about, the last first."""
    place = claims.index(claim)
    try:
        extra: dict[str, Value] = {}
        for c in claims[:place]:
            extra[c.name] = read_in(problem, c.text, extra)
        shape = read_in(problem, claim.text, extra).node.shape
    except SymbackError:
        return []
    taken = {c.wrt for c in claims}
    names = [d.name for d in problem.definitions if d.node.shape == shape and d.name not in taken]
    return [name for name in reversed(names) if name != problem.objective][:4]
