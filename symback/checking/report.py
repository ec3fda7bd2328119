"""Verdicts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.checking.diagnose.edit import text
from symback.language.write import write
from symback.records import Verdict

if TYPE_CHECKING:
    from symback.checking.verify import Line, Trial


def pronounce(trial: Trial, line: Line) -> Verdict:
    """The verdict on one line."""
    found = line.diagnosis.hypothesis if line.diagnosis is not None else None
    wrt = line.claim.wrt
    expected = None
    if wrt in trial.court.derivation.gradients:
        gradient = trial.court.derivation.gradients[wrt]
        expected = write(gradient.named, trial.court.derivation.one_d, gradient.ndim == 1)
    mistake = found.mistake if found is not None else None
    explanation = found.cause if found is not None else line.error
    if found is not None and found.second is not None:
        explanation += "; and " + found.second.cause
    if found is not None and found.repaired is not None:
        explanation += "; right: " + text(found.repaired)
    return Verdict(
        line.name, wrt, line.claim.text, line.status, mistake if line.bad else None, explanation, expected,
        origin=line.origin, factor=None if line.scale.is_one else str(line.scale), line=line.claim.line,
        facts=line.proof.facts if line.proof else (),
    )  # fmt: skip
