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
from symback.calculus.sweep import Route, finish, gradient_names, needed, rewrite_step, statement
from symback.errors import RefusedError
from symback.ops import RULES
from symback.records import Gradient, Path, Problem, Step
from symback.rewrites.engine import Context
from symback.rewrites.simplify import MATRIX_FORM, simplify


def row_sweep(problem: Problem, objective: str, wrt: tuple[str, ...], seed: Node | None = None) -> dict[str, Gradient]:
    """The gradients by rows and Jacobians, definition by definition, in the order of the derivation."""
    context = Context(problem.facts, tuple(d for d in problem.definitions if d.name != objective))
    wanted = needed(problem, objective, wrt)
    names = gradient_names(problem, wanted)
    arriving: dict[str, list[Path]] = {name: [] for name in wanted}
    out: dict[str, Gradient] = {}
    done: dict[Node, Gradient] = {}
    for definition in reversed(problem.definitions):
        name = definition.name
        if name not in wanted:
            continue
        upstream = n.number(1) if seed is None else seed
        if name != objective:
            out[name] = finish(problem, name, names[name], arriving[name], context, done, problem.ndim(name))
            done[out[name].symbol] = out[name]
            upstream = out[name].symbol
        leaf = definition.node if name == objective else definition.leaf
        for target, route in _through(definition.node, leaf, upstream, wanted, context).items():
            value, steps = _column(route, problem.leaf(target), target, context)
            arriving[target].append(Path(name, steps, value))
    for name in wrt:
        if name in wanted and name not in out and name != objective:
            out[name] = finish(problem, name, names[name], arriving[name], context, done, problem.ndim(name))
    return out


def _through(root: Node, leaf: Node, upstream: Node, wanted: set[str], context: Context) -> dict[str, Route]:
    """The rows that arrive at the arrays of one definition: the upstream row times the Jacobians on the way."""
    depends = {x for x in postorder(root) if x.op == "symbol" and str(x.data) in wanted}
    for node in postorder(root):
        if any(a in depends for a in node.args):
            depends.add(node)
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


def _column(route: Route, x: Node, target: str, context: Context) -> tuple[Node, tuple[Step, ...]]:
    """The row turned into a column and un-stacked into the shape of the array."""
    column = n.transpose(route.value)
    value = Node("unvec", (column,), x.shape) if x.shape[1] != ONE else column
    steps = [
        Step(s.rule, s.statement, target, s.before, s.after, s.why, s.kind, s.node, s.index, s.facts)
        for s in route.steps
    ]
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
    return turned, tuple(steps)


def _fresh(taken: set[str]) -> str:
    name = "E"
    while name in taken:
        name += "_"
    return name
