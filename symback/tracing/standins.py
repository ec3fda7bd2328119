"""What stands in, during a run, for the parts of Python and NumPy that an array cannot answer for itself.

``np.zeros((n, m))``, ``np.array(dA, copy=True)``, ``np.int64(A > 0)``, ``range(m)`` and ``float(cost)`` never ask the
array. So the names by which the user's modules reach them mean symbolic versions while the function runs, and are put
back afterwards; NumPy itself is not touched.
"""

from __future__ import annotations

import builtins
import math
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from symback.tracing import creation
from symback.tracing.array import Array, Labels, Size, Symbolic
from symback.tracing.functions import cast
from symback.tracing.recorder import Tape

FLOATS = ("float64", "float32", "float16", "longdouble")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "uint32", "uint64")
_ABSENT = object()


class StandIn(ModuleType):
    """A module with some of its names replaced."""

    def __init__(self, real: ModuleType, replaced: dict[str, Any]) -> None:
        """The module, and the names that mean something else in it."""
        super().__init__(real.__name__)
        self.__dict__.update(replaced)
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_real"], name)


def converter(tape: Tape, real: type) -> type:
    """A type such as ``float`` or ``np.int64`` whose calls accept symbolic arrays, and which is that type in tests."""

    class Meta(type):
        def __instancecheck__(cls, other: object) -> bool:
            return isinstance(other, real)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, real)

        def __eq__(cls, other: object) -> bool:
            return other is cls or other is real

        __hash__ = type.__hash__

    def __new__(cls: type, x: Any = 0, *rest: Any) -> Any:
        return cast(tape, x, real) if isinstance_of_trace(x) else real(x, *rest)

    return Meta(real.__name__, (real,), {"__new__": __new__})


def isinstance_of_trace(x: object) -> bool:
    """True of what this package made: arrays, sizes, labels."""
    return issubclass(type(x), Symbolic)


def standins(tape: Tape) -> dict[int, Any]:
    """The replacement for each object, by the object's identity."""
    numpy = {name: getattr(creation, name + "_") for name in creation.NAMES}
    replaced: dict[str, Any] = {name: _on_tape(tape, f, getattr(np, name)) for name, f in numpy.items()}
    replaced |= {name: converter(tape, getattr(np, name)) for name in (*FLOATS, *INTEGERS) if hasattr(np, name)}
    replaced["pi"] = tape.array(tape.number(math.pi), 0)
    table = {id(getattr(np, name)): new for name, new in replaced.items() if name != "pi"}
    replaced["random"] = StandIn(np.random, {n: _no_random(tape, getattr(np.random, n)) for n in creation.RANDOM})
    table[id(np.random)] = replaced["random"]
    table[id(np)] = StandIn(np, replaced)
    mathematics = {name: _scalar(tape, name) for name in creation.MATH}
    table[id(math)] = StandIn(math, {**mathematics, "pi": replaced["pi"]})
    table |= {id(getattr(math, name)): new for name, new in mathematics.items()}
    return table


def builtin_standins(tape: Tape) -> dict[str, Any]:
    """Replacements for Python's own names."""

    def range_(*args: Any) -> Any:
        return creation.range_(tape, *args)

    def len_(x: Any) -> Any:
        return x.shape[0] if type(x) in (Array, Labels) and x.shape else builtins.len(x)

    def sum_(x: Any, *start: Any) -> Any:
        if type(x) is Array:  # Python adds up the rows
            return np.sum(x, axis=0)
        return builtins.sum(x, *start)

    return {"sum": sum_, "float": converter(tape, float), "int": converter(tape, int), "range": range_, "len": len_}


def _on_tape(tape: Tape, symbolic: Any, real: Any) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        return symbolic(tape, real, *args, **kwargs)

    return call


def _scalar(tape: Tape, name: str) -> Any:
    """math.sqrt and its like, of a symbolic scalar or of a number."""
    real, ufunc = getattr(math, name), getattr(np, creation.MATH[name])

    def call(*args: Any) -> Any:
        return ufunc(*args) if any(type(a) in (Array, Size) for a in args) else real(*args)

    return call


def _no_random(tape: Tape, real: Any) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        flat = [a for arg in args for a in (arg if isinstance(arg, tuple | list) else (arg,))]
        if any(isinstance_of_trace(a) for a in (*flat, *kwargs.values())):
            raise tape.refused("random numbers have no formula; pass this array (a dropout mask, say) as an argument")
        return real(*args, **kwargs)

    return call


@dataclass
class Standins:
    """The replacements of one run, and what they replaced in which module."""

    tape: Tape
    undo: list[tuple[dict[str, Any], str, Any]] = field(default_factory=list)
    entered: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.table, self.names = standins(self.tape), builtin_standins(self.tape)

    def enter(self, module: dict[str, Any]) -> None:
        """Replace the names of one module of the user's."""
        if id(module) in self.entered:
            return
        self.entered.add(id(module))
        for name, held in list(module.items()):
            new = self.table.get(id(held))
            if new is not None:
                self.undo.append((module, name, held))
                module[name] = new
        for name, new in self.names.items():
            if name not in module:
                self.undo.append((module, name, _ABSENT))
                module[name] = new

    def leave(self) -> None:
        """Put everything back."""
        for module, name, held in reversed(self.undo):
            if held is _ABSENT:
                module.pop(name, None)
            else:
                module[name] = held
        self.undo.clear()
        self.entered.clear()
