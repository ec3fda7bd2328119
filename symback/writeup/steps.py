"""The steps of a gradient, as a reader sees them: which rule, what it says here, why, and what changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from symback.algebra.nodes import Node, number, symbol
from symback.algebra.walk import postorder
from symback.numpy import ELEMENTWISE
from symback.ops import RULES
from symback.ops.rule import Rule
from symback.records import Gradient, Step
from symback.writeup.blocks import Code, Ref, Span, Spans, StepItem
from symback.writeup.inline import spans
from symback.writeup.layout import EQUALS, Fence, Frac, Layout, Named, Op, Sym, row, width
from symback.writeup.typeset import COMMA, Typesetter, changed_parts

WIDE = 16.0  # em: longer expressions get a letter of their own
DOTS = Op("⋯", "ordinary")
LINE = 34.0  # em: a statement longer than a line says nothing at a glance


def inner_product(left: Layout, right: Layout) -> Layout:
    """⟨A, B⟩, the sum of the products of entries."""
    return Fence(row(left, COMMA, right), "⟨", "⟩")


def partial(objective: Layout, by: Layout) -> Layout:
    """∂J/∂(an expression)."""
    return Frac(row(Op("∂", "ordinary"), objective), row(Op("∂", "ordinary"), by))


class StepWriter:
    """Writes the steps of one derivation; it knows the notation, the objective, the gradients' symbols and formulas."""

    def __init__(
        self, typeset: Typesetter, objective: Layout, gradients: dict[Node, Node], named: dict[Node, Node],
        values: dict[Node, Node],
    ) -> None:  # fmt: skip
        """``gradients``: array to gradient's symbol; ``named``: that to its formula; ``values``: definition to its name."""
        self.typeset, self.objective, self.gradients = typeset, objective, gradients
        self.named, self.values = named, values
        self.about: dict[tuple[object, ...], tuple[Node, bool]] = {}  # what a step is about; is it only a share?
        self.numbers: dict[Node, int] = {}  # the numbers of the results that have been written, by their symbols

    def items(self, steps: tuple[Step, ...], one_of_several: bool = False) -> tuple[StepItem, ...]:
        """The steps in order; the last one along one of several paths is shown even where it changes nothing."""
        found = [self.item(step) for step in steps]
        if one_of_several and found and found[-1].trivial:
            found[-1] = replace(found[-1], trivial=False)
        return tuple(found)

    def read(self, gradient: Gradient) -> None:
        """Note what each step of a gradient is about, and where it says only what one of several ways contributes."""
        for path in gradient.paths:
            reached = Counter(argument(step) for step in path.steps if step.kind == "rule")
            for i, step in enumerate(path.steps):
                rule = step.kind == "rule"
                of = argument(step) if rule else self.met(path.steps, i)
                several = len(gradient.paths) > 1 and of.op == "symbol" and of.data == gradient.wrt
                self.about[_key(step)] = (of, several or (rule and reached[of] > 1))
        for step in gradient.tail:
            self.about[_key(step)] = (self.target(step), False)

    def met(self, steps: tuple[Step, ...], i: int) -> Node:
        """What a step without an operation is about: the operation that the next rule crosses, or the target itself."""
        following = next((s.node for s in steps[i + 1 :] if s.kind == "rule" and s.node is not None), None)
        return following if following is not None else self.target(steps[i])

    def target(self, step: Step) -> Node:
        """The array whose gradient the step belongs to."""
        known = next((leaf for leaf in self.gradients if leaf.data == step.target), None)
        return known if known is not None else symbol(step.target, step.after.shape)

    def item(self, step: Step) -> StepItem:
        """One step; its formula is the gradient, with dots for the rest where this way gives only a share of it."""
        of, share = self.about.get(_key(step)) or (self.subject_node(step), False)
        marked = self.typeset.marking(changed_parts(step.before, step.after))
        formula = row(self.gradient_by(of), EQUALS, marked(step.after), *((Op("+"), DOTS) if share else ()))
        looks_same = step.before is step.after or (
            step.kind == "rewrite" and self.typeset(step.before) == self.typeset(step.after)
        )
        return StepItem(title(step), formula, self.reason(step), self.statement(step), looks_same, step.facts)

    def subject(self, step: Step) -> Layout:
        """What the step's result is the gradient by: the argument of the operation, or the target itself."""
        return self.gradient_by(self.subject_node(step))

    def subject_node(self, step: Step) -> Node:
        """The argument of the operation, or the target itself."""
        return argument(step) if step.kind == "rule" and step.node is not None else self.target(step)

    def gradient_by(self, node: Node) -> Layout:
        """dW for a name; ∂J/∂(...) for an expression."""
        if node in self.gradients:
            return self.typeset(self.gradients[node])
        layout, _ = self.typeset.bound(node)
        if width(layout) > WIDE:
            return partial(self.objective, letter_for(node))
        plain = node.op == "symbol" or node.op in ELEMENTWISE
        return partial(self.objective, layout if plain else Fence(layout))

    def pairing(self, step: Step) -> tuple[Node, Node, Node, Node] | None:
        """G, the change of the value, what the rule gives, the change of the argument: the two pairs' products agree."""
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
            wide = step.kind == "rule" and step.node is not None and step.before is not step.after
            layout = self.typeset(argument(step)) if wide else None
            return row(letter_for(argument(step)), EQUALS, layout) if layout and width(layout) > WIDE else None
        name = str(argument(step).data)
        typeset = Typesetter({**self.typeset.names, f"Δ{name}": row(Sym("Δ"), self.typeset(argument(step)))})
        g, moved, crossed, change = (typeset(node) for node in pairs)
        out = row(inner_product(g, moved), EQUALS, inner_product(crossed, change))
        return out if width(out) < LINE else None

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


def letter_for(node: Node) -> Layout:
    """The letter of an expression that is too long to stand under ∂J."""
    return Sym("s" if node.is_scalar else "U")


def _key(step: Step) -> tuple[object, ...]:
    """What tells the steps of a derivation apart; of a rewrite, its result."""
    if step.kind == "rule":
        return step.target, step.node, step.index, step.before, step.after
    return step.target, step.after


def argument(step: Step) -> Node:
    """The argument that a rule has crossed to."""
    assert step.node is not None
    return step.node.args[step.index]


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
