"""Layout tree -> MathML, as browsers draw it natively: letters by their code points, brackets with explicit sizes."""

from __future__ import annotations

from html import escape

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
    height,
    width,
)  # fmt: skip

ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"}
SIZES = ("", "", "1.2em", "1.8em", "2.4em", "3em")
BRACE = 2.6  # em: a browser puts a longer brace together from pieces, and leaves its ends away
LETTERS = "⊤⊙∂"  # signs that take no air, as letters do
WIDTHS = {"thin": "0.17em", "wide": "0.5em", "quad": "1em"}


def to_mathml(layout: Layout, display: bool = False) -> str:
    """A whole ``<math>`` element.

    >>> from symback.writeup.layout import Sub, Sym, Num
    >>> to_mathml(Sub(Sym("W"), Num("1")))
    '<math><msub><mi>W</mi><mn>1</mn></msub></math>'
    """
    body = inside(layout)
    return f"<math display=block>{body}</math>" if display else f"<math>{body}</math>"


def inside(layout: Layout) -> str:
    """Pieces where an element makes a row of them by itself; low brackets need no row of their own."""
    if isinstance(layout, Row):
        return "".join(map(inside, layout.items))
    if isinstance(layout, Fence) and height(layout.body) == 1:
        return f"{_bracket(layout.left, False)}{inside(layout.body)}{_bracket(layout.right, False)}"
    return emit(layout)


def emit(layout: Layout) -> str:
    """The elements inside ``<math>``."""
    match layout:
        case Row(items):
            return f"<mrow>{''.join(map(inside, items))}</mrow>"
        case Sym(text, style):
            return _symbol(text, style)
        case Num(text):
            return f"<mn>{escape(text)}</mn>"
        case Op(text, kind):
            return _operator(text, kind)
        case Func(name):
            return f"<mi>{escape(name)}</mi>" if len(name) > 1 else f'<mi mathvariant="normal">{escape(name)}</mi>'
        case Space(kind):
            return f"<mspace width={WIDTHS[kind]} />"
        case Frac(over, under):
            return f"<mfrac>{emit(over)}{emit(under)}</mfrac>"
        case Sqrt(body):
            return f"<msqrt>{inside(body)}</msqrt>"
        case Sup(base, up):
            return _raised(base, up)
        case Sub(base, down):
            return f"<msub>{emit(base)}{emit(down)}</msub>"
        case Fence(body, left, right):
            tall = height(body) > 1
            return f"<mrow>{_bracket(left, tall)}{inside(body)}{_bracket(right, tall)}</mrow>"
        case Bracket(text, lines):
            return _alone(text, lines)
        case Brace(body, label):
            return f"<munder>{_braced(body)}{emit(label)}</munder>"
        case Big(text, None):
            return f'<mo largeop="true">{text}</mo>'
        case Big(text, below) if below is not None:
            return f'<munder><mo largeop="true" movablelimits="false">{text}</mo>{emit(below)}</munder>'
        case Matrix(rows):
            return f"<mrow><mo>(</mo>{_table(rows)}<mo>)</mo></mrow>"
        case Aligned(lines):
            return _table(lines, ("end", "start"))
        case Text(text):
            return f"<mtext>{escape(text).replace(' ', chr(0xA0))}</mtext>"
        case Accent(kind, base):
            return f'<mover accent="true">{emit(base)}<mo>{ACCENTS[kind]}</mo></mover>'
        case Boxed(body):
            return f'<mrow class="sb-boxed">{emit(body)}</mrow>'
        case Marked(body):
            return f"<mrow class=sb-changed>{inside(body)}</mrow>"
        case Named(body, name, _):
            return _named(emit(body), name)
    raise TypeError(f"no MathML for {layout!r}")


def _raised(base: Layout, up: Layout) -> str:
    """A base with something raised; what is lowered stands below it, not before it."""
    match base, up:
        case Sub(inner, down), _:
            return f"<msubsup>{emit(inner)}{emit(down)}{emit(up)}</msubsup>"
        case Named(Sub(inner, down), name, _), _:
            return _named(f"<msubsup>{emit(inner)}{emit(down)}{emit(up)}</msubsup>", name)
        case _, Op("′"):  # as a script, browsers draw it too high and too small
            return f"<mrow>{emit(base)}<mo lspace=0 rspace=0>′</mo></mrow>"
    return f"<msup>{emit(base)}{emit(up)}</msup>"


def _symbol(text: str, style: str) -> str:
    if style == "bold":
        return f"<mi>{''.join(_bold(c) for c in text)}</mi>"
    if len(text) == 1 and style == "roman":
        return f'<mi mathvariant="normal">{escape(text)}</mi>'
    return f"<mi>{escape(text)}</mi>"  # one letter is italic by itself, several are upright


def _bold(character: str) -> str:
    for first, start in (("A", 0x1D400), ("a", 0x1D41A), ("0", 0x1D7CE)):
        offset = ord(character) - ord(first)
        if 0 <= offset < (10 if first == "0" else 26):
            return chr(start + offset)
    return escape(character)


def _operator(text: str, kind: str) -> str:
    match kind:
        case "ordinary" if text in LETTERS:
            return f"<mi>{text}</mi>"
        case "ordinary":
            return f"<mo lspace=0 rspace=0 stretchy=false>{escape(text)}</mo>"
        case "prefix":
            return f"<mo form=prefix lspace=0 rspace=0>{escape(text)}</mo>"
        case _:
            return f"<mo largeop=false>{text}</mo>" if text in "⊙⊗" else f"<mo>{escape(text)}</mo>"


def _bracket(text: str, tall: bool) -> str:
    """At an end of its row: as high as the row where that is more than a line, the letter itself else."""
    if not text:
        return ""
    beside = " lspace=0 rspace=0" if text in "|‖" else ""
    return f"<mo{beside}{'' if tall else ' stretchy=false'}>{escape(text)}</mo>"


def _alone(text: str, lines: int) -> str:
    """A bracket in a broken line has to say which side it is, and how high."""
    form = "prefix" if text in "([{⟨" else "postfix"
    size = SIZES[lines] if lines < len(SIZES) else f"{1.2 * lines:.1f}em"
    sized = f" minsize={size} maxsize={size} symmetric=true" if size else " stretchy=false"
    return f"<mo form={form} lspace=0 rspace=0{sized}>{escape(text)}</mo>"


def _braced(body: Layout) -> str:
    """A brace below; a line where it would be long."""
    if width(body) > BRACE:
        return f"<mrow class=sb-brace>{inside(body)}</mrow>"
    return f'<munder accentunder="true">{emit(body)}<mo stretchy="true">⏟</mo></munder>'


def _table(rows: tuple[tuple[Layout, ...], ...], sides: tuple[str, ...] = ()) -> str:
    """Cells in the middle, or aligned by a class: ``text-align``, and ``justify-items`` where a cell holds an mrow."""
    if not sides:
        lines = "".join(f"<mtr>{''.join(f'<mtd>{inside(cell)}</mtd>' for cell in line)}</mtr>" for line in rows)
        return f"<mtable>{lines}</mtable>"
    lines = ""
    for line in rows:
        cells = (f"<mtd class=sb-{side}>{inside(cell)}</mtd>" for side, cell in zip(sides, line, strict=True))
        lines += f"<mtr>{''.join(cells)}</mtr>"
    return f"<mtable displaystyle=true>{lines}</mtable>"


def _named(inner: str, name: str) -> str:
    """The array's name on its own element, for a page that can say what it is; a plain name needs no quotes."""
    return inner.replace(">", f" data-n={name}>", 1)
