"""The same gradients by each method, from a derivation of its own: differentials, indices, Jacobians as rows and as columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.calculus.derive import Derivation, derive
from symback.calculus.index import entries_of
from symback.checking.draw import draw
from symback.checking.run import matrix
from symback.checking.steps import TOLERANCE, relative
from symback.errors import SymbackError
from symback.language.read import parse
from symback.records import Gradient, Path, Problem, Step
from symback.rewrites.engine import Context
from symback.rewrites.engine import run as apply
from symback.rewrites.scalars import SCALARS
from symback.rewrites.simplify import MATRIX_FORM, simplify
from symback.writeup.blocks import Spans, say
from symback.writeup.document import Writer
from symback.writeup.explorer.entries import equation
from symback.writeup.explorer.lines import Answer, Form, Line, Passage, View, line, merged, runs, shapes
from symback.writeup.inline import spans
from symback.writeup.latex import to_latex
from symback.writeup.layout import EQUALS, Fence, Frac, Func, Layout, Op, Sym, row, width
from symback.writeup.steps import WIDE
from symback.writeup.typeset import CALL, changed_parts, shaped, transposed

METHODS = ("differential", "index", "row", "column")


def tail(writer: Writer, gradient: Gradient) -> Passage:
    """The lines that bring the uses of an array together."""
    return Passage((), tuple(simplified(writer, gradient.tail)))


def simplified(writer: Writer, steps: tuple[Step, ...]) -> list[Line]:
    """Lines, with runs of rewrites merged for the main level."""
    return [x for run in runs(steps) for x in merged(writer, run, [line(writer, s) for s in run])]


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
    uses = (Passage(lead(writer, gradient, p), tuple(simplified(writer, p.steps))) for p in gradient.paths)
    return View("differential", tuple(uses), tail(writer, gradient), answer(writer, gradient))


# --- indices -----------------------------------------------------------------------------------------


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
    first = Line(
        "one entry", equation(writer.objective, x, entries, writer.typeset),
        say("one entry of {} is changed; the sum runs over every entry of {} that it reaches", writer.typeset(x), writer.typeset(definition.leaf)),
        step=step,
    )  # fmt: skip
    second = Line(
        "read as a matrix", row(writer.steps.subject(step), EQUALS, writer.typeset.marking({step.after})(step.after)),
        ("an index that is summed and stands inside two factors is a matrix product",), shapes=shapes(writer, step), step=step,
    )  # fmt: skip
    return [first, second]


# --- Jacobians ---------------------------------------------------------------------------------------


def batch_dimension(problem: Problem, objective: str) -> str | None:
    """The dimension that counts examples: every computed array has it once, and along the same axis."""
    computed = [d.node.shape for d in problem.definitions if d.name != objective and not d.node.is_scalar]
    for axis in (1, 0):
        sizes = {shape[axis] for shape in computed}
        if len(sizes) == 1:
            size = sizes.pop()
            alone = all(size != shape[1 - axis] for shape in computed)
            if alone and len(size.names) == 1 and size.coefficient == 1:
                return size.names[0]
    return None


def one_example(problem: Problem, objective: str) -> Problem | None:
    """The same forward pass for one example, read from the same text; None where there is no batch, or no text."""
    name = batch_dimension(problem, objective)
    first = problem.definitions[0].line if problem.definitions else None
    if name is None or not problem.text or first is None:
        return None
    lines = problem.text.split("\n")
    lines.insert(first - 1, f"assume({name} == 1)")
    try:
        return parse("\n".join(lines))
    except SymbackError:  # a problem that says more than one example
        return None


class Jacobians:
    """Rows times Jacobians: for one example where the array is a vector then, for the whole batch else."""

    def __init__(self, derivation: Derivation) -> None:
        self.batch = Writer(_by(derivation, derivation.problem, "jacobian"))
        single = one_example(derivation.problem, derivation.objective)
        self.single: Writer | None = None
        if single is not None:
            try:
                self.single = Writer(_by(derivation, single, "jacobian"))
            except SymbackError:
                self.single = None

    def views(self, name: str, alone: bool) -> list[View]:
        """The row and the column; of one example where that is right (``alone``) and its array a vector."""
        writer, gradient, note = self.batch, self.batch.derivation.gradients.get(name), self.stacked(name)
        single = self.single.derivation.gradients.get(name) if self.single is not None else None
        if alone and self.single is not None and single is not None and ONE in single.symbol.shape:
            writer, gradient, note = self.single, single, self.alone()
        if gradient is None:
            return []
        context = Context(writer.problem.facts, tuple(d for d in writer.problem.definitions if d.name != writer.derivation.objective))
        return [Turned(writer, gradient, context, form).view(note) for form in ("row", "gradient")]  # type: ignore[arg-type]  # both are forms

    def alone(self) -> Spans:
        """Said of one example."""
        return ("For one example: every array of the batch is a single vector here.",)

    def stacked(self, name: str) -> Spans:
        """Said of the batch."""
        shape = self.batch.problem.shape(name)
        if ONE in shape:
            return ("For the whole batch.",)
        x = self.batch.typeset(self.batch.problem.leaf(name))
        return say("For the whole batch: {} stacks the columns of {} into one.", row(Func("vec"), Fence(x)), x)


def _by(derivation: Derivation, problem: Problem, method: str) -> Derivation:
    wanted = list(derivation.gradients)
    upstream = None if derivation.upstream is None else str(derivation.upstream.data)
    return derive(problem, wanted, of=derivation.objective, upstream=upstream, method=method)


class Turned:
    """The lines of the row method in one layout: rows as they are derived, or each of them transposed into a column."""

    def __init__(self, writer: Writer, gradient: Gradient, context: Context, form: Form) -> None:
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
        return out + self.together(path.steps[:at], path.steps[at:]) + self.turn(path.steps[at:])

    def together(self, links: tuple[Step, ...], turn: tuple[Step, ...]) -> list[Line]:
        """The rows of several ways into one array, added up."""
        if not links or not turn or links[-1].after is turn[0].before:
            return []
        rule = [s for s in links if s.kind == "row"][-1]
        added = replace(rule, rule="several paths", before=links[-1].after, after=turn[0].before, kind="sum")
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
            reason = spans(why) if why else ("rewritten by identities: " + ", ".join(dict.fromkeys(s.rule for s in run[1:])),)
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
        return simplify(n.transpose(node), self.context, MATRIX_FORM)[0]

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
        name, reason = (first.rule, first.why) if self.form == "row" else ("un-stack", f"the column is put into the shape of {first.target}")
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


# --- all of them -------------------------------------------------------------------------------------


def all_methods(writer: Writer) -> dict[str, list[View]]:
    """For each gradient its views by every method that gives the same value; a method that refuses is left out."""
    derivation = writer.derivation
    views = {name: [differential(writer, g)] for name, g in derivation.gradients.items()}
    if derivation.kind != "gradient" or derivation.structured:
        return views
    try:
        index = Writer(_by(derivation, derivation.problem, "index"))
        for name in agreeing(writer, index):
            views[name].append(by_index(index, index.derivation.gradients[name]))
    except SymbackError:  # an operation that has no form by entries
        pass
    try:
        jacobians = Jacobians(derivation)
    except SymbackError:  # or none by Jacobians
        return views
    same = agreeing(writer, jacobians.batch)
    alone = set() if jacobians.single is None else agreeing(writer, jacobians.single)
    for name in views:
        if name in same:
            views[name] += jacobians.views(name, name in alone)
    return views


def agreeing(writer: Writer, other: Writer) -> set[str]:
    """The gradients to which two derivations give the same value: by being the same expression, or at a random point.

    ``other`` may be of the same forward pass with a size fixed: the point is drawn for it.
    """
    mine, theirs = writer.derivation.gradients, other.derivation.gradients
    names = [name for name in mine if name in theirs]
    if other.problem is writer.problem and all(theirs[name].named is mine[name].named for name in names):
        return set(names)
    here = other.runner.run(draw(other.problem, np.random.default_rng(0)))
    there = dict(here)
    same = set()
    try:
        other.runner.backward(here)
        writer.runner.backward(there)
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):  # sizes that do not conform
        return same
    for name in names:
        found, truth = matrix(here[str(theirs[name].symbol.data)]), matrix(there[str(mine[name].symbol.data)])
        if relative(found, truth) < TOLERANCE:
            same.add(name)
    return same
