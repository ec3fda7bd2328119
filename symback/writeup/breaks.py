"""Where a long formula breaks: before relations first, then before signs and products, outside brackets if it can."""

from __future__ import annotations

from collections.abc import Callable

from symback.writeup.layout import (
    Aligned,
    Bracket,
    Fence,
    Layout,
    Marked,
    Op,
    Row,
    Space,
    height,
    row,
    width,
)  # fmt: skip

Measure = Callable[[Layout], float]
NEVER = 99
INDENT = Row((Space("quad"), Space("quad")))


def fitted(layout: Layout, limit: float, measure: Measure = width) -> Layout:
    """The layout itself, or, where it is wider than ``limit``, its lines aligned behind the first relation."""
    if measure(layout) <= limit:
        return layout
    head, body = _split(layout)
    if measure(head) > limit / 2:  # the left side needs the whole line itself
        head, body = Row(()), layout
    first, *rest = broken(body, limit - measure(head) - measure(INDENT), measure)
    return Aligned(((head, first), *((Row(()), row(INDENT, line)) for line in rest)))


def stacked(layouts: tuple[Layout, ...], limit: float, measure: Measure = width) -> Layout:
    """Several formulas aligned at their first relation, each broken where it is too wide."""
    parts = [_split(layout) for layout in layouts]
    room = limit - max(measure(head) for head, _ in parts)
    lines: list[tuple[Layout, Layout]] = []
    for head, body in parts:
        first, *rest = broken(body, room, measure) if measure(body) > room else [body]
        lines += [(head, first), *((Row(()), row(INDENT, line)) for line in rest)]
    return Aligned(tuple(lines))


def _split(layout: Layout) -> tuple[Layout, Layout]:
    """What stands before the first relation, and the rest from it on."""
    if isinstance(layout, Row):
        for i, item in enumerate(layout.items):
            if isinstance(item, Op) and item.kind == "relation":
                return row(*layout.items[:i]), row(*layout.items[i:])
    return Row(()), layout


def broken(layout: Layout, limit: float, measure: Measure = width) -> list[Layout]:
    """The lines of a formula, each as wide as ``limit`` where that can be."""
    pieces = _pieces(layout, 0, limit, measure)
    lines: list[Layout] = []
    while pieces:
        total, end = 0.0, len(pieces)
        for i, (piece, _) in enumerate(pieces):
            total += measure(piece)
            if total > limit and i:
                end = i
                break
        if end < len(pieces):
            end = _best(pieces, end, limit, measure)
        lines.append(row(*(p for p, _ in pieces[:end])))
        pieces = pieces[end:]
        while pieces and isinstance(pieces[0][0], Space):
            pieces = pieces[1:]
    return lines


def _best(pieces: list[tuple[Layout, int]], end: int, limit: float, measure: Measure) -> int:
    """The last of the cheapest places that leave the line at least half full; any place rather than none."""
    filled = 0.0
    best, cost = None, NEVER
    for i in range(1, end + 1):
        filled += measure(pieces[i - 1][0])
        level = pieces[i][1] if i < len(pieces) else NEVER
        if (
            level < NEVER
            and (filled > limit * 0.45 or best is None)
            and level <= cost + (2 if filled > limit * 0.8 else 0)
        ):
            best, cost = i, level
    if best is not None:
        return best
    after = next((i for i in range(end, len(pieces)) if pieces[i][1] < NEVER), None)
    return len(pieces) if after is None else after


def _pieces(layout: Layout, depth: int, limit: float, measure: Measure) -> list[tuple[Layout, int]]:
    """The formula cut wherever a line may end; each piece says how dear a break before it is."""
    if isinstance(layout, Marked) and measure(layout) > limit:
        return [
            (Marked(p) if not isinstance(p, Space) else p, level)
            for p, level in _pieces(layout.body, depth, limit, measure)
        ]
    if isinstance(layout, Fence) and layout.left and measure(layout) > limit * 0.4:
        size = height(layout.body)
        inside = _pieces(layout.body, depth + 2, limit, measure)
        return [(Bracket(layout.left, size), NEVER), *inside, (Bracket(layout.right, size), NEVER)]
    if not isinstance(layout, Row):
        return [(layout, NEVER)]
    out: list[tuple[Layout, int]] = []
    after_space = False
    for item in layout.items:
        inner = _pieces(item, depth, limit, measure)
        first, level = inner[0]
        if isinstance(item, Op) and item.kind == "relation":
            level = 0
        elif isinstance(item, Op) and item.kind == "binary":
            level = depth * 2 + (1 if item.text in "+−" else 2)
        elif after_space:
            level = depth * 2 + 3
        out += [(first, level), *inner[1:]]
        after_space = isinstance(item, Space)
    if out:
        out[0] = (out[0][0], NEVER)
    return out
