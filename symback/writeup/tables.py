"""The tables of a write-up: symbols, conventions, results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node, ones
from symback.algebra.walk import postorder, symbols
from symback.numpy import ELEMENTWISE
from symback.ops import RULES
from symback.writeup.blocks import Block, Code, Prose, Span, Spans, Strong, Table, say
from symback.writeup.layout import EQUALS, TOP, Op, Sub, Sup, Sym, row
from symback.writeup.notation import dim_layout, gradient_layout, shape_layout
from symback.writeup.typeset import function_name

if TYPE_CHECKING:
    from symback.writeup.document import Writer


def roles(writer: Writer) -> list[tuple[str, str]]:
    """Every array with what it is: given, computed, the objective."""
    problem = writer.problem
    facts: dict[str, list[str]] = {}
    for fact, name in sorted(problem.facts.arrays):
        facts.setdefault(name, []).append(FACT_WORDS.get(fact, fact))
    out = []
    for symbol in problem.symbols.values():
        kind = {0: "a given number", 1: "given, a 1-D array, written as a row"}.get(symbol.ndim, "given")
        out.append((symbol.name, "; ".join([kind, *facts.get(symbol.name, [])])))
    for definition in problem.definitions:
        kind = "the objective" if definition.name == writer.derivation.objective else "computed"
        out.append((definition.name, "; ".join([kind, *facts.get(definition.name, [])])))
    return out


FACT_WORDS = {
    "onehot:0": "every column one-hot", "onehot:1": "every row one-hot", "sums_to_one:0": "every column sums to one",
    "sums_to_one:1": "every row sums to one", "binary": "entries 0 or 1", "positive": "entries positive",
    "spd": "symmetric positive definite", "full_rank": "of full rank",
}  # fmt: skip


def notation_table(writer: Writer) -> Table:
    """Symbol, name in the code, shape, meaning."""
    rows: list[tuple[Spans, ...]] = []
    for name, meaning in roles(writer):
        leaf = writer.problem.leaf(name)
        shape: Span = "a number" if leaf.is_scalar else shape_layout(leaf.shape)
        rows.append(((writer.typeset(leaf),), (Code(name),), (shape,), (meaning,)))
    return Table((("symbol",), ("in the code",), ("shape",), ("meaning",)), tuple(rows))


def everything(writer: Writer) -> set[Node]:
    """Every expression that the write-up shows."""
    roots = [d.node for d in writer.problem.definitions]
    for gradient in writer.derivation.gradients.values():
        roots += [gradient.named, *(n for s in gradient.steps for n in (s.before, s.after))]
    return {node for root in roots for node in postorder(root)}


def conventions(writer: Writer) -> list[Block]:
    """What the reader has to know, and only that: each convention is stated where this derivation uses it."""
    shown = everything(writer)
    ops = {n.op for n in shown}
    x, m = Sym("X"), Sym("m")
    out: list[Spans] = [gradient_convention(writer)]
    if any(n.op == "mul" and sum(not f.is_scalar for f in n.args) > 1 for n in shown):
        out.append(say(
            "{} multiplies entry by entry ({} in NumPy), a quotient of arrays divides entry by entry, {} is a power entry by entry; matrices "
            "side by side are a matrix product ({}).", Op("⊙", "ordinary"), Code("*"), Sup(x, row(Op("⊙", "ordinary"), Sym("p"))), Code("@"),
        ))  # fmt: skip
    sums = [n for n in shown if n.op == "sum" or n.op == "ones"]
    if sums:
        one = Sub(Sym("1", "bold"), m)
        out.append(say(
            "{} is the column of {} ones. So {} adds up each row of {} ({}), {} each column ({}), and {} without an index all entries.",
            one, m, row(x, one), x, Code("sum(X, axis=1)"), row(Sup(one, TOP), x), Code("sum(X, axis=0)"), row(Op("∑", "ordinary"), x),
        ))  # fmt: skip
    broadcast = [
        n
        for d in writer.problem.definitions
        for n in postorder(d.node)
        if n.op == "matmul" and any(a.op == "ones" for a in n.args)
    ]
    if broadcast:
        node = broadcast[0]
        core = next(a for a in node.args if a.op != "ones")
        what = "column" if node.args[-1].op == "ones" else "row"
        out.append(say(
            "{} is added to every {}, as NumPy repeats it: it stands for {}, and its gradient comes out of the rule for products.",
            writer.typeset(core), what, row(*(writer.typeset(a) for a in node.args)),
        ))  # fmt: skip
    axes = {(n.op, n.data) for n in shown if n.op in ("softmax", "logsumexp")}
    for op, axis in sorted(axes, key=str):
        out.append(say("{} acts on each {} by itself.", function_name(op), "column" if axis == 0 else "row"))
    kinks = sorted(op for op in ops if op in RULES and RULES[op].kinks and ELEMENTWISE[op].at_kink)
    for op in kinks:
        out.append(say("{} has no slope where it bends; there the convention {} is used, which is a choice and not a derivative.",
                       function_name(op), Code(ELEMENTWISE[op].at_kink)))  # fmt: skip
    return [Prose(spans) for spans in out]


def gradient_convention(writer: Writer) -> Spans:
    """What dW means."""
    gradient = next(iter(writer.derivation.gradients.values()))
    leaf = writer.problem.leaf(gradient.wrt)
    own, plain = writer.typeset(gradient.symbol), writer.typeset(leaf)
    names = {d.name for d in writer.problem.definitions}
    intermediate = [n for n in writer.derivation.gradients if n in names]
    later = (
        say(" The gradient by a computed array, such as {}, holds the given arrays fixed and recomputes everything after it.",
            writer.typeset(writer.problem.leaf(intermediate[-1]))) if intermediate else ()
    )  # fmt: skip
    meaning = (
        say("{} is the gradient {}: it has the shape of {}, and each entry is the derivative of {} by the entry in the same place.",
            own, _partial(writer, plain), plain, writer.objective)
    )  # fmt: skip
    small = say(" {} is a small change of {}.", row(Sym("Δ"), plain), plain)
    return (Strong("Gradients. "), *meaning, *later, *small)


def _partial(writer: Writer, plain: object) -> Span:
    from symback.writeup.notation import Notation

    return gradient_layout(plain, writer.objective, Notation("partial"))  # type: ignore[arg-type]  # plain is a Layout


def summary(writer: Writer) -> Table:
    """Array, formula, shape, NumPy line."""
    rows: list[tuple[Spans, ...]] = []
    for gradient in writer.order():
        line = writer.line(gradient)
        shape: Span = "a number" if gradient.symbol.is_scalar else shape_layout(gradient.symbol.shape)
        formula = row(writer.typeset(gradient.symbol), EQUALS, writer.typeset(gradient.named))
        rows.append(((formula,), (shape,), (Code(f"{gradient.symbol.data} = {line}"),)))
    return Table((("gradient",), ("shape",), ("NumPy",)), tuple(rows))


def facts_used(writer: Writer) -> Spans:
    """The facts that steps have used, and for what."""
    found: dict[str, list[str]] = {}
    for gradient in writer.derivation.gradients.values():
        for step in gradient.steps:
            for fact in step.facts:
                places = found.setdefault(fact, [])
                if gradient.wrt not in places:
                    places.append(gradient.wrt)
    out: list[Span] = []
    for i, (fact, places) in enumerate(found.items()):
        out += ["; " if i else "", Code(fact), " for the gradient by "]
        for j, name in enumerate(places):
            out += [", " if j else "", Code(name)]
    return (*out, ".") if out else ()


__all__ = ["ONE", "Dim", "conventions", "dim_layout", "facts_used", "notation_table", "ones", "summary", "symbols"]
