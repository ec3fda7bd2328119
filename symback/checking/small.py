"""Arrays of small whole numbers that satisfy facts, and the test whether values satisfy them."""

from __future__ import annotations

import numpy as np

from symback.checking.draw import Sizes
from symback.checking.run import Array, Environment, matrix
from symback.records import Problem, Symbol

TOLERANCE = 1e-9


def small_array(
    symbol: Symbol, facts: set[str], sizes: Sizes, rng: np.random.Generator, positive: bool = False
) -> Array:
    """An array with entries such as -1, 0, 1, 2 (positive ones where that is asked) that satisfies ``facts``."""
    shape = (symbol.shape[0].value(sizes), symbol.shape[1].value(sizes))
    value = _structured(facts, shape, rng)
    if value is None:
        value = _free(shape, rng, positive or "positive" in facts)
        if "symmetric" in facts:
            value = np.tril(value) + np.tril(value, -1).T
    return float(value[0, 0]) if symbol.ndim == 0 else value[0] if symbol.ndim == 1 else value


def _free(shape: tuple[int, int], rng: np.random.Generator, positive: bool) -> Array:
    return rng.integers(1, 4, size=shape).astype(float) if positive else rng.integers(-2, 3, size=shape).astype(float)


def _structured(facts: set[str], shape: tuple[int, int], rng: np.random.Generator) -> Array | None:
    rows, columns = shape
    for axis in (0, 1):
        count, among = (columns, rows) if axis == 0 else (rows, columns)
        if f"onehot:{axis}" in facts:
            hot = np.eye(among)[:, rng.integers(0, among, size=count)]
            return hot if axis == 0 else hot.T
        if f"sums_to_one:{axis}" in facts:  # whole numbers, the last of which makes up the sum
            table = _free((among, count), rng, False)
            table[-1] = 1 - table[:-1].sum(axis=0)
            return table if axis == 0 else table.T
    if "binary" in facts:
        return rng.integers(0, 2, size=shape).astype(float)
    if "diagonal" in facts:
        signs = np.ones(rows) if facts & {"spd", "positive"} else rng.choice([-1.0, 1.0], size=rows)
        return np.diag(rng.integers(1, 4, size=rows) * signs)
    if "orthogonal" in facts:
        return np.eye(rows)[rng.permutation(rows)] * rng.choice([-1.0, 1.0], size=rows)
    if "spd" in facts:
        factor = _free(shape, rng, "positive" in facts)
        return factor @ factor.T + np.eye(rows)
    if facts & {"invertible", "full_rank"} and not facts & {"symmetric", "positive"}:  # unit triangular factors
        k = min(shape)
        lower, upper = np.tril(_free((k, k), rng, False), -1), np.triu(_free((k, k), rng, False), 1)
        core = (lower + np.eye(k)) @ (upper + np.eye(k))
        value = _free(shape, rng, False)
        value[:k, :k] = core
        return value
    return None


def satisfies(problem: Problem, sizes: Sizes, values: Environment) -> bool:
    """True where the relations between sizes hold, and every fact about an array or definition that has a value."""
    compare = {">": int.__gt__, ">=": int.__ge__, "==": int.__eq__}
    if not all(compare[relation](a.value(sizes), b.value(sizes)) for a, relation, b in problem.facts.sizes):
        return False
    return all(_holds(fact, matrix(values[name])) for fact, name in problem.facts.arrays if name in values)


def _holds(fact: str, value: Array) -> bool:
    """True where an array satisfies a fact, up to rounding."""
    if not np.isfinite(value).all():
        return False

    size = max(1.0, float(np.max(np.abs(value), initial=0.0)))

    def near(a: Array, b: Array | float) -> bool:
        return bool(np.max(np.abs(a - b), initial=0.0) <= TOLERANCE * size)

    kind, _, axis = fact.partition(":")
    match kind:
        case "symmetric":
            return near(value, value.T)
        case "diagonal":
            return near(value, np.diag(np.diagonal(value)))
        case "orthogonal":
            return near(value.T @ value, np.eye(len(value)))
        case "spd":
            return near(value, value.T) and bool(np.min(np.linalg.eigvalsh((value + value.T) / 2)) > 0)
        case "positive":
            return bool((value > 0).all())
        case "invertible" | "full_rank":
            return bool(np.linalg.matrix_rank(value) == min(value.shape))
        case "binary":
            return bool(((value == 0) | (value == 1)).all())
        case "sums_to_one":
            return near(value.sum(axis=int(axis)), 1.0)
        case _:
            return bool(((value == 0) | (value == 1)).all()) and near(value.sum(axis=int(axis)), 1.0)
