"""What is left out: a term, a path, a factor, an inverse, the regulariser."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.checking.diagnose.edit import chain, joined, negated, number, parts, replaced, text, times
from symback.checking.diagnose.question import Hypothesis, Question
from symback.checking.diagnose.rerun import between, rerun
from symback.checking.judge import inlined
from symback.errors import SymbackError


def objective_terms(question: Question) -> Iterator[Hypothesis]:
    """One term of the objective is forgotten."""
    court = question.court
    definition = court.problem.definition(court.objective)
    assert definition is not None
    top = definition.node
    while top.op == "mul" and any(a.op == "add" for a in top.args):
        top = next(a for a in top.args if a.op == "add")
    if top.op != "add":
        return
    for count in range(1, min(len(top.args), 4)):
        for lost in combinations(range(len(top.args)), count):
            yield from _without_terms(question, top, lost)


def _without_terms(question: Question, top: Node, lost: tuple[int, ...]) -> Iterator[Hypothesis]:
    court = question.court

    def twist(here: Node, value: Node, j: int, ybar: Node) -> Node | None:
        return n.zeros(ybar.shape) if here is top and j in lost else None

    wrong = rerun(court, question.wrt, court.objective, twist)
    if wrong is not None:
        terms = [top.args[i] for i in lost]
        penalty = all(_penalty(inlined(court.problem, t), question.wrt) for t in terms)
        what = f"{'the term' if len(terms) == 1 else 'the terms'} {' and '.join(map(repr, terms))} of {court.objective}"
        verb = "is" if len(terms) == 1 else "are"
        cause = f"{what}, the penalty on {question.wrt}, {verb} forgotten" if penalty else f"{what} {verb} left out"
        yield Hypothesis("forgot_regularizer" if penalty else "missing_term", cause, wrong=wrong, place=court.objective)


def _penalty(term: Node, wrt: str) -> bool:
    """True of a norm of parameters times a number: no data in it, and nothing but squares, roots, absolute values."""
    nodes = list(postorder(term))
    arrays = {str(x.data) for x in nodes if x.op == "symbol" and not x.is_scalar}
    simple = {"symbol", "number", "size", "add", "mul", "power", "sum", "norm", "abs", "matmul", "transpose", "trace"}
    return (
        wrt in arrays
        and all(x.op in simple for x in nodes)
        and not any(
            x.op == "matmul" and len({str(y.data) for y in postorder(x) if y.op == "symbol"}) > 1 for x in nodes
        )
    )


def ways(question: Question) -> Iterator[Hypothesis]:
    """Of several ways from the objective to an array, one is left out, or all but one."""
    court = question.court
    targets = [question.wrt, *(d.name for d in between(court, question.wrt))]
    for target in targets:
        gradient = court.derivation.gradients.get(target)
        if gradient is None or len(gradient.paths) < 2:
            continue
        users = list(dict.fromkeys(p.user for p in gradient.paths))
        for count in (1, *range(2, len(users))):
            for some in combinations(users, count):
                try:
                    wrong = rerun(court, question.wrt, None, dropped=frozenset((user, target) for user in some))
                except SymbackError:
                    continue
                if wrong is not None:
                    through = " and ".join(some)
                    cause = f"{target} reaches {court.objective} through {through} too, and that way is left out"
                    nodes = [court.problem.definition(user) for user in some]
                    penalty = all(d is not None and _penalty(inlined(court.problem, d.node), target) for d in nodes)
                    if penalty and target == question.wrt:
                        cause = f"{through}, the penalty on {target}, is forgotten"
                    mistake = "forgot_regularizer" if penalty else "missing_term"
                    yield Hypothesis(mistake, cause, wrong=wrong, place=target)


def derived_terms(question: Question) -> Iterator[Hypothesis]:
    """One term of the derived formula is left out, or all but one."""
    for form in question.derived:
        for place in parts(form):
            node = place.node
            if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)):
                continue
            minus = isinstance(node.op, ast.Sub)
            for kept, lost in ((node.left, node.right), (negated(node.right) if minus else node.right, node.left)):
                new = replaced(form, place.path, kept)
                yield Hypothesis("missing_term", f"the term {text(lost)} is left out", text=new, new=text(lost))


def derived_factors(question: Question) -> Iterator[Hypothesis]:
    """One factor of the derived formula is left out."""
    for form in question.derived:
        yield from _inverses(form)
        for place in parts(form):
            node = place.node
            if not isinstance(node, ast.BinOp):
                continue
            if isinstance(node.op, ast.Mult):
                for kept, lost in ((node.left, node.right), (node.right, node.left)):
                    yield _lost(replaced(form, place.path, kept), lost)
            elif isinstance(node.op, ast.Div):
                yield _lost(replaced(form, place.path, node.left), times(ast.Div(), number(1), node.right))
                for i, factor in enumerate(chain(node.right, ast.Mult)):
                    rest = chain(node.right, ast.Mult)
                    if len(rest) > 1:
                        below = joined(ast.Mult, [*rest[:i], *rest[i + 1 :]])
                        yield _lost(
                            replaced(form, place.path, times(ast.Div(), node.left, below)),
                            times(ast.Div(), number(1), factor),
                        )
            elif isinstance(node.op, ast.MatMult):
                factors = chain(node, ast.MatMult)
                for i, factor in enumerate(factors):
                    new = joined(ast.MatMult, [*factors[:i], *factors[i + 1 :]])
                    yield _lost(replaced(form, place.path, new), factor)


def adjoint_factors(question: Question) -> Iterator[Hypothesis]:
    """Where a product is crossed, factors beside the one in question are forgotten: some of them, or all."""
    court = question.court
    for definition in between(court, question.wrt):
        for node in postorder(definition.node):
            if node.op != "mul":
                continue
            for i in range(len(node.args)):
                others = [j for j in range(len(node.args)) if j != i]
                for count in range(1, len(others) + 1) if len(others) < 5 else (1, len(others)):
                    for lost in combinations(others, count):
                        yield from _without(question, definition.name, node, i, lost)


def _without(question: Question, at: str, node: Node, i: int, lost: tuple[int, ...]) -> Iterator[Hypothesis]:
    arg = node.args[i]
    kept = [a for j, a in enumerate(node.args) if j != i and j not in lost]

    def twist(here: Node, value: Node, k: int, ybar: Node) -> Node | None:
        if here is not node or k != i:
            return None
        others = n.mul(ybar, *kept)
        return n.total(others) if arg.is_scalar else others

    try:
        wrong = rerun(question.court, question.wrt, at, twist)
    except SymbackError:
        return
    if wrong is not None and wrong.shape == question.court.problem.shape(question.wrt):
        what = " and ".join(repr(node.args[j]) for j in lost)
        place = at if at != question.court.objective else repr(node)
        cause = f"the factor {what} of {place} is left out"
        if len(lost) > 1:
            cause = f"the factors {what} of {place} are left out"
        yield Hypothesis("missing_chain_factor", cause, wrong=wrong, place=at, node=node, new=what)


def _lost(new: ast.expr, lost: ast.expr) -> Hypothesis:
    mistake = "missing_chain_factor"
    if any(
        isinstance(p.node, ast.Call) and text(p.node.func) in ("inv", "pinv") for p in parts(lost)
    ) and not isinstance(lost, ast.BinOp):
        mistake = "missing_inverse" if "pinv" not in text(lost) else "missing_chain_factor"
    elif isinstance(lost, ast.Constant):
        mistake = "missing_factor"
    return Hypothesis(mistake, f"the factor {text(lost)} is left out", text=new, new=text(lost))


def _inverses(form: ast.expr) -> Iterator[Hypothesis]:
    """inv(A) written A, at one place or everywhere; every inverse factor dropped; f(A) written A; exp for softmax."""
    calls = [p for p in parts(form) if isinstance(p.node, ast.Call) and isinstance(p.node.func, ast.Name)]
    inverses = [p for p in calls if text(p.node.func) in ("inv", "pinv")]  # type: ignore[attr-defined]  # a call
    for some in [*([p] for p in inverses), inverses] if len(inverses) > 1 else [inverses] if inverses else []:
        new = form
        for place in sorted(some, key=lambda p: -len(p.path)):
            new = replaced(new, place.path, place.node.args[0])  # type: ignore[attr-defined]  # a call
        what = " and ".join(dict.fromkeys(text(p.node) for p in some))
        yield Hypothesis("missing_inverse", f"the inverse {what} is left out", text=new, new=what)
    bare = _without_inverses(form)
    if bare is not form:
        yield Hypothesis("missing_inverse", "the inverses are left out", text=bare)
    for place in calls:
        call = place.node
        assert isinstance(call, ast.Call)
        kind = text(call.func)
        if kind == "softmax":
            new = replaced(form, place.path, ast.Call(ast.Name("exp"), call.args[:1], []))
            cause = f"exp({text(call.args[0])}) is not divided by its sum, which {text(call)} is"
            yield Hypothesis("missing_chain_factor", cause, text=new, new=text(call))
        elif (
            kind not in ("sum", "mean", "inv", "pinv", "step", "trace", "det", "diag", "eye", "ones", "zeros")
            and len(call.args) == 1
        ):
            new = replaced(form, place.path, call.args[0])
            cause = f"{text(call.args[0])} stands where {text(call)} belongs"
            yield Hypothesis("missing_activation_derivative", cause, text=new, old=text(call.args[0]), new=text(call))


def _without_inverses(tree: ast.expr) -> ast.expr:
    """The text with every factor that is an inverse dropped from its product."""
    match tree:
        case ast.BinOp(left=left, op=ast.MatMult() | ast.Mult() as op, right=right):
            a, b = _without_inverses(left), _without_inverses(right)
            if _is_inverse(a) != _is_inverse(b):
                return b if _is_inverse(a) else a
            return tree if a is left and b is right else ast.BinOp(a, op, b)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _without_inverses(left), _without_inverses(right)
            return tree if a is left and b is right else ast.BinOp(a, op, b)
        case ast.UnaryOp(op=sign, operand=operand):
            a = _without_inverses(operand)
            return tree if a is operand else ast.UnaryOp(sign, a)
    return tree


def _is_inverse(tree: ast.expr) -> bool:
    if isinstance(tree, ast.Attribute):
        tree = tree.value
    return isinstance(tree, ast.Call) and text(tree.func) == "inv"
