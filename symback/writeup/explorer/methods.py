"""The same gradients by each method, each a derivation of its own: differentials, indices, Jacobians in two layouts."""

from __future__ import annotations

import numpy as np

from symback.algebra.dims import ONE
from symback.calculus.derivation import Derivation
from symback.calculus.derive import derive
from symback.checking.draw import draw
from symback.checking.run import matrix
from symback.checking.steps import TOLERANCE, relative
from symback.errors import SymbackError
from symback.language.read import parse
from symback.records import Problem
from symback.rewrites.engine import Context
from symback.writeup.blocks import Spans, say
from symback.writeup.document import Writer
from symback.writeup.explorer.index import by_index
from symback.writeup.explorer.lines import Form, View
from symback.writeup.explorer.turned import Turned
from symback.writeup.explorer.views import differential
from symback.writeup.layout import Fence, Func, row
from symback.writeup.notation import Notation

FORMS: tuple[Form, Form] = ("row", "gradient")


def batch_dimension(problem: Problem, objective: str) -> str | None:
    """The dimension that counts examples: each computed array has it once, on the same side, some given one not."""
    computed = [d.node.shape for d in problem.definitions if d.name != objective and not d.node.is_scalar]
    given = [s.shape for s in problem.symbols.values() if not s.node.is_scalar]
    for side in (1, 0):
        sizes = {shape[side] for shape in computed}
        if len(sizes) != 1:
            continue
        size = sizes.pop()
        alone = all(size != shape[1 - side] for shape in computed)
        if alone and len(size.names) == 1 and size.coefficient == 1 and any(size not in shape for shape in given):
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

    def __init__(self, derivation: Derivation, notation: Notation) -> None:
        """Derive both, where there are both."""
        self.batch = Writer(_by(derivation, derivation.problem, "jacobian"), notation)
        single = one_example(derivation.problem, derivation.objective)
        self.single: Writer | None = None
        if single is not None:
            try:
                self.single = Writer(_by(derivation, single, "jacobian"), notation)
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
        inner = tuple(d for d in writer.problem.definitions if d.name != writer.derivation.objective)
        context = Context(writer.problem.facts, inner)
        return [Turned(writer, gradient, context, form).view(note) for form in FORMS]

    def alone(self) -> Spans:
        """Said of one example."""
        name = batch_dimension(self.batch.problem, self.batch.derivation.objective)
        return (f"For one example, {name} = 1: every array of the batch is a single vector here.",)

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


def adjoint(derivation: Derivation) -> tuple[Derivation, str]:
    """The derivation by differentials, and the method that was asked for."""
    kinds = {step.kind for gradient in derivation.gradients.values() for step in gradient.steps}
    asked = "index" if "index" in kinds else "row" if "row" in kinds else "differential"
    return (
        (derivation, asked) if asked == "differential" else (_by(derivation, derivation.problem, "differential"), asked)
    )


def all_methods(writer: Writer) -> dict[str, list[View]]:
    """For each gradient its views by every method that gives the same value; a method that refuses is left out."""
    derivation = writer.derivation
    views = {name: [differential(writer, g)] for name, g in derivation.gradients.items()}
    if derivation.kind != "gradient" or derivation.structured:
        return views
    try:
        index = Writer(_by(derivation, derivation.problem, "index"), writer.notation)
        for name in agreeing(writer, index):
            views[name].append(by_index(index, index.derivation.gradients[name]))
    except SymbackError:  # an operation that has no form by entries
        pass
    try:
        jacobians = Jacobians(derivation, writer.notation)
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
    same: set[str] = set()
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
