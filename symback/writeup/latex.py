"""Layout tree -> LaTeX. What differs between a document's LaTeX and Markdown's portable dialect is a ``Dialect``."""

from __future__ import annotations

from collections.abc import Callable
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
    height,
)  # fmt: skip

CHARACTERS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta", "η": r"\eta",
    "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho",
    "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma",
    "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi",
    "Ψ": r"\Psi", "Ω": r"\Omega", "−": "-", "⊙": r"\odot", "⊗": r"\otimes", "×": r"\times", "⊤": r"\top",
    "∂": r"\partial", "′": r"\prime", "≠": r"\neq", "≈": r"\approx", "∈": r"\in", "≥": r"\geq", "≤": r"\leq",
    "→": r"\to", "⟹": r"\Longrightarrow", "⋯": r"\cdots", "⋮": r"\vdots", "∑": r"\sum", "<": r"\lt", ">": r"\gt",
    "±": r"\pm", "ℓ": r"\ell", "ℝ": r"\mathbb R", "·": r"\cdot", "*": r"\ast", "↦": r"\mapsto",
}  # fmt: skip
OPENING = {"(": "(", "[": r"\lbrack", "|": r"\lvert", "‖": r"\lVert", "⟨": r"\langle", "{": r"\lbrace"}
CLOSING = {")": ")", "]": r"\rbrack", "|": r"\rvert", "‖": r"\rVert", "⟩": r"\rangle", "}": r"\rbrace"}
SIZES = ("", "", "Big", "bigg", "Bigg")
NAMED_OPERATORS = frozenset({"exp", "log", "sin", "cos", "tanh", "det", "max", "min"})


@dataclass(frozen=True)
class Dialect:
    """The spellings in which two readers of LaTeX differ."""

    thin: str = r"\,"
    newline: str = r" \\ "
    accents: bool = True
    less: str = "<"
    more: str = ">"
    mark: Callable[[str], str] = lambda body: rf"\textcolor{{sbmark}}{{{body}}}"
    box: Callable[[str], str] = lambda body: rf"\boxed{{{body}}}"
    operator: Callable[[str], str] = lambda name: rf"\operatorname{{{name}}}"
    brace: Callable[[str, str], str] = lambda body, label: rf"{{\underbrace{{{body}}}_{{{label}}}}}"
    below: Callable[[str, str], str] = lambda base, down: f"{base}_{{{down}}}"


FULL = Dialect()


def to_latex(layout: Layout, dialect: Dialect = FULL) -> str:
    """The LaTeX of a layout, without dollars.

    >>> from symback.writeup.layout import Sub, Sym, Num
    >>> to_latex(Sub(Sym("W"), Num("1")))
    'W_{1}'
    """
    return _Emitter(dialect).emit(layout)


def join(parts: list[str]) -> str:
    """Pieces side by side, with a space where a control word would swallow the next letter."""
    out = ""
    for part in parts:
        if out and part and part[0].isalnum() and _ends_in_word(out):
            out += " "
        out += part
    return out


def _ends_in_word(text: str) -> bool:
    stem = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return stem.endswith("\\") and stem != text


class _Emitter:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def emit(self, layout: Layout) -> str:
        match layout:
            case Row(items):
                return join([self.emit(item) for item in items])
            case Sym(text, style):
                return self.symbol(text, style)
            case Num(text):
                return text
            case Op(text, kind):
                return self.operator(text, kind)
            case Func(name):
                return "\\" + name if name in NAMED_OPERATORS else self.dialect.operator(_words(name, self.dialect))
            case Space(kind):
                return {"thin": self.dialect.thin, "wide": r"\enspace", "quad": r"\quad"}[kind]
            case Frac(over, under):
                return rf"\frac{{{self.emit(over)}}}{{{self.emit(under)}}}"
            case Sqrt(body):
                return rf"\sqrt{{{self.emit(body)}}}"
            case Sup(base, up):
                return f"{self.base(base)}^{{{self.emit(up)}}}"
            case Sub(base, down):
                return self.dialect.below(self.base(base), self.emit(down))
            case Fence():
                return self.fence(layout)
            case Bracket(text, size):
                return self.bracket(text, size)
            case Brace(body, label):
                return self.dialect.brace(self.emit(body), self.emit(label))
            case Big(text, below):
                return CHARACTERS[text] + ("" if below is None else f"_{{{self.emit(below)}}}")
            case Matrix(rows):
                return rf"\begin{{pmatrix}}{self.table(rows)}\end{{pmatrix}}"
            case Aligned(lines):
                return rf"\begin{{aligned}}{self.table(lines)}\end{{aligned}}"
            case Text(text):
                return rf"\text{{{text}}}"
            case Accent(kind, base):
                return rf"\{kind} {self.emit(base)}"
            case Boxed(body):
                return self.dialect.box(self.emit(body))
            case Marked(body):
                return self.dialect.mark(self.emit(body))
            case Named(body, _, _):
                return self.emit(body)
        raise TypeError(f"no LaTeX for {layout!r}")

    def symbol(self, text: str, style: str) -> str:
        if style == "bold":
            return rf"\mathbf {text}" if len(text) == 1 else rf"\mathbf{{{text}}}"
        if style == "roman" and text not in CHARACTERS:
            return rf"\mathrm{{{_words(text, self.dialect)}}}"
        return CHARACTERS.get(text) or _ascii(text)

    def operator(self, text: str, kind: str) -> str:
        if text in ("<", ">"):
            return f" {self.dialect.less if text == '<' else self.dialect.more} "
        spelled = CHARACTERS.get(text, text)
        if kind in ("binary", "relation"):
            return f" {spelled} "
        return spelled + " " if kind == "punctuation" else spelled

    def base(self, layout: Layout) -> str:
        """A base for a script; what carries one already is kept apart by braces."""
        inner = layout
        while isinstance(inner, Marked | Named):
            inner = inner.body
        text = self.emit(layout)
        return f"{{{text}}}" if isinstance(inner, Row | Frac | Sup) and not isinstance(inner, Sub) else text

    def fence(self, layout: Fence) -> str:
        size = height(layout.body)
        left, right = (self.bracket(b, size, i) for i, b in enumerate((layout.left, layout.right)))
        return join([left, self.emit(layout.body), right])

    def bracket(self, text: str, lines: int, closing: int | None = None) -> str:
        """One bracket, as high as it has to be."""
        if not text:
            return ""
        close = text not in OPENING if closing is None else closing == 1
        spelled = (CLOSING if close else OPENING)[text]
        size = SIZES[min(lines, len(SIZES) - 1)]
        return (rf"\{size}{'r' if close else 'l'}{spelled}") if size else spelled

    def table(self, rows: tuple[tuple[Layout, ...], ...]) -> str:
        return self.dialect.newline.join(" & ".join(self.emit(cell).strip() for cell in line) for line in rows)


def _ascii(text: str) -> str:
    """Letters that LaTeX has; another one as its number, never as a wrong letter."""
    return "".join(c if c.isascii() else CHARACTERS.get(c) or rf"\mathrm{{U{ord(c):04X}}}" for c in text)


def _words(text: str, dialect: Dialect) -> str:
    text = "".join(c if c.isascii() else f"U{ord(c):04X}" for c in text)
    return text.replace(" ", dialect.thin + " " if dialect.thin.isalpha() else dialect.thin)
