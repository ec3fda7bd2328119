"""The Jacobian method in one layout: rows as the engine derives them, or each of them transposed into a column."""

from __future__ import annotations

from dataclasses import replace

from symback.algebra import nodes as n
from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.records import Gradient, Path, Step
from symback.rewrites.engine import Context
from symback.rewrites.engine import run as apply
from symback.rewrites.kron import KRON
from symback.rewrites.scalars import SCALARS
from symback.rewrites.transpose import PUSH
from symback.writeup.blocks import Spans
from symback.writeup.changes import changed_parts
from symback.writeup.document import Writer
from symback.writeup.explorer.lines import Form, Line, Passage, View, line, shapes
from symback.writeup.explorer.views import answer, lead, tail
from symback.writeup.inline import spans
from symback.writeup.layout import EQUALS, Fence, Frac, Func, Layout, Op, Sym, row, width
from symback.writeup.typeset import CALL, transposed

COLUMN = (PUSH, SCALARS, KRON)  # what puts a transposed row in order
WIDE = 16.0  # em: what is longer gets a letter of its own


class Turned:
    """The lines of the row method in one layout: rows as they are derived, or each of them transposed into a column."""

    def __init__(self, writer: Writer, gradient: Gradient, context: Context, form: Form) -> None:
        """One gradient in one form."""
        self.writer, self.gradient, self.context, self.form = writer, gradient, context, form

    def view(self, note: Spans) -> View:
        """The whole derivation."""
        writer, gradient = self.writer, self.gradient
        uses = tuple(
            Passage(lead(writer, gradient, p), tuple(self.lines(p)), note if i == 0 else ())
            for i, p in enumerate(gradient.paths)
        )
        return View("row" if self.form == "row" else "column", uses, tail(writer, gradient), answer(writer, gradient))

    def lines(self, path: Path) -> list[Line]:
        """The lines along one use: up to the turn as rows (or columns), from there on as the gradient."""
        at = next((i for i, s in enumerate(path.steps) if s.kind == "turn"), len(path.steps))
        out: list[Line] = []
        for run in _links(path.steps[:at]):
            out += self.link(run)
        turn = path.steps[at:]
        total = turn[0].before if turn else path.value
        return out + self.together(path.steps[:at], total) + self.turn(turn)

    def together(self, links: tuple[Step, ...], total: Node) -> list[Line]:
        """The rows of several ways into one array, added up."""
        if not links or links[-1].after is total:
            return []
        rule = [s for s in links if s.kind == "row"][-1]
        added = replace(rule, rule="several paths", before=links[-1].after, after=total, kind="sum")
        return [replace(self.written(added), reason=("the array is used more than once, and each use contributes",))]

    def link(self, run: list[Step]) -> list[Line]:
        """A Jacobian joined to the row without the identity matrices that it brings, then what the product comes to."""
        first = run[0]
        assert first.node is not None
        joined, _ = apply((SCALARS,), first.after, self.context)
        end = run[-1].after
        whole = first.before is end or self.form == "gradient"  # transposing puts a column in order at once
        lines = [self.written(replace(first, after=end if whole else joined))]
        if joined is not end and not whole:
            rules = {s.rule: s.why for s in run[1:] if s.rule not in ("scalars", "transposes")}
            name, why = next(iter(rules.items())) if len(rules) == 1 else ("simplify", "")
            reason = (
                spans(why)
                if why
                else ("rewritten by identities: " + ", ".join(dict.fromkeys(s.rule for s in run[1:])),)
            )
            facts = tuple(dict.fromkeys(fact for s in run for fact in s.facts))
            rewritten = replace(first, before=joined, after=end, rule=name, kind="rewrite", facts=facts)
            lines.append(replace(self.written(rewritten), reason=reason))
        return [x for x in lines if x.level != "every" or self.form == "row"]

    def written(self, step: Step) -> Line:
        """One step as a row, or as a column."""
        assert step.node is not None
        before, after = self.turned(step.before), self.turned(step.after)
        typeset = self.writer.typeset
        marked = typeset.marking(changed_parts(before, after))
        side = "right" if self.form == "row" else "left, transposed"
        same = before is after or typeset(before) == typeset(after)
        joins = step.kind == "row"
        return Line(
            step.rule, row(self.left(step.node.args[step.index]), EQUALS, marked(after)),
            (f"its Jacobian joins on the {side}",), None, step.facts,
            shapes(self.writer, replace(step, after=after)) if joins else (), "every" if same else "both",
            anchor=f"rule-{step.node.op}" if joins else "", step=step,
        )  # fmt: skip

    def turned(self, node: Node) -> Node:
        """The row, or the column that its transpose is."""
        if self.form == "row":
            return node
        return apply(COLUMN, n.transpose(node), self.context)[0]

    def left(self, subject: Node) -> Layout:
        """∂J/∂z as a row, or its transpose."""
        inner, binds = self.writer.typeset.bound(subject)
        if subject.op != "symbol" and width(inner) > WIDE:
            inner = Sym("U")
        elif binds < CALL:
            inner = Fence(inner)
        if ONE not in subject.shape:
            inner = row(Func("vec"), inner if isinstance(inner, Fence) else Fence(inner))
        by = row(Op("∂", "ordinary"), inner)
        fraction = Frac(row(Op("∂", "ordinary"), self.writer.objective), by)
        if self.form == "row":
            return fraction
        return transposed(fraction)

    def turn(self, steps: tuple[Step, ...]) -> list[Line]:
        """From the row (or the stacked column) to the gradient, in the shape of its array."""
        if not steps:
            return []
        first, last = steps[0], steps[-1]
        start = self.turned(first.before)
        if start is last.after:
            return []
        whole = line(self.writer, replace(first, after=last.after, before=start, kind="rewrite"))
        name, reason = (
            (first.rule, first.why)
            if self.form == "row"
            else ("un-stack", f"the column is put into the shape of {first.target}")
        )
        return [replace(whole, rule=name, reason=(reason,), step=first)]


def _links(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Each Jacobian with the rewrites that follow it."""
    out: list[list[Step]] = []
    for step in steps:
        if out and step.kind == "rewrite":
            out[-1].append(step)
        else:
            out.append([step])
    return out
