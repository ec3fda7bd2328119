"""The smallest numbers at which a claim is false, with the objective itself as the judge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from symback.checking.diagnose.evaluate import Misfit, Texts, as2
from symback.checking.draw import Draw, dimension_names
from symback.checking.judge import Point
from symback.errors import SymbackError
from symback.records import Counterexample, Facts, Problem, Symbol

if TYPE_CHECKING:
    from symback.checking.line import Line
    from symback.checking.trial import Trial

Array = Any
MAX_SIZES = 60  # combinations of sizes that are tried, the smallest first
MAX_MISFITS = 6  # of them, where the claim has had no value at all
DRAWS = 3  # sets of small integers for each
STEP = 1e-3


def counterexample(trial: Trial, line: Line) -> Counterexample | None:
    """The first point, in order of size, at which a line is not worth what it claims; None where none was found."""
    wrt = line.role
    if wrt is None or line.tree is None or wrt not in trial.court.derivation.gradients or not trial.court.points:
        return None
    misfit: Counterexample | None = None
    misfits = 0
    for count, sizes in enumerate(small_sizes(trial.court.problem)):
        if count >= MAX_SIZES or misfits >= MAX_MISFITS:
            break
        for seed in range(DRAWS):
            inputs = integers(trial.court.problem, sizes, np.random.default_rng(seed))
            point = None if inputs is None else trial.court.at(Draw(sizes, inputs))
            if point is None:
                continue
            found = _at(trial, line, wrt, point)
            if found is None:
                continue
            if found.claimed is not None:
                return found
            misfit = misfit or found
            misfits += 1
            break
    return misfit


def _at(trial: Trial, line: Line, wrt: str, point: Point) -> Counterexample | None:
    times = line.scale.value(point.sizes)
    true = point.gradients[wrt] * times
    reason = ""
    claimed = None
    try:
        claimed = as2(Texts(names_at(trial, line, point)).value(line.tree))  # type: ignore[arg-type]  # the caller has a tree
        if claimed.shape != true.shape:
            reason = f"it has the shape {_shape(claimed)} there, and {wrt} has {_shape(true)}"
            claimed = None
    except Misfit as error:
        reason = (
            "its shapes do not conform there" if "mismatch" in str(error) or "broadcast" in str(error) else str(error)
        )
    gap = np.abs(true) if claimed is None else np.abs(claimed - true)
    if not np.max(gap) > max(1e-4, 1e-3 * float(np.max(np.abs(true)))):
        return None
    i, j = (int(k) for k in np.unravel_index(int(np.argmax(gap)), gap.shape))
    below, above = (_moved(trial, wrt, point, (i, j), s * STEP) for s in (-1, 1))
    if below is None or above is None:
        return None
    slope = (above - below) / (2 * STEP)
    expected = float(point.gradients[wrt][i, j])
    if not abs(slope - expected) <= 1e-3 * max(1.0, abs(expected)):
        return None  # at a kink
    arrays = {s.name: as2(point.names[s.name]).tolist() for s in trial.court.problem.symbols.values()}
    value = None if claimed is None else float(claimed[i, j])
    return Counterexample(
        dict(point.sizes), arrays, wrt, (i, j), value, float(true[i, j]), STEP, below, above, reason, times
    )


def names_at(trial: Trial, line: Line, point: Point) -> dict[str, Array]:
    """The names that a line may use at a point, the earlier lines worked out anew."""
    names = dict(point.names)
    for other in trial.lines:
        if other is line:
            break
        mended = other.bad and line.origin is None and line.diagnosis is not None and other.name in line.mended
        if other.tree is not None and other.value is not None and not mended:
            try:
                names[other.name] = Texts(names).value(other.tree)
                continue
            except Misfit:
                pass
        if other.role is not None and other.role in point.gradients:
            names[other.name] = trial.court.shaped(other.role, point.gradients[other.role]) * other.scale.value(
                point.sizes
            )
    return names


def _shape(value: Array) -> str:
    return "(" + ", ".join(map(str, value.shape)) + ")"


def _moved(trial: Trial, wrt: str, point: Point, entry: tuple[int, int], by: float) -> float | None:
    """The objective with one entry of an array moved, what depends on it worked out again."""
    names = dict(point.names)
    value = np.array(names[wrt], dtype=float)
    moved = as2(value).copy()
    moved[entry] += by
    names[wrt] = moved.reshape(value.shape)
    changed = {wrt}
    for definition in trial.court.problem.definitions:
        if definition.name != wrt and trial.court.used[definition.name] & changed:
            changed.add(definition.name)
            names[definition.name] = Texts(names).value(trial.court.trees[definition.name])
    result = float(np.sum(names[trial.court.objective]))
    return result if np.isfinite(result) else None


# --- small sizes and small integers ----------------------------------------------------------------------------


def small_sizes(problem: Problem) -> Iterator[dict[str, int]]:
    """Sizes for all dimensions, the smallest sum first."""
    fixed = dict(problem.facts.fixed)
    free = [d for d in dimension_names(problem) if d not in fixed]
    top = 3 if len(free) <= 4 else 2
    combinations = sorted(product(range(1, top + 1), repeat=len(free)), key=lambda c: (sum(c), max(c, default=0)))
    compare = {">": int.__gt__, ">=": int.__ge__, "==": int.__eq__}
    for values in combinations:
        sizes = {**fixed, **dict(zip(free, values, strict=True))}
        if all(compare[r](a.value(sizes), b.value(sizes)) for a, r, b in problem.facts.sizes):
            yield sizes


def integers(problem: Problem, sizes: dict[str, int], rng: np.random.Generator) -> dict[str, Array] | None:
    """Small integers that satisfy the facts."""
    out = {}
    for symbol in problem.symbols.values():
        value = _integer(symbol, problem.facts, sizes, rng)
        if value is None:
            return None
        out[symbol.name] = float(value[0, 0]) if symbol.ndim == 0 else value[0] if symbol.ndim == 1 else value
    return out


def _integer(symbol: Symbol, facts: Facts, sizes: dict[str, int], rng: np.random.Generator) -> Array | None:
    rows, columns = (d.value(sizes) for d in symbol.shape)
    has = {fact for fact, name in facts.arrays if name == symbol.name}
    value = rng.integers(-2, 3, size=(rows, columns)).astype(float)
    for axis in (0, 1):
        if f"onehot:{axis}" in has or f"sums_to_one:{axis}" in has:
            among, count = (rows, columns) if axis == 0 else (columns, rows)
            hot = np.eye(among)[:, rng.integers(0, among, size=count)]
            return hot if axis == 0 else hot.T
    if "binary" in has:
        return rng.integers(0, 2, size=(rows, columns)).astype(float)
    if "orthogonal" in has:
        return np.eye(rows)[rng.permutation(rows)]
    if "diagonal" in has:
        return np.diag(rng.integers(1, 4, size=rows).astype(float))
    if "spd" in has:
        return value @ value.T + np.eye(rows)
    if "symmetric" in has:
        return np.triu(value) + np.triu(value, 1).T
    if "invertible" in has or "full_rank" in has:
        value = np.triu(value, 1) + np.eye(rows, columns) * rng.choice([1, 2])
    if "positive" in has:
        value = rng.integers(1, 4, size=(rows, columns)).astype(float)
    return value


def show(example: Counterexample, objective: str = "J") -> list[str]:
    """The lines of a counterexample, as a reader would check them by hand."""
    sizes = ", ".join(f"{k} = {v}" for k, v in example.sizes.items())
    arrays = ", ".join(f"{k} = {matrix(v)}" for k, v in example.arrays.items())
    i, j = example.entry
    where = f"{example.wrt}[{i}, {j}]"
    slope = (example.above - example.below) / (2 * example.h)
    lines = [f"sizes: {sizes}"] if sizes else []
    lines.append(arrays)
    said = (
        f"the claim has no value ({example.reason})"
        if example.claimed is None
        else f"the claim says {figure(example.claimed)}"
    )
    times = "" if example.times == 1 else f", {figure(example.times)} times the slope"
    lines.append(f"by {where} {said}, and it is {figure(example.true)}{times}")
    lines.append(
        f"{objective} is {example.below:.6g} with {where} less {example.h:g} and {example.above:.6g} "
        f"with it plus {example.h:g}: the slope is {figure(slope)}"
    )
    return lines


def matrix(rows: list[list[float]]) -> str:
    """[[1, 2], [3, 4]], a scalar as a number."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return figure(rows[0][0])
    return "[" + ", ".join("[" + ", ".join(figure(x) for x in row) + "]" for row in rows) + "]"


def figure(value: float) -> str:
    """A number in four figures, whole ones as such."""
    if not np.isfinite(value):
        return str(value)
    near = round(value)
    return str(near) if abs(value - near) < 2e-6 else f"{value:.4g}"


__all__ = ["Counterexample", "SymbackError", "counterexample", "figure", "integers", "matrix", "show", "small_sizes"]
