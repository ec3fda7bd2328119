"""From a derivation to its write-up: a document of blocks, with nothing in it that is not read off the derivation."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from symback.algebra.dims import show_shape
from symback.algebra.walk import symbols
from symback.checking.check import CheckError
from symback.language.write import write
from symback.ops import RULES
from symback.records import Gradient
from symback.writeup import blocks as b
from symback.writeup.blocks import Block, Code, Document, Heading, Prose, Ref, Spans, Strong, say
from symback.writeup.crossing import Crossing, crossings, main_crossing
from symback.writeup.graph import network
from symback.writeup.layout import EQUALS, Layout, Named, Num, Op, Sup, Sym, row
from symback.writeup.notation import PLAIN, Notation, all_names, name_layout
from symback.writeup.numbers import Runner
from symback.writeup.steps import StepWriter, rule_statement
from symback.writeup.subjects import hessian_layout, partial, stacked
from symback.writeup.tables import conventions, facts_used, notation_table, summary
from symback.writeup.typeset import Typesetter, shaped
from symback.writeup.why import why, why_above, why_briefly
from symback.writeup.words import paragraphs
from symback.writeup.worked import worked_example

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation
    from symback.checking.check import Report


class Writer:
    """What all parts of one write-up share: the derivation, the notation, the gradients' symbols."""

    def __init__(self, derivation: Derivation, notation: Notation = PLAIN) -> None:
        """No two names look alike, gradients included."""
        self.derivation, self.problem, self.notation = derivation, derivation.problem, notation
        gradients = derivation.gradients
        shapes = {
            n: self.problem.shape(n) for n in (*self.problem.symbols, *(d.name for d in self.problem.definitions))
        }
        symbols_of = {str(g.symbol.data): g.wrt for g in gradients.values()}
        names = all_names(shapes, symbols_of, derivation.objective, notation)
        self.objective = names[derivation.objective] if derivation.upstream is None else Sym("ℓ")
        for gradient in gradients.values() if derivation.kind != "gradient" else ():
            layout = self.derivative(names, gradient)
            names[str(gradient.symbol.data)] = Named(
                layout, str(gradient.symbol.data), show_shape(gradient.symbol.shape)
            )
        self.typeset = Typesetter(names)
        self.by_leaf = {self.problem.leaf(name): g.symbol for name, g in gradients.items()}
        self.steps = StepWriter(
            self.typeset,
            self.objective,
            self.by_leaf,
            {g.symbol: g.named for g in gradients.values()},
            {d.node: d.leaf for d in self.problem.definitions if d.name != derivation.objective},
        )
        for gradient in gradients.values():
            self.steps.subjects.read(gradient, derivation.kind)
        self.runner = Runner(
            self.problem, derivation.objective, gradients, derivation.one_d, derivation.zero_d, derivation.kind
        )

    def derivative(self, names: dict[str, Layout], gradient: Gradient) -> Layout:
        """A Jacobian or a Hessian on paper."""
        kind, of, by = self.derivation.kind, self.derivation.objective, gradient.wrt
        if kind == "hessian":
            return hessian_layout(names[of], names[by], self.problem.leaf(by))
        return partial(stacked(names[of], self.problem.leaf(of)), stacked(names[by], self.problem.leaf(by)))

    @property
    def noun(self) -> str:
        """What is derived: a gradient, a Jacobian, a Hessian."""
        return {"hessian": "Hessian", "gradient": "gradient"}.get(self.derivation.kind, "Jacobian")

    @cached_property
    def main(self) -> Crossing | None:
        """The product at which the order is explained in full, if there is one."""
        found = main_crossing(self.problem, crossings(self.problem, self.derivation.gradients))
        answered = found is not None and found.target in self.derivation.gradients and self.derivation.upstream is None
        return found if answered else None

    def line(self, gradient: Gradient) -> str:
        """A formula as NumPy text."""
        return write(gradient.named, self.derivation.one_d, gradient.ndim == 1, self.derivation.zero_d)

    def order(self) -> list[Gradient]:
        """The gradients in the order of reading: after each definition's own the declared arrays that it completes."""
        gradients = self.derivation.gradients
        used = {d.name: set(symbols(d.node)) for d in self.problem.definitions}
        place = {d.name: i for i, d in enumerate(self.problem.definitions)}
        computed = [g for n, g in gradients.items() if n in place]
        given = [g for n, g in gradients.items() if n not in place]

        def completed(name: str) -> int:
            users = [place[d] for d, names in used.items() if name in names and d in place]
            return min(users, default=-1)

        after: dict[int, list[Gradient]] = {}
        for gradient in given:
            after.setdefault(completed(gradient.wrt), []).append(gradient)
        out: list[Gradient] = []
        for gradient in computed:
            out += [gradient, *after.pop(place[gradient.wrt], [])]
        return out + [gradient for left in after.values() for gradient in left]


