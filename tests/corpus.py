"""The published closed forms in tests/data/gradients.jsonl, each with its source, as problems in the language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Case = dict[str, Any]
PATH = Path(__file__).parent / "data" / "gradients.jsonl"


def cases() -> list[Case]:
    """All cases: shapes, facts, definitions, the objective, the variable and the source's answer."""
    return [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines() if line.strip()]


def text_of(case: Case) -> str:
    """A case as a derivation file."""
    lines = [f"{n}: ({', '.join(map(str, s))}{',' if len(s) == 1 else ''})" for n, s in case["shapes"].items()]
    facts = [f"{fact}({n})" for n, found in case.get("assume", {}).items() for fact in found]
    facts += case.get("dims", [])
    if facts:
        lines.append(f"assume({', '.join(facts)})")
    lines += [f"{name} = {value}" for name, value in case.get("let", [])]
    return "\n".join([*lines, f"objective_ = {case['expr']}", "objective(objective_)"]) + "\n"
