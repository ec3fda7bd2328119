"""The steps of a gradient, as a reader sees them: which rule, what it says here, why, and what changes."""

from __future__ import annotations

from dataclasses import replace

from symback.algebra.nodes import Node, number, symbol
from symback.algebra.walk import postorder
from symback.ops import RULES
from symback.ops.rule import Rule
from symback.records import Gradient, Step
from symback.writeup.blocks import Code, Ref, Span, Spans, StepItem
from symback.writeup.changes import changed_parts
from symback.writeup.inline import spans
from symback.writeup.layout import EQUALS, Fence, Layout, Marked, Named, Op, Sym, row, width
from symback.writeup.subjects import WIDE, Subjects, argument, letter_for, partial
from symback.writeup.typeset import COMMA, Typesetter

DOTS = Op("⋯", "ordinary")
LINE = 34.0  # em: a statement longer than a line says nothing at a glance


def inner_product(left: Layout, right: Layout) -> Layout:
    """⟨A, B⟩, the sum of the products of entries."""
    return Fence(row(left, COMMA, right), "⟨", "⟩")


class StepWriter:
    """Writes the steps of one derivation; it knows the notation, the objective, the gradients' symbols and formulas."""

    def __init__(
        self,
        typeset: Typesetter,
        objective: Layout,
        gradients: dict[Node, Node],
        named: dict[Node, Node],
        values: dict[Node, Node],
    ) -> None:
        """Maps: array to gradient's symbol, that symbol to its formula, a definition to its name."""
        self.typeset, self.named, self.values = typeset, named, values
        self.subjects = Subjects(typeset, objective, gradients, values)
        self.numbers: dict[Node, int] = {}  # the numbers of the results that have been written, by their symbols

    def items(self, steps: tuple[Step, ...], one_of_several: bool = False) -> tuple[StepItem, ...]:
        """The steps in order; the last one along one of several paths is shown even where it changes nothing."""
        found = [self.item(step) for step in steps]
        if one_of_several and found and found[-1].trivial:
            found[-1] = replace(found[-1], trivial=False)
        return tuple(found)

    def reordered(self, gradient: Gradient) -> tuple[StepItem, ...]:
        """The step from the last formula to the result, where they differ in the order of their terms."""
        last = gradient.steps[-1].after if gradient.steps else gradient.named
        result = self.typeset(gradient.named)
        if (len(gradient.paths) > 1 and not gradient.tail) or last is gradient.named or self.typeset(last) == result:
            return ()
        reason = "terms of a sum may stand in any order, and so may factors that multiply entry by entry"
        return (StepItem("order", row(self.typeset(gradient.symbol), EQUALS, result), (reason,)),)

    def item(self, step: Step) -> StepItem:
        """One step; its formula is the gradient, with dots for the rest where this way gives only a share of it."""
        subject = self.subjects.of(step)
        after = self.typeset.marking(changed_parts(step.before, step.after))(step.after)
        if after == self.typeset(step.after) and step.before is not step.after:
            after = Marked(after)  # what changed is not written, such as ones that NumPy supplies
        formula = row(subject.layout, EQUALS, after, *((Op("+"), DOTS) if subject.share else ()))
        looks_same = step.before is step.after or (
            step.kind == "rewrite" and self.typeset(step.before) == self.typeset(step.after)
        )
        return StepItem(title(step), formula, self.reason(step), self.statement(step), looks_same, step.facts)

    def subject(self, step: Step) -> Layout:
        """What the step's result is the gradient by."""
        return self.subjects.of(step).layout

    def pairing(self, step: Step) -> tuple[Node, Node, Node, Node] | None:
        """G, the change of the value, what the rule gives, the change of the argument: the inner products agree."""
        if step.kind != "rule" or step.node is None or step.before is step.after or step.node.is_scalar:
            return None
        by = argument(step)
        if by.op != "symbol":
            return None
        change = symbol(f"Δ{by.data}", by.shape)
        value = self.values.get(step.node, step.node)
        return step.before, RULES[step.node.op].differential(step.node, value, step.index, change), step.after, change

    def statement(self, step: Step) -> Layout | None:
        """<G, change of the value> = <what the rule gives, change of the argument>; or what a letter stands for."""
        pairs = self.pairing(step)
        if pairs is None:
            return self.letter(step)
        name = str(argument(step).data)
        typeset = Typesetter({**self.typeset.names, f"Δ{name}": row(Sym("Δ"), self.typeset(argument(step)))})
        g, moved, crossed, change = (typeset(node) for node in pairs)
        out = row(inner_product(g, moved), EQUALS, inner_product(crossed, change))
        return out if width(out) < LINE else None

    def letter(self, step: Step) -> Layout | None:
        """What the letter stands for that takes the place of a long expression in a step."""
        if step.node is None or step.kind not in ("rule", "row", "jacobian") or step.before is step.after:
            return None
        of = step.node if step.kind == "jacobian" else argument(step)
        layout = self.typeset(self.values.get(of, of))
        return row(letter_for(of), EQUALS, layout) if width(layout) > WIDE else None

    def put_in(self, symbols: list[Node]) -> Spans:
        """Which formulas are put in, and where they were found."""
        out: list[Span] = ["put in "]
        for i, found in enumerate(symbols):
            out += [" and " if i else "", row(self.typeset(found), EQUALS, self.typeset(self.named[found]))]
            if found in self.numbers:
                out += [" from ", Ref(self.numbers[found])]
        return tuple(out)

    def reason(self, step: Step) -> Spans:
        """Why the step may be taken."""
        if step.kind == "insert":
            present = (s for s in postorder(step.before) if s in self.named)
            return self.put_in([s for s in present if f"{s.data} = " in step.why])
        if step.kind == "sum" and step.why.startswith(f"{step.target} "):
            return (Code(step.target), step.why[len(step.target) :])
        if is_scaling(step):
            return ("a constant factor stays in front of what it multiplies",)
        return spans(step.why) if step.kind != "sum" else (step.why,)


