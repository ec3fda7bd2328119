"""The steps of a gradient, as a reader sees them: which rule, what it says here, why, and what changes."""

from __future__ import annotations

from symback.algebra.nodes import Node, number, symbol
from symback.algebra.walk import postorder
from symback.ops import RULES
from symback.ops.rule import Rule
from symback.records import Step
from symback.writeup.blocks import Spans, StepItem
from symback.writeup.inline import spans
from symback.writeup.layout import EQUALS, Fence, Frac, Layout, Named, Op, Sym, row, width
from symback.writeup.typeset import COMMA, Typesetter, changed_parts

WIDE = 16.0  # em: longer expressions get a letter of their own
LINE = 34.0  # em: a statement longer than a line says nothing at a glance


def inner_product(left: Layout, right: Layout) -> Layout:
    """⟨A, B⟩, the sum of the products of entries."""
    return Fence(row(left, COMMA, right), "⟨", "⟩")


def partial(objective: Layout, by: Layout) -> Layout:
    """∂J/∂(an expression)."""
    return Frac(row(Op("∂", "ordinary"), objective), row(Op("∂", "ordinary"), by))


class StepWriter:
    """Writes the steps of one derivation; it knows the notation, the objective, and the gradients' own symbols."""

    def __init__(
        self, typeset: Typesetter, objective: Layout, gradients: dict[Node, Node], named: dict[Node, Node]
    ) -> None:
        """``gradients`` maps an array to its gradient's symbol, ``named`` that symbol to its formula."""
        self.typeset, self.objective, self.gradients, self.named = typeset, objective, gradients, named

    def item(self, step: Step) -> StepItem:
        """One step."""
        marked = self.typeset.marking(changed_parts(step.before, step.after))
        formula = row(self.subject(step), EQUALS, marked(step.after))
        looks_same = step.before is step.after or (
            step.kind == "rewrite" and self.typeset(step.before) == self.typeset(step.after)
        )
        return StepItem(title(step), formula, self.reason(step), self.statement(step), looks_same, step.facts)

    def subject(self, step: Step) -> Layout:
        """What the step's result is the gradient by: the argument of the operation, or the target itself."""
        if step.kind == "rule" and step.node is not None:
            return self.gradient_by(step.node.args[step.index])
        target = next((s for leaf, s in self.gradients.items() if leaf.data == step.target), None)
        return self.typeset(target) if target is not None else partial(self.objective, Sym(step.target, "roman"))

    def gradient_by(self, node: Node) -> Layout:
        """dW for a name; ∂J/∂(...) for an expression."""
        if node in self.gradients:
            return self.typeset(self.gradients[node])
        layout, binds = self.typeset.bound(node)
        if width(layout) > WIDE:
            return partial(self.objective, Sym("U"))
        return partial(self.objective, layout if binds >= 4 else Fence(layout))

    def statement(self, step: Step) -> Layout | None:
        """<G, change of the value> = <what the rule gives, change of the argument>, of this very step."""
        if step.kind != "rule" or step.node is None or step.node.is_scalar or step.before is step.after:
            return None
        rule, argument = RULES[step.node.op], step.node.args[step.index]
        if argument.op != "symbol":
            return None
        change = symbol(f"Δ{argument.data}", argument.shape)
        value = next(
            (leaf for leaf in self.gradients if leaf.shape == step.node.shape and leaf.data == _value_name(step)),
            step.node,
        )
        typeset = Typesetter({**self.typeset.names, f"Δ{argument.data}": row(Sym("Δ"), self.typeset(argument))})
        left = typeset(rule.differential(step.node, value, step.index, change))
        out = row(
            inner_product(typeset(step.before), left), EQUALS, inner_product(typeset(step.after), typeset(change))
        )
        return out if width(out) < LINE else None

    def reason(self, step: Step) -> Spans:
        """Why the step may be taken."""
        if step.kind == "insert":
            put_in = [s for s in postorder(step.before) if s in self.named and s not in set(postorder(step.after))]
            formulas = [row(self.typeset(s), EQUALS, self.typeset(self.named[s])) for s in put_in]
            return ("put in what is known: ", *(p for i, f in enumerate(formulas) for p in ((", ", f) if i else (f,))))
        if is_scaling(step):
            return ("a constant factor stays in front of what it multiplies",)
        return spans(step.why) if step.kind != "sum" else (step.why,)


def _value_name(step: Step) -> str:
    """The name that the adjoint wrote for the operation's value: a gradient dA comes in for A."""
    return str(step.before.data)[1:] if step.before.op == "symbol" else ""


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
