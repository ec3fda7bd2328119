"""Layout tree -> plain Unicode text for a terminal; braces with shapes and matrices take more than one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symback.writeup.layout import (
    Accent,
    Aligned,
    Big,
    Boxed,
    Brace,
    Bracket,
    Fence,
    Frac,
    Func,
    Layout,
    Marked,
    Matrix,
    Named,
    Num,
    Op,
    Row,
    Space,
    Sqrt,
    Sub,
    Sup,
    Sym,
    Text,
    children,
)  # fmt: skip

LOWERED = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
RAISED = dict(
    zip(
        "0123456789+−=()/⊙⊤′∗abcdefghijklmnoprstuvwxyz[]",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᐟ⊙ᵀ′*ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁽⁾",
        strict=True,
    )
)
COMBINING = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
BOLD = {"1": "𝟏"}


@dataclass(frozen=True)
class Canvas:
    """Lines of equal width, and the one that a formula's other pieces stand beside."""

    lines: tuple[str, ...]
    baseline: int = 0

    @property
    def width(self) -> int:
        """The width in characters."""
        return max(measure(line) for line in self.lines)


SPACES = {"thin": " ", "wide": "  ", "quad": "    "}
WEIGHTLESS = re.compile("[\u0300-\u036f\ue000-\ue002]")
MARK, UNMARK = "\ue000", "\ue001"  # around what a step has changed, until it is known whether there is colour
HEADING = "\ue002"  # in front of a heading


def measure(text: str) -> int:
    """The width of a text on a terminal: combining accents and marks take no place."""
    return len(text) - len(WEIGHTLESS.findall(text))


def painted(text: str, colour: bool) -> str:
    """The marks as colour, or taken away."""
    for mark, code in ((MARK, "\033[1;35m"), (HEADING, "\033[1;34m"), (UNMARK, "\033[0m")):
        text = text.replace(mark, code if colour else "")
    return text


def to_unicode(layout: Layout) -> str:
    """The text of a layout: one line, or several where there are braces or matrices.

    >>> from symback.writeup.layout import Sub, Sym, Num, Sup, TOP
    >>> to_unicode(Sup(Sub(Sym("W"), Num("1")), TOP))
    'W₁ᵀ'
    """
    return painted("\n".join(line.rstrip() for line in canvas(layout).lines), False)


TALL = (Brace, Matrix, Aligned)


def is_tall(layout: Layout) -> bool:
    """True where a layout takes more than one line."""
    return isinstance(layout, TALL) or any(is_tall(child) for child in children(layout))


def canvas(layout: Layout) -> Canvas:
    """The layout drawn."""
    if not is_tall(layout):
        return Canvas((flat(layout),))
    match layout:
        case Row(items):
            return beside([canvas(x) if is_tall(x) else Canvas((_factor(items, i),)) for i, x in enumerate(items)])
        case Brace(body, label):
            return _stack(canvas(body), canvas(label))
        case Matrix(rows):
            return _matrix([[canvas(cell) for cell in line] for line in rows])
        case Aligned(lines):
            return _aligned([(canvas(a), canvas(b)) for a, b in lines])
        case Fence(body, left, right):
            return beside([Canvas((left,)), canvas(body), Canvas((right,))] if left or right else [canvas(body)])
        case Marked(body):
            inside = canvas(body)
            return Canvas(tuple(MARK + line + UNMARK for line in inside.lines), inside.baseline)
        case Sup(base, up):
            return beside([canvas(base), Canvas((scripted(flat(up), RAISED, "^"),))])
        case Sub(base, down):
            return beside([canvas(base), Canvas((scripted(flat(down), LOWERED, "_"),))])
        case Boxed(body) | Named(body, _, _):
            return canvas(body)
        case _:
            return Canvas((flat(layout),))


def flat(layout: Layout) -> str:
    """The layout on one line."""
    match layout:
        case Row(items):
            return "".join(_factor(items, i) for i in range(len(items)))
        case Sym(text, "bold"):
            return "".join(BOLD.get(c, c) for c in text)
        case Sym(text, _) | Num(text) | Func(text) | Text(text) | Bracket(text, _):
            return text
        case Named(body, _, _) | Boxed(body):
            return flat(body)
        case Op(text, kind):
            return f" {text} " if kind in ("binary", "relation") else text + " " if kind == "punctuation" else text
        case Sub(base, down):
            return flat(base) + scripted(flat(down), LOWERED, "_")
        case Sup(base, up):
            return flat(base) + scripted(flat(up), RAISED, "^")
        case Fence(body, left, right):
            return left + flat(body) + right
        case Space(kind):
            return SPACES[kind]
        case Frac(over, under):
            return _operand(over) + "/" + _operand(under, below=True)
        case Marked(body):
            return MARK + flat(body) + UNMARK
        case Sqrt(body):
            return f"√({flat(body)})"
        case Big(text, below):
            return text + ("" if below is None else scripted(flat(below), LOWERED, "_")) + " "
        case Accent(kind, base):
            return flat(base) + COMBINING[kind]
        case _:
            return " ".join(canvas(layout).lines)