def build(derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN) -> Document:
    """The whole write-up; ``report`` is what a numerical check found (it is run here where none is given).

    Raises CheckError where the check fails: what is not right is not written.
    """
    writer = Writer(derivation, notation)
    report = derivation.check(strict=True) if report is None else report
    if not report.passed:
        raise CheckError(f"the numerical check failed, so nothing is written: {report.reason}")
    title = (
        derivation.problem.title or f"The {writer.noun}{'s' if len(derivation) > 1 else ''} of {derivation.objective}"
    )
    parts: list[Block] = [
        *introduction(writer),
        *forward_pass(writer),
        *why_section(writer),
        *notation_section(writer),
        *gradient_sections(writer),
        *summary_section(writer),
        *rules_section(writer),
        *checked(report, derivation),
        *worked_example(writer.runner, writer.typeset),
    ]
    return Document(title, tuple(parts))


def introduction(writer: Writer) -> list[Block]:
    """The paragraphs of the docstring."""
    return [Prose(spans) for spans in paragraphs(writer.derivation)]


def forward_pass(writer: Writer) -> list[Block]:
    """Every definition with the shape under each factor, and the network as a graph."""
    out: list[Block] = [Heading(1, ("The forward pass",), "forward")]
    typeset, with_shapes = writer.typeset, writer.typeset.with_shapes()
    lines: list[Layout] = []
    for definition in writer.problem.definitions:
        formula = row(shaped(typeset(definition.leaf), definition.leaf), EQUALS, with_shapes(definition.node))
        lines.append(formula)
    out += [b.Displays(tuple(lines))]
    if len(writer.problem.definitions) > 1:
        out.append(
            b.Figure(
                network(writer.problem, writer.derivation.objective),
                "The network: values run forward along the arrows, gradients back",
            )
        )
    return out


def why_section(writer: Writer) -> list[Block]:
    """Why not the other order? Whole, for the first product that has an answer."""
    return [] if writer.main is None else list(why(writer.main, writer.runner, writer.typeset))


def notation_section(writer: Writer) -> list[Block]:
    """The table of symbols, and the conventions."""
    return [Heading(1, ("Notation and conventions",), "notation"), notation_table(writer), *conventions(writer)]


def gradient_sections(writer: Writer) -> list[Block]:
    """Each gradient with its steps and its result."""
    heading = "The derivation" if len(writer.derivation) == 1 else f"The {writer.noun}s, one after the other"
    out: list[Block] = [Heading(1, (heading,), "gradients")]
    for number, gradient in enumerate(writer.order(), 1):
        out += gradient_section(writer, gradient, number)
    return out


