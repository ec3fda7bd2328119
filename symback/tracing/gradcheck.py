"""``gradcheck``: hand-written gradients against differences of the function itself, for what is not traced.

Each entry is moved and the function run again: by a complex step where the function carries one (exact to rounding),
else by central differences of fourth order. What is constant between claim and truth is named; an entry where the
function has a kink, and one where nothing moves, are told apart from a mistake.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.errors import SymbackError
from symback.tracing.arguments import shorts
from symback.tracing.targets import target_of

Path = tuple[Any, ...]
TOLERANCE = 1e-6  # of the relative error of an entry
STEP = 1e-3  # times the size of the entry: the error of fourth order is about STEP ** 4


@dataclass(frozen=True)
class ArrayCheck:
    """One gradient against differences; ``errors`` is relative, entry by entry, and 0 where nothing can be said."""

    name: str
    passed: bool
    max_relative_error: float
    errors: np.ndarray[Any, Any]
    truth: np.ndarray[Any, Any]
    method: str  # "complex step" or "central differences"
    ratio: float | None  # the one number that the claim is times the truth, where there is one
    meaning: str  # what that number, or the way it fails, says
    kinks: int  # entries where the slope from the left and from the right differ: no gradient there
    untested: int  # entries that do not move the function, and whose gradient is 0: a dead unit tests nothing

    def __str__(self) -> str:
        word = "right" if self.passed else "wrong"
        head = f"{self.name}: {word}, largest relative error {self.max_relative_error:.1e}"
        notes = [self.meaning] if self.meaning else []
        if self.kinks:
            notes.append(f"{self.kinks} of {self.errors.size} entries at a kink, left out")
        if self.untested:
            notes.append(f"{self.untested} of {self.errors.size} entries do not move the function (dead units?)")
        return "; ".join([f"{head} ({self.method})", *notes])


@dataclass(frozen=True)
class GradCheck:
    """The report of ``gradcheck``."""

    arrays: dict[str, ArrayCheck]

    @property
    def passed(self) -> bool:
        """True where every gradient is right."""
        return all(a.passed for a in self.arrays.values())

    def __str__(self) -> str:
        return "\n".join(map(str, self.arrays.values()))


def gradcheck(function: Callable[..., Any], gradients: Any, inputs: Mapping[str, Any]) -> GradCheck:
    """Hand-written gradients of ``function(**inputs)`` compared with its differences.

    ``function`` returns the cost, or a tuple that begins with it. ``gradients`` is a dict by the arrays' names (``"W"``
    or ``"dW"``), or a function that is called with the inputs and returns one (alone or last in a tuple).

    Raises SymbackError where no gradient fits an input.

    >>> def cost(W, X):
    ...     return np.sum((W @ X) ** 2) / X.shape[1]
    >>> rng = np.random.default_rng(0)
    >>> inputs = {"W": rng.normal(size=(2, 3)), "X": rng.normal(size=(3, 5))}
    >>> report = gradcheck(cost, lambda W, X: {"W": 2 * (W @ X) @ X.T}, inputs)
    >>> report.passed, round(report.arrays["W"].ratio, 6), report.arrays["W"].meaning
    (False, 5.0, 'it is 5 times the gradient, and 5 is X.shape[1]: the division by it is missing')
    """
    inputs = dict(inputs)
    claimed = gradients(**copy.deepcopy(inputs)) if callable(gradients) else gradients
    claimed = claimed[-1] if isinstance(claimed, tuple) else claimed
    if not isinstance(claimed, Mapping):
        raise SymbackError("gradients is a dict by the arrays' names, or a function that returns one")
    paths = _names(inputs)
    sizes = {f"{name}.shape[{i}]": s for name, p in paths.items() for i, s in enumerate(np.shape(_at(inputs, p)))}
    out = {}
    for key, claim in claimed.items():
        name = key if key in paths else target_of(str(key), paths)
        if name is not None:
            out[name] = _check(_Slope(function, inputs, paths[name]), name, np.asarray(claim, dtype=float), sizes)
    if not out:
        raise SymbackError(f"no gradient is named after an input; the inputs are {', '.join(paths)}")
    return GradCheck(out)


# --- the inputs ---------------------------------------------------------------------------------------------


def _leaves(held: Any, path: Path) -> Iterator[Path]:
    if isinstance(held, Mapping):
        for key, item in held.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(held, list | tuple):
        for i, item in enumerate(held):
            yield from _leaves(item, (*path, i))
    elif isinstance(held, float) or (isinstance(held, np.ndarray) and held.dtype.kind == "f"):
        yield path


def _names(inputs: dict[str, Any]) -> dict[str, Path]:
    """The float arrays in the inputs, by the shortest part of their path that is theirs alone."""
    paths = list(_leaves(inputs, ()))
    every = [shorts(tuple(map(str, p))) for p in paths]
    return {next(s for s in own if sum(s in o for o in every) == 1): p for own, p in zip(every, paths, strict=True)}


def _at(inputs: Any, path: Path) -> Any:
    for key in path:
        inputs = inputs[key]
    return inputs


def _with(held: Any, path: Path, value: Any) -> Any:
    """A deep copy of the inputs with one of them replaced."""
    if not path:
        return value
    if isinstance(held, Mapping):
        return {k: _with(v, path[1:], value) if k == path[0] else copy.deepcopy(v) for k, v in held.items()}
    return type(held)(_with(v, path[1:], value) if i == path[0] else copy.deepcopy(v) for i, v in enumerate(held))


# --- differences --------------------------------------------------------------------------------------------


class _Slope:
    """The function along one entry of one input."""

    def __init__(self, function: Callable[..., Any], inputs: dict[str, Any], path: Path) -> None:
        self.function, self.inputs, self.path = function, inputs, path
        self.start = np.asarray(_at(inputs, path))

    def cost(self, index: tuple[int, ...], by: complex) -> Any:
        """The cost with that entry moved."""
        moved = self.start.astype(complex if isinstance(by, complex) else float)
        moved[index] += by
        result = self.function(**_with(self.inputs, self.path, moved if moved.ndim else moved[()]))
        result = result[0] if isinstance(result, tuple) else result
        return np.squeeze(np.asarray(result))[()]

    def central(self, index: tuple[int, ...]) -> tuple[float, bool]:
        """The difference of fourth order, and whether the slopes from both sides differ."""
        h = STEP * max(1.0, float(np.abs(self.start[index])))
        f = {k: float(np.real(self.cost(index, k * h))) for k in (-2, -1, 0, 1, 2)}
        slope = (8 * (f[1] - f[-1]) - (f[2] - f[-2])) / (12 * h)
        tiny = h * 1e-4
        here = float(np.real(self.cost(index, tiny))), float(np.real(self.cost(index, -tiny)))
        right, left = (here[0] - f[0]) / tiny, (f[0] - here[1]) / tiny
        scale = max(abs(right), abs(left), 1e-12)
        noise = 1e-15 * max(abs(f[0]), 1.0) / tiny
        if abs(right - left) > 1e-3 * scale + 10 * noise:
            return slope, True
        near = (right + left) / 2  # a kink within the wide step, though not at the point itself
        return (near if abs(near - slope) > 1e-4 * scale + 10 * noise else slope), False

    def complex_step(self, index: tuple[int, ...]) -> float | None:
        """Im f(x + ih) / h, or None where the function does not carry an imaginary part."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                value = self.cost(index, 1e-30j)
        except Exception:  # the user's function may raise anything when it is given complex numbers
            return None
        return float(np.imag(value)) / 1e-30 if np.iscomplexobj(value) else None


