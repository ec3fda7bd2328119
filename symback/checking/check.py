"""The numerical check of a derivation: every result and every step, in the very text that is printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from symback.algebra.nodes import Node, is_zero
from symback.algebra.walk import postorder
from symback.checking.differences import Differences, Truth
from symback.checking.draw import Draw, draw
from symback.checking.run import Array, Environment, Forward, Texts, matrix
from symback.checking.steps import TOLERANCE, StepChecker, relative
from symback.errors import SymbackError
from symback.language.write import write
from symback.numpy import ELEMENTWISE
from symback.records import Gradient, Problem, StepCheck

if TYPE_CHECKING:
    from symback.calculus.derive import Derivation

ATTEMPTS = 40
BUDGET = 40_000  # definitions run for one array; beyond, a few directions stand for all entries
EVALUATIONS = 4  # of the forward pass for one entry


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
    """Every result against differences of the user's own text, at ``trials`` random points, and every step at the first.

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
        paths = tuple(replace(p, steps=tuple(replace(s, check=next(found, None)) for s in p.steps)) for p in gradient.paths)
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
        self.one_d = derivation.one_d | rows
        self.masks = [] if self.kind != "gradient" else list(masks(self.problem))
        self.results = {name: self._result(name) for name in derivation.gradients}

    def _result(self, name: str) -> str | None:
        """The text of one result; None where it is too long for one formula."""
        try:
            return self.derivation[name].to_numpy()
        except SymbackError:  # past the limit: the module with shared names is what is printed then
            return None

    def _named(self, gradient: Gradient) -> str:
        """The text of a gradient in the names of the gradients that it uses."""
        return write(gradient.named, self.one_d, gradient.ndim == 1, self.derivation.zero_d)

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
            drawn, environment, truths = point
            sizes.append(drawn.sizes)
            for name, (error, reason) in self.compare(environment, truths).items():
                errors[name] = max(errors[name], error)
                if reason:
                    reasons.setdefault(name, reason)
            if trial == 0:
                checker = StepChecker(environment, self.one_d, self.texts, self.rng)
                steps = {name: checker.check(g) for name, g in self.derivation.gradients.items()}
        results = {n: GradientCheck(e < TOLERANCE and n not in reasons, e, reasons.get(n, "")) for n, e in errors.items()}
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

    def point(self, smallest: int) -> tuple[Draw, Environment, dict[str, Truth]] | None:
        """A point at which the function is finite and smooth, its masks take both values, and no gradient is dead."""
        for attempt in range(ATTEMPTS):
            drawn = draw(self.problem, self.rng, smallest, mixed=attempt >= 4)
            try:
                with np.errstate(all="raise" if attempt < ATTEMPTS // 2 else "ignore"):
                    environment = self.forward.run(drawn)
                if not self._usable(environment, attempt):
                    continue
                truths = self._truths(environment, attempt)
            except (np.linalg.LinAlgError, FloatingPointError):  # singular, infinite or undefined at this draw
                continue
            if truths is not None:
                return drawn, environment, truths
        return None

    def _usable(self, environment: Environment, attempt: int) -> bool:
        if not all(np.isfinite(environment[name]).all() for name in self.forward.after(None)):
            return False
        if attempt >= ATTEMPTS // 4:
            return True
        for mask in self.masks:
            value = np.asarray(self.texts.evaluate(mask, environment))
            if value.size > 1 and not (value > 0).any() or value.size > 1 and not (value < 0).any():
                return False
        return True

    def _truths(self, environment: Environment, attempt: int) -> dict[str, Truth] | None:
        truths = {}
        difference = Differences(self.forward, environment, self.upstream)
        for name, gradient in self.derivation.gradients.items():
            truth = self._truth(difference, name, environment)
            size = float(np.max(np.abs(environment[self.derivation.objective])))
            dead = not np.any(np.abs(truth.value) > 1e-5 * size) and not is_zero(gradient.named)
            if not truth.smooth or dead and attempt < ATTEMPTS // 4:
                return None
            if truth.kinked.any() and attempt < ATTEMPTS // 2:  # later: data such as zeros and ones, whose kinks stay
                return None
            truths[name] = truth
        return truths

    def _truth(self, difference: Differences, name: str, environment: Environment) -> Truth:
        structure = self._structure(name)
        if self.kind == "hessian":
            return difference.hessian(name)
        if self.kind != "gradient":
            return difference.jacobian(name, structure)
        work = np.size(environment[name]) * EVALUATIONS * len(self.forward.after(name))
        if work > BUDGET and structure is None:
            return difference.sampled(name, self.rng)
        return difference.gradient(name, structure)

    def _structure(self, name: str) -> str | None:
        if not getattr(self.derivation, "structured", False):
            return None
        return "diagonal" if self.problem.facts.has("diagonal", name) else "symmetric"

    # --- results -----------------------------------------------------------------------------------------

    def compare(self, environment: Environment, truths: dict[str, Truth]) -> dict[str, tuple[float, str]]:
        """The error of every result at a point; the gradients' own names get their values on the way."""
        size = float(np.max(np.abs(environment[self.derivation.objective])))
        out = {}
        for name, gradient in self.derivation.gradients.items():
            try:
                text, error = self.results[name], 0.0
                if self.kind == "gradient":
                    own = self.texts.evaluate(self._named(gradient), environment)
                    environment[str(gradient.symbol.data)] = declared(matrix(own), gradient.ndim)
                    error = truths[name].error(own, size)
                if text is not None:
                    error = max(error, truths[name].error(self.texts.evaluate(text, environment), size))
                out[name] = (error, "")
            except (ValueError, TypeError, ArithmeticError, np.linalg.LinAlgError) as problem:
                out[name] = (float("inf"), f"the formula for the gradient by {name} does not evaluate: {problem}")
        return out


def masks(problem: Problem) -> list[str]:
    """The texts whose sign decides a branch somewhere in the forward pass."""
    one_d = frozenset(s.name for s in problem.symbols.values() if s.ndim == 1)
    one_d |= {d.name for d in problem.definitions if d.ndim == 1}
    found: dict[str, None] = {}
    for definition in problem.definitions:
        for node in postorder(definition.node):
            function = ELEMENTWISE.get(node.op)
            if function is not None and function.kinks:
                found[_mask(node, one_d, two="a" in function.kinks[0])] = None
    return list(found)


def _mask(node: Node, one_d: frozenset[str], two: bool) -> str:
    text = write(node.args[0], one_d)
    return f"{text} - ({write(node.args[1], one_d)})" if two else text


__all__ = ["CheckError", "GradientCheck", "Report", "check", "declared", "relative", "with_checks"]
