"""Documents into LaTeX, Markdown and text, through the templates."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from symback.writeup import into_latex, into_markdown, into_text
from symback.writeup.blocks import Document
from symback.writeup.document import Writer, build
from symback.writeup.latex import to_latex as math_latex
from symback.writeup.notation import PLAIN, Notation
from symback.writeup.unicode import painted

if TYPE_CHECKING:
    from jinja2 import Environment

    from symback.calculus.derivation import Derivation, Result
    from symback.checking.check import Report


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
        loader=FileSystemLoader(templates()), undefined=StrictUndefined, autoescape=False,  # the formats escape
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, block_start_string="<%",
        block_end_string="%>", variable_start_string="<<", variable_end_string=">>", comment_start_string="<#",
        comment_end_string="#>",
    )  # fmt: skip
    engine.filters["kind"] = lambda block: type(block).__name__
    for prefix, filters in (("latex", into_latex), ("md", into_markdown), ("text", into_text)):
        engine.filters.update({f"{prefix}_{name}": function for name, function in filters.FILTERS.items()})
    return engine


def render(document: Document, template: str, **choices: bool) -> str:
    """A document through one template; blank lines are never doubled."""
    text = environment().get_template(template).render(document=document, **choices)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def to_latex(
    derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN, fragment: bool = False
) -> str:
    """The write-up as a whole LaTeX document, for pdflatex with the packages of texlive-latex-recommended.

    A ``fragment`` has no preamble of its own: it is for ``\\input`` into another document.
    """
    return render(build(derivation, report, notation), "latex.j2", fragment=fragment)


def to_markdown(derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN) -> str:
    """The write-up as Markdown in the portable dialect."""
    return render(build(derivation, report, notation), "markdown.j2")


def to_text(
    derivation: Derivation, report: Report | None = None, notation: Notation = PLAIN, colour: bool = False
) -> str:
    """The write-up as plain text with Unicode mathematics; in ``colour`` the changed part of each step stands out."""
    return painted(render(build(derivation, report, notation), "text.j2"), colour)


def result_latex(result: Result) -> str:
    """One derived formula as LaTeX mathematics, without dollars."""
    return math_latex(Writer(result.derivation).typeset(result.named)).strip()
