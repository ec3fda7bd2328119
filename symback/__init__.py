"""symback: backpropagation in matrix form, derived step by step, explained, proved and checked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation
    from symback.calculus.derive import derive
    from symback.checking.equal import check_chain, equal
    from symback.checking.verify import verify
    from symback.errors import SymbackError
    from symback.language.read import load, parse
    from symback.tracing.arguments import labels
    from symback.tracing.explain import explain
    from symback.tracing.gradcheck import gradcheck
    from symback.tracing.problem import trace
    from symback.tracing.verify_code import verify_code

_HOME = {  # where each public name lives; it is imported when it is first asked for, so that `symback --help` is quick
    "Derivation": "calculus.derivation",
    "SymbackError": "errors",
    "check_chain": "checking.equal",
    "derive": "calculus.derive",
    "equal": "checking.equal",
    "explain": "tracing.explain",
    "gradcheck": "tracing.gradcheck",
    "labels": "tracing.arguments",
    "load": "language.read",
    "parse": "language.read",
    "trace": "tracing.problem",
    "verify": "checking.verify",
    "verify_code": "tracing.verify_code",
}

__all__ = [
    "Derivation",
    "SymbackError",
    "check_chain",
    "derive",
    "equal",
    "explain",
    "gradcheck",
    "labels",
    "load",
    "parse",
    "trace",
    "verify",
    "verify_code",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'symback' has no attribute {name!r}")
    globals()[name] = found = getattr(importlib.import_module(f"symback.{_HOME[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
