"""A trial by numbers: square matrices of small integers in which both orders conform; J, moved by one entry, judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.algebra.nodes import transpose
from symback.checking.run import Environment
from symback.language.write import write
from symback.writeup.crossing import Crossing
from symback.writeup.numbers import Runner, labels, shown, sizes_for, small_draw

Array = Any
DRAWS = 40
MOVE = 0.1
GOOD = 0.8  # a score that is good enough to stop looking


@dataclass(frozen=True)
class Candidate:
    """A formula, its value (None: it cannot be multiplied), what it is, and whether NumPy had to repeat a 1 by 1."""

    text: str
    value: Array | None
    what: str
    repeated: bool = False


@dataclass(frozen=True)
class Trial:
    """One set of numbers: the arrays, the candidates (the right one first), and J where one entry moves."""

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

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the gradient."""
        return np.asarray(self.candidates[0].value).shape

    def says(self, i: int) -> float | None:
        """What a candidate says about the entry that moves."""
        value = self.candidates[i].value
        return None if value is None else float(np.broadcast_to(value, self.shape)[self.entry])

    @property
    def all_fit(self) -> bool:
        """True where every candidate could be multiplied as it stands."""
        return all(c.value is not None and not c.repeated for c in self.candidates)


def try_numbers(crossing: Crossing, runner: Runner) -> Trial | None:
    """The best of a few draws: its numbers tell the candidates apart, and J's curvature does not blur its slope."""
    sizes = sizes_for(runner.problem, (2,))
    if sizes is None:
        return None
    rng = np.random.default_rng(0)
    zero_one = labels(runner.problem, runner.objective)
    best, best_score = None, 0.0
    for _ in range(DRAWS):
        try:
            environment = runner.run(small_draw(runner.problem, sizes, rng, zero_one))
        except np.linalg.LinAlgError:  # small whole numbers are easily singular
            continue
        if crossing.target not in runner.problem.symbols:
            shape = np.asarray(environment[crossing.target]).shape
            runner.set(environment, crossing.target, rng.choice([-2.0, -1.0, 1.0, 1.0, 2.0, 3.0], size=shape))
        try:
            trial = _trial(crossing, runner, environment)
        except np.linalg.LinAlgError:  # a gradient's own inverse may be singular too
            continue
        score = 0.0 if trial is None else _score(trial, environment[str(crossing.weight.data)])
        if score > best_score:
            best, best_score = trial, score
        if best_score > GOOD:
            break
    return best


def formulas(crossing: Crossing, rest: bool) -> list[tuple[str, str, str]]:
    """The candidates as NumPy text, their bare product, and what they are, the right one first."""
    f, turned, g = write(crossing.factor), write(transpose(crossing.factor)), write(crossing.upstream)
    g = g if g.isidentifier() else f"({g})"
    pair = (turned, g) if crossing.left else (g, turned)
    bare = (f, g) if crossing.left else (g, f)
    extra, slope = (" + rest" if rest else ""), (" * gp" if crossing.activation else "")
    opened, closed = ("(", ")") if rest and slope else ("", "")
    found = []
    for (a, b), what in (
        (pair, "right, in every entry"),
        (pair[::-1], "other order"),
        (bare, "a transpose too many" if crossing.turned else "no transpose"),
    ):
        found.append((f"{opened}{a} @ {b}{extra}{closed}{slope}", f"{a} @ {b}", what))
    if slope and not rest:
        slip = f"gp * {pair[0]} @ {pair[1]}"
        found.append((slip, slip, f"Python reads (gp * {pair[0]}) @ {pair[1]}"))
    return found


