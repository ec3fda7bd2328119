"""The adjoint sweep: one gradient for each definition, from the objective back to the declared arrays.

dJ = <G, dZ> with <A, B> = tr(A^T B). Walking the definitions backwards, each operation carries its gradient
across the inner product to its arguments (its adjoint, in ``symback.ops``); where an array is used several times
the gradients are added. Each definition is visited once, so the cost is linear in the size of the problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from symback.algebra.nodes import Node, add, number, symbol
from symback.algebra.walk import postorder, substitute, symbols
from symback.errors import RefusedError
from symback.numpy import __all__
from symback.ops import RULES
from symback.ops.rule import Rule
from symback.records import Definition, Gradient, Path, Problem, Step
from symback.rewrites.cost import cost
from symback.rewrites.engine import Change, Context
from symback.rewrites.simplify import simplify


@dataclass(frozen=True)
class Route:
    """A gradient on its way through one definition, and the steps it has taken."""

    value: Node
    steps: tuple[Step, ...]


def gradient_names(problem: Problem, wanted: set[str]) -> dict[str, str]:
    """dW for W; primed with an underscore where the problem or the language has such a name itself."""
    sizes = {n for s in problem.symbols.values() for size in s.shape for n in size.names}
    taken = {*problem.symbols, *(d.name for d in problem.definitions), *sizes, *__all__}
    names = {}
    for name in wanted:
        names[name] = f"d{name}"
        while names[name] in taken:
            names[name] += "_"
    return names


def needed(problem: Problem, objective: str, wrt: tuple[str, ...]) -> set[str]:
    """The names on a path from a wanted array to the objective, both ends included."""
    used: dict[str, tuple[str, ...]] = {d.name: symbols(d.node) for d in problem.definitions}
    reached = {objective}
    for definition in reversed(problem.definitions):
        if definition.name in reached:
            reached.update(used[definition.name])
    depends = set(wrt)
    for definition in problem.definitions:
        if any(name in depends for name in used[definition.name]):
            depends.add(definition.name)
    return reached & depends


# What one definition sends back: for each array it uses, what arrives there and the steps on the way. The definition's
# value is written as a name (the objective, which has none in a formula, as it stands); ``upstream`` is its gradient.
Sent = dict[str, Route]
Send = Callable[[Definition, Node, Node, set[str], Context], Sent]


def backwards(
    problem: Problem, objective: str, wrt: tuple[str, ...], seed: Node | None, send: Send
) -> dict[str, Gradient]:
    """The walk that all methods share: from the objective back, each definition once, what arrives added up.

    ``seed`` is the gradient of an unnamed cost by the objective, where that is not a scalar.
    """
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
        value, upstream = definition.node, number(1) if seed is None else seed
        if name != objective:
            out[name] = finish(problem, name, names[name], arriving[name], context, done, problem.ndim(name))
            done[out[name].symbol] = out[name]
            value, upstream = definition.leaf, out[name].symbol
        for target, route in send(definition, value, upstream, wanted, context).items():
            steps = tuple(replace(step, target=target) for step in route.steps)
            arriving[target].append(Path(name, steps, route.value))
    for name in wrt:
        if name in wanted and name not in out and name != objective:
            out[name] = finish(problem, name, names[name], arriving[name], context, done, problem.ndim(name))
    return out


def sweep(problem: Problem, objective: str, wrt: tuple[str, ...], seed: Node | None = None) -> dict[str, Gradient]:
    """The gradients of ``objective`` by everything on a path from ``wrt`` to it, in the order of the derivation."""

    def send(definition: Definition, value: Node, upstream: Node, wanted: set[str], context: Context) -> Sent:
        return through(definition.node, value, upstream, wanted, context)

    return backwards(problem, objective, wrt, seed, send)


def depending(root: Node, wanted: set[str]) -> set[Node]:
    """The parts of an expression in which one of the wanted arrays occurs."""
    found: set[Node] = set()
    for node in postorder(root):
        if (node.op == "symbol" and str(node.data) in wanted) or any(a in found for a in node.args):
            found.add(node)
    return found


def through(root: Node, leaf: Node, upstream: Node, wanted: set[str], context: Context) -> dict[str, Route]:
    """The gradients that one definition sends to the arrays it uses."""
    depends = depending(root, wanted)
    routes: dict[Node, list[Route]] = {root: [Route(upstream, ())]}
    out: dict[str, Route] = {}
    for node in reversed(list(postorder(root))):
        if node not in routes or node not in depends:
            continue
        route = _meet(routes.pop(node), context)
        if node.op == "symbol":
            out[str(node.data)] = route
            continue
        rule = RULES.get(node.op)
        if rule is None:
            raise RefusedError(
                f"there is no rule for the derivative of {node!r}; give that part a name and its gradient"
            )
        value = leaf if node is root else node
        for i, arg in enumerate(node.args):
            if arg in depends:
                after = rule.adjoint(node, value, i, route.value)
                step = Step(rule.title, statement(rule), "", route.value, after, rule.because, "rule", node, i)
                routes.setdefault(arg, []).append(Route(after, (*route.steps, step)))
    return out


def _meet(routes: list[Route], context: Context) -> Route:
    """Several ways into one expression add up."""
    if len(routes) == 1:
        return routes[0]
    steps = tuple(dict.fromkeys(step for route in routes for step in route.steps))
    total = add(*(route.value for route in routes))
    added = Step(
        "several paths",
        "the changes along all paths add up",
        "",
        routes[0].value,
        total,
        "this expression is used more than once, and each use contributes",
        "sum",
    )
    value, changes = simplify(total, context)
    return Route(value, (*steps, added, *(rewrite_step(c, "") for c in changes)))


@cache  # there are as many as there are rules
def statement(rule: Rule) -> str:
    """The rule's differential, printed from the rule itself: d(A @ B) = dA @ B + A @ dB."""
    example = rule.examples()[0]
    changes = [symbol(f"d{a.data}", a.shape) if a.op == "symbol" else a for a in example.args]
    terms = [rule.differential(example, example, i, dx) for i, dx in enumerate(changes)]
    return f"d({example!r}) = {add(*terms)!r}"


