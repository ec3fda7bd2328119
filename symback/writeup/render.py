"""Documents into LaTeX, Markdown and text, through the templates."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symback.writeup.blocks import Block, Code, Document, Span, Spans, Strong
from symback.writeup.breaks import fitted, stacked
from symback.writeup.document import Writer, build
from symback.writeup.latex import to_latex as math_latex
from symback.writeup.layout import Boxed, Layout, row
from symback.writeup.notation import PLAIN, Notation
from symback.writeup.portable import to_portable
from symback.writeup.unicode import canvas, measure, painted, to_unicode

if TYPE_CHECKING:
    from jinja2 import Environment

    from symback.calculus.derive import Derivation
    from symback.calculus.derive import Result as DerivedResult
    from symback.checking.check import Report

LINE = 33.0  # em of the printed page that a formula may fill
COLUMNS = 96  # of a terminal


def templates() -> Path:
    """The folder of templates: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "MANIFEST").is_file():
            return folder
    raise RuntimeError("the templates of symback were not found: the installation is incomplete")


@cache
def environment() -> Environment:
    """The template engine; a name that a template misspells is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    engine = Environment(
        loader=FileSystemLoader(templates()), undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True,
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", keep_trailing_newline=True,
    )  # fmt: skip
    engine.filters["kind"] = lambda block: type(block).__name__
    engine.filters.update({f"latex_{name}": f for name, f in LATEX.items()})
    engine.filters.update({f"md_{name}": f for name, f in MARKDOWN.items()})
    engine.filters.update({f"text_{name}": f for name, f in TEXT.items()})
    return engine


def render(document: Document, template: str, **values: Any) -> str:
    """A document through one template; blank lines are never doubled."""
    text = environment().get_template(template).render(document=document, **values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def to_latex(derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN) -> str:
    """The write-up as a whole LaTeX document, for pdflatex with the packages of texlive-latex-recommended."""
    return render(build(derivation, report, notation), "latex.j2")


def to_markdown(derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN) -> str:
    """The write-up as Markdown in the portable dialect."""
    return render(build(derivation, report, notation), "markdown.j2")


def to_text(
    derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN, colour: bool = False
) -> str:
    """The write-up as plain text with Unicode mathematics; in ``colour`` the changed part of each step stands out."""
    return painted(render(build(derivation, report, notation), "text.j2"), colour)


def result_latex(result: DerivedResult) -> str:
    """One derived formula as LaTeX mathematics, without dollars."""
    return math_latex(Writer(result.derivation).typeset(result.named)).strip()


# --- LaTeX -------------------------------------------------------------------------------------------------

SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "*": r"{*}",
    "|": r"\textbar{}", '"': r"''", "≠": r"$\neq$", "→": r"$\to$", "≈": r"$\approx$", "×": r"$\times$", "ᵀ": r"$^{\top}$",
    "–": "--", "—": "---", "’": "'", "“": "``", "”": "''",
    "∂": r"$\partial$", "Σ": r"$\Sigma$", "∑": r"$\sum$", "·": r"$\cdot$", "−": "$-$", "…": r"\dots{}", "≥": r"$\geq$", "≤": r"$\leq$",
}  # fmt: skip


def escape_latex(text: str) -> str:
    """Plain words as LaTeX; what has no spelling here becomes its name in brackets, never a wrong letter."""
    return "".join(SPECIAL.get(c, c if ord(c) < 0x180 else _greek(c)) for c in text)


def _greek(character: str) -> str:
    from symback.writeup.latex import CHARACTERS

    spelled = CHARACTERS.get(character)
    return f"${spelled}$" if spelled else "?"


def _latex_code(text: str) -> str:
    """Code that may break at its spaces."""
    return rf"\texttt{{{escape_latex(text)}}}"


def _latex_span(span: Span) -> str:
    match span:
        case Code(text):
            return _latex_code(text)
        case Strong(text):
            return rf"\textbf{{{escape_latex(text)}}}"
        case str():
            return escape_latex(span)
        case _:
            return f"${math_latex(span).strip()}$"


def _latex_spans(spans: Spans) -> str:
    return "".join(_latex_span(s) for s in spans)


def _latex_display(layout: Layout) -> str:
    return math_latex(fitted(layout, LINE)).strip()


def _latex_boxed(layout: Layout) -> str:
    return math_latex(Boxed(row(fitted(layout, LINE - 2)))).strip()


def _length(spans: Spans) -> int:
    return sum(
        len(s) if isinstance(s, str) else len(s.text) if isinstance(s, Code | Strong) else len(to_unicode(s))
        for s in spans
    )


def _sentence(spans: Spans) -> Spans:
    """Spans as a sentence: a capital in front where there is a word, a full stop behind."""
    if not spans:
        return ()
    first, last = spans[0], spans[-1]
    out = list(spans)
    if isinstance(first, str) and not first[:2].isupper():
        out[0] = first[:1].upper() + first[1:]
    if not (isinstance(last, str) and last.rstrip().endswith((".", "!", "?"))):
        out.append(".")
    return tuple(out)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _latex_tabular(table: Any) -> str:
    """A table; where its last column holds long code or words, that column takes the rest of the line and breaks."""
    rows = [" & ".join(_latex_spans(cell) for cell in line) + r" \\" for line in table.rows]
    head = " & ".join(_latex_spans(cell) for cell in table.header) + r" \\"
    body = "\n".join([r"\toprule", head, r"\midrule", *rows, r"\bottomrule"])
    wide = sum(max(_length(line[j]) for line in (table.header, *table.rows)) for j in range(len(table.header))) > 70
    before = "l" * (len(table.header) - 1)
    if wide:
        spec = "@{}" + before + r">{\raggedright\arraybackslash}X@{}"
        return rf"\begin{{tabularx}}{{\linewidth}}{{{spec}}}" + f"\n{body}\n" + r"\end{tabularx}"
    return rf"\begin{{tabular}}{{@{{}}{before}l@{{}}}}" + f"\n{body}\n" + r"\end{tabular}"


def _latex_graph(figure: Any) -> str:
    """The network, line by line: what each computed array is computed from."""
    graph = figure.graph
    lines = []
    for node in graph.nodes:
        sources = [a for a, b in graph.edges if b == node.name]
        if sources:
            lines.append(
                rf"{', '.join(_latex_code(a) for a in sources)} & $\longrightarrow$ & {_latex_code(node.name)} \\"
            )
    return r"\begin{center}\small\begin{tabular}{rcl}" + "\n" + "\n".join(lines) + "\n" + r"\end{tabular}\end{center}"


LATEX: dict[str, Callable[..., str]] = {
    "spans": _latex_spans, "text": escape_latex, "code": _latex_code, "display": _latex_display, "boxed": _latex_boxed,
    "displays": lambda layouts: math_latex(stacked(layouts, LINE)).strip(), "tabular": _latex_tabular, "graph": _latex_graph, "math": lambda layout: math_latex(layout).strip(),
    "sentence": lambda spans: _latex_spans(_sentence(spans)), "capital": lambda text: escape_latex(_capital(text)),
}  # fmt: skip

# --- Markdown ----------------------------------------------------------------------------------------------


def escape_markdown(text: str) -> str:
    """Plain words as Markdown."""
    text = re.sub(r"([\\`*_{}\[\]#|$~])", r"\\\1", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _md_span(span: Span) -> str:
    match span:
        case Code(text):
            return f"`{text}`"
        case Strong(text):
            return f"**{escape_markdown(text.strip())}** " if text.endswith(" ") else f"**{escape_markdown(text)}**"
        case str():
            return escape_markdown(span)
        case _:
            return f"${to_portable(span)}$"


def _md_spans(spans: Spans) -> str:
    return "".join(_md_span(s) for s in spans)


def _md_display(layout: Layout) -> str:
    return to_portable(fitted(layout, LINE + 4))


def _md_boxed(layout: Layout) -> str:
    return to_portable(Boxed(fitted(layout, LINE + 2)))


MARKDOWN: dict[str, Callable[..., str]] = {
    "spans": _md_spans, "text": escape_markdown, "display": _md_display,
    "displays": lambda layouts: to_portable(stacked(layouts, LINE + 4)), "boxed": _md_boxed, "cell": _md_spans, "sentence": lambda spans: _md_spans(_sentence(spans)), "capital": lambda text: escape_markdown(_capital(text)),
    "quoted": lambda text: "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n")),
    "identifier": lambda name: re.sub(r"\W", "_", name),
    "unicode": lambda layout: to_unicode(layout),
}  # fmt: skip

# --- text ----------------------------------------------------------------------------------------------------


def _text_span(span: Span) -> str:
    match span:
        case Code(text) | Strong(text):
            return text.replace(" ", "\u00a0") if isinstance(span, Code) and len(text) < 40 else text
        case str():
            return span
        case _:
            return " ".join(canvas(span).lines).replace(" ", "\u00a0")


def _text_spans(spans: Spans) -> str:
    return "".join(_text_span(s) for s in spans).replace("\u00a0", " ")


def _text_wrapped(spans: Spans, indent: int = 0, limit: int = COLUMNS) -> str:
    """A paragraph in lines; formulas and short code are not cut."""
    text = "".join(_text_span(s) for s in spans)
    pad = " " * indent
    lines = textwrap.wrap(
        text.replace("\u00a0", "\u2007"), limit - indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(pad + line.replace("\u2007", " ") for line in lines)


def _text_width(layout: Layout) -> float:
    return float(canvas(layout).width)


def _text_display(layout: Layout, indent: int = 4) -> str:
    drawn = canvas(fitted(layout, COLUMNS - indent, _text_width))
    return "\n".join((" " * indent + line).rstrip() for line in drawn.lines)


def _text_displays(layouts: tuple[Layout, ...], indent: int = 4) -> str:
    drawn = canvas(stacked(layouts, COLUMNS - indent, _text_width))
    return "\n".join((" " * indent + line).rstrip() for line in drawn.lines)


def _text_table(table: Any, indent: int = 2) -> str:
    """Columns side by side, each as wide as its widest cell."""
    cells = [[_text_spans(cell) for cell in line] for line in (table.header, *table.rows)]
    widths = [max(measure(line[j]) for line in cells) for j in range(len(table.header))]
    out = []
    for i, line in enumerate(cells):
        out.append(
            " " * indent + "  ".join(c + " " * (w - measure(c)) for c, w in zip(line, widths, strict=True)).rstrip()
        )
        if i == 0:
            out.append(" " * indent + "  ".join("─" * w for w in widths))
    return "\n".join(out)


def _text_step(step: Any, indent: int = 2) -> str:
    """The rule's name, then why."""
    return _text_wrapped((f"{_capital(step.rule)}: ", *_sentence(step.reason)), indent)


