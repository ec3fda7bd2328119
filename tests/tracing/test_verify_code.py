"""Backward passes in the styles of real code: the right ones judged right, a planted mistake found where it stands."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import symback as sb
from symback.records import Verdict
from tests.tracing.real_code import NAMES, STEPS, load, mistakes


def judged(name: str, folder: Path | None = None, change: tuple[str, str] | None = None) -> tuple[Verdict, ...]:
    module = load(name, folder, change)
    return sb.verify_code(module.step, wrt=getattr(module, "WRT", None), **module.SHAPES)


@pytest.mark.parametrize("name", NAMES)
def test_a_right_backward_pass_is_judged_right(name: str) -> None:
    verdicts = judged(name)
    assert [v for v in verdicts if not v.right] == []
    lines = (STEPS / f"{name}.py").read_text().split("\n")
    for verdict in verdicts:
        assert verdict.line is not None and verdict.source is not None
        assert verdict.source.split("; ")[0][:20] in " ".join(lines[verdict.line - 1].split())


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda m: f"{m[0]}-{m[3]}")
def test_a_planted_mistake_is_found_where_it_stands(mistake: tuple[str, str, str, str, str], tmp_path: Path) -> None:
    name, old, new, kind, at = mistake
    verdicts = judged(name, tmp_path, (old, new))
    first = next(v for v in verdicts if v.status in ("wrong", "ill-formed"))
    assert first.mistake in kind.split("|")
    assert first.source is not None and at in first.source
    text = (STEPS / f"{name}.py").read_text().replace(old, new).split("\n")
    assert first.line is not None and at in " ".join(" ".join(text[first.line - 1 : first.line + 2]).split())


def test_two_layers_are_traced_and_judged_within_a_second() -> None:
    judged("course_two_layers")
    start = time.perf_counter()
    judged("course_two_layers")
    assert time.perf_counter() - start < 1.0
