"""symback: backpropagation in matrix form, derived step by step, explained, proved and checked."""

from symback.calculus.derive import Derivation, derive
from symback.errors import SymbackError
from symback.language.read import load, parse

__all__ = ["Derivation", "SymbackError", "derive", "load", "parse"]
