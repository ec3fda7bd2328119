"""The judge: square matrices of small integers in which both orders conform, and J itself, moved by one entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.algebra.nodes import transpose
from symback.checking.run import Environment
from symback.language.write import write
from symback.writeup.crossing import Crossing
from symback.writeup.numbers import Runner, labels, sizes_for, small_draw

Array = Any
DRAWS = 60
MOVE = 0.1


@dataclass(frozen=True)
class Candidate:
    """A formula, its value (None where its shapes do not conform), and what it is."""

    text: str
    value: Array | None
    what: str


@dataclass(frozen=True)
class Trial:
    """One set of numbers: the arrays, the candidates (the right one first), and J when one entry moves."""

    arrays: tuple[tuple[str, Array], ...]
    candidates: tuple[Candidate, ...]
    target: str
    entry: tuple[int, int]
    up: float
    down: float
    rest: bool  # other paths contribute as well

    @property
    def slope(self) -> float:
        """What J itself says."""
        return (self.up - self.down) / (2 * MOVE)

    def says(self, i: int) -> float | None:
        """What a candidate says about that entry."""
        value = self.candidates[i].value
        return (
            None
            if value is None
            else float(np.broadcast_to(value, np.asarray(self.candidates[0].value).shape)[self.entry])
        )


def try_numbers(crossing: Crossing, runner: Runner) -> Trial | None:
    """The first draw whose numbers tell the candidates apart, and in which J's curvature does not blur its slope."""
    sizes = sizes_for(runner.problem, (2,))
    if sizes is None:
        return None
    rng = np.random.default_rng(0)
    zero_one = labels(runner.problem, runner.objective)
    best: Trial | None = None
    best_score = 0.0
    for _ in range(DRAWS):
        environment = runner.run(small_draw(runner.problem, sizes, rng, zero_one))
        target = np.asarray(environment[crossing.target])
        if crossing.target not in runner.problem.symbols:
            runner.set(environment, crossing.target, _entries(target.shape, rng))
        trial = _trial(crossing, runner, environment)
        score = 0.0 if trial is None else _score(trial)
        if score > best_score:
            best, best_score = trial, score
        if best_score > 0.5:
            break
    return best


def _entries(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Small integers away from zero, where many an activation has a kink."""
    return rng.choice([-2.0, -1.0, 1.0, 2.0, 3.0], size=shape, p=[0.1, 0.3, 0.3, 0.2, 0.1])


def formulas(crossing: Crossing, rest: bool) -> list[tuple[str, str]]:
    """The candidates as NumPy text: right, the other order, without the transpose, and Python's precedence."""
    f, turned, g = write(crossing.factor), write(transpose(crossing.factor)), write(crossing.upstream)
    g = g if g.isidentifier() else f"({g})"
    pair = (turned, g) if crossing.left else (g, turned)
    bare = (f, g) if crossing.left else (g, f)
    extra, slope = (" + rest" if rest else ""), (" * gp" if crossing.activation else "")
    opened, closed = ("(", ")") if rest and slope else ("", "")

    def whole(a: str, b: str) -> str:
        return f"{opened}{a} @ {b}{extra}{closed}{slope}"

    found = [
        (whole(*pair), "right"),
        (whole(pair[1], pair[0]), "other order"),
        (whole(*bare), "one transpose too many" if crossing.turned else "no transpose"),
    ]
    if slope and not rest:
        found.append((f"gp * {pair[0]} @ {pair[1]}", f"Python reads (gp * {pair[0]}) @ {pair[1]}"))
    return found


def _trial(crossing: Crossing, runner: Runner, environment: Environment) -> Trial | None:
    runner.backward(environment)
    if not np.isfinite(np.asarray(environment[runner.objective], dtype=float)).all():
        return None
    own = str(runner.gradients[crossing.array].symbol.data)
    product = runner.texts.evaluate(write(crossing.step.after, runner.one_d), environment)
    rest = environment[own] - product
    has_rest = bool(np.max(np.abs(rest)) > 1e-12)
    environment["rest"] = rest
    if crossing.activation:
        environment["gp"] = runner.texts.evaluate(write(crossing.activation.slope, runner.one_d), environment)
    candidates = []
    for text, what in formulas(crossing, has_rest):
        try:
            value = runner.texts.evaluate(text, environment)
        except ValueError:  # the shapes do not conform
            value = None
        candidates.append(Candidate(text, value, what))
    right = np.asarray(candidates[0].value)
    if (
        not np.isfinite(right).all()
        or candidates[1].value is None
        or right.shape != np.shape(environment[crossing.target])
    ):
        return None
    names = [crossing.target, *dict.fromkeys([str(crossing.weight.data), crossing.array])]
    shown = [(n, environment[n]) for n in names]
    upstream = write(crossing.upstream, runner.one_d)
    shown += [(upstream, runner.texts.evaluate(upstream, environment))]
    if crossing.activation:
        shown.append(("gp", environment["gp"]))
    if has_rest:
        shown.append(("rest", rest))
    gaps = np.abs(np.broadcast_to(candidates[1].value, right.shape) - right)
    entry = np.unravel_index(int(np.argmax(gaps)), right.shape)
    start = np.array(environment[crossing.target], dtype=float)

    def moved(by: float) -> float:
        """The objective where that entry has moved."""
        values = start.copy()
        values[entry] += by
        runner.set(environment, crossing.target, values)
        return float(np.asarray(environment[runner.objective]).reshape(()))

    arrays = tuple((name, np.array(value)) for name, value in shown)
    where = (int(entry[0]), int(entry[1]))
    return Trial(arrays, tuple(candidates), crossing.target, where, moved(MOVE), moved(-MOVE), has_rest)


def _score(trial: Trial) -> float:
    """Near 1 where J's slope agrees with the right formula, and the other candidates are far from it in that entry."""
    right, other = trial.says(0), trial.says(1)
    if right is None or other is None or abs(right) < 0.02:
        return 0.0
    gap, first = abs(right - other), np.asarray(trial.candidates[0].value)
    if gap < 0.2 * abs(right) or gap < 0.02:
        return 0.0
    blur = abs(trial.slope - right) / gap
    apart = all(
        c.value is None or np.max(np.abs(np.broadcast_to(c.value, first.shape) - first)) > 0.01
        for c in trial.candidates[1:]
    )
    values = np.abs(np.asarray(trial.candidates[0].value))
    tiny = bool(np.any((values > 0) & (values < 0.02)))
    return 0.0 if blur > 0.05 or not apart else 1.0 - 10 * blur - 0.5 * tiny
