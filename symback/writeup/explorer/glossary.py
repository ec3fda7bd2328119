"""What the page explains on request: the rules that were used, and every name under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

from symback.algebra.dims import ONE, Shape
from symback.ops import RULES
from symback.writeup.blocks import Spans
from symback.writeup.document import Writer
from symback.writeup.inline import spans
from symback.writeup.layout import EQUALS, Layout, Sym, row
from symback.writeup.notation import shape_layout
from symback.writeup.steps import rule_statement
from symback.writeup.tables import roles
from symback.writeup.unicode import to_unicode


@dataclass(frozen=True)
class RuleCard:
    """A rule: what it is, what it does to a change, what crosses the inner product, why, and where it is written."""

    op: str
    title: str
    value: Layout
    pairing: Layout
    because: Spans
    reference: str


def rule_cards(writer: Writer) -> tuple[RuleCard, ...]:
    """The rules that the derivation used."""
    ops: dict[str, None] = {}
    for gradient in writer.derivation.gradients.values():
        for step in gradient.steps:
            if step.kind == "rule" and step.node is not None and step.node.op in RULES:
                ops.setdefault(step.node.op)
    cards = []
    for op in ops:
        rule = RULES[op]
        value, pairing = rule_statement(rule, writer.typeset)
        value = row(Sym("Y"), EQUALS, value)
        cards.append(RuleCard(op, rule.title, value, pairing, spans(rule.because), rule.reference))
    return tuple(cards)


def glossary(writer: Writer) -> dict[str, list[str]]:
    """For each name what it is, its shape, and how it is computed."""
    definitions = {d.name: f"{d.name} = {d.text}" for d in writer.problem.definitions}
    out = {
        name: [meaning, _shape(writer.problem.shape(name)), definitions.get(name, "")]
        for name, meaning in roles(writer)
    }
    for gradient in writer.derivation.gradients.values():
        name = str(gradient.symbol.data)
        meaning = f"the gradient of {writer.derivation.objective} by {gradient.wrt}"
        out[name] = [meaning, _shape(gradient.symbol.shape), f"{name} = {writer.line(gradient)}"]
    return out


def _shape(shape: Shape) -> str:
    return "" if shape == (ONE, ONE) else to_unicode(shape_layout(shape))
