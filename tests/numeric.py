"""The truth: a text run in NumPy, and its differences. Nothing of symback's algebra is used."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import symback.numpy as language
from symback.language.read import parse
from symback.records import Problem

SIZES = (5, 7, 4, 6, 3, 8, 2, 9)  # distinct, so that a lost transpose shows as a shape


def names_of(problem: Problem) -> list[str]:
    found = [d for s in problem.symbols.values() for size in s.shape for d in size.names]
    return list(dict.fromkeys(found))


def environment(problem: Problem, seed: int = 0, positive: bool = False) -> dict[str, object]:
    """Arrays of order one for the declared names (positive ones where asked), and the functions of the language."""
    rng = np.random.default_rng(seed)
    sizes = dict(zip(names_of(problem), SIZES[seed % 3 :], strict=False)) | dict(problem.facts.fixed)
    for large, _, small in problem.facts.sizes:
        if large.value(sizes) < small.value(sizes):
            (a,), (b,) = large.names, small.names
            sizes[a], sizes[b] = sizes[b], sizes[a]
    values: dict[str, object] = {name: getattr(language, name) for name in language.__all__} | {"np": np} | sizes
    for s in problem.symbols.values():
        shape = tuple(size.value(sizes) for size in s.shape)
        facts = {fact for fact, name in problem.facts.arrays if name == s.name}
        entries = rng.uniform(0.4, 1.6, size=shape)
        if not positive and "positive" not in facts:
            entries = entries * rng.choice([-1, 1], size=shape)
        if facts & {"symmetric", "spd"}:
            entries = entries + entries.T
        if facts & {"spd", "invertible"}:
            entries = entries / shape[0] + 1.2 * np.eye(shape[0])  # dominant by its diagonal, of order one
        if "diagonal" in facts:
            entries = np.diag(np.diagonal(entries))
        values[s.name] = float(entries[0, 0]) if s.ndim == 0 else entries[0] if s.ndim == 1 else entries
    return values


def run(problem: Problem, values: dict[str, object], upto: str | None = None) -> dict[str, object]:
    """The definitions, by the user's own text, one after the other."""
    values = dict(values)
    for definition in problem.definitions:
        values[definition.name] = eval(definition.text, values)
        if definition.name == upto:
            break
    return values


def value(text: str, values: dict[str, object]) -> np.ndarray:
    return np.asarray(eval(text, dict(values)), dtype=float)


def along(problem: Problem, values: dict[str, object], wrt: str) -> Callable[[np.ndarray], np.ndarray]:
    """The objective as a function of the entries of one array, stacked by columns."""
    start = np.asarray(values[wrt], dtype=float)

    def at(column: np.ndarray) -> np.ndarray:
        array = column.reshape(start.shape, order="F") if start.ndim else float(column[0])
        return np.asarray(run(problem, values | {wrt: array})[problem.objective], dtype=float)

    return at


def differences(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float = 1e-4) -> np.ndarray:
    """d vec(F) / d x by central differences of fourth order."""
    columns = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = h
        near, far = f(x + step) - f(x - step), f(x + 2 * step) - f(x - 2 * step)
        columns.append(((8 * near - far) / (12 * h)).ravel(order="F"))
    return np.stack(columns, axis=1)


def stacked(values: dict[str, object], wrt: str) -> np.ndarray:
    return np.asarray(values[wrt], dtype=float).ravel(order="F")


def truth(problem: Problem, values: dict[str, object], wrt: str, kind: str) -> np.ndarray:
    """The derivative of a kind by differences: a gradient has the array's shape, the others are matrices."""
    f, x = along(problem, values, wrt), stacked(values, wrt)
    if kind == "hessian":
        return differences(lambda y: differences(f, y, 2e-3), x, 2e-3)
    table = differences(f, x)
    if kind == "gradient":
        shape = np.shape(values[wrt])
        return table.reshape(shape, order="F") if shape else table.reshape(())
    return table


def close(found: np.ndarray, wanted: np.ndarray, tolerance: float = 1e-5) -> bool:
    """Of one shape, and equal up to the error of differences."""
    if found.shape != wanted.shape and not found.size == wanted.size == 1:
        return False
    found = found.reshape(wanted.shape)
    return bool(
        np.isfinite(found).all() and np.max(np.abs(found - wanted)) <= tolerance * max(1e-3, np.max(np.abs(wanted)))
    )


__all__ = ["along", "close", "differences", "environment", "parse", "run", "stacked", "truth", "value"]
