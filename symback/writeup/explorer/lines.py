"""A derivation by one method, line by line, as the explorer shows it at each level of detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.records import Step
from symback.writeup.blocks import Spans
from symback.writeup.document import Writer
from symback.writeup.layout import Layout
from symback.writeup.notation import shape_layout
from symback.writeup.unicode import to_unicode

Place = tuple[str, str, Node, Node, int]  # what tells one step from another
Level = Literal["both", "main", "every"]
Form = Literal["gradient", "row"]


@dataclass(frozen=True)
class Line:
    """One step: the rule, the formula that it leads to, why, and at which levels of detail it is shown.

    ``parts`` are the steps that a line of the main level stands for; ``rule`` links to the rule's explanation
    ``anchor`` where it has one.
    """

    rule: str
    formula: Layout
    reason: Spans
    statement: Layout | None = None
    facts: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    level: Level = "both"
    parts: tuple[str, ...] = ()
    anchor: str = ""
    step: Step | None = field(default=None, compare=False)

    @property
    def place(self) -> Place | None:
        """The place of its step."""
        return None if self.step is None else place(self.step)


@dataclass(frozen=True)
class Answer:
    """What a derivation ends with: the formula, plain and with shapes, and its text; ``form`` says of what."""

    plain: Layout
    shaped: Layout
    numpy: str
    latex: str
    form: Form = "gradient"


@dataclass(frozen=True)
class Passage:
    """The lines that belong to one use of an array, or to the sum of all uses, after a sentence that says so."""

    lead: Spans
    lines: tuple[Line, ...]
    note: Spans = ()


@dataclass(frozen=True)
class View:
    """One gradient by one method: along each use, then what brings the uses together, then the result."""

    method: str
    passages: tuple[Passage, ...]
    tail: Passage
    answer: Answer


@dataclass(frozen=True)
class Part:
    """A piece of a section, and the methods that it belongs to: what two methods share is written once."""

    methods: tuple[str, ...]
    passages: tuple[Passage, ...] = ()
    answer: Answer | None = None


def parts(views: Sequence[View]) -> tuple[Part, ...]:
    """The views of one gradient in one sequence, equal tails and results with one text together."""
    own = [Part((view.method,), view.passages) for view in views]
    tails: dict[Passage, list[str]] = {}
    answers: dict[str, list[str]] = {}
    first: dict[str, Answer] = {}
    for view in views:
        if view.tail.lines:
            tails.setdefault(view.tail, []).append(view.method)
        answers.setdefault(view.answer.numpy, []).append(view.method)
        first.setdefault(view.answer.numpy, view.answer)
    shared = [Part(tuple(methods), (tail,)) for tail, methods in tails.items()]
    return (*own, *shared, *(Part(tuple(methods), (), first[text]) for text, methods in answers.items()))


def place(step: Step) -> Place:
    """Where a step stands: by what it leads from one expression to another, for which array."""
    return (step.rule, step.target, step.before, step.after, step.index)


def line(writer: Writer, step: Step) -> Line:
    """A step of the adjoint method."""
    item = writer.steps.item(step)
    anchor = f"rule-{step.node.op}" if step.kind == "rule" and step.node is not None else ""
    return Line(
        item.rule, item.formula, item.reason, item.statement, item.facts,
        () if step.kind == "rewrite" else shapes(writer, step),
        "every" if item.trivial else "both", anchor=anchor, step=step,
    )  # fmt: skip


def shapes(writer: Writer, step: Step) -> tuple[str, ...]:
    """The shape of every array in a step's result, in words."""
    seen = [n for n in postorder(step.after) if n.op == "symbol" and not n.is_scalar and n.shape != (ONE, ONE)]
    return tuple(f"{to_unicode(writer.typeset(n))}: {to_unicode(shape_layout(n.shape))}" for n in dict.fromkeys(seen))


def merged(writer: Writer, steps: Sequence[Step], lines: Sequence[Line]) -> list[Line]:
    """A run of rewrites: every one of them, and for the main level a single line that stands for all.

    The line marks what the whole run has changed.
    """
    real = [x for x in lines if x.level != "every"]
    if len(real) < 2:
        return list(lines)
    first, last = steps[0], steps[-1]
    whole = line(writer, replace(last, before=first.before, kind="rewrite", facts=_facts(steps)))
    parts = tuple(dict.fromkeys(x.rule for x in real))
    reason = ("rewritten in steps, each an identity: " + ", then ".join(parts),)
    summary = replace(whole, rule="simplify", reason=reason, level="main", parts=parts, statement=None)
    return [*(replace(x, level="every") for x in lines), summary]


def _facts(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for step in steps for fact in step.facts))


def runs(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps with neighbouring rewrites together."""
    out: list[list[Step]] = []
    for step in steps:
        if out and step.kind == "rewrite" and out[-1][-1].kind == "rewrite":
            out[-1].append(step)
        else:
            out.append([step])
    return out
