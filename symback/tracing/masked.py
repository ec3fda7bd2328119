"""``A[mask]``: the entries where a mask holds, on their way into a sum or back into the same places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.language.values import Value
from symback.tracing.array import Array, Symbolic
from symback.tracing.recorder import Tape


@dataclass(eq=False, repr=False)
class Masked(Symbolic):
    """The picked entries, held as an array of the full shape; what is not picked means nothing."""

    tape: Tape
    full: Value
    mask: Value

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from symback.tracing.ufuncs import call_ufunc  # the tables build arrays, and arrays look up the tables

        kwargs.pop("out", None)  # A[mask] is a copy; it is put back by the assignment that follows
        for x in inputs:
            if type(x) is Masked and x.mask.node is not self.mask.node:
                raise self.tape.refused("entries picked by two different masks are combined here; use np.where")
            if type(x) is Array and x.ndim:
                raise self.tape.refused("picked entries meet a whole array here; pick from both by one mask")
        whole = [self.tape.hold(x.full) if type(x) is Masked else x for x in inputs]
        return Masked(self.tape, call_ufunc(self.tape, ufunc, method, tuple(whole), kwargs).value, self.mask)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function.__name__ != "sum" or kwargs or len(args) != 1:
            raise self.tape.refused(f"np.{function.__name__} of picked entries is not traced; use np.where")
        return self.sum()

    def sum(self) -> Array:
        """The sum of the picked entries."""
        return self.tape.array(n.total(n.mul(self.mask.node, self.full.node)), 0)

    def __repr__(self) -> str:
        return "picked entries"
