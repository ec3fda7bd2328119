"""Layout tree -> the dialect of LaTeX that Markdown readers leave alone.

GitHub, GitLab, VS Code, Jupyter, pandoc, MyST and MkDocs each change some LaTeX before it reaches their mathematics.
This subset passes through all of them: control words only, no underscore behind a bracket
(the rules are listed in docs/writeup.md, and a test lints every formula).
"""

from __future__ import annotations

from symback.writeup.latex import Dialect, to_latex
from symback.writeup.layout import Layout


def _below(base: str, down: str) -> str:
    r"""A subscript straight after a letter or digit; behind a brace, after ``\nolimits``."""
    if base[-1].isalnum():
        return f"{base}_{{{down}}}"
    if base.startswith(r"\mathop{"):
        return rf"{base}\nolimits_{{{down}}}"
    return rf"\mathop{{{base}}}\nolimits_{{{down}}}"


PORTABLE = Dialect(
    thin=r"\thinspace ",
    newline=r" \cr ",
    less=r"\lt",
    more=r"\gt",
    mark=lambda body: rf"{{\color{{blue}} {body}}}",
    operator=lambda name: rf"\mathop{{\mathrm{{{name}}}}}",
    brace=lambda body, label: rf"{{\underset{{{label}}}{{\underbrace{{{body}}}}}}}",
    below=_below,
)


def to_portable(layout: Layout) -> str:
    """The portable LaTeX of a layout, on one line, without dollars."""
    return " ".join(to_latex(layout, PORTABLE).split())
