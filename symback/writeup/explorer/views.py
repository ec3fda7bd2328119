"""What the methods share: the use of an array, the lines that bring its uses together, the result."""

from __future__ import annotations

from dataclasses import replace

from symback.records import Gradient, Path, Step
from symback.writeup.blocks import Spans, say
from symback.writeup.document import Writer
from symback.writeup.explorer.lines import Answer, Line, Passage, View, line, merged, runs
from symback.writeup.latex import to_latex
from symback.writeup.layout import EQUALS, row
from symback.writeup.typeset import shaped


def tail(writer: Writer, gradient: Gradient) -> Passage:
    """The lines that bring the uses of an array together."""
    return Passage((), tuple(simplified(writer, gradient.tail)))


def simplified(writer: Writer, steps: tuple[Step, ...], several: bool = False) -> list[Line]:
    """Lines, with runs of rewrites merged for the main level; the share of one way of ``several`` is always shown."""
    found = [x for run in runs(steps) for x in merged(writer, run, [line(writer, s) for s in run])]
    if several and found and found[-1].level == "every":
        found[-1] = replace(found[-1], level="both")
    return found


def lead(writer: Writer, gradient: Gradient, path: Path) -> Spans:
    """The use that a passage is about."""
    definition = writer.problem.definition(path.user)
    assert definition is not None
    typeset = writer.typeset
    used = row(typeset(definition.leaf), EQUALS, typeset(definition.node))
    return say("{} is used in {}.", typeset(writer.problem.leaf(gradient.wrt)), used)


def answer(writer: Writer, gradient: Gradient) -> Answer:
    """The result, in the form of the write-up."""
    typeset, left = writer.typeset, writer.typeset(gradient.symbol)
    plain = row(left, EQUALS, typeset(gradient.named))
    return Answer(
        plain, row(shaped(left, gradient.symbol), EQUALS, typeset.with_shapes()(gradient.named)),
        f"{gradient.symbol.data} = {writer.line(gradient)}", to_latex(plain).strip(),
    )  # fmt: skip


def differential(writer: Writer, gradient: Gradient) -> View:
    """The derivation at hand: the adjoints along each use of the array."""
    several = len(gradient.paths) > 1
    uses = [Passage(lead(writer, gradient, p), tuple(simplified(writer, p.steps, several))) for p in gradient.paths]
    return View("differential", tuple(uses), tail(writer, gradient), answer(writer, gradient))
