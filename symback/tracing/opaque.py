"""Values that a run may compute and print but that no gradient depends on: predictions, accuracies, tests for NaN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from symback.errors import SymbackError
from symback.tracing.array import Symbolic
from symback.tracing.recorder import Tape

OPAQUE_FUNCTIONS = ("argmax", "argmin", "argsort", "array_equal", "allclose", "isclose", "unique", "count_nonzero")
OPAQUE_UFUNCS = ("equal", "not_equal")
NEVER = ("isnan", "isinf")  # of a symbolic array these hold nowhere


@dataclass(eq=False, repr=False)
class Opaque(NDArrayOperatorsMixin):
    """Something made of symbolic arrays that has no formula; more can be made of it, and it can be printed."""

    tape: Tape
    what: str

    __hash__ = object.__hash__
    __array_priority__ = 2000.0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Opaque:
        return self

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Opaque:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self

    def __getitem__(self, index: object) -> Opaque:
        return self

    def __round__(self, digits: int = 0) -> Opaque:
        return self

    def _refused(self) -> SymbackError:
        return self.tape.refused(f"{self.what} has no formula, and a branch or a loop depends on it")

    def __bool__(self) -> NoReturn:
        raise self._refused()

    def __iter__(self) -> NoReturn:
        raise self._refused()

    def __float__(self) -> float:
        if self.tape.here().text.startswith("print("):
            return float("nan")
        raise self._refused()

    def __repr__(self) -> str:
        return self.what

    def __format__(self, spec: str) -> str:
        return self.what


@dataclass
class Row:
    """``X[0]`` of a matrix, of which only the shape is asked."""

    tape: Tape
    shape: tuple[Any, ...]

    def __getattr__(self, name: str) -> Any:
        if name == "size":
            return self.shape[0]
        raise self.tape.refused(
            "one row of an array is taken here, and no formula here says that; pass the rows as arguments of their own"
        )

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise self.tape.refused("one row of an array is taken here; pass the rows as arguments of their own")

    def __len__(self) -> int:
        size = self.shape[0]
        return int(size) if not issubclass(type(size), Symbolic) else size.__index__()
