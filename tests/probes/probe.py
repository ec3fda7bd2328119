"""The probes in probes.jsonl, as problems in the language; ``sympy`` is the same function in SymPy's own words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).with_name("probes.jsonl")


@dataclass(frozen=True)
class Probe:
    """One derivative to find."""

    id: str
    family: str
    text: str
    shapes: dict[str, tuple[str | int, ...]]
    expr: str
    wrt: str
    kind: str
    positive: bool
    sympy: str | None


def probes() -> tuple[Probe, ...]:
    """All of them, in the file's order."""
    out = []
    for line in PATH.read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        shapes = {name: tuple(shape) for name, shape in given["shapes"].items()}
        facts = given.get("assume", [])
        lines = [f"{n}: ({', '.join(map(str, s))}{',' if len(s) == 1 else ''})" for n, s in shapes.items()]
        lines += [f"assume({', '.join(facts)})"] if facts else []
        lines += [f"{name} = {expr}" for name, expr in given["let"]]
        text = "\n".join([*lines, f"J = {given['expr']}"]) + "\n"
        positive = any(fact.startswith("positive") for fact in facts)
        told = (given[key] for key in ("id", "family"))
        asked = (given[key] for key in ("expr", "wrt", "kind"))
        out.append(Probe(*told, text, shapes, *asked, positive, given.get("sympy")))
    return tuple(out)
