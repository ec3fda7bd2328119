"""The derivative of the user's own text by central differences: the truth that every formula is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from symback.checking.run import Array, Environment, Forward

STEP = 5e-4
SMOOTH = 2e-5  # how far two step sizes may disagree, relative to the largest entry


@dataclass(frozen=True)
class Truth:
    """A derivative by differences, and how far two step sizes disagree about it, relative to its largest entry.

    ``value`` is the derivative by every entry; where ``directions`` are given, the derivative along each of them.
    """

    value: Array
    doubt: float
    shape: tuple[int, ...]
    directions: tuple[Array, ...] = ()

    @property
    def trusted(self) -> bool:
        """False at a kink, or where the function is ill conditioned."""
        return bool(np.isfinite(self.value).all()) and self.doubt < SMOOTH

    def error(self, formula: Array, size: float) -> float:
        """The error of a formula's value, relative to the largest entry, or to what ``size`` lets differences resolve.

        Infinite where the shape is another, or a value is not finite.
        """
        found = np.asarray(formula, dtype=float)
        if found.shape != self.shape and not found.size == 1 == np.prod(self.shape):
            return float("inf")
        found = found.reshape(self.shape)
        if self.directions:
            found = np.array([np.sum(found * change) for change in self.directions])
        scale = max(float(np.max(np.abs(self.value), initial=0.0)), 1e-6 * size, 1e-9)
        error = float(np.max(np.abs(found - self.value), initial=0.0)) / scale
        return error if error == error else float("inf")


def slope(f: Callable[[float], Array], h: float = STEP) -> tuple[Array, Array]:
    """f'(0) to fourth order, (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12 h, and to second order."""
    near, far = f(h) - f(-h), f(2 * h) - f(-2 * h)
    return (8 * near - far) / (12 * h), near / (2 * h)


def directions(value: Array, structure: str | None) -> Iterator[tuple[int, int, Array]]:
    """One perturbation for each entry, column by column; for a structured matrix those that keep its structure."""
    table = np.atleast_2d(value)
    for j in range(table.shape[1]):
        for i in range(table.shape[0]):
            if structure == "diagonal" and i != j or structure == "symmetric" and i < j:
                continue
            change = np.zeros(table.shape)
            change[i, j] = 1
            if structure == "symmetric":
                change[j, i] = 1
            yield i, j, change.reshape(np.shape(value))


class Differences:
    """Differences of one function of the forward pass by its arrays, at one point."""

    def __init__(self, forward: Forward, environment: Environment, upstream: str | None = None) -> None:
        self.forward, self.environment, self.upstream = forward, environment, upstream

    def along(self, name: str, start: Array, change: Array) -> Callable[[float], Array]:
        """The objective as a function of t, where the array is ``start + t change``."""
        environment, code, objective = self.environment, self.forward.code(name), self.forward.objective
        upstream = None if self.upstream is None else environment[self.upstream]

        def at(t: float) -> Array:
            environment[name] = start + t * change
            exec(code, environment)  # the definitions after this one, as the user wrote them
            value = environment[objective]
            return value if upstream is None else np.sum(upstream * value)

        return at

    def restore(self, saved: Environment) -> None:
        """Put the environment back to the point itself."""
        self.environment.update(saved)

    def _saved(self, name: str) -> Environment:
        return {n: self.environment[n] for n in (name, *self.forward.after(name))}

    def gradient(self, name: str, structure: str | None = None) -> Truth:
        """The derivative of a scalar by every entry of an array, in the array's shape as a matrix."""
        saved = self._saved(name)
        start = saved[name]
        fine, rough = (np.zeros(np.atleast_2d(start).shape) for _ in range(2))
        for i, j, change in directions(start, structure):
            a, b = slope(self.along(name, saved[name], change))
            fine[i, j], rough[i, j] = np.sum(a), np.sum(b)
            if structure == "symmetric":
                fine[j, i], rough[j, i] = fine[i, j], rough[i, j]
        self.restore(saved)
        shape = np.shape(start)
        return _truth(fine.reshape(shape), rough.reshape(shape), saved[self.forward.objective])

    def sampled(self, name: str, rng: np.random.Generator, count: int = 4) -> Truth:
        """The derivative of a scalar along a few random directions, where there are too many entries."""
        saved = self._saved(name)
        changes = tuple(rng.normal(size=np.shape(saved[name])) for _ in range(count))
        both = [slope(self.along(name, saved[name], change)) for change in changes]
        self.restore(saved)
        fine, rough = (np.array([np.sum(pair[k]) for pair in both]) for k in (0, 1))
        truth = _truth(fine, rough, saved[self.forward.objective])
        return Truth(truth.value, truth.doubt, np.shape(saved[name]), changes)

    def jacobian(self, name: str, structure: str | None = None) -> Truth:
        """d vec(F) / d vec(X), both stacked by columns."""
        saved = self._saved(name)
        fine, rough = [], []
        for _, _, change in directions(saved[name], structure):
            a, b = slope(self.along(name, saved[name], change))
            fine.append(_stacked(a))
            rough.append(_stacked(b))
        self.restore(saved)
        return _truth(np.array(fine).T, np.array(rough).T, saved[self.forward.objective])

    def hessian(self, name: str) -> Truth:
        """The second derivatives of a scalar by vec(X), by differences of differences."""
        saved = self._saved(name)
        changes = [change for _, _, change in directions(saved[name], None)]
        fine, rough = (np.zeros((len(changes), len(changes))) for _ in range(2))
        for i, one in enumerate(changes):
            for j, two in enumerate(changes[: i + 1]):
                fine[i, j], rough[i, j] = self._second(name, saved[name], one, two)
                fine[j, i], rough[j, i] = fine[i, j], rough[i, j]
        self.restore(saved)
        return _truth(fine, rough, saved[self.forward.objective], 10.0)

    def _second(self, name: str, start: Array, one: Array, two: Array) -> tuple[float, float]:
        def inner(t: float) -> Array:
            return slope(self.along(name, start + t * one, two), 4 * STEP)[0]

        fine, rough = slope(inner, 4 * STEP)
        return float(np.sum(fine)), float(np.sum(rough))


def _stacked(value: Array) -> Array:
    return np.ravel(np.atleast_2d(value).T)


def _truth(fine: Array, rough: Array, value: Array, slack: float = 1.0) -> Truth:
    """Doubt is measured against the largest entry, or against what rounding of the value itself allows."""
    size = np.max(np.abs(value)) if np.size(value) else 0.0
    scale = max(float(np.max(np.abs(fine), initial=0.0)), 1e-7 * float(size), 1e-12)
    return Truth(fine, float(np.max(np.abs(fine - rough), initial=0.0)) / scale / slack, np.shape(fine))
