"""The third method: the chain rule in numerator layout, a row times Jacobians in the order of the scalar chain rule.

dJ/dvec(X) = dJ/dvec(Z) dvec(Z)/dvec(X): a row, vec(dZ)^T, times the Jacobian, which stands on its right as in the
scalar chain rule. Its transpose is a column, so the product is reversed: vec(G)^T (B^T kron A) = vec(A^T G B^T)^T
is where the order of the gradient comes from. With a batch of one, kron and vec disappear: the row is delta^T W D.
"""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.dims import ONE
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder, symbols
from symback.calculus.linear import matrix_of
from symback.calculus.sweep import Route, Sent, backwards, depending, rewrite_step, statement
from symback.errors import RefusedError
from symback.ops import RULES
from symback.records import Definition, Gradient, Problem, Step
from symback.rewrites.engine import Context
from symback.rewrites.simplify import MATRIX_FORM, simplify


def row_sweep(problem: Problem, objective: str, wrt: tuple[str, ...], seed: Node | None = None) -> dict[str, Gradient]:
    """The gradients by rows and Jacobians, definition by definition, in the order of the derivation."""

    def send(definition: Definition, value: Node, upstream: Node, wanted: set[str], context: Context) -> Sent:
        rows = _through(definition.node, value, upstream, wanted, context)
        return {target: _column(row, problem.leaf(target), target, context) for target, row in rows.items()}

    return backwards(problem, objective, wrt, seed, send)


def _through(root: Node, leaf: Node, upstream: Node, wanted: set[str], context: Context) -> dict[str, Route]:
    """The rows that arrive at the arrays of one definition: the upstream row times the Jacobians on the way."""
    depends = depending(root, wanted)
    taken = {*symbols(root), *symbols(upstream)}
    rows: dict[Node, list[Route]] = {root: [Route(n.transpose(n.vec(upstream)), ())]}
    out: dict[str, Route] = {}
    for node in reversed(list(postorder(root))):
        if node not in depends or node not in rows:
            continue
        routes = rows.pop(node)
        route = Route(n.add(*(r.value for r in routes)), tuple(dict.fromkeys(s for r in routes for s in r.steps)))
        if node.op == "symbol":
            out[str(node.data)] = route
            continue
        rule = RULES.get(node.op)
        if rule is None:
            raise RefusedError(f"there is no rule for the derivative of {node!r}")
        for i, arg in enumerate(node.args):
            if arg in depends:
                change = n.symbol(_fresh(taken), arg.shape)
                jacobian = matrix_of(rule.differential(node, leaf if node is root else node, i, change), change)
                after = n.matmul(route.value, jacobian)
                step = Step(rule.title, statement(rule), "", route.value, after, rule.because, "row", node, i)
                value, changes = simplify(_spread(after), context, MATRIX_FORM)
                steps = (*route.steps, step, *(rewrite_step(c, "") for c in changes))
                rows.setdefault(arg, []).append(Route(value, steps))
    return out


def _spread(row: Node) -> Node:
    """r (A + B) = r A + r B."""
    if row.op != "matmul" or row.args[-1].op != "add":
        return row
    return n.add(*(n.matmul(*row.args[:-1], t) for t in row.args[-1].args))


def _column(route: Route, x: Node, target: str, context: Context) -> Route:
    """The row turned into a column and un-stacked into the shape of the array."""
    column = n.transpose(route.value)
    value = Node("unvec", (column,), x.shape) if x.shape[1] != ONE else column
    steps = list(route.steps)
    turned, changes = simplify(value, context)
    if turned is not route.value:
        steps.append(
            Step(
                "transpose the row",
                "(u V)^T = V^T u^T",
                target,
                route.value,
                value,
                f"the gradient has the shape of {target}, so the row becomes a column, which reverses the product",
                "turn",
            )
        )
        steps += [rewrite_step(c, target) for c in changes]
    return Route(turned, tuple(steps))


def _fresh(taken: set[str]) -> str:
    name = "E"
    while name in taken:
        name += "_"
    return name
