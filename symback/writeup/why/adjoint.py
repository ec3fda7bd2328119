"""The same in one line: what crosses the inner product; the transpose, not the inverse."""

from __future__ import annotations

from symback.writeup.blocks import Block, Display, Heading, Prose, say
from symback.writeup.layout import EQUALS, Big, Fence, Func, Num, Op, Sup, Sym, row
from symback.writeup.steps import inner_product
from symback.writeup.typeset import transposed
from symback.writeup.why.letters import I, K, Letters, at, product


def adjoint(x: Letters) -> tuple[Block, ...]:
    """<G, W H> = tr(G^T W H) = tr((W^T G)^T H) = <W^T G, H>."""
    h, p, q, trace = Sym("H"), Sym("P"), Sym("Q"), Func("tr")
    factor, big = x.typeset(x.crossing.factor), x.upstream(bracketed=True)
    change = product(factor, h) if x.left else product(h, factor)
    crossed = x.beside(big, x.typeset(x.turned))
    line = row(
        inner_product(x.upstream(), change), EQUALS, trace, Fence(product(transposed(big), change)), EQUALS,
        trace, Fence(product(transposed(Fence(crossed)), h)), EQUALS, inner_product(crossed, h),
    )  # fmt: skip
    meaning = row(
        inner_product(p, q), EQUALS, Big("∑", row(K, I)), product(at(p, K, I), at(q, K, I)), EQUALS, trace,
        Fence(product(transposed(p), q)),
    )  # fmt: skip
    array, gradient = x.typeset(x.runner.problem.leaf(x.crossing.array)), x.runner.gradients[x.crossing.array]
    share = "what this path gives to " if len(gradient.paths) > 1 else ""
    near, far = ("left", "right") if x.left else ("right", "left")
    inverse = Sup(x.typeset(x.crossing.weight), row(Op("−", "prefix"), Num("1")))
    return (
        Heading(2, ("7. The same in one line: the adjoint",)),
        Prose(say(
            "Let {} change by a small {}. To first order, {} changes by the inner product of {} with the change of the "
            "product, where {}, and",
            array, h, x.objective, x.upstream(), meaning,
        )),
        Display(line),
        Prose(say(
            f"What stands beside {{}} is {share}{{}}. A {near} factor leaves to the {near}, transposed; a {far} one "
            "to the {}. It is {}, not {}: nothing is undone"
            f"{'; each weight carries the blame back along the wire on which it carried the signal' * x.layered}.",
            h, x.typeset(gradient.symbol), far, x.typeset(x.turned), inverse,
        )),
    )  # fmt: skip
