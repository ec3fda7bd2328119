"""``@explain``: a function that carries the derivation of its own gradients, shown in a notebook."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symback.calculus.derivation import Derivation
from symback.calculus.derive import derive
from symback.records import Problem
from symback.tracing.problem import trace


@dataclass(eq=False)
class Explained:
    """A function with its problem and its derivation, which are made when they are first asked for."""

    function: Callable[..., Any]
    shapes: dict[str, Any]

    def __post_init__(self) -> None:
        functools.update_wrapper(self, self.function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function itself gives."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def problem(self) -> Problem:
        """What the function computes."""
        return trace(self.function, **self.shapes)

    @functools.cached_property
    def derivation(self) -> Derivation:
        """The gradients of what it computes, with their steps."""
        return derive(self.problem)

    def __repr__(self) -> str:
        lines = [f"{d.name} = {d.text}" for d in self.problem.definitions]
        return "\n".join(lines + [f"d{name} = {result.to_numpy()}" for name, result in self.derivation.items()])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        show = getattr(self.derivation, "_repr_mimebundle_", None)
        bundle = show(include, exclude) if show is not None else {}
        bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        return {"text/plain": repr(self), **bundle}


def explain(**shapes: Any) -> Callable[[Callable[..., Any]], Explained]:
    """A decorator that derives a function's gradients; shapes are given as to ``trace``.

    >>> import numpy as np
    >>> @explain(X=("n", "m"), Y=("k", "m"), W=("k", "n"))
    ... def cost(X, Y, W):
    ...     return np.sum((W @ X - Y) ** 2) / X.shape[1]
    >>> cost.derivation["W"].to_numpy()
    '2 * (W @ X - Y) @ X.T / m'
    >>> float(cost(np.ones((2, 3)), np.ones((1, 3)), np.ones((1, 2))))
    1.0
    """
    return lambda function: Explained(function, shapes)
