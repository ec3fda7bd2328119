"""What a write-up is made of: blocks of prose, formulas, steps and tables, with no format in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from symback.writeup.graph import Graph
from symback.writeup.layout import Layout


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of code inside a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


class Ref(str):
    """A reference to a numbered result; read as text, it is the number in brackets."""

    number: int

    def __new__(cls, number: int) -> Ref:
        """``(3)``."""
        self = super().__new__(cls, f"({number})")
        self.number = number
        return self


Span = str | Layout | Code | Strong
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """The title of a section (level 1) or of a part of one (2, 3); ``anchor`` is what a link names."""

    level: int
    spans: Spans
    anchor: str = ""


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True)
class Display:
    """A formula on its own line."""

    layout: Layout


@dataclass(frozen=True)
class Displays:
    """Several formulas under each other, aligned at their first relation."""

    layouts: tuple[Layout, ...]


@dataclass(frozen=True)
class Result:
    """A derived formula: framed, with its shape, and as a line of NumPy."""

    layout: Layout
    shaped: Layout
    name: str
    numpy: str
    number: int


@dataclass(frozen=True)
class StepItem:
    """One step: the rule, what it says here, why, and the formula that it leads to with the changed part marked."""

    rule: str
    formula: Layout
    reason: Spans
    statement: Layout | None = None
    trivial: bool = False  # nothing changes: shown only where every step is wanted
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    """The steps of one gradient, or along one path, in order."""

    items: tuple[StepItem, ...]

    @property
    def main(self) -> tuple[StepItem, ...]:
        """Those in which something changes."""
        return tuple(item for item in self.items if not item.trivial)


@dataclass(frozen=True)
class Callout:
    """A remark set apart from the text."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a header; ``numeric`` says which columns hold aligned formulas."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Listing:
    """Lines of code."""

    text: str
    language: str = "python"


@dataclass(frozen=True)
class Figure:
    """The network's graph, as data."""

    graph: Graph
    caption: str = ""


Block = Heading | Prose | Display | Displays | Result | Steps | Callout | Table | Listing | Figure


@dataclass(frozen=True)
class Document:
    """A whole write-up."""

    title: str
    blocks: tuple[Block, ...] = field(default=())


def say(text: str, *values: Span) -> Spans:
    """A sentence with formulas and code put in where it says ``{}``.

    >>> say("{} is used in {}.", Code("W1"), Code("Z1"))
    (Code(text='W1'), ' is used in ', Code(text='Z1'), '.')
    """
    parts = text.split("{}")
    if len(parts) != len(values) + 1:
        raise ValueError(f"{text!r} has {len(parts) - 1} places, and {len(values)} values were given")
    out: list[Span] = []
    for i, part in enumerate(parts):
        if part:
            out.append(part)
        if i < len(values):
            out.append(values[i])
    return tuple(out)
