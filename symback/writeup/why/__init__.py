"""Why not the other order? The answer for the network at hand: its names, its convention, its numbers."""

from __future__ import annotations

from symback.writeup.blocks import Block, Callout, Code, Display, Prose, say
from symback.writeup.crossing import Crossing
from symback.writeup.layout import EQUALS, Big, Space, Sym, row
from symback.writeup.numbers import Runner
from symback.writeup.typeset import Typesetter
from symback.writeup.why.adjoint import adjoint
from symback.writeup.why.batch import whole_batch
from symback.writeup.why.judge import judge
from symback.writeup.why.letters import Letters, entry
from symback.writeup.why.one_example import only_one, opening, row_order, scalars, stacking


def why(crossing: Crossing, runner: Runner, typeset: Typesetter) -> tuple[Block, ...]:
    """The whole answer for one product, in the order in which it satisfies."""
    letters = Letters(crossing, runner, typeset)
    sections = (opening, scalars, stacking, only_one, row_order, whole_batch, judge, adjoint)
    return tuple(block for section in sections for block in section(letters))


def why_briefly(crossing: Crossing, typeset: Typesetter) -> Callout:
    """The answer at a later product: which index is summed, and so which order."""
    i, j, k = (Sym(x) for x in "ijk")
    big, other, own = typeset(crossing.upstream), typeset(crossing.factor), typeset(crossing.step.after)
    if crossing.left:  # Z = F H: the rows of Z are summed over
        line = row(entry(own, j, i), EQUALS, Big("∑", k), entry(other, k, j), Space(), entry(big, k, i))
    else:
        line = row(entry(own, i, j), EQUALS, Big("∑", k), entry(big, i, k), Space(), entry(other, j, k))
    text = say(
        "Every entry of {} feeds a whole {} of the product, so its gradient is a sum along it, over the {} of {}. "
        "The index that is summed stands inside:",
        Code(crossing.array), "column" if crossing.left else "row", "rows" if crossing.left else "columns", big,
    )  # fmt: skip
    return Callout("Why this order?", (Prose(text), Display(line)))


def why_above() -> Callout:
    """At the product that has been explained in full."""
    return Callout("Why this order?", (Prose(("This is the product that is explained in full above.",)),))
