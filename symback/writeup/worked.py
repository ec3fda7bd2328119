"""A worked numerical example, small enough to follow by hand: every array of the forward pass and every gradient."""

from __future__ import annotations

import numpy as np

from symback.writeup.blocks import Block, Display, Heading, Prose, say
from symback.writeup.layout import EQUALS, Layout, Space, row, width
from symback.writeup.numbers import Runner, as_matrix, labels, sizes_for, small_draw
from symback.writeup.typeset import Typesetter

LINE = 31.0  # em
PATTERNS = ((2, 3), (3, 2), (2,), (3,))
DRAWS = 60
ENTRIES = (-1, 2)  # small enough that sigmoids and exponentials stay readable


def worked_example(runner: Runner, typeset: Typesetter) -> list[Block]:
    """The values of one small draw, forward and backward; nothing where the sizes or the facts leave no small one."""
    environment = small_point(runner)
    if environment is None:
        return []
    problem = runner.problem
    out: list[Block] = [
        Heading(1, ("A worked example",), "example"),
        Prose(say("Small numbers, rounded to three places. Given are")),
    ]
    show = {name: typeset(problem.leaf(name)) for name in (*problem.symbols, *(d.name for d in problem.definitions))}
    out += _displays([(show[name], environment[name]) for name in problem.symbols])
    out.append(Prose(say("Forward:")))
    out += _displays([(show[d.name], environment[d.name]) for d in problem.definitions])
    out.append(Prose(say("Backward:" if runner.kind == "gradient" else "Its derivative:")))
    out += _displays([(typeset(g.symbol), environment[str(g.symbol.data)]) for g in runner.gradients.values()])
    return out


def _displays(values: list[tuple[Layout, object]]) -> list[Block]:
    """The arrays side by side, as many as a line holds."""
    lines: list[list[Layout]] = []
    for layout, value in values:
        formula = row(layout, EQUALS, as_matrix(value))
        if lines and width(row(*lines[-1], formula)) < LINE:
            lines[-1] += [Space("quad"), formula]
        else:
            lines.append([formula])
    return [Display(row(*line)) for line in lines]


def small_point(runner: Runner) -> dict[str, object] | None:
    """All values at a small draw in which every gradient can be seen; None where the sizes or the facts leave none."""
    zero_one = labels(runner.problem, runner.objective)
    for pattern in PATTERNS:
        sizes = sizes_for(runner.problem, pattern)
        if sizes is None:
            continue
        rng = np.random.default_rng(1)
        best, spread = None, 0.0
        for _ in range(DRAWS):
            try:
                environment = runner.run(small_draw(runner.problem, sizes, rng, zero_one, ENTRIES))
                runner.backward(environment)
            except np.linalg.LinAlgError:  # small whole numbers are easily singular
                continue
            values = [np.asarray(environment[str(g.symbol.data)], dtype=float) for g in runner.gradients.values()]
            if not all(np.isfinite(v).all() for v in values):
                continue
            largest = [float(np.max(np.abs(v))) for v in values if v.size]
            seen = min(largest, default=1.0) / max(1.0, max(largest, default=1.0))
            if seen > spread or best is None:
                best, spread = environment, seen
            if spread > 0.1:
                break
        if best is not None:
            return best
    return None
