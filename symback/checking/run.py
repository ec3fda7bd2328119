"""Run the texts of a problem in NumPy: the user's own definitions, and the formulas that are printed.

The texts have been read by the parser of the language, so they hold nothing but its expressions; they run with
the functions of ``symback.numpy``, NumPy itself under the name ``np``, and no builtins.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

import numpy as np

import symback.numpy as language
from symback.algebra.walk import symbols
from symback.checking.draw import Draw
from symback.records import Problem

Array = Any
Environment = dict[str, Any]

FUNCTIONS = {name: getattr(language, name) for name in language.__all__}


def namespace(values: Environment) -> Environment:
    """What a text may use: the functions of the language, ``np``, and these values."""
    return {"__builtins__": {}, "np": np, **FUNCTIONS, **values}


def matrix(value: Array) -> Array:
    """A value as the two-dimensional matrix that it is in a derivation: a 1-D array is a row."""
    value = np.asarray(value, dtype=float)
    return value.reshape(1, -1) if value.ndim < 2 else value


class Texts:
    """The texts that have been compiled, each of them once."""

    def __init__(self) -> None:
        """Nothing is compiled yet."""
        self._codes: dict[str, CodeType] = {}

    def evaluate(self, text: str, environment: Environment) -> Array:
        """The value of an expression."""
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = compile(f"({text}\n)", "<formula>", "eval")
        return eval(code, environment)  # a text that our own reader or writer has seen


class Forward:
    """The forward pass of a problem, as the user wrote it, and what of it has to run again when one array changes."""

    def __init__(self, problem: Problem, objective: str) -> None:
        """The definitions up to the objective."""
        self.problem, self.objective = problem, objective
        last = [d.name for d in problem.definitions].index(objective) + 1
        self._definitions = problem.definitions[:last]
        self._used = {d.name: symbols(d.node) for d in self._definitions}
        self._codes: dict[str | None, CodeType] = {}
        self._after: dict[str | None, list[str]] = {}

    def after(self, name: str | None) -> list[str]:
        """The definitions that depend on an array, itself left out; all of them for None."""
        if name not in self._after:
            changed = set() if name is None else {name}
            order = self._after[name] = []
            for definition in self._definitions:
                if name is None or (definition.name != name and changed.intersection(self._used[definition.name])):
                    changed.add(definition.name)
                    order.append(definition.name)
        return self._after[name]

    def code(self, name: str | None) -> CodeType:
        """The definitions that depend on an array, as one program."""
        if name not in self._codes:
            wanted = set(self.after(name))
            lines = [f"{d.name} = ({d.text}\n)" for d in self._definitions if d.name in wanted]
            self._codes[name] = compile("\n".join(lines), "<forward pass>", "exec")
        return self._codes[name]

    def run(self, draw: Draw) -> Environment:
        """The values of all names at a point."""
        environment = namespace({**draw.sizes, **draw.inputs})
        exec(self.code(None), environment)  # texts that our own reader has seen
        return environment
