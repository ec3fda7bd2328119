"""Jacobians in numerator layout, by the chain rule read from left to right: d vec(F) / d vec(X).

Each operation's differential is a linear map of its argument's change; its matrix multiplies the Jacobian that has
been found so far from the left. In this layout the product stands in the order of the scalar chain rule.
"""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import contains, postorder, substitute, symbols
from symback.calculus.linear import matrix_of
from symback.calculus.sweep import rewrite_step, statement
from symback.errors import RefusedError
from symback.ops import RULES
from symback.records import Definition, Gradient, Path, Problem, Step
from symback.rewrites.engine import Context
from symback.rewrites.simplify import MATRIX_FORM, simplify

MAX_SIZE = 6000


def written_out(problem: Problem, root: Node, name: str) -> Node:
    """The expression with every definition that depends on ``name`` written out in full."""
    values: dict[Node, Node] = {}
    depends = {name}
    for definition in problem.definitions:
        if any(s in depends for s in symbols(definition.node)) and definition.name != name:
            depends.add(definition.name)
            values[definition.leaf] = substitute(definition.node, values)
            if values[definition.leaf].size > MAX_SIZE:
                raise RefusedError(
                    f"{definition.name} written out in {name} is too long for a closed form; ask for the gradient"
                )
    return substitute(root, values)


def jacobian(root: Node, x: Node, context: Context, target: str) -> tuple[Node, list[Step]]:
    """d vec(root) / d vec(x), simplified, and its steps."""
    found: dict[Node, Node] = {x: n.eye(x.shape[0] * x.shape[1])}
    steps: list[Step] = []
    for node in postorder(root):
        if node in found or not contains(node, x):
            continue
        rule = RULES.get(node.op)
        if rule is None:
            raise RefusedError(f"there is no rule for the derivative of {node!r}")
        terms = []
        for i, arg in enumerate(node.args):
            if arg in found:
                change = n.symbol(_fresh(root), arg.shape)
                outer = matrix_of(rule.differential(node, node, i, change), change) if arg is not node else found[arg]
                terms.append((outer, found[arg], i))
        value = n.add(*(n.matmul(outer, inner) for outer, inner, _ in terms))
        steps.append(
            Step(rule.title, statement(rule), target, terms[0][1], value, rule.because, "jacobian", node, terms[0][2])
        )
        value, changes = simplify(value, context, MATRIX_FORM)
        steps += [rewrite_step(c, target) for c in changes]
        found[node] = value
    if root not in found:
        zero = n.zeros((root.shape[0] * root.shape[1], x.shape[0] * x.shape[1]))
        return zero, [
            Step(
                "independence",
                "what does not occur does not change",
                target,
                zero,
                zero,
                f"{root!r} does not depend on {target}",
            )
        ]
    return found[root], steps


def _fresh(root: Node) -> str:
    taken = set(symbols(root))
    name = "D"
    while name in taken:
        name += "_"
    return name


def tangent(root: Node, t: Node, context: Context, target: str) -> tuple[Node, list[Step]]:
    """dF / dt for a scalar t: the change of F when t changes at rate 1, of F's own shape."""
    found: dict[Node, Node] = {t: n.number(1)}
    steps: list[Step] = []
    for node in postorder(root):
        if node in found or not contains(node, t):
            continue
        rule = RULES.get(node.op)
        if rule is None:
            raise RefusedError(f"there is no rule for the derivative of {node!r}")
        parts = [rule.differential(node, node, i, found[a]) for i, a in enumerate(node.args) if a in found]
        value = n.add(*(n.broadcast(p, node.shape) for p in parts))
        before = next(found[a] for a in node.args if a in found)
        steps.append(Step(rule.title, statement(rule), target, before, value, rule.because, "tangent", node))
        value, changes = simplify(value, context, MATRIX_FORM)
        steps += [rewrite_step(c, target) for c in changes]
        found[node] = value
    return found.get(root, n.zeros(root.shape)), steps


def derive_jacobian(problem: Problem, objective: str, name: str, vec: bool) -> Gradient:
    """The Jacobian of a definition by one array; ``vec`` stacks matrices, otherwise both must be vectors."""
    definition = problem.definition(objective)
    assert definition is not None
    x = problem.leaf(name)
    root = written_out(problem, definition.node, name)
    context = Context(problem.facts, _names(problem, objective))
    if not vec:
        for what, node in ((objective, root), (name, x)):
            if not any(size.is_one for size in node.shape):
                raise RefusedError(
                    f'a Jacobian is of a vector by a vector, and {what} is a matrix; ask for kind="jacobian_vec"'
                )
    if x.is_scalar:
        value, steps = tangent(root, x, context, name)
        stacked = n.vec(value) if vec or value.shape[0].is_one else value
        if stacked is not value:
            steps.append(
                Step(
                    "stacking",
                    "vec stacks the columns",
                    name,
                    value,
                    stacked,
                    "the derivative of vec(F) is the vec of F's derivative",
                    "stacking",
                )
            )
    else:
        value, steps = jacobian(root, x, context, name)
        stacked = value
    if stacked is not value or x.is_scalar:
        stacked, changes = simplify(stacked, context, MATRIX_FORM)
        steps += [rewrite_step(c, name) for c in changes]
    shape = (root.shape[0] * root.shape[1], x.shape[0] * x.shape[1])
    symbol = n.symbol(f"d{objective}_d{name}", shape)
    return Gradient(name, symbol, (Path(objective, tuple(steps), stacked),), (), stacked, 2, ())


def _names(problem: Problem, objective: str) -> tuple[Definition, ...]:
    return tuple(d for d in problem.definitions if d.name != objective)
