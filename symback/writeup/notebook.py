"""What a notebook shows of a record: a Problem, a Derivation, a Step, a Result, a Rule, a Verdict."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from html import escape

from symback.algebra.walk import postorder
from symback.calculus.derivation import Derivation, Result
from symback.ops.rule import Rule
from symback.records import Problem, Step, Verdict
from symback.writeup import into_latex, into_markdown
from symback.writeup.changes import changed_parts
from symback.writeup.document import Writer
from symback.writeup.latex import FULL, to_latex
from symback.writeup.layout import EQUALS, Layout, Sym, relation, row
from symback.writeup.mathml import to_mathml
from symback.writeup.notation import name_layout
from symback.writeup.portable import to_portable
from symback.writeup.steps import rule_statement, title
from symback.writeup.typeset import Typesetter
from symback.writeup.unicode import to_unicode

STYLE = (
    "<style>.sb-changed{color:#b2182b;text-decoration:underline}.sb-line{margin:.3em 0}"
    ".sb-brace{border-bottom:1px solid}"
    ".sb-end{text-align:end;justify-items:end}.sb-start{text-align:start;justify-items:start}"
    "@media(prefers-color-scheme:dark){.sb-changed{color:#ff9a8a}}</style>"
)
NOTEBOOK = replace(FULL, mark=lambda body: rf"\color{{purple}}{{{body}}}", thin=r"\,")
Line = tuple[str, Layout | None]  # words, and the formula that they belong to


def lines(record: object) -> list[Line]:
    """What there is to show: a line of words, or a formula with a word in front of it."""
    match record:
        case Problem():
            typeset = _plain(record)
            found: list[Line] = [(record.title, None)] if record.title else []
            return found + [("", row(typeset(d.leaf), EQUALS, typeset(d.node))) for d in record.definitions]
        case Derivation():
            writer = Writer(record)
            return [("", _named(writer, result)) for result in record.values()]
        case Result():
            return [("", _named(Writer(record.derivation), record))]
        case Step():
            names = {str(n.data) for part in (record.before, record.after) for n in postorder(part) if n.op == "symbol"}
            typeset = Typesetter({name: name_layout(name) for name in names})
            marked = typeset.marking(changed_parts(record.before, record.after))
            return [
                (f"{title(record)}: {record.why}", None),
                ("", row(typeset(record.before), relation("→"), marked(record.after))),
            ]
        case Rule():
            value, pairing = rule_statement(record, Typesetter({}))
            return [(record.title, None), ("", row(Sym("Y"), EQUALS, value)), ("", pairing), (record.because, None)]
        case Verdict():
            return [(f"{record.claim}: {record.status}", None), (record.explanation, None)]
    raise TypeError(f"nothing is known of how to show {type(record).__name__}")


def _plain(problem: Problem) -> Typesetter:
    names = [*problem.symbols, *(d.name for d in problem.definitions)]
    return Typesetter({name: name_layout(name) for name in names})


def _named(writer: Writer, result: Result) -> Layout:
    return row(writer.typeset(result.gradient.symbol), EQUALS, writer.typeset(result.named))


def latex(record: object) -> str:
    """Lines aligned in one display; words in text."""
    body = r" \\ ".join(
        rf"&\text{{{into_latex.escape(words)}}}" if layout is None else "& " + to_latex(layout, NOTEBOOK).strip()
        for words, layout in lines(record)
    )
    return rf"$$\begin{{aligned}}{body}\end{{aligned}}$$"


def html(record: object) -> str:
    """Lines with native MathML."""
    parts = [
        f'<div class="sb-line">{escape(words) if layout is None else to_mathml(layout, display=True)}</div>'
        for words, layout in lines(record)
    ]
    return STYLE + "".join(parts)


def markdown(record: object) -> str:
    """Lines in the portable dialect, a display for each formula."""
    show: Callable[[Line], str] = lambda line: (  # noqa: E731  # one expression for both kinds of line
        into_markdown.escape(line[0]) if line[1] is None else f"$$\n{to_portable(line[1])}\n$$"
    )
    return "\n\n".join(show(line) for line in lines(record)) + "\n"


def plain(record: object) -> str:
    """Lines of Unicode."""
    return "\n".join(words if layout is None else to_unicode(layout) for words, layout in lines(record))


FORMATS: dict[str, Callable[[object], str]] = {
    "text/plain": plain, "text/html": html, "text/latex": latex, "text/markdown": markdown,
}  # fmt: skip


def bundle(record: object, include: object = None, exclude: object = None) -> dict[str, str]:
    """Every format, or those that a front end includes and does not exclude."""
    kept = [f for f in FORMATS if (not isinstance(include, Container) or f in include)]
    return {f: FORMATS[f](record) for f in kept if not isinstance(exclude, Container) or f not in exclude}