def _check(slope: _Slope, name: str, claim: np.ndarray[Any, Any], sizes: dict[str, int]) -> ArrayCheck:
    shape = slope.start.shape
    truth, kinked = np.zeros(shape), np.zeros(shape, dtype=bool)
    exact = True
    for index in np.ndindex(*shape):
        truth[index], kinked[index] = slope.central(index)
        step = slope.complex_step(index) if exact else None
        exact = step is not None and bool(abs(step - truth[index]) <= 1e-5 * max(1.0, abs(float(truth[index]))))
        if exact and not kinked[index]:
            truth[index] = step
    method = "complex step" if exact else "central differences"
    if claim.shape != shape:
        meaning = f"it has the shape {claim.shape}, and {name} has {shape}"
        return ArrayCheck(name, False, float("inf"), np.full(shape, np.inf), truth, method, None, meaning, 0, 0)
    floor = 1e-3 * max(float(np.max(np.abs(truth), initial=0)), 1e-9)
    scale = np.maximum(np.maximum(np.abs(claim), np.abs(truth)), floor)
    errors = np.where(kinked, 0.0, np.abs(claim - truth) / scale)
    untested = int(np.sum((claim == 0) & (np.abs(truth) < 1e-12) & ~kinked))
    worst = float(np.max(errors, initial=0))
    right = worst <= TOLERANCE
    ratio, meaning = (None, "") if right else _meaning(claim, truth, kinked, sizes)
    return ArrayCheck(name, right, worst, errors, truth, method, ratio, meaning, int(kinked.sum()), untested)


# --- what it means ------------------------------------------------------------------------------------------


def _meaning(
    claim: np.ndarray[Any, Any], truth: np.ndarray[Any, Any], kinked: np.ndarray[Any, Any], sizes: dict[str, int]
) -> tuple[float | None, str]:
    """One number between claim and truth, and what such a number comes from."""
    told = ~kinked & (np.abs(truth) > 1e-6 * max(float(np.max(np.abs(truth), initial=0)), 1e-9))
    if not told.any():
        return None, "the function does not move, so its gradient is 0"
    ratios = claim[told] / truth[told]
    ratio = float(np.median(ratios))
    if np.allclose(ratios, ratio, rtol=1e-5) and np.allclose(claim[~told & ~kinked], 0, atol=1e-9):
        return ratio, _of_ratio(ratio, sizes)
    if claim.ndim == 2 and claim.shape[0] == claim.shape[1] and np.allclose(claim.T, truth, rtol=1e-5, atol=1e-9):
        return None, "it is the transpose of the gradient"
    wrong = int(np.sum(~np.isclose(claim, truth, rtol=1e-5, atol=1e-9) & ~kinked))
    return None, f"{wrong} of {claim.size} entries are wrong, and not by one factor"


def _of_ratio(ratio: float, sizes: dict[str, int]) -> str:
    said = f"it is {ratio:.6g} times the gradient"
    if np.isclose(ratio, 0, atol=1e-9):
        return "it is 0, and the function moves"
    if np.isclose(ratio, -1, rtol=1e-5):
        return "it is minus the gradient"
    names = {size: [n for n, s in sizes.items() if s == size] for size in sizes.values() if size > 1}
    for size, of in names.items():
        if np.isclose(ratio, size, rtol=1e-5) or np.isclose(ratio, 1 / size, rtol=1e-5):
            what = "the division by it is missing" if ratio > 1 else "it is divided by once too often"
            also = " (or a factor 2 of a square)" if size == 2 else ""
            return f"{said}, and {size} is {' and '.join(of)}: {what}{also}"
    if np.isclose(ratio, 2, rtol=1e-5) or np.isclose(ratio, 0.5, rtol=1e-5):
        return f"{said}: a factor 2 of a square is {'there once too often' if ratio > 1 else 'left out'}"
    return said
