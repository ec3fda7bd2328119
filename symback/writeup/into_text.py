"""Blocks into plain text for a terminal: the filters of ``text.j2``."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from symback.writeup.blocks import Code, Spans, StepItem, Strong, Table
from symback.writeup.breaks import fitted, stacked
from symback.writeup.graph import Graph
from symback.writeup.layout import Layout
from symback.writeup.sentences import capital, sentence
from symback.writeup.unicode import HEADING, UNMARK, Canvas, canvas, measure

COLUMNS = 96
KEPT = "\u2007"  # a space that a line does not break at, while it is being wrapped
SHORT = 40  # characters of code that stay on one line


def spans(items: Spans) -> str:
    """A sentence on one line."""
    return _kept(items).replace(KEPT, " ")


def _kept(items: Spans) -> str:
    return "".join(_span(item) for item in items)


def _span(item: str | Layout | Code | Strong) -> str:
    match item:
        case Code(text):
            return text.replace(" ", KEPT) if len(text) < SHORT else text
        case Strong(text):
            return text
        case str():
            return item
        case _:
            return " ".join(canvas(item).lines).replace(" ", KEPT)


def wrapped(items: Spans, indent: int = 0) -> str:
    """A paragraph in lines; formulas and short code are not cut."""
    lines = _lines(items, COLUMNS - indent)
    return "\n".join(" " * indent + line for line in lines)


def _lines(items: Spans, room: int) -> list[str]:
    cut = textwrap.wrap(_kept(items), room, break_long_words=False, break_on_hyphens=False)
    return [line.replace(KEPT, " ") for line in cut]


def columns(layout: Layout) -> float:
    """The width of a formula in characters."""
    return float(canvas(layout).width)


def display(layout: Layout, indent: int = 4) -> str:
    """A formula, broken where it is too long."""
    return _indented(canvas(fitted(layout, COLUMNS - indent, columns)), indent)


def displays(layouts: tuple[Layout, ...], indent: int = 4) -> str:
    """Formulas under each other."""
    return _indented(canvas(stacked(layouts, COLUMNS - indent, columns)), indent)


def _indented(drawn: Canvas, indent: int) -> str:
    return "\n".join((" " * indent + line).rstrip() for line in drawn.lines)


def frame(layout: Layout, indent: int = 4) -> str:
    """A formula in a frame."""
    drawn = canvas(fitted(layout, COLUMNS - indent - 4, columns))
    wide, pad = drawn.width, " " * indent
    body = [f"{pad}│ {_padded(line, wide)} │" for line in drawn.lines]
    return "\n".join([f"{pad}┌{'─' * (wide + 2)}┐", *body, f"{pad}└{'─' * (wide + 2)}┘"])


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - measure(text))


def table(block: Table, indent: int = 2) -> str:
    """Columns side by side, each as wide as its widest cell; where that is too wide, the last column goes below."""
    rows = [[_cell(cell, COLUMNS - indent - 8) for cell in line] for line in (block.header, *block.rows)]
    widths = [max(measure(text) for line in rows for text in line[j]) for j in range(len(block.header))]
    below = sum(widths) + 2 * len(widths) + indent > COLUMNS and len(widths) > 1
    out: list[str] = []
    for i, line in enumerate(rows):
        side = line[:-1] if below else line
        if i or not below or len(side) > 1:
            out += [" " * indent + text for text in _beside(side, widths)]
        if i == 0:
            out.append(" " * indent + "  ".join("─" * min(w, COLUMNS // 2) for w in widths[: len(side)]))
        elif below:
            out += [" " * (indent + 4) + text for text in line[-1]]
    return "\n".join(line.rstrip() for line in out)


def _cell(items: Spans, room: int) -> list[str]:
    """The lines of one cell."""
    if len(items) == 1 and isinstance(items[0], Layout):
        return list(canvas(fitted(items[0], room, columns)).lines)
    text = spans(items)
    return _lines(items, room) if measure(text) > room else [text]


def _beside(cells: list[list[str]], widths: list[int]) -> list[str]:
    """The lines of one row."""
    high = max(len(cell) for cell in cells)
    filled = [cell + [""] * (high - len(cell)) for cell in cells]
    return ["  ".join(_padded(cell[k], w) for cell, w in zip(filled, widths, strict=False)) for k in range(high)]


def step(item: StepItem, indent: int = 2) -> str:
    """The rule's name, then why."""
    return wrapped((f"{capital(item.rule)}: ", *sentence(item.reason)), indent)


def graph(network: Graph, indent: int = 4) -> str:
    """The network, line by line."""
    lines = [(", ".join(a for a, b in network.edges if b == node.name), node) for node in network.nodes]
    lines = [(sources, node) for sources, node in lines if sources]
    wide = max(measure(sources) for sources, _ in lines)
    return "\n".join(f"{' ' * indent}{sources:>{wide}} ──▶ {node.name} {node.shape}" for sources, node in lines)


FILTERS: dict[str, Callable[..., str]] = {
    "spans": spans, "wrapped": wrapped, "display": display, "displays": displays, "table": table, "step": step,
    "frame": frame, "graph": graph,
    "heading": lambda text: HEADING + text + UNMARK,
    "underline": lambda text, mark: mark * measure(text),
    "indented": lambda text, by: textwrap.indent(text, " " * by),
}  # fmt: skip
