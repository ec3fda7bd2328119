"""The pages of the shipped derivations, each written once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import symback as sb

DERIVATIONS = Path(__file__).resolve().parents[2] / "derivations"
NAMES = sorted(path.stem for path in DERIVATIONS.glob("*.py"))


@cache
def derivation(name: str) -> sb.Derivation:
    return sb.derive(sb.load(DERIVATIONS / f"{name}.py"))


@cache
def page(name: str) -> str:
    return derivation(name).to_html()
