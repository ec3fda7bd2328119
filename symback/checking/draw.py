"""Random sizes and arrays that satisfy what a problem assumes.

Sizes are distinct, so that a transpose that is lost shows as a shape; entries are of order one, so that no term
hides behind another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.algebra.dims import show_shape
from symback.algebra.walk import postorder
from symback.errors import SymbackError
from symback.records import Problem, Symbol

Array = Any  # an ndarray, or a float for a scalar
Sizes = dict[str, int]

MAX_ENTRIES = 10**7  # of an array that is computed with
LAWS = ("normal", "positive", "unit", "large", "negative")  # tried in turn where a function is not real everywhere


@dataclass(frozen=True)
class Draw:
    """One point: the sizes of the dimensions, and a value for every declared array."""

    sizes: Sizes
    inputs: dict[str, Array]


def draw(problem: Problem, rng: np.random.Generator, smallest: int = 5, mixed: bool = False) -> Draw:
    """A point that satisfies the facts of a problem; with ``mixed`` every array has a law of its own.

    Raises SymbackError where no sizes satisfy the relations that are assumed.
    """
    sizes = draw_sizes(problem, rng, smallest)
    _affordable(problem, sizes)
    inputs = {}
    for symbol in problem.symbols.values():
        facts = {fact for fact, name in problem.facts.arrays if name == symbol.name}
        inputs[symbol.name] = draw_array(symbol, facts, sizes, rng, str(rng.choice(LAWS)) if mixed else "normal")
    return Draw(sizes, inputs)


def _affordable(problem: Problem, sizes: Sizes) -> None:
    """Raise SymbackError where an array at this point would not fit into memory."""
    parts = [symbol.node for symbol in problem.symbols.values()]
    parts += dict.fromkeys(part for definition in problem.definitions for part in postorder(definition.node))
    for part in parts:
        entries = part.shape[0].value(sizes) * part.shape[1].value(sizes)
        if entries > MAX_ENTRIES:
            raise SymbackError(
                f"an array of shape {show_shape(part.shape)} has {entries} entries, too many to check with numbers; "
                "write names for its dimensions"
            )


def dimension_names(problem: Problem) -> list[str]:
    """The dimensions that a problem names, in the order of their first appearance."""
    names = [n for s in problem.symbols.values() for size in s.shape for n in size.names]
    names += [n for a, _, b in problem.facts.sizes for n in (*a.names, *b.names)]
    return list(dict.fromkeys(names))


def draw_sizes(problem: Problem, rng: np.random.Generator, smallest: int = 5) -> Sizes:
    """A size for every dimension, distinct where the relations that are assumed allow it."""
    fixed = dict(problem.facts.fixed)
    free = [name for name in dimension_names(problem) if name not in fixed]
    for attempt in range(2000):
        spread = len(free) + attempt // 200
        values = rng.permutation(np.arange(smallest, smallest + spread))[: len(free)].tolist()
        sizes = {**fixed, **dict(zip(free, values, strict=True))}
        if attempt >= 100:  # sizes that are assumed equal, or bounded by a small number
            sizes = _bent(problem, sizes, rng)
        if _fits(problem, sizes):
            return sizes
    relations = ", ".join(f"{a} {r} {b}" for a, r, b in problem.facts.sizes)
    raise SymbackError(f"no sizes were found that satisfy {relations}")


def _fits(problem: Problem, sizes: Sizes) -> bool:
    compare = {">": int.__gt__, ">=": int.__ge__, "==": int.__eq__}
    return all(compare[relation](a.value(sizes), b.value(sizes)) for a, relation, b in problem.facts.sizes)


def _bent(problem: Problem, sizes: Sizes, rng: np.random.Generator) -> Sizes:
    """The sizes with one side of every relation that fails moved to where it holds."""
    sizes = dict(sizes)
    for a, relation, b in problem.facts.sizes:
        want = b.value(sizes) + (1 if relation == ">" else 0)
        have = a.value(sizes)
        if have < want or (relation == "==" and have != want):
            if len(a.names) == 1 and a.coefficient == 1:
                sizes[a.names[0]] = want
            elif len(b.names) == 1 and b.coefficient == 1:
                sizes[b.names[0]] = max(1, have - (1 if relation == ">" else 0))
    return sizes


# --- arrays ------------------------------------------------------------------------------------------------


def draw_array(symbol: Symbol, facts: set[str], sizes: Sizes, rng: np.random.Generator, law: str) -> Array:
    """An array that satisfies ``facts``, with the number of dimensions that NumPy sees."""
    shape = (symbol.shape[0].value(sizes), symbol.shape[1].value(sizes))
    value = _structured(facts, shape, rng) if facts else None
    if value is None:
        value = entries(shape, rng, "positive" if "positive" in facts else law)
        if "symmetric" in facts:
            value = (value + value.T) / 2
    return value[0, 0] if symbol.ndim == 0 else value[0] if symbol.ndim == 1 else value


def entries(shape: tuple[int, int], rng: np.random.Generator, law: str) -> Array:
    """Independent entries of order one, away from zero where a law has a sign."""
    if law == "normal":
        return rng.normal(size=shape)
    low, high = {"positive": (0.4, 1.8), "unit": (0.1, 0.9), "large": (2.0, 3.5), "negative": (-1.8, -0.4)}[law]
    return rng.uniform(low, high, size=shape)


def _structured(facts: set[str], shape: tuple[int, int], rng: np.random.Generator) -> Array | None:
    """An array whose facts say more than a law for its entries can, else None."""
    rows, columns = shape
    for axis in (0, 1):
        if f"onehot:{axis}" in facts:
            count, among = (columns, rows) if axis == 0 else (rows, columns)
            places = np.concatenate([rng.permutation(among)] * (count // among + 1))[:count]
            hot = np.eye(among)[:, rng.permutation(places)]
            return hot if axis == 0 else hot.T
        if f"sums_to_one:{axis}" in facts:
            weights = rng.uniform(0.3, 1.7, size=shape)
            return weights / weights.sum(axis=axis, keepdims=True)
    if "binary" in facts:
        count = rows * columns
        ones = rng.integers(1, count) if count > 1 else rng.integers(2)  # both values occur
        return (rng.permutation(count) < ones).reshape(shape).astype(float)
    if "diagonal" in facts:
        sign = 1 if facts & {"spd", "positive"} else rng.choice([-1, 1], size=rows)
        return np.diag(rng.uniform(0.5, 1.8, size=rows) * sign)
    if "orthogonal" in facts:
        return np.linalg.qr(rng.normal(size=shape))[0]
    if "spd" in facts:
        factor = rng.uniform(0.1, 1, size=shape) if "positive" in facts else rng.normal(size=shape)
        return factor @ factor.T / rows + 0.7 * np.eye(rows)
    if facts & {"invertible", "full_rank"}:
        return _well_conditioned(shape, "symmetric" in facts, "positive" in facts, rng)
    return None


def _well_conditioned(shape: tuple[int, int], symmetric: bool, positive: bool, rng: np.random.Generator) -> Array:
    """The best conditioned of several matrices."""
    found = [entries(shape, rng, "positive" if positive else "normal") for _ in range(8)]
    if symmetric:
        found = [(a + a.T) / 2 for a in found]
    return min(found, key=np.linalg.cond)
