"""Small integers, every order that fits, and the objective itself as the judge; what shapes can tell."""

from __future__ import annotations

import numpy as np

from symback.writeup.blocks import Block, Code, Heading, Prose, Span, Spans, Strong, Table, say
from symback.writeup.layout import EQUALS, Op, row
from symback.writeup.numbers import as_list, number, shown
from symback.writeup.why.letters import Letters
from symback.writeup.why.trial import MOVE, Trial, try_numbers


def judge(x: Letters) -> tuple[Block, ...]:
    """The table of candidates and the verdict, where small numbers exist; what shapes can tell in any case."""
    trial = try_numbers(x.crossing, x.runner)
    if trial is None:
        return Heading(2, ("6. What shapes can tell",)), Prose(shapes(x, trial))
    return Heading(2, ("6. Both orders fit, one is right",)), *numbers(x, trial), Prose(shapes(x, trial))


def numbers(x: Letters, trial: Trial) -> tuple[Block, ...]:
    """The arrays, the candidates, and what the objective says."""
    arrays = tuple(((Code(name),), (Code(as_list(value)),)) for name, value in trial.arrays)
    which = "all of these" if trial.all_fit else "the other order too"
    slope = say(" ({} stands for {})", Code("gp"), Code(f"g'({x.crossing.target})")) if x.crossing.activation else ()
    return (
        Prose((f"Let every size that is free be 2; then {which} can be multiplied", *slope, ". Take")),
        Table((("array",), ("value",)), arrays),
        Table((("formula",), ("value",), ("",)), candidates(trial)),
        Prose(asked(x, trial)),
    )


def candidates(trial: Trial) -> tuple[tuple[Spans, ...], ...]:
    """One line for each candidate."""
    places = 0 if all(c.value is None or np.allclose(c.value, np.round(c.value)) for c in trial.candidates) else 3
    rows = []
    for c in trial.candidates:
        value: Span = "cannot be multiplied" if c.value is None else Code(as_list(c.value, places))
        what = f"{c.what}; NumPy repeats a 1 by 1" if c.repeated else c.what
        rows.append(((Code(c.text),), (value,), (what,)))
    return tuple(rows)


def asked(x: Letters, trial: Trial) -> Spans:
    """The objective, moved by one entry."""
    i, j = trial.entry
    start = float(dict(trial.arrays)[trial.target][i, j])
    right, other = trial.says(0), trial.says(1)
    assert right is not None and other is not None  # a trial is only kept where both have a value
    digits = 3 if abs(trial.slope - right) < 1e-9 else 5
    same = shown(trial.slope) == shown(right)
    slope = row(
        number(trial.up - trial.down, digits), Op("/", "ordinary"), number(2 * MOVE), EQUALS, number(trial.slope)
    )  # fmt: skip
    found: list[Span] = []
    found += say(
        f"Ask {{}} itself. Move the entry {{}} of {{}}, in row {i + 1} and column {j + 1}, to {{}} and to {{}}, and "
        "run the forward pass: {} becomes {} and {}. The slope is {}",
        x.objective, number(start), Code(trial.target), number(start + MOVE), number(start - MOVE), x.objective,
        number(trial.up, digits), number(trial.down, digits), slope,
    )  # fmt: skip
    if same:
        found.append(", as in the first line of the table")
    else:
        found += say(
            "; the first line of the table says {}, and the rest is curvature, over so long a step", number(right)
        )
    found += say(". The other order says {}.", number(other))
    if trial.rest:
        found.append(f" Here rest is what reaches {x.crossing.array} along its other paths, the same in every line.")
    return tuple(found)


def shapes(x: Letters, trial: Trial | None) -> Spans:
    """What shapes find, and what they cannot prove."""
    seen = "above every candidate fits, and " if trial is not None and trial.all_fit else ""
    text = say(
        f"With three different sizes, {{}} is the only product of the two arrays that has the shape of {{}}: so shapes "
        f"find it. They cannot prove it: {seen}with any sizes a lost factor, sign or slope fits too. The sum in "
        "step 1 is the proof.",
        Code(" @ ".join(x.sides)), Code(x.crossing.array),
    )  # fmt: skip
    return (Strong("Shapes find it, they do not prove it. "), *text)
