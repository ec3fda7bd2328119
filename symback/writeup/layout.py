"""The layout tree: how a formula looks, before any format. Each emitter walks it; nothing is converted from LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["italic", "roman", "bold"]
Kind = Literal["binary", "relation", "prefix", "punctuation", "ordinary"]


class Layout:
    """One piece of a formula on the page."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row(Layout):
    """Pieces side by side."""

    items: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class Sym(Layout):
    """A letter, as the character itself (``W``, ``σ``), or an upright word that names one thing."""

    text: str
    style: Style = "italic"


@dataclass(frozen=True, slots=True)
class Num(Layout):
    """A number as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Op(Layout):
    """An operator or relation, as the character itself; the kind says how much air it gets."""

    text: str
    kind: Kind = "binary"


@dataclass(frozen=True, slots=True)
class Func(Layout):
    """The upright name of a function, in front of its brackets."""

    name: str


@dataclass(frozen=True, slots=True)
class Space(Layout):
    """Air: ``thin`` between the factors of a product, ``quad`` between two formulas."""

    width: Literal["thin", "wide", "quad"] = "thin"


@dataclass(frozen=True, slots=True)
class Frac(Layout):
    """A quotient with a line."""

    over: Layout
    under: Layout


@dataclass(frozen=True, slots=True)
class Sup(Layout):
    """``up`` raised behind the base."""

    base: Layout
    up: Layout


@dataclass(frozen=True, slots=True)
class Sub(Layout):
    """``down`` lowered behind the base."""

    base: Layout
    down: Layout


@dataclass(frozen=True, slots=True)
class Sqrt(Layout):
    """A square root."""

    body: Layout


@dataclass(frozen=True, slots=True)
class Fence(Layout):
    """Brackets around a body, as high as it is: ``( ) [ ] | ‖ ⟨ ⟩``, or nothing on one side."""

    body: Layout
    left: str = "("
    right: str = ")"


@dataclass(frozen=True, slots=True)
class Bracket(Layout):
    """One bracket alone, where a line is broken inside the pair; ``size`` is the height in lines."""

    text: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Brace(Layout):
    """A body with a brace below it, and a label (a shape) below that."""

    body: Layout
    label: Layout


@dataclass(frozen=True, slots=True)
class Big(Layout):
    """A large operator (``∑``) with what stands below it."""

    text: str
    below: Layout | None = None


@dataclass(frozen=True, slots=True)
class Matrix(Layout):
    """A matrix of entries in round brackets."""

    rows: tuple[tuple[Layout, ...], ...]


@dataclass(frozen=True, slots=True)
class Aligned(Layout):
    """Lines under each other, each cut where the alignment stands (usually in front of its ``=``)."""

    lines: tuple[tuple[Layout, Layout], ...]


@dataclass(frozen=True, slots=True)
class Text(Layout):
    """Words inside a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Accent(Layout):
    """A hat, bar, tilde or dot over a letter."""

    kind: Literal["hat", "bar", "tilde", "dot"]
    base: Layout


@dataclass(frozen=True, slots=True)
class Boxed(Layout):
    """A result, framed."""

    body: Layout


@dataclass(frozen=True, slots=True)
class Marked(Layout):
    """The part that a step has changed."""

    body: Layout


@dataclass(frozen=True, slots=True)
class Named(Layout):
    """An array's letter together with its name in the code and its shape, for a page that can show them."""

    body: Layout
    name: str
    shape: str


Piece = Layout | str


def row(*items: Layout | None) -> Layout:
    """Pieces side by side, rows inside rows opened."""
    flat: list[Layout] = []
    for item in items:
        if isinstance(item, Row):
            flat.extend(item.items)
        elif item is not None:
            flat.append(item)
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def relation(text: str) -> Op:
    """A relation: ``=``, ``∈``, ``≠``."""
    return Op(text, "relation")


EQUALS = relation("=")
TOP = Op("⊤", "ordinary")


def children(layout: Layout) -> tuple[Layout, ...]:
    """The pieces directly inside."""
    match layout:
        case Row(items):
            return items
        case Frac(a, b) | Sup(a, b) | Sub(a, b) | Brace(a, b):
            return (a, b)
        case Sqrt(body) | Boxed(body) | Marked(body) | Fence(body, _, _) | Named(body, _, _) | Accent(_, body):
            return (body,)
        case Big(_, below):
            return () if below is None else (below,)
        case Matrix(rows):
            return tuple(cell for line in rows for cell in line)
        case Aligned(lines):
            return tuple(cell for line in lines for cell in line)
        case _:
            return ()


def height(layout: Layout) -> int:
    """How many lines high a piece is, roughly: what brackets must be as high as."""
    match layout:
        case Frac(a, b):
            return height(a) + height(b)
        case Matrix(rows):
            return sum(max(height(c) for c in line) for line in rows) if len(rows) > 1 else 2
        case Brace(body, _):
            return height(body)
        case Big():
            return 2
        case Bracket(_, size):
            return size
        case _:
            return max((height(c) for c in children(layout)), default=1)


def width(layout: Layout) -> float:
    """An estimate of the width in em, for the choice of line breaks; it errs on the wide side."""
    match layout:
        case Sym(text, style):
            return (0.75 if style == "italic" else 0.6) * len(text)
        case Num(text) | Func(text) | Text(text):
            return 0.52 * len(text)
        case Op(_, kind):
            return {"binary": 1.25, "relation": 1.4, "prefix": 0.8, "punctuation": 0.5, "ordinary": 0.75}[kind]
        case Space(kind):
            return {"thin": 0.17, "wide": 0.5, "quad": 1.0}[kind]
        case Frac(a, b):
            return max(width(a), width(b)) + 0.25
        case Sup(a, b) | Sub(a, b):
            return width(a) + 0.75 * width(b)
        case Fence(body, left, right):
            return width(body) + (0.45 if height(body) == 1 else 0.65) * (bool(left) + bool(right))
        case Bracket(_, size):
            return 0.45 if size == 1 else 0.65
        case Sqrt(body):
            return width(body) + 0.9
        case Boxed(body):
            return width(body) + 0.7
        case Brace(body, label):
            return max(width(body), 0.75 * width(label))
        case Big(_, below):
            return max(1.5, 0 if below is None else 0.75 * width(below))
        case Matrix(rows):
            return sum(max(width(line[i]) for line in rows) + 1.0 for i in range(len(rows[0]))) + 0.8
        case Aligned(lines):
            return max(width(a) for a, _ in lines) + max(width(b) for _, b in lines)
        case _:
            return sum(width(c) for c in children(layout))
