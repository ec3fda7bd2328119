"""Blocks into LaTeX: the filters of ``latex.j2``."""

from __future__ import annotations

import re
from collections.abc import Callable

from symback.writeup.blocks import Code, Figure, Ref, Spans, Strong, Table
from symback.writeup.breaks import fitted, stacked
from symback.writeup.latex import CHARACTERS, to_latex
from symback.writeup.layout import Boxed, Layout, width
from symback.writeup.sentences import capital, sentence

LINE = 36.0  # em that a displayed formula may take
SHORT = 16  # lines of a table that is kept together
CELL = 19.0  # em that a formula in a table may take
POINTS = 440.0  # of width that a table may take

SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "*": r"{*}", "|": r"\textbar{}", '"': r"''", "’": "'", "“": "``", "”": "''", "–": "--", "—": "---", "…": r"\dots{}",
    "ᵀ": r"$^{\top}$", "Σ": r"$\Sigma$", "−": "$-$", "²": r"$^{2}$", "\u00a0": "~",
}  # fmt: skip
LATIN = 0x180  # LaTeX has a spelling for the letters below


def escape(text: str) -> str:
    """Plain words as LaTeX; a character without a spelling is shown as its number, never as another one."""
    return "".join(_character(c) for c in text)


def _character(character: str) -> str:
    if character in SPECIAL:
        return SPECIAL[character]
    if character in CHARACTERS:
        return f"${CHARACTERS[character]}$"
    if ord(character) < LATIN and character.isprintable():
        return character
    return " " if character.isspace() else f"[U+{ord(character):04X}]"


def code(text: str) -> str:
    """Code, which may break at its spaces."""
    return rf"\texttt{{{escape(text)}}}"


def spans(items: Spans) -> str:
    """A sentence."""
    return "".join(_span(item) for item in items)


def _span(item: str | Layout | Code | Strong) -> str:
    match item:
        case Code(text):
            return code(text)
        case Strong(text):
            return rf"\textbf{{{escape(text)}}}"
        case Ref():
            return rf"\eqref{{\sbname-{item.number}}}"
        case str():
            return escape(item)
        case _:
            return f"${to_latex(item).strip()}$"


def display(layout: Layout) -> str:
    """A formula, broken where it is too long."""
    return to_latex(fitted(layout, LINE)).strip()


def displays(layouts: tuple[Layout, ...]) -> str:
    """Formulas under each other."""
    return to_latex(stacked(layouts, LINE)).strip()


def boxed(layout: Layout) -> str:
    """A result in its frame."""
    return to_latex(Boxed(fitted(layout, LINE - 2))).strip()


def tabular(table: Table) -> str:
    """A table that breaks across pages; where it is too wide, the last column goes on a line of its own."""
    columns = len(table.header)
    taken = [max(_points(line[j]) for line in (table.header, *table.rows)) + 12 for j in range(columns)]
    rest = POINTS - sum(taken[:-1])
    if rest < taken[-1] and columns > 2 and rest < POINTS / 3:
        return _two_storeys(table)
    before = "l" * (columns - 1)
    last = rf">{{\raggedright\arraybackslash}}p{{{0.95 * rest / POINTS:.2f}\linewidth}}" if rest < taken[-1] else "l"
    lines = [" & ".join(_cell(cell) for cell in line) + r" \\" for line in table.rows]
    return _longtable(f"@{{}}{before}{last}@{{}}", " & ".join(spans(c) for c in table.header), lines)


def _points(items: Spans) -> float:
    """The width of a cell in small print, estimated."""
    total = 0.0
    for item in items:
        match item:
            case Code(text):
                total += 5.4 * len(text)
            case str() | Strong():
                total += 4.9 * len(item if isinstance(item, str) else item.text)
            case _:
                total += 10.0 * min(width(item), CELL + 6)
    return total


def _two_storeys(table: Table) -> str:
    """Each row on two lines: its first columns, and the last one below them."""
    columns = len(table.header) - 1
    lines = []
    for line in table.rows:
        lines.append(" & ".join(_cell(cell) for cell in line[:-1]) + r" \\*")
        below = rf"\multicolumn{{{columns}}}{{@{{}}p{{0.97\linewidth}}@{{}}}}"
        lines.append(rf"{below}{{\raggedright\hspace*{{1em}}{_cell(line[-1])}}} \\[4pt]")
    head = " & ".join(spans(c) for c in table.header[:-1])
    return _longtable("@{}" + "l" * columns + "@{}", head, lines)


def _longtable(columns: str, head: str, lines: list[str]) -> str:
    """A table; a long one breaks across pages, a short one stays below its heading."""
    if len(lines) <= SHORT:
        body = "\n".join([rf"\toprule {head} \\ \midrule", *lines, r"\bottomrule"])
        return rf"\noindent\begin{{tabular}}{{{columns}}}" + f"\n{body}\n" + r"\end{tabular}"
    body = "\n".join([rf"\toprule {head} \\ \midrule\endhead", *lines, r"\bottomrule"])
    return rf"\begin{{longtable}}{{{columns}}}" + f"\n{body}\n" + r"\end{longtable}"


def _cell(items: Spans) -> str:
    """A cell; a long formula in it is broken."""
    if len(items) == 1 and isinstance(items[0], Layout) and width(items[0]) > CELL:
        return f"${to_latex(fitted(items[0], CELL + 6)).strip()}$"
    return spans(items)


def graph(figure: Figure) -> str:
    """The network, line by line: what each computed array is computed from."""
    lines = []
    for node in figure.graph.nodes:
        sources = [a for a, b in figure.graph.edges if b == node.name]
        if sources:
            lines.append(rf"{', '.join(code(a) for a in sources)} & $\longrightarrow$ & {code(node.name)} \\")
    return r"\begin{tabular}{rcl}" + "\n" + "\n".join(lines) + "\n" + r"\end{tabular}"


FILTERS: dict[str, Callable[..., str]] = {
    "spans": spans, "text": escape, "code": code, "display": display, "displays": displays, "boxed": boxed,
    "tabular": tabular, "graph": graph, "sentence": lambda items: spans(sentence(items)),
    "label": lambda title: re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "symback",
    "capital": lambda text: escape(capital(text)),
}  # fmt: skip