def gradient_section(writer: Writer, gradient: Gradient, number: int) -> list[Block]:
    """The paths into one array, their steps, and the result."""
    typeset, problem = writer.typeset, writer.problem
    leaf = problem.leaf(gradient.wrt)
    out: list[Block] = [
        Heading(
            2,
            say(f"{{}}, the {writer.noun} by {{}}", typeset(gradient.symbol), Code(gradient.wrt)),
            f"d-{gradient.wrt}",
        )
    ]
    later = {
        str(c.step.node.args[c.step.index].data): c for c in crossings(problem, {gradient.wrt: gradient}) if c.step.node
    }
    for path in gradient.paths:
        definition = problem.definition(path.user)
        assert definition is not None
        lead = say("{} is used in {}", typeset(leaf), row(typeset(definition.leaf), EQUALS, typeset(definition.node)))
        upstream = writer.by_leaf.get(definition.leaf)
        known = writer.steps.numbers.get(upstream) if upstream is not None else None
        if upstream is not None and known is not None:
            lead += say(", and {} is known from {}", typeset(upstream), Ref(known))
        lead += (".",)
        out.append(Prose(lead))
        out.append(b.Steps(writer.steps.items(path.steps, len(gradient.paths) > 1)))
    tail = writer.steps.items(gradient.tail) + writer.steps.reordered(gradient)
    if tail:
        out.append(b.Steps(tail))
    writer.steps.numbers[gradient.symbol] = number
    out.append(result(writer, gradient, number))
    crossing = later.get(gradient.wrt)
    if crossing is not None:
        whole = writer.main is not None and crossing.step is writer.main.step
        out.append(why_above() if whole else why_briefly(crossing, typeset))
    return out


def result(writer: Writer, gradient: Gradient, number: int) -> b.Result:
    """A derived formula, framed."""
    typeset, left = writer.typeset, writer.typeset(gradient.symbol)
    line = f"{gradient.symbol.data} = {writer.line(gradient)}"
    return b.Result(
        row(left, EQUALS, typeset(gradient.named)),
        row(shaped(left, gradient.symbol), EQUALS, typeset.with_shapes()(gradient.named)),
        gradient.wrt,
        line,
        number,
    )


def summary_section(writer: Writer) -> list[Block]:
    """All results in one table."""
    return [Heading(1, ("Summary",), "summary"), summary(writer)]


def rules_section(writer: Writer) -> list[Block]:
    """The rules that were used, each with its statement and where it can be read."""
    used: dict[str, None] = {}
    for gradient in writer.derivation.gradients.values():
        for step in gradient.steps:
            if step.node is not None and step.kind in ("rule", "row", "jacobian"):
                used.setdefault(step.node.op)
    rows: list[tuple[Spans, ...]] = []
    for op in used:
        rule = RULES[op]
        value, pairing = rule_statement(rule, writer.typeset)
        rows.append(((rule.title,), (row(Sym("Y"), EQUALS, value),), (pairing,)))
    table = b.Table((("rule",), ("operation",), ("what crosses the inner product",)), tuple(rows))
    lead = say(
        "Each rule says how the value changes when one argument changes, and what then stands beside that change; both "
        "are printed from the rule that was run. {} is the gradient that arrives.", Sym("G"),
    )  # fmt: skip
    found: list[Block] = [Heading(1, ("The rules used",), "rules"), Prose(lead), table] if rows else []
    facts = facts_used(writer)
    return [*found, Prose((Strong("Facts used. "), *facts))] if facts else found


def checked(report: Report | None, derivation: Derivation) -> list[Block]:
    """The figures of the numerical check."""
    if report is None:
        return []
    steps = sum(len(found) for found in report.steps.values())
    figures = say(
        f"Every result{f' and all {steps} steps' if steps else ''} passed: the printed lines were run in NumPy at "
        f"{report.trials} random points, and compared with central differences of the forward pass as it was written. "
        "The largest relative error is {}.",
        power_of_ten(report.max_relative_error),
    )  # fmt: skip
    out: list[Block] = [Heading(1, ("The check",), "check"), Prose(figures)]
    names = list(report.sizes[0]) if report.sizes else []
    if names:
        rows: list[tuple[Spans, ...]] = []
        for i, sizes in enumerate(report.sizes, 1):
            rows.append(((f"point {i}",), *((Num(str(sizes[name])),) for name in names)))
        out.append(b.Table((("sizes",), *((name_layout(name),) for name in names)), tuple(rows)))
    return out


def power_of_ten(value: float) -> Layout:
    """2.3 × 10⁻⁹."""
    if value == 0 or value != value or value == float("inf"):
        return Num(str(value))
    digits, exponent = f"{value:.1e}".split("e")
    power = int(exponent)
    up = row(Op("−", "prefix"), Num(str(-power))) if power < 0 else Num(str(power))
    return row(Num(digits), Op("×"), Sup(Num("10"), up))
