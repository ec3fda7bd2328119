"""From the raw result of a rule to what a person writes: families in order, then the choice of the shorter form."""

from __future__ import annotations

from symback.algebra.nodes import Node
from symback.algebra.walk import contains, substitute
from symback.rewrites.cost import cost
from symback.rewrites.engine import Change, Context, Family, run
from symback.rewrites.expand import EXPAND, FACTOR, stages
from symback.rewrites.facts import FACTS
from symback.rewrites.functions import FUNCTIONS
from symback.rewrites.inverse import INVERSE, POWERS
from symback.rewrites.kron import KRON
from symback.rewrites.names import NAMES, solve_definitions
from symback.rewrites.ones import ONES, SUMS
from symback.rewrites.scalars import COLLECT, SCALARS
from symback.rewrites.sign import SIGN, turn_sign
from symback.rewrites.transpose import PULL, PUSH

CANONICAL = (PUSH, SCALARS, ONES, COLLECT, INVERSE, FUNCTIONS, FACTS, NAMES, FACTOR, EXPAND, FACTOR)
MATRIX_FORM = (
    PUSH,
    SCALARS,
    KRON,
    SUMS,
    COLLECT,
    INVERSE,
    FUNCTIONS,
    FACTS,
    NAMES,
    FACTOR,
    EXPAND,
    FACTOR,
)  # diag(v) A stays
SHORTEST = (POWERS, PULL)


def shown(change: Change, context: Context) -> list[Change]:
    """A change as a reader should see it: multiplying out is shown by its way stations."""
    if change.family is not EXPAND:
        return [change]
    at = next((node for node in context.expanded if contains(change.before, node)), None)
    if at is None:
        return [change]
    out: list[Change] = []
    before = change.before
    for name, station in [*stages(at, context), ("collect", context.expanded[at])]:
        after = substitute(change.before, {at: station})
        if after is not before and cost(after)[0] < 40:
            out.append(Change(Family(name, STATIONS[name], {}), before, after))
            before = after
    if before is not change.after:
        out.append(Change(FACTOR, before, change.after, change.facts))
    return out


STATIONS = {
    "distribute and cancel": "a factor multiplies every term of a sum; what stands above and below the line cancels",
    "multiply out": "a product of sums is a sum of products",
    "collect": "equal terms are counted, opposite ones are gone, and what all share is written once",
}


def simplify(root: Node, context: Context, families: tuple[Family, ...] = CANONICAL) -> tuple[Node, list[Change]]:
    """The form that a person would write, and the changes that lead to it, in order."""
    context.start()
    root, changes = run(families, context.order.apply(root), context)
    solved = solve_definitions(root, context)
    if solved is not None:
        shorter, more = run(families, solved, context)
        if cost(shorter) < cost(root):
            changes += [Change(NAMES, root, solved), *more]
            root = shorter
    root, final = run(SHORTEST, root, context, rounds=2)
    turned = turn_sign(root)
    if turned is not None:
        final.append(Change(SIGN, root, turned))
        root = turned
    return root, [seen for change in changes + final for seen in shown(change, context)]
