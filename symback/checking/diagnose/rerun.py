"""The adjoint sweep run again with one step done otherwise.

What lies between the objective and the changed step is untouched, so its gradients are used by name; from there to
the array in question everything is carried on with the rules as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symback.algebra.nodes import Node, add, number, zeros
from symback.algebra.walk import postorder
from symback.checking.judge import Court
from symback.ops import RULES
from symback.records import Definition

# twist(node, value, i, ybar): what the step from a node to its argument i gives instead; None: what the rule says.
Twist = Callable[[Node, Node, int, Node], Node | None]
Dropped = frozenset[tuple[str, str]]  # ways from a definition (first) to an array it uses (second)


def sent(court: Court, definition: Definition, upstream: Node, twist: Twist | None) -> dict[str, Node]:
    """The gradients that one definition sends to the arrays it uses."""
    root = definition.node
    leaf = root if definition.name == court.objective else definition.leaf
    wanted = set(court.derivation.gradients)
    order = list(postorder(root))
    depends: set[Node] = set()
    for node in order:
        if (node.op == "symbol" and str(node.data) in wanted) or any(a in depends for a in node.args):
            depends.add(node)
    arriving: dict[Node, list[Node]] = {root: [upstream]}
    out: dict[str, Node] = {}
    for node in reversed(order):
        if node not in depends or node not in arriving:
            continue
        ybar = add(*arriving.pop(node))
        if node.op == "symbol":
            out[str(node.data)] = ybar
            continue
        value = leaf if node is root else node
        for i, arg in enumerate(node.args):
            if arg in depends:
                other = twist(node, value, i, ybar) if twist is not None else None
                given = RULES[node.op].adjoint(node, value, i, ybar) if other is None else other
                arriving.setdefault(arg, []).append(given)
    return out


def rerun(
    court: Court, wrt: str, at: str | None, twist: Twist | None = None, dropped: Dropped = frozenset()
) -> Node | None:
    """The gradient by ``wrt`` with the step at one definition done otherwise, or with some ways left out."""
    gradients = court.derivation.gradients
    changed: dict[str, dict[str, Node]] = {target: {} for _, target in dropped}
    for user, target in dropped:
        changed[target][user] = zeros(gradients[target].symbol.shape)
    for definition in reversed(court.problem.definitions):
        name = definition.name
        if name == at:
            upstream = number(1) if name == court.objective else gradients[name].symbol
            for target, value in sent(court, definition, upstream, twist).items():
                changed.setdefault(target, {})[name] = value
        elif name in changed and name != wrt:
            for target, value in sent(court, definition, _together(court, name, changed), None).items():
                changed.setdefault(target, {}).setdefault(name, value)
    return _together(court, wrt, changed) if wrt in changed else None


def _together(court: Court, target: str, changed: dict[str, dict[str, Node]]) -> Node:
    """The ways into an array added up, the changed ones among them."""
    paths = court.derivation.gradients[target].paths
    own = changed[target]
    return add(*(own.get(p.user, p.value) for p in paths))


def between(court: Court, wrt: str) -> Iterator[Definition]:
    """The definitions through which the objective depends on an array, those nearest to it first."""
    depends = {wrt}
    for definition in court.problem.definitions:
        names = {str(x.data) for x in postorder(definition.node) if x.op == "symbol"}
        if names & depends and (definition.name in court.derivation.gradients or definition.name == court.objective):
            depends.add(definition.name)
            yield definition