def _text_frame(layout: Layout, indent: int = 4) -> str:
    """A formula in a frame."""
    drawn = canvas(fitted(layout, COLUMNS - indent - 4, _text_width))
    wide, pad = drawn.width, " " * indent
    body = [f"{pad}│ {line + ' ' * (wide - measure(line))} │" for line in drawn.lines]
    return "\n".join([f"{pad}┌{'─' * (wide + 2)}┐", *body, f"{pad}└{'─' * (wide + 2)}┘"])


def _text_graph(graph: Any, indent: int = 4) -> str:
    """The network, line by line."""
    lines = [(", ".join(a for a, b in graph.edges if b == node.name), node) for node in graph.nodes]
    lines = [(sources, node) for sources, node in lines if sources]
    wide = max(measure(sources) for sources, _ in lines)
    return "\n".join(f"{' ' * indent}{sources:>{wide}} ──▶ {node.name} {node.shape}" for sources, node in lines)


TEXT: dict[str, Callable[..., str]] = {
    "spans": _text_spans, "wrapped": _text_wrapped, "display": _text_display, "table": _text_table,
    "displays": _text_displays, "step": _text_step, "frame": _text_frame, "graph": _text_graph,
    "underline": lambda text, mark: mark * measure(text),
    "indented": lambda text, by: textwrap.indent(text, " " * by),
}  # fmt: skip

__all__ = ["Block", "to_latex", "to_markdown", "to_text"]
