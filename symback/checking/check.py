"""The numerical check of a derivation: every result and every step, in the very text that is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from symback.algebra.nodes import Node, is_zero
from symback.algebra.walk import postorder
from symback.checking.differences import STEP, Differences, Truth
from symback.checking.draw import Draw, draw
from symback.checking.run import Array, Environment, Forward, Texts, matrix
from symback.checking.steps import TOLERANCE, StepChecker, relative
from symback.errors import SymbackError
from symback.language.write import write
from symback.numpy import ELEMENTWISE
from symback.records import Gradient, Problem, StepCheck

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation

ATTEMPTS = 40
BUDGET = 40_000  # definitions run at one point; beyond, a few directions stand for all entries
EVALUATIONS = 4  # of the forward pass for one entry
Errors = dict[str, tuple[float, str]]  # by name: the error of a result, and why it is none


class CheckError(SymbackError):
    """A step or a result that differences of the user's own text contradict: it is not printed."""


@dataclass(frozen=True)
class GradientCheck:
    """What the check of one result found."""

    passed: bool
    max_relative_error: float
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """What a numerical check found: over all results, for each of them, and for each step."""

    passed: bool
    max_relative_error: float
    trials: int
    sizes: tuple[dict[str, int], ...] = ()
    results: dict[str, GradientCheck] = field(default_factory=dict)
    steps: dict[str, tuple[StepCheck, ...]] = field(default_factory=dict)
    reason: str = ""


def check(derivation: Derivation, trials: int = 3, seed: int = 0, strict: bool = False) -> Report:
    """Every result against differences of the user's own text, at ``trials`` random points; every step at the first.

    Raises CheckError, with ``strict``, for the first step or result that does not hold.
    """
    with np.errstate(all="ignore"):
        report = _Check(derivation, seed).run(trials)
    if strict and not report.passed:
        raise CheckError(report.reason)
    return report


def with_checks(derivation: Derivation, report: Report) -> Derivation:
    """The derivation with what the report says written into its steps."""
    gradients = {}
    for name, gradient in derivation.gradients.items():
        found = iter(report.steps.get(name, ()))
        paths = tuple(
            replace(p, steps=tuple(replace(s, check=next(found, None)) for s in p.steps)) for p in gradient.paths
        )
        tail = tuple(replace(s, check=next(found, None)) for s in gradient.tail)
        gradients[name] = replace(gradient, paths=paths, tail=tail)
    return replace(derivation, gradients=gradients)


def declared(value: Array, ndim: int) -> Array:
    """A matrix with the number of dimensions that NumPy sees."""
    return value if ndim == 2 else value.reshape(-1) if ndim == 1 else value.reshape(())[()]