def _trial(crossing: Crossing, runner: Runner, environment: Environment) -> Trial | None:
    """The candidates at one point, and J where the entry moves about which right and other order differ most."""
    runner.backward(environment)
    if not np.isfinite(np.asarray(environment[runner.objective], dtype=float)).all():
        return None
    has_rest = _prepare(crossing, runner, environment)
    candidates = tuple(_candidate(runner, environment, crossing.array, *f) for f in formulas(crossing, has_rest))
    right, other = candidates[0].value, candidates[1].value
    if right is None or other is None or not np.isfinite(right).all():
        return None
    start = np.array(environment[crossing.target], dtype=float)
    if right.shape != start.shape or start.ndim != 2:
        return None
    arrays = tuple((name, np.array(environment[name])) for name in _names(crossing, environment, has_rest))
    gaps = np.abs(np.broadcast_to(other, right.shape) - right)
    found = np.unravel_index(int(np.argmax(gaps)), right.shape)
    entry = (int(found[0]), int(found[1]))

    def moved(by: float) -> float:
        """The objective where that entry has moved."""
        values = start.copy()
        values[entry] += by
        runner.set(environment, crossing.target, values)
        return float(np.asarray(environment[runner.objective]).reshape(()))

    return Trial(arrays, candidates, crossing.target, entry, moved(MOVE), moved(-MOVE), has_rest)


def _prepare(crossing: Crossing, runner: Runner, environment: Environment) -> bool:
    """The slope gp, and the rest that other paths give, into the environment; True where there is a rest."""
    own = str(runner.gradients[crossing.array].symbol.data)
    product = runner.texts.evaluate(write(crossing.step.after, runner.one_d), environment)
    environment["rest"] = environment[own] - product
    if crossing.activation:
        environment["gp"] = runner.texts.evaluate(write(crossing.activation.slope, runner.one_d), environment)
    return bool(np.max(np.abs(environment["rest"])) > 1e-12)


def _names(crossing: Crossing, environment: Environment, has_rest: bool) -> list[str]:
    """The arrays to show, in order."""
    names = [crossing.target, str(crossing.weight.data), crossing.array]
    if crossing.upstream.op == "symbol":
        names.append(str(crossing.upstream.data))
    names += ["gp"] if crossing.activation else []
    return list(dict.fromkeys(names + (["rest"] if has_rest else [])))


def _candidate(runner: Runner, environment: Environment, array: str, text: str, bare: str, what: str) -> Candidate:
    """One candidate, evaluated as Python reads it."""
    try:
        shape = np.shape(runner.texts.evaluate(bare, environment))
        value = runner.texts.evaluate(text, environment)
    except ValueError:  # the shapes do not conform
        return Candidate(text, None, what)
    return Candidate(text, value, what, shape != np.shape(environment[array]))


def _score(trial: Trial, weight: Array) -> float:
    """Near 1 where the numbers teach: J agrees with the right formula, the others are far off, few are tiny."""
    right, other = trial.says(0), trial.says(1)
    if right is None or other is None:
        return 0.0
    gap = abs(right - other)
    blur = abs(trial.slope - right) / gap if gap > 0 else 1.0
    if gap < 0.2 * abs(right) or gap < 0.02 or blur > 0.05 or not all(_apart(trial, i) for i in (1, 2, 3)):
        return 0.0
    values = np.abs(np.asarray(trial.candidates[0].value))
    readable = float(np.mean((values >= 0.02) & (values < 100)))
    square = np.ndim(weight) == 2 and weight.shape[0] == weight.shape[1]
    plain = square and (abs(np.linalg.det(weight)) < 0.5 or np.allclose(weight, weight.T))
    same = 1.0 if shown(trial.slope) == shown(right) else 0.85
    return (
        same * (1 - 5 * blur) * (0.2 + 0.8 * readable) * (0.5 if plain else 1.0) * (1.0 if abs(right) >= 0.02 else 0.5)
    )


def _apart(trial: Trial, i: int) -> bool:
    """True where a wrong candidate cannot be multiplied, or is seen to differ."""
    value = trial.candidates[i].value if i < len(trial.candidates) else None
    if value is None:
        return True
    right = np.asarray(trial.candidates[0].value)
    return bool(np.max(np.abs(np.broadcast_to(value, right.shape) - right)) > 0.01)
