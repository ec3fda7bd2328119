"""The tables of a write-up: symbols, conventions, results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.numpy import ELEMENTWISE
from symback.ops import RULES
from symback.writeup.blocks import Block, Code, Prose, Span, Spans, Strong, Table, say
from symback.writeup.layout import EQUALS, TOP, Fence, Func, Layout, Op, Space, Sub, Sup, Sym, row
from symback.writeup.notation import Notation, gradient_layout, shape_layout
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
    found = (
        gradient_convention(writer), products(shown), sums(shown), broadcasts(writer), *axes(shown), *kinks(shown)
    )  # fmt: skip
    return [Prose(spans) for spans in found if spans]


def gradient_convention(writer: Writer) -> Spans:
    """What dW means, and what is held fixed."""
    gradient = next(iter(writer.derivation.gradients.values()), None)
    if gradient is None:
        return ()
    leaf = writer.problem.leaf(gradient.wrt)
    own, plain = writer.typeset(gradient.symbol), writer.typeset(leaf)
    if writer.noun != "gradient":
        return layout_convention(writer, own)
    slope = gradient_layout(plain, writer.objective, Notation("partial"))
    text = say(
        "{} is the gradient {}: it has the shape of {}, and each entry is the derivative of {} by the entry in the "
        "same place.",
        own, slope, plain, writer.objective,
    )  # fmt: skip
    defined = {d.name for d in writer.problem.definitions}
    computed = [name for name in writer.derivation.gradients if name in defined]
    if computed:
        text += say(
            " The gradient by a computed array, such as {}, holds the given arrays fixed and recomputes everything "
            "after it.",
            writer.typeset(writer.problem.leaf(computed[-1])),
        )  # fmt: skip
    if writer.derivation.upstream is not None:
        given, output = writer.typeset(writer.derivation.upstream), writer.problem.leaf(writer.derivation.objective)
        by = gradient_layout(writer.typeset(output), writer.objective, Notation("partial"))
        text += say(
            " {} is a cost that is not written here, and {} is given.", writer.objective, row(given, EQUALS, by)
        )
    change = row(Sym("Δ"), plain)
    return (Strong("Gradients. "), *text, *say(" {} is a small change of {}.", change, plain))


def layout_convention(writer: Writer, own: Layout) -> Spans:
    """How a Jacobian or a Hessian is laid out."""
    i, j = Sym("i"), Sym("j")
    entry = Sub(Fence(own, "[", "]"), row(i, j))
    if writer.noun == "Hessian":
        text = say("The entry {} is the second derivative by the entries {} and {}.", entry, i, j)
    else:
        text = say(
            "The entry {} is the derivative of entry {} of the value by entry {} of the argument (numerator layout).",
            entry, i, j,
        )  # fmt: skip
    stack = say(" {} stacks the columns of {}.", row(Func("vec"), Fence(Sym("X"))), Sym("X"))
    return (Strong("Layout. "), *text, *stack)


def products(shown: set[Node]) -> Spans:
    """What stands side by side, and what ⊙, quotients and powers of arrays mean."""
    if not any(n.op in ("mul", "power") and not n.is_scalar for n in shown):
        return ()
    power = Sup(Sym("X"), row(Op("⊙", "ordinary"), Sym("p")))
    return (
        Strong("Products. "),
        *say(
            "Matrices side by side are a matrix product ({}); {} multiplies entry by entry ({}), a quotient of arrays "
            "divides entry by entry, and {} is a power entry by entry.",
            Code("@"), Op("⊙", "ordinary"), Code("*"), power,
        ),
    )  # fmt: skip


def sums(shown: set[Node]) -> Spans:
    """Sums along an axis are products with ones."""
    if not any(n.op in ("sum", "ones") for n in shown):
        return ()
    x, one = Sym("X"), Sub(Sym("1", "bold"), Sym("m"))
    return (
        Strong("Sums. "),
        *say(
            "{} is the column of {} ones. So {} adds up each row of {} ({}), {} adds up each column ({}), and {} "
            "without an index adds up all entries.",
            one, Sym("m"), row(x, Space(), one), x, Code("sum(X, axis=1)"), row(Sup(one, TOP), Space(), x),
            Code("sum(X, axis=0)"), row(Op("∑", "ordinary"), x),
        ),
    )  # fmt: skip


def broadcasts(writer: Writer) -> Spans:
    """What NumPy repeats silently stands for a product with ones."""
    nodes = (n for d in writer.problem.definitions for n in postorder(d.node))
    node = next((n for n in nodes if n.op == "matmul" and any(a.op == "ones" for a in n.args)), None)
    if node is None:
        return ()
    core = next(a for a in node.args if a.op != "ones")
    return (
        Strong("Broadcasting. "),
        *say(
            f"{{}} is repeated for every {'column' if node.args[-1].op == 'ones' else 'row'}, as in NumPy: it stands "
            "for {}, and its gradient comes out of the rule for products.",
            writer.typeset(core), writer.typeset(node),
        ),
    )  # fmt: skip


def axes(shown: set[Node]) -> list[Spans]:
    """Along which axis a function works."""
    found = sorted({(n.op, str(n.data)) for n in shown if n.op in ("softmax", "logsumexp")})
    return [
        say("{} acts on each {} by itself.", function_name(op), "column" if axis == "0" else "row")
        for op, axis in found
    ]


def kinks(shown: set[Node]) -> list[Spans]:
    """The convention at a kink, for the functions that have one."""
    ops = sorted({n.op for n in shown if n.op in RULES and RULES[n.op].kinks and ELEMENTWISE[n.op].at_kink})
    return [
        say(
            "{} has no slope where it bends; {} is used there, which is a convention and not a derivative.",
            function_name(op), Code(ELEMENTWISE[op].at_kink),
        )
        for op in ops
    ]  # fmt: skip


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