class _Check:
    """One check: its texts are compiled once, and run at every point."""

    def __init__(self, derivation: Derivation, seed: int) -> None:
        self.derivation, self.problem = derivation, derivation.problem
        self.kind = getattr(derivation, "kind", "gradient")
        self.rng = np.random.default_rng(seed)
        self.texts = Texts()
        self.forward = Forward(self.problem, derivation.objective)
        self.upstream = None if derivation.upstream is None else str(derivation.upstream.data)
        rows = {str(g.symbol.data) for g in derivation.gradients.values() if g.ndim == 1}
        numbers = {str(g.symbol.data) for g in derivation.gradients.values() if g.ndim == 0}
        self.one_d, self.zero_d = derivation.one_d | rows, derivation.zero_d | numbers
        self.masks = [] if self.kind != "gradient" else list(masks(self.problem, self.write))
        self.sampled = False
        self.results = {name: self._result(name) for name in derivation.gradients}

    def _result(self, name: str) -> str | None:
        """The text of one result; None where it is too long for one formula."""
        try:
            return self.derivation[name].to_numpy()
        except SymbackError:  # past the limit: the module with shared names is what is printed then
            return None

    def write(self, node: Node, flat: bool = False) -> str:
        """The text of an expression in the names of arrays, definitions and gradients."""
        return write(node, self.one_d, flat, self.zero_d)

    def run(self, trials: int) -> Report:
        errors = dict.fromkeys(self.derivation.gradients, 0.0)
        reasons: dict[str, str] = {}
        steps: dict[str, tuple[StepCheck, ...]] = {}
        sizes: list[dict[str, int]] = []
        for trial in range(trials):
            point = self.point(5 if trial == 0 else 2)
            if point is None:
                reason = "no point was found at which the objective is finite and smooth"
                failed = {name: GradientCheck(False, float("inf"), reason) for name in errors}
                return Report(False, float("inf"), trial, tuple(sizes), failed, steps, reason)
            drawn, environment, found = point
            sizes.append(drawn.sizes)
            for name, (error, reason) in found.items():
                errors[name] = max(errors[name], error)
                if reason:
                    reasons.setdefault(name, reason)
            if trial == 0:
                checker = StepChecker(environment, self.write, self.texts, self.rng)
                steps = {name: checker.check(g) for name, g in self.derivation.gradients.items()}
        results = {
            n: GradientCheck(e < TOLERANCE and n not in reasons, e, reasons.get(n, "")) for n, e in errors.items()
        }
        reason = self._first_failure(results, steps)
        return Report(not reason, max(errors.values(), default=0.0), trials, tuple(sizes), results, steps, reason)

    def _first_failure(self, results: dict[str, GradientCheck], steps: dict[str, tuple[StepCheck, ...]]) -> str:
        """One sentence about the first step or result that does not hold; empty where all do."""
        for name, checks in steps.items():
            for step, found in zip(self.derivation.gradients[name].steps, checks, strict=True):
                if not found.passed:
                    return (
                        f"the step {step.rule!r} of the gradient by {name} does not hold numerically "
                        f"(relative error {found.max_relative_error:.1e}): {step.before!r} -> {step.after!r}"
                    )
        for name, result in results.items():
            if not result.passed:
                return result.reason or (
                    f"the formula for the gradient by {name} differs from differences of the forward pass "
                    f"(relative error {result.max_relative_error:.1e})"
                )
        return ""

    # --- points ------------------------------------------------------------------------------------------

    def point(self, smallest: int) -> tuple[Draw, Environment, Errors] | None:
        """A point at which the function is finite and smooth, its masks take both values, and no gradient is dead.

        With it come the errors of the results there; None where no such point is found.
        """
        for attempt in range(ATTEMPTS):
            drawn = draw(self.problem, self.rng, smallest, mixed=attempt >= 4)
            try:
                with np.errstate(all="raise" if attempt < ATTEMPTS // 2 else "ignore"):
                    environment = self.forward.run(drawn)
                found = self._compare(environment, attempt) if self._usable(environment, attempt) else None
            except (np.linalg.LinAlgError, FloatingPointError):  # singular, infinite or undefined at this draw
                continue
            if found is not None:
                return drawn, environment, found
        return None

    def _usable(self, environment: Environment, attempt: int) -> bool:
        if not all(np.isfinite(environment[name]).all() for name in self.forward.after(None)):
            return False
        values = [np.asarray(self.texts.evaluate(mask, environment)) for mask in self.masks]
        if attempt < ATTEMPTS // 4 and not all(v.size == 1 or ((v > 0).any() and (v < 0).any()) for v in values):
            return False
        return attempt >= ATTEMPTS // 2 or all(v.all() for v in values)  # on a kink itself a convention decides

    def _compare(self, environment: Environment, attempt: int) -> Errors | None:
        """The error of every result; the gradients' own names get their values on the way."""
        difference = Differences(self.forward, environment, self.upstream)
        work = [np.size(environment[name]) * len(self.forward.after(name)) for name in self.derivation.gradients]
        self.sampled = EVALUATIONS * sum(work) > BUDGET
        out: Errors = {}
        for name, gradient in self.derivation.gradients.items():
            try:
                values = self._values(gradient, environment)
            except np.linalg.LinAlgError:
                if attempt < ATTEMPTS // 4:  # a formula that is singular here may be regular elsewhere
                    return None
                values = [np.nan]
            except (ValueError, TypeError, ArithmeticError) as problem:
                return out | {
                    name: (float("inf"), f"the formula for the gradient by {name} does not evaluate: {problem}")
                }
            if attempt < ATTEMPTS // 4 and not all(np.isfinite(v).all() for v in values):
                return None
            error = self._error(difference, name, gradient, values, attempt)
            if error is None:
                return None
            out[name] = (error, "")
        return out

    def _values(self, gradient: Gradient, environment: Environment) -> list[Array]:
        """What the printed texts of a result evaluate to: in the names of other gradients, and without them."""
        out = []
        text = self.results[gradient.wrt]
        own = self.texts.evaluate(self.write(gradient.named, gradient.ndim == 1), environment)
        out.append(own)
        if self.kind == "gradient":
            environment[str(gradient.symbol.data)] = declared(matrix(own), gradient.ndim)
        if text is not None:
            out.append(self.texts.evaluate(text, environment))
        return out

    def _error(
        self, difference: Differences, name: str, gradient: Gradient, values: list[Array], attempt: int
    ) -> float | None:
        """The error against differences, their points drawn closer while in doubt; None where they stay in doubt."""
        size = float(np.max(np.abs(difference.environment[self.derivation.objective])))
        errors: list[float] = []
        for h in (STEP, STEP / 8, STEP / 64):
            truth = self._truth(difference, name, h)
            error = max(truth.error(value, size) for value in values)
            dead = not np.any(np.abs(truth.value) > 1e-5 * size) and not is_zero(gradient.named)
            if dead and attempt < ATTEMPTS // 10:  # it may be zero everywhere
                return None
            certain = truth.smooth and (not truth.kinked.any() or attempt >= ATTEMPTS // 2)
            if (certain and error < TOLERANCE) or self.kind == "hessian":
                return error if certain else None
            if error == float("inf") and np.isfinite(truth.value).all():
                return error
            errors.append(error)
        # an error that depends on the step is one of the differences, and one of rounding is no mistake either
        unresolved = min(errors) < max(errors) / 3 or self._shaky(difference.environment, gradient, error)
        return error if certain and not unresolved else None

    def _shaky(self, environment: Environment, gradient: Gradient, error: float) -> bool:
        """True where the formula amplifies what rounding does to its arrays to as much as the error."""
        text = self.results[gradient.wrt] or self.write(gradient.named, gradient.ndim == 1)
        arrays = {k: v for k, v in environment.items() if isinstance(v, np.ndarray | np.floating)}
        shaken = {k: v * (1 + 1e-13 * self.rng.normal(size=np.shape(v))) for k, v in arrays.items()}
        exact, moved = (np.asarray(self.texts.evaluate(text, environment | extra)) for extra in ({}, shaken))
        scale = max(float(np.max(np.abs(exact), initial=0.0)), 1e-300)
        return float(np.max(np.abs(moved - exact), initial=0.0)) / scale > error / 100

    def _truth(self, difference: Differences, name: str, h: float) -> Truth:
        structure = self._structure(name)
        if self.kind == "hessian":
            return difference.hessian(name)
        if self.kind != "gradient":
            return difference.jacobian(name, structure, h)
        value = difference.environment[name]
        if self.sampled and structure is None:
            rng = np.random.default_rng(np.size(value))  # the same directions for every step
            return difference.sampled(name, tuple(rng.normal(size=np.shape(value)) for _ in range(4)), h)
        return difference.gradient(name, structure, h)

    def _structure(self, name: str) -> str | None:
        if not getattr(self.derivation, "structured", False):
            return None
        return "diagonal" if self.problem.facts.has("diagonal", name) else "symmetric"


def masks(problem: Problem, writer: Callable[[Node], str]) -> list[str]:
    """The texts whose sign decides a branch somewhere in the forward pass."""
    found: dict[str, None] = {}
    for definition in problem.definitions:
        for node in postorder(definition.node):
            function = ELEMENTWISE.get(node.op)
            if function is not None and function.kinks:
                two = "a" in function.kinks[0]
                text = " - ".join(f"({writer(a)})" for a in node.args[: 2 if two else 1])
                found[text] = None
    return list(found)


__all__ = ["CheckError", "GradientCheck", "Report", "check", "declared", "relative", "with_checks"]
