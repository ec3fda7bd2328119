"""Run a text of the language in NumPy: the truth that reading and writing are held against."""

from __future__ import annotations

import numpy as np

import symback.numpy as language
from symback.language.read import parse
from symback.language.write import write
from symback.records import Definition, Problem

SIZES = {"n": 3, "m": 4, "k": 5}
DECLARATIONS = """
A: (n, m)
B: (n, m)
C: (m, k)
S: (n, n)
T: (m, m)
c: (n, 1)
d: (m, 1)
r: (1, m)
q: (1, n)
u: (1, 1)
s: ()
t: ()
x: (n,)
z: (n,)
y: (m,)
w: (k,)
"""


def environment(seed: int = 0) -> dict[str, object]:
    """The functions of the language, NumPy, the sizes, and arrays of the declared shapes."""
    rng = np.random.default_rng(seed)
    names = {name: getattr(language, name) for name in language.__all__}
    arrays = {}
    for line in DECLARATIONS.strip().split("\n"):
        name, shape = line.split(": ")
        sizes = eval(shape, {}, SIZES)
        arrays[name] = rng.normal(size=sizes) if sizes else float(rng.normal())
        if name in "ST":
            arrays[name] += 2 * np.eye(*sizes)
    return {**names, "np": np, **SIZES, **arrays}


def run(text: str, names: dict[str, object]) -> np.ndarray:
    """What NumPy makes of a text."""
    with np.errstate(all="ignore"):
        return np.asarray(eval(text, dict(names)), dtype=float)


def read(text: str) -> tuple[Problem, Definition]:
    """The definition J = text over the declared arrays."""
    problem = parse(f"{DECLARATIONS}J = {text}\n")
    return problem, problem.definitions[-1]


def written(problem: Problem, definition: Definition) -> str:
    """The text that is printed of a definition."""
    one_d = frozenset(s.name for s in problem.symbols.values() if s.ndim == 1)
    zero_d = frozenset(s.name for s in problem.symbols.values() if s.ndim == 0)
    return write(definition.node, one_d, definition.ndim == 1, zero_d)


def numpy_shape(definition: Definition) -> tuple[int, ...]:
    """The shape that symback says NumPy sees."""
    rows, columns = (size.value(SIZES) for size in definition.node.shape)
    return {0: (), 1: (columns,), 2: (rows, columns)}[definition.ndim]


def scalar(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(1, 1) and () conform everywhere."""
    return () if shape == (1, 1) else shape
