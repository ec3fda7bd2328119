"""The whole batch: the same matrix serves every example, and the other order adds up what does not belong together."""

from __future__ import annotations

from symback.algebra.dims import ONE
from symback.writeup.blocks import Block, Code, Display, Heading, Prose, Spans, say
from symback.writeup.layout import EQUALS, Big, row
from symback.writeup.why.letters import D, I, K, L, Letters, entry, product


def whole_batch(x: Letters) -> tuple[Block, ...]:
    """Every example at once; what the other order would add up; the same in the other convention."""
    heading = Heading(2, ("5. The whole batch",))
    if x.node.shape[1 if x.left else 0] == ONE:
        return heading, Prose((f"There is one {x.one} here, so the formula for one is the formula for all.",))
    together = say(
        "{} {} of {} touches only {} {} of the product, so step 2 holds in every {} with the same matrix: {}.",
        x.vector.capitalize(), I, Code(x.crossing.array), x.vector, I, x.vector, Code(" @ ".join(x.sides)),
    )  # fmt: skip
    slopes: Spans = ()
    if x.g is not None:
        slopes = say(
            " The slopes differ from example to example, so no single {} serves the batch; {} does.", D, Code("*")
        )
    passing, big = x.typeset(x.turned), x.typeset(x.crossing.upstream)
    if x.left:
        whole = product(x.upstream(bracketed=True), passing)
        sum_ = product(entry(big, K, I), entry(passing, I, L))
        meaning = say("It adds over examples {}, and pairs example {} with hidden unit {}. ", I, I, I)
    else:
        whole = product(passing, x.upstream(bracketed=True))
        sum_ = product(entry(passing, K, I), entry(big, I, L))
        meaning = say("It pairs hidden unit {} with example {}. ", I, I)
    if not x.layered:
        meaning = (f"It adds over the {x.vector}s, where the sum in step 1 runs inside one {x.vector}.",)
    wrong = row(entry(whole, K, L), EQUALS, Big("∑", I), sum_)
    return (
        heading,
        Prose((*together, *slopes)),
        Prose(("The other order has no meaning, even where it fits:",)),
        Display(wrong),
        Prose((*meaning, *(mirrored(x) if x.layered else ()))),
    )


def mirrored(x: Letters) -> Spans:
    """The same formula in the other convention."""
    left, right = x.sides
    kept = left if x.left else right
    if x.left:
        return say(
            "(Are examples rows, and {} stored as inputs by outputs? Transpose everything: {}, the order that was "
            "expected.)",
            Code(x.weight), Code(f"{x.name} = {right} @ {kept}{x.times_slope}"),
        )  # fmt: skip
    return say(
        "(Are examples columns, and {} stored as outputs by inputs? Transpose everything: {}.)",
        Code(x.weight), Code(f"{x.name} = {kept} @ {left}{x.times_slope}"),
    )  # fmt: skip
