"""Another array in the place of the right one, two exchanged, a factor taken out of a sum, and inverses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.checking.diagnose.edit import chain, everywhere, joined, name, parts, replaced, text, times
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.diagnose.rerun import between, rerun
from symback.checking.diagnose.sums import summing
from symback.errors import SymbackError


def names_in(tree: ast.expr) -> list[str]:
    """The names in a text, each once, in order."""
    return list(dict.fromkeys(p.node.id for p in parts(tree) if isinstance(p.node, ast.Name)))


def replaced_name(question: Question) -> Iterator[Hypothesis]:
    """Another array stands in the claim, once or everywhere."""
    known = [*question.court.problem.symbols, *(d.name for d in question.court.problem.definitions), *question.lines]
    arrays = [k for k in known if k != question.court.objective]
    for there in names_in(question.tree):
        if there in question.court.dims:
            continue
        places = [p for p in parts(question.tree) if isinstance(p.node, ast.Name) and p.node.id == there]
        for other in arrays:
            if other == there:
                continue
            for place in places:
                yield _swap(there, other, replaced(question.tree, place.path, name(other)))
            if len(places) > 1:
                yield _swap(there, other, everywhere(question.tree, there, name(other)))


def _swap(there: str, other: str, repaired: ast.expr) -> Hypothesis:
    return Hypothesis("wrong_operand", f"{there} stands where {other} belongs", repaired=repaired, old=there, new=other)


def exchanged(question: Question) -> Iterator[Hypothesis]:
    """Two arrays have changed places."""
    found = [x for x in names_in(question.tree) if x not in question.court.dims]
    for i, a in enumerate(found):
        for b in found[:i]:
            half = everywhere(question.tree, a, name("_exchanged_"))
            new = everywhere(everywhere(half, b, name(a)), "_exchanged_", name(b))
            yield Hypothesis(
                "wrong_operand", f"{b} and {a} have changed places", repaired=new, old=f"{b}, {a}", new=f"{a}, {b}"
            )


def other_gradient(question: Question) -> Iterator[Hypothesis]:
    """Another gradient stands in the derived formula."""
    gradients = question.court.derivation.gradients.values()
    symbols = {str(g.symbol.data) for g in gradients}
    for form in question.derived[:1]:
        for there in [x for x in names_in(form) if x in symbols]:
            for other in symbols - {there}:
                new = everywhere(form, there, name(other))
                cause = f"{other} stands where {there} belongs"
                yield Hypothesis("wrong_operand", cause, text=new, old=other, new=there)


def composed(question: Question) -> Iterator[Hypothesis]:
    """In the adjoint of a matrix product, a part of the other factor instead of the factor."""
    for definition in between(question.court, question.wrt):
        for node in postorder(definition.node):
            if node.op != "matmul":
                continue
            for j, factor in enumerate(node.args):
                for part in (a for a in factor.args if a.shape == factor.shape):
                    yield from _with_factor(question, definition.name, node, j, part)


def _with_factor(question: Question, at: str, node: Node, j: int, part: Node) -> Iterator[Hypothesis]:
    def twist(here: Node, value: Node, i: int, ybar: Node) -> Node | None:
        if here is not node or i == j:
            return None
        args = [part if k == j else a for k, a in enumerate(node.args)]
        left = [n.transpose(a) for a in reversed(args[:i])]
        return n.matmul(*left, ybar, *(n.transpose(a) for a in reversed(args[i + 1 :])))

    try:
        wrong = rerun(question.court, question.wrt, at, twist)
    except SymbackError:
        return
    if wrong is not None:
        mistake = "missing_inverse" if node.args[j].op in ("inv", "pinv") else "wrong_operand"
        old, new = repr(part), repr(node.args[j])
        yield Hypothesis(
            mistake, f"{old} stands where {new} belongs", wrong=wrong, place=at, node=node, old=old, new=new
        )


def pulled_out(question: Question) -> Iterator[Hypothesis]:
    """A factor that varies along the axis of a sum stands in front of it: it belongs to what is summed."""
    for place in parts(question.tree):
        factors = chain(place.node, ast.Mult)
        if len(factors) < 2:
            continue
        for i, factor in enumerate(factors):
            rest = joined(ast.Mult, [*factors[:i], *factors[i + 1 :]])
            if isinstance(factor, ast.Constant) or (isinstance(factor, ast.Name) and factor.id in question.court.dims):
                continue
            without = replaced(question.tree, place.path, rest)
            for inner in names_summed(rest):
                if inner in question.court.dims or inner == text(factor):
                    continue
                new = everywhere(without, inner, times(ast.Mult(), name(inner), factor))
                cause = f"{text(factor)} varies along what is summed, so it belongs inside the sum, beside {inner}"
                yield Hypothesis(
                    "factor_pulled_out_of_sum", cause, repaired=new, old=text(factor), new=f"{inner} * {text(factor)}"
                )


def names_summed(tree: ast.expr) -> list[str]:
    """The names inside the sums of a text."""
    calls = [p.node for p in parts(tree) if isinstance(p.node, ast.Call) and summing(p.node)]
    return list(dict.fromkeys(x for call in calls for x in names_in(call)))
