"""The index method: each step as the entry that it computes, and as the matrix that has this entry."""

from __future__ import annotations

from symback.calculus.index import entries_of
from symback.records import Gradient, Step
from symback.writeup.blocks import say
from symback.writeup.document import Writer
from symback.writeup.explorer.entries import equation
from symback.writeup.explorer.lines import Line, Passage, View, line, merged, runs, shapes
from symback.writeup.explorer.views import answer, lead, tail
from symback.writeup.layout import EQUALS, row


def by_index(writer: Writer, gradient: Gradient) -> View:
    """Entry by entry: the sum, then the matrix product that it is."""
    out = []
    for path in gradient.paths:
        lines: list[Line] = []
        for run in runs(path.steps):
            if run[0].kind == "index":
                lines += entrywise(writer, run[0])
            else:
                lines += merged(writer, run, [line(writer, s) for s in run])
        out.append(Passage(lead(writer, gradient, path), tuple(lines)))
    return View("index", tuple(out), tail(writer, gradient), answer(writer, gradient))


def entrywise(writer: Writer, step: Step) -> list[Line]:
    """One step of the index method is two to a reader: the entry of the derivative, and the matrix with that entry."""
    assert step.node is not None
    definition = next(d for d in writer.problem.definitions if d.node is step.node)
    leaf = definition.node if definition.name == writer.derivation.objective else definition.leaf
    x = writer.problem.leaf(step.target)
    entries = entries_of(definition.node, leaf, x, step.before)
    if not entries:
        return []
    typeset = writer.typeset
    why = say(
        "one entry of {} is changed; the sum runs over every entry of {} that it reaches",
        typeset(x), typeset(definition.leaf),
    )  # fmt: skip
    read = ("an index that is summed and stands inside two factors is a matrix product",)
    matrix = row(writer.steps.subject(step), EQUALS, typeset.marking({step.after})(step.after))
    return [
        Line("one entry", equation(writer.objective, x, entries, typeset), why, step=step),
        Line("read as a matrix", matrix, read, shapes=shapes(writer, step), step=step),
    ]