def _factor(items: tuple[Layout, ...], i: int) -> str:
    """A piece of a row; a quotient beside a factor gets brackets, for 1/m (A - Y) could be read otherwise."""
    text = flat(items[i])
    if isinstance(_core(items[i]), Frac):
        neighbours = items[max(0, i - 1) : i] + items[i + 1 : i + 2]
        if any(isinstance(n, Space) or n == Op("⊙") for n in neighbours):
            return f"({text})"
    return text


def _core(layout: Layout) -> Layout:
    """The piece itself, without mark or name."""
    while isinstance(layout, Marked | Named):
        layout = layout.body
    return layout


def _operand(layout: Layout, below: bool = False) -> str:
    """The numerator or denominator on one line, in brackets where it is more than one piece."""
    inner, text = _core(layout), flat(layout)
    if isinstance(inner, Row) and inner.items and inner.items[0] == Op("∂", "ordinary"):
        return text  # ∂J/∂a is read as one
    simple = " " not in text.strip() and (not below or "/" not in text)
    return text if simple and not (below and isinstance(inner, Row)) else f"({text})"


def scripted(text: str, table: dict[str, str], mark: str) -> str:
    """A script in raised or lowered characters where there are all of them, else behind ``_`` or ``^``."""
    text = text.replace(MARK, "").replace(UNMARK, "")
    bare = text.replace(" ", "")
    if all(c in table or c in table.values() for c in bare):
        return "".join(table.get(c, c) for c in bare)
    return mark + (bare if len(bare) == 1 else f"({bare})" if mark == "^" else "{" + bare + "}")


def beside(parts: list[Canvas]) -> Canvas:
    """Canvases side by side on their baselines."""
    if all(len(p.lines) == 1 for p in parts):
        return Canvas(("".join(p.lines[0] for p in parts),))
    above = max(p.baseline for p in parts)
    below = max(len(p.lines) - p.baseline for p in parts)
    lines = [""] * (above + below)
    for part in parts:
        wide = part.width
        for i in range(above + below):
            inside = i - above + part.baseline
            line = part.lines[inside] if 0 <= inside < len(part.lines) else ""
            lines[i] += line + " " * (wide - measure(line))
    return Canvas(tuple(lines), above)


def _stack(body: Canvas, label: Canvas) -> Canvas:
    """A body with its label centred below, and a space's room on both sides."""
    wide = max(body.width, label.width) + 2
    lines = tuple(_centred(line, wide) for line in (*body.lines, *label.lines))
    return Canvas(lines, body.baseline)


def _centred(text: str, wide: int) -> str:
    left = (wide - measure(text)) // 2
    return " " * left + text + " " * (wide - measure(text) - left)


def _matrix(rows: list[list[Canvas]]) -> Canvas:
    columns = [max(line[j].width for line in rows) for j in range(len(rows[0]))]
    bodies = ["  ".join(_right(cell.lines[0], w) for cell, w in zip(line, columns, strict=True)) for line in rows]
    last = len(bodies) - 1
    sides = [("[", "]")] if last == 0 else [("⎡", "⎤"), *[("⎢", "⎥")] * (last - 1), ("⎣", "⎦")]
    return Canvas(tuple(f"{a} {body} {b}" for (a, b), body in zip(sides, bodies, strict=True)), last // 2)


def _right(text: str, wide: int) -> str:
    return " " * (wide - measure(text)) + text


def _aligned(lines: list[tuple[Canvas, Canvas]]) -> Canvas:
    left = max(a.width for a, _ in lines)
    tall = any(len(a.lines) > 1 or len(b.lines) > 1 for a, b in lines)
    out: list[str] = []
    for a, b in lines:
        pad = Canvas((" " * (left - a.width),))
        out += ([""] if tall and out else []) + list(beside([pad, a, b]).lines)
    return Canvas(tuple(out), 0)
