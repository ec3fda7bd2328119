"""From the raw result of a rule to what a person writes: families in order, then the choice of the shorter form."""

from __future__ import annotations

from symback.algebra.nodes import Node
from symback.rewrites.engine import Change, Context, run
from symback.rewrites.expand import EXPAND, FACTOR
from symback.rewrites.facts import FACTS
from symback.rewrites.functions import FUNCTIONS
from symback.rewrites.inverse import INVERSE, POWERS
from symback.rewrites.names import NAMES
from symback.rewrites.ones import ONES
from symback.rewrites.scalars import COLLECT, SCALARS
from symback.rewrites.sign import SIGN
from symback.rewrites.transpose import PULL, PUSH

CANONICAL = (PUSH, SCALARS, ONES, COLLECT, INVERSE, FUNCTIONS, FACTS, NAMES, EXPAND, FACTOR)
SHORTEST = (POWERS, PULL, SIGN)
FAMILIES = (*CANONICAL, *SHORTEST)


def simplify(root: Node, context: Context) -> tuple[Node, list[Change]]:
    """The form that a person would write, and the changes that lead to it, in order."""
    root, changes = run(CANONICAL, root, context)
    root, final = run(SHORTEST, root, context, rounds=2)
    return root, changes + final
