"""The derivative of the user's own text by central differences: the truth that every formula is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from symback.checking.run import Array, Environment, Forward

STEP = 5e-4
KINK = 0.05  # how far the slopes on two sides may be apart, relative to the largest entry
SMOOTH = 2e-5  # how far two step sizes may disagree, relative to the largest entry


@dataclass(frozen=True)
class Truth:
    """A derivative by differences, and how far two step sizes disagree about it, relative to its largest entry.

    ``value`` is the derivative by every entry; where ``directions`` are given, the derivative along each of them.
    """

    value: Array
    doubt: float
    shape: tuple[int, ...]
    kinked: Array  # the entries at which the two sides have different slopes: there a convention decides
    directions: tuple[Array, ...] = ()

    @property
    def smooth(self) -> bool:
        """False where the function is ill conditioned, so that two step sizes disagree."""
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
        largest = float(np.max(np.abs(self.value), initial=0.0))
        scale = max(largest, (1e-5 if largest > 1e-9 * size else 1e-3) * size, 1e-9)  # no entry may be resolved at all
        error = float(np.max(np.abs(found - self.value)[~self.kinked], initial=0.0)) / scale
        return error if error == error else float("inf")


@dataclass(frozen=True)
class Slope:
    """f'(0) to fourth order and to second, and how far the slopes on the two sides of 0 are apart."""

    fine: Array
    rough: Array
    jump: Array


def slope(f: Callable[[float], Array], h: float = STEP, middle: Array | None = None) -> Slope:
    """The slope of f at 0: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12 h; ``middle`` is f(0), where that is known."""
    right, left = f(h), f(-h)
    near, far = right - left, f(2 * h) - f(-2 * h)
    return Slope(
        (8 * near - far) / (12 * h),
        near / (2 * h),
        np.abs(right + left - 2 * (f(0.0) if middle is None else middle)) / h,
    )


def directions(value: Array, structure: str | None) -> Iterator[tuple[int, int, Array]]:
    """One perturbation for each entry, column by column; for a structured matrix those that keep its structure."""
    table = np.atleast_2d(value)
    for j in range(table.shape[1]):
        for i in range(table.shape[0]):
            if (structure == "diagonal" and i != j) or (structure == "symmetric" and i < j):
                continue
            change = np.zeros(table.shape)
            change[i, j] = 1
            if structure == "symmetric":
                change[j, i] = 1
            yield i, j, change.reshape(np.shape(value))


class Differences:
    """Differences of one function of the forward pass by its arrays, at one point."""

    def __init__(self, forward: Forward, environment: Environment, upstream: str | None = None) -> None:
        """``environment`` holds the point; ``upstream`` names the gradient by an objective that is no scalar."""
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
        return {n: self.environment[n] for n in (name, *self.forward.after(name), self.forward.objective)}

    def gradient(self, name: str, structure: str | None = None, h: float = STEP) -> Truth:
        """The derivative of a scalar by every entry of an array, in the array's shape."""
        saved = self._saved(name)
        start = saved[name]
        table = np.zeros((3, *np.atleast_2d(start).shape))
        middle = self.along(name, start, np.zeros(np.shape(start)))(0.0)
        for i, j, change in directions(start, structure):
            found = slope(self.along(name, start, change), h, middle)
            table[:, i, j] = [np.asarray(part).item() for part in (found.fine, found.rough, found.jump)]
            if structure == "symmetric":
                table[:, j, i] = table[:, i, j]
        self.restore(saved)
        return _truth(table.reshape(3, *np.shape(start)), saved[self.forward.objective], h)

    def sampled(self, name: str, changes: tuple[Array, ...], h: float = STEP) -> Truth:
        """The derivative of a scalar along a few directions, where there are too many entries."""
        saved = self._saved(name)
        table = _table([slope(self.along(name, saved[name], change), h) for change in changes])
        self.restore(saved)
        truth = _truth(table[:, :, 0], saved[self.forward.objective], h)
        return replace(truth, shape=np.shape(saved[name]), directions=changes)

    def jacobian(self, name: str, structure: str | None = None, h: float = STEP) -> Truth:
        """d vec(F) / d vec(X), both stacked by columns."""
        saved = self._saved(name)
        moves = [change for _, _, change in directions(saved[name], structure)]
        found = [slope(self.along(name, saved[name], change), h) for change in moves]
        self.restore(saved)
        return _truth(_table(found).transpose(0, 2, 1), saved[self.forward.objective], h)

    def hessian(self, name: str) -> Truth:
        """The second derivatives of a scalar by vec(X), by differences of differences."""
        saved = self._saved(name)
        changes = [change for _, _, change in directions(saved[name], None)]
        table = np.zeros((3, len(changes), len(changes)))
        for i, one in enumerate(changes):
            for j, two in enumerate(changes[: i + 1]):
                found = self._second(name, saved[name], one, two)
                table[:, i, j] = table[:, j, i] = [np.sum(part) for part in (found.fine, found.rough, 0.0)]
        self.restore(saved)
        return _truth(table, saved[self.forward.objective], slack=20.0)

    def _second(self, name: str, start: Array, one: Array, two: Array) -> Slope:
        def inner(t: float) -> Array:
            return slope(self.along(name, start + t * one, two), 8 * STEP).fine

        return slope(inner, 8 * STEP)


def _table(found: list[Slope]) -> Array:
    """The three parts of slopes, each value stacked by columns: part, direction, entry."""
    return np.array([[np.ravel(np.atleast_2d(v).T) for v in (s.fine, s.rough, s.jump)] for s in found]).transpose(
        1, 0, 2
    )


def _truth(table: Array, value: Array, h: float = STEP, slack: float = 1.0) -> Truth:
    """Doubt is measured against the largest entry, or against what rounding of the value itself allows."""
    fine, rough, jump = table
    scale = max(float(np.max(np.abs(fine), initial=0.0)), 1e-5 * float(np.max(np.abs(value), initial=0.0)), 1e-12)
    bend = KINK * h / STEP * scale  # a slope that changes smoothly changes by less between points that are closer
    kinked = (jump > bend) | ((jump > 0.02 * bend) & (jump > 0.5 * np.abs(rough)))
    doubt = float(np.max(np.abs(fine - rough)[~kinked], initial=0.0)) / scale / slack
    return Truth(fine, doubt, np.shape(fine), kinked)
