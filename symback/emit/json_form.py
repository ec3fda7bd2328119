"""A derivation as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from symback.algebra.dims import Dim, Shape
from symback.errors import SymbackError
from symback.language.write import write
from symback.records import Step

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation, Result
    from symback.checking.check import Report


def json_form(derivation: Derivation, report: Report) -> str:
    """The text of ``{"objective", "symbols", "gradients"}``, with every step and what the check found."""
    symbols = {s.name: {"shape": _shape(s.shape, s.ndim)} for s in derivation.problem.symbols.values()}
    gradients = {name: _gradient(derivation, derivation[name], report) for name in derivation}
    content = {"objective": derivation.objective, "symbols": symbols, "gradients": gradients}
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def _shape(shape: Shape, ndim: int) -> list[int | str]:
    return [_size(size) for size in shape[2 - ndim :]] if ndim else []


def _size(size: Dim) -> int | str:
    return str(size) if size.names else size.coefficient


def _gradient(derivation: Derivation, result: Result, report: Report) -> dict[str, Any]:
    gradient = result.gradient
    named = write(gradient.named, derivation.one_d, gradient.ndim == 1, derivation.zero_d)
    try:
        text = result.to_numpy()
    except SymbackError:  # too long for one formula: then in the names of the other gradients
        text = named
    found = report.results[gradient.wrt]
    return {
        "numpy": text,
        "named": named,
        "latex": result.to_latex(),
        "shape": _shape(gradient.named.shape, gradient.ndim),
        "steps": [_step(step, derivation.one_d, derivation.zero_d) for step in result.steps],
        "check": {"passed": found.passed, "max_relative_error": found.max_relative_error if found.passed else None},
    }


def _step(step: Step, one_d: frozenset[str], zero_d: frozenset[str]) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "statement": step.statement,
        "before": write(step.before, one_d, zero_d=zero_d),
        "after": write(step.after, one_d, zero_d=zero_d),
        "why": step.why,
        "facts": list(step.facts),
    }
