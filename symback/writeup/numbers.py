"""Small numbers that satisfy what a problem assumes, for examples that a reader can follow by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.algebra.walk import symbols
from symback.checking.draw import Draw, dimension_names, draw_array
from symback.checking.run import Environment, Forward, Texts
from symback.language.write import write
from symback.records import Gradient, Problem, Symbol
from symback.writeup.layout import Layout, Matrix, Num, Op, row

Array = Any
LARGEST = 4  # rows or columns that a reader multiplies by hand


def sizes_for(problem: Problem, pattern: tuple[int, ...]) -> dict[str, int] | None:
    """The dimensions by name, taken from a pattern in turn; None where what is assumed about them does not fit."""
    fixed = dict(problem.facts.fixed)
    names = [n for n in dimension_names(problem) if n not in fixed]
    sizes = {**fixed, **{name: pattern[i % len(pattern)] for i, name in enumerate(names)}}
    compare = {">": int.__gt__, ">=": int.__ge__, "==": int.__eq__}
    holds = all(compare[r](a.value(sizes), b.value(sizes)) for a, r, b in problem.facts.sizes)
    small = all(d.value(sizes) <= LARGEST for s in problem.symbols.values() for d in s.shape)
    return sizes if holds and small else None


def labels(problem: Problem, objective: str) -> set[str]:
    """The arrays that only the objective reads, beside what the network computes: zeros and ones suit them."""
    users: dict[str, set[str]] = {name: set() for name in problem.symbols}
    for definition in problem.definitions:
        for name in symbols(definition.node):
            users.setdefault(name, set()).add(definition.name)
    computed = {d.name for d in problem.definitions}
    last = problem.definition(objective)
    beside = last is not None and bool(computed & set(symbols(last.node)))
    return {n for n in problem.symbols if beside and users[n] == {objective}}


def small_draw(
    problem: Problem,
    sizes: dict[str, int],
    rng: np.random.Generator,
    zero_one: set[str],
    between: tuple[int, int] = (-2, 3),
) -> Draw:
    """Integers near zero for every declared array; what the facts ask for where they ask for more."""
    inputs: dict[str, Array] = {}
    for symbol in problem.symbols.values():
        facts = {fact for fact, name in problem.facts.arrays if name == symbol.name}
        inputs[symbol.name] = _small(symbol, facts, sizes, rng, symbol.name in zero_one, between)
    return Draw(sizes, inputs)


def _small(
    symbol: Symbol,
    facts: set[str],
    sizes: dict[str, int],
    rng: np.random.Generator,
    zero_one: bool,
    between: tuple[int, int],
) -> Array:
    if facts - {"positive", "invertible", "full_rank", "symmetric"}:
        return (
            draw_array(symbol, facts, sizes, rng, "normal").round(1)
            if facts & {"diagonal"}
            else draw_array(symbol, facts, sizes, rng, "normal")
        )
    if symbol.ndim == 0:
        return 0.5
    shape = (symbol.shape[0].value(sizes), symbol.shape[1].value(sizes))
    low, high = (1, 4) if "positive" in facts else (between[0], between[1] + 1)
    if zero_one:  # as many ones as zeros
        return _declared((rng.permutation(shape[0] * shape[1]) % 2).reshape(shape).astype(float), symbol)
    value = rng.integers(low, high, size=shape).astype(float)
    if low < 0:  # a zero would hide a product
        value[value == 0] = rng.choice([-1.0, 1.0], size=int(np.sum(value == 0)))
    if "symmetric" in facts:
        value = np.triu(value) + np.triu(value, 1).T
    return _declared(value, symbol)


def _declared(value: Array, symbol: Symbol) -> Array:
    """With the number of dimensions that NumPy sees."""
    return value[0] if symbol.ndim == 1 else value


@dataclass
class Runner:
    """The user's forward pass and the printed gradients, in NumPy; texts are compiled once."""

    problem: Problem
    objective: str
    gradients: dict[str, Gradient]
    one_d: frozenset[str]
    zero_d: frozenset[str]
    kind: str = "gradient"

    def __post_init__(self) -> None:
        self.forward, self.texts = Forward(self.problem, self.objective), Texts()
        self.lines = {
            str(g.symbol.data): write(g.named, self.one_d, g.ndim == 1, self.zero_d) for g in self.gradients.values()
        }

    def run(self, draw: Draw) -> Environment:
        """The forward pass."""
        with np.errstate(all="ignore"):
            return self.forward.run(draw)

    def set(self, environment: Environment, name: str, value: Array) -> None:
        """Give one array another value, and compute everything downstream of it again, as the user wrote it."""
        environment[name] = value
        with np.errstate(all="ignore"):
            exec(self.forward.code(name), environment)  # texts that our own reader has seen

    def backward(self, environment: Environment) -> None:
        """The gradients, each by its printed line, into the same environment."""
        with np.errstate(all="ignore"):
            for name, line in self.lines.items():
                environment[name] = self.texts.evaluate(line, environment)


def shown(value: float, places: int = 3) -> str:
    """A number rounded for reading, without needless zeros."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"
    return "0" if text in ("-0", "") else text


def as_list(value: Array, places: int = 3) -> str:
    """A matrix as a Python list: [[1, 0], [2, 6]]."""
    table = np.asarray(value, dtype=float)
    if table.ndim == 0:
        return shown(float(table), places)
    if table.ndim == 1:
        return f"[{', '.join(shown(float(v), places) for v in table)}]"
    return f"[{', '.join('[' + ', '.join(shown(float(v), places) for v in line) + ']' for line in table)}]"


def number(value: float, places: int = 3) -> Layout:
    """A number as a layout, its minus sign typeset."""
    text = shown(value, places)
    return row(Op("−", "prefix"), Num(text[1:])) if text.startswith("-") else Num(text)


def as_matrix(value: Array, places: int = 3) -> Layout:
    """A matrix of numbers as a layout; a scalar is a number."""
    table = np.atleast_2d(np.asarray(value, dtype=float))
    if table.size == 1:
        return number(float(table[0, 0]), places)
    return Matrix(tuple(tuple(number(float(v), places) for v in line) for line in table))