def title(step: Step) -> str:
    """The rule's name, with its direction where that says more."""
    if is_scaling(step):
        return "constant factor"
    return {"insert": "substitution"}.get(step.rule, step.rule)


def is_scaling(step: Step) -> bool:
    """True of a product with numbers and sizes alone."""
    node = step.node
    if step.kind != "rule" or node is None or node.op != "mul":
        return False
    others = [a for i, a in enumerate(node.args) if i != step.index]
    return all(a.is_scalar and all(x.op in ("number", "size", "power", "pi") for x in postorder(a)) for a in others)


def rule_statement(rule: Rule, typeset: Typesetter) -> tuple[Layout, Layout]:
    """A rule in general: its operation, and what crosses the inner product, printed from the rule itself."""
    example = rule.examples()[0]
    names = {str(a.data): Sym(str(a.data)) for a in example.args if a.op == "symbol"}
    changes = {str(a.data): symbol(f"Δ{a.data}", a.shape) for a in example.args if a.op == "symbol"}
    writer = Typesetter(
        {**names, **{f"Δ{n}": row(Sym("Δ"), layout) for n, layout in names.items()}, "G": Sym("G"), "y": Sym("Y")}
    )
    argument = next(i for i, a in enumerate(example.args) if a.op == "symbol")
    if rule.op == "matmul":
        argument = 1  # the middle one shows both sides
    change = changes[str(example.args[argument].data)]
    value = symbol("y", example.shape)
    upstream = symbol("G", example.shape) if not example.is_scalar else symbol("G", number(1).shape)
    moved = writer(rule.differential(example, value, argument, change))
    crossed = writer(rule.adjoint(example, value, argument, upstream))
    pairing = row(inner_product(Sym("G"), moved), EQUALS, inner_product(crossed, writer(change)))
    return writer(example), pairing


def unnamed(layout: Layout) -> Layout:
    """The letter itself, without what a page says about it."""
    return layout.body if isinstance(layout, Named) else layout


__all__ = ["StepWriter", "inner_product", "partial", "rule_statement", "title", "unnamed"]
