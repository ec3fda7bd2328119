"""The page: what stands on it, in the order in which it is read, as one record for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symback.records import Verdict
from symback.writeup.blocks import Block, Display, Heading, Prose, Spans, Table, say
from symback.writeup.crossing import crossings
from symback.writeup.document import Writer, checked
from symback.writeup.explorer.glossary import RuleCard, glossary, rule_cards
from symback.writeup.explorer.lines import Answer, Part, Place, parts, place
from symback.writeup.explorer.methods import adjoint, all_methods
from symback.writeup.explorer.picture import Picture
from symback.writeup.explorer.scene import pictures
from symback.writeup.explorer.values import rows
from symback.writeup.explorer.views import answer
from symback.writeup.layout import EQUALS, Layout, row
from symback.writeup.notation import PLAIN, Notation
from symback.writeup.numbers import as_matrix
from symback.writeup.tables import conventions, facts_used, notation_table
from symback.writeup.typeset import shaped
from symback.writeup.why import why, why_briefly
from symback.writeup.words import paragraphs
from symback.writeup.worked import small_point

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation
    from symback.checking.check import Report


WHAT = {
    "gradient": "the gradient",
    "jacobian": "the Jacobian",
    "jacobian_vec": "the Jacobian",
    "hessian": "the Hessian",
}


@dataclass(frozen=True)
class Question:
    """The question that a page opens with, the short answer, and the whole one."""

    title: Spans
    short: Spans
    rest: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Forward:
    """A definition: plain, with shapes, and its value in the worked example."""

    name: str
    plain: Layout
    shaped: Layout
    numpy: str
    value: Layout | None


@dataclass(frozen=True)
class Section:
    """One gradient by every method, with what was claimed of it."""

    name: str
    symbol: Layout
    lead: Spans  # of the only use; where there are several, each passage has its own
    parts: tuple[Part, ...]
    answer: Answer
    why: tuple[Block, ...]
    verdicts: tuple[Verdict, ...]
    value: Layout | None
    computed: bool


@dataclass(frozen=True)
class Page:
    """Everything on the page."""

    title: str
    introduction: tuple[Spans, ...]
    question: Question
    pictures: tuple[Picture, ...]
    given: tuple[tuple[Layout, Layout], ...]
    forward: tuple[Forward, ...]
    sections: tuple[Section, ...]
    methods: tuple[str, ...]
    chosen: str  # the method that is shown first
    rules: tuple[RuleCard, ...]
    facts: Spans
    notation: Table
    conventions: tuple[Block, ...]
    check: tuple[Block, ...]
    verdicts: tuple[Verdict, ...]
    departures: dict[Place, tuple[Verdict, ...]]
    glossary: dict[str, list[str]]


def page(
    derivation: Derivation,
    report: Report | None = None,
    verdicts: tuple[Verdict, ...] | None = None,
    notation: Notation = PLAIN,
) -> Page:
    """The page of a derivation; the claims of its file are judged on it."""
    derivation, chosen = adjoint(derivation)
    writer = Writer(derivation, notation)
    report = derivation.check() if report is None else report
    if verdicts is None:
        verdicts = judged(derivation)
    point = small_point(writer.runner)
    sections = gradient_sections(writer, verdicts, point)
    methods = tuple(dict.fromkeys(method for section in sections for part in section.parts for method in part.methods))
    problem = derivation.problem
    chosen = chosen if chosen in methods else methods[0]
    return Page(
        title=problem.title or f"The gradients of {derivation.objective}",
        introduction=paragraphs(derivation),
        question=question(writer),
        pictures=pictures(writer, point),
        given=given(writer, point),
        forward=forward(writer, point),
        sections=sections,
        methods=methods,
        chosen=chosen,
        rules=rule_cards(writer),
        facts=facts_used(writer),
        notation=notation_table(writer),
        conventions=tuple(conventions(writer)),
        check=tuple(checked(report, derivation)[1:]),
        verdicts=verdicts,
        departures=departures(verdicts),
        glossary=glossary(writer),
    )


def judged(derivation: Derivation) -> tuple[Verdict, ...]:
    """The verdicts on the claims in the problem's own text."""
    if not derivation.problem.claims or derivation.kind != "gradient" or derivation.upstream is not None:
        return ()
    from symback.checking.verify import verify

    return verify(derivation.problem, of=derivation.objective)


def departures(verdicts: tuple[Verdict, ...]) -> dict[Place, tuple[Verdict, ...]]:
    """The claims that part from the derivation at a step, by that step's place."""
    found: dict[Place, tuple[Verdict, ...]] = {}
    for verdict in verdicts:
        if verdict.step is not None and not verdict.right:
            at = place(verdict.step)
            found[at] = (*found.get(at, ()), verdict)
    return found


def question(writer: Writer) -> Question:
    """Why not the other order?, where a product crosses a weight; else what is derived here, and the answer to that."""
    if writer.main is not None and writer.derivation.kind == "gradient":
        blocks = why(writer.main, writer.runner, writer.typeset)
        first, second, *rest = blocks
        if isinstance(first, Heading) and isinstance(second, Prose):
            return Question(first.spans, second.spans, tuple(rest))
    names = [g for g in writer.order() if g.wrt in writer.problem.symbols]
    title = say(f"What is {WHAT[writer.derivation.kind]} of {{}}?", writer.objective)
    found = (Display(answer(writer, g).plain) for g in names or writer.order())
    return Question(title, (), tuple(found))


def gradient_sections(
    writer: Writer, verdicts: tuple[Verdict, ...], point: dict[str, Any] | None
) -> tuple[Section, ...]:
    """One for each gradient."""
    views = all_methods(writer)
    found = {crossing.array: crossing for crossing in crossings(writer.problem, writer.derivation.gradients)}
    computed = {d.name for d in writer.problem.definitions}
    out = []
    for gradient in writer.order():
        crossing = found.get(gradient.wrt)
        value = (
            None if point is None else _matrix(writer.typeset(gradient.symbol), point.get(str(gradient.symbol.data)))
        )
        leads = [passage.lead for passage in views[gradient.wrt][0].passages]
        first: Spans = leads[0] if len(leads) == 1 else ()
        out.append(Section(
            gradient.wrt, writer.typeset(gradient.symbol), first, parts(views[gradient.wrt]),
            views[gradient.wrt][0].answer,
            () if crossing is None else (why_briefly(crossing, writer.typeset),),
            tuple(v for v in verdicts if v.wrt == gradient.wrt), value, gradient.wrt in computed,
        ))  # fmt: skip
    return tuple(out)


def _matrix(name: Layout, value: Any) -> Layout | None:
    return None if value is None or not rows(value) else row(name, EQUALS, as_matrix(value))


def given(writer: Writer, point: dict[str, Any] | None) -> tuple[tuple[Layout, Layout], ...]:
    """The worked example's data."""
    if point is None:
        return ()
    found = ((writer.typeset(s.node), point[s.name]) for s in writer.problem.symbols.values())
    return tuple((name, row(name, EQUALS, as_matrix(value))) for name, value in found)


def forward(writer: Writer, point: dict[str, Any] | None) -> tuple[Forward, ...]:
    """Every definition."""
    typeset, with_shapes = writer.typeset, writer.typeset.with_shapes()
    return tuple(
        Forward(
            d.name, row(typeset(d.leaf), EQUALS, typeset(d.node)),
            row(shaped(typeset(d.leaf), d.leaf), EQUALS, with_shapes(d.node)), f"{d.name} = {d.text}",
            None if point is None else _matrix(typeset(d.leaf), point.get(d.name)),
        )
        for d in writer.problem.definitions
    )  # fmt: skip