def rewrite_step(change: Change, target: str) -> Step:
    """A rewrite as a step."""
    family = change.family
    return Step(
        family.name, family.because, target, change.before, change.after, family.because, "rewrite", facts=change.facts
    )


def finish(
    problem: Problem,
    name: str,
    symbol_name: str,
    paths: list[Path],
    context: Context,
    done: dict[Node, Gradient],
    ndim: int,
) -> Gradient:
    """Add the paths into one array, simplify, and put in the gradients of definitions where that makes it shorter."""
    own = symbol(symbol_name, problem.shape(name))
    tail: list[Step] = []
    value = paths[0].value if len(paths) == 1 else add(*(p.value for p in paths))
    if len(paths) > 1:
        users = ", ".join(p.user for p in paths)
        tail.append(
            Step(
                "several paths",
                "the changes along all paths add up",
                name,
                paths[0].value,
                value,
                f"{name} is used by {users}, and each of them contributes",
                "sum",
            )
        )
    value, changes = simplify(value, context)
    tail += [rewrite_step(c, name) for c in changes]
    value, inserted = insert(value, name, context, done)
    tail += inserted
    uses = tuple(str(s.data) for s in postorder(value) if s in done)
    return Gradient(name, own, tuple(paths), tuple(tail), value, ndim, uses)


def insert(value: Node, name: str, context: Context, done: dict[Node, Gradient]) -> tuple[Node, list[Step]]:
    """Put in the formulas of the gradients it is written in, where they cancel against the rest."""
    steps: list[Step] = []
    while True:
        present = [done[s] for s in postorder(value) if s in done]
        if not present:
            return value, steps
        full = substitute(value, {g.symbol: g.named for g in present})
        if full.size > 400:
            return value, steps
        shorter, changes = simplify(full, context)
        before = cost(value)[0] + sum(cost(g.named)[0] for g in present)
        if cost(shorter)[0] > before - 2:  # one operator saved is not worth a name lost
            return value, steps
        what = ", ".join(f"{g.symbol!r} = {g.named!r}" for g in present)
        steps.append(Step("insert", "equals may be put in for equals", name, value, full, f"put in {what}", "insert"))
        steps += [rewrite_step(c, name) for c in changes]
        value = shorter
