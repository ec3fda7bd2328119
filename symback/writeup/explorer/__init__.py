"""The explorer: a derivation as one page that holds everything it needs and asks the network for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symback.writeup.explorer.markup import asset, environment, fingerprint
from symback.writeup.explorer.page import page
from symback.writeup.font import data_uri
from symback.writeup.notation import PLAIN, Notation

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation
    from symback.checking.check import Report
    from symback.records import Verdict


def to_html(
    derivation: Derivation,
    report: Report | None = None,
    verdicts: tuple[Verdict, ...] | None = None,
    notation: Notation = PLAIN,
) -> str:
    """The page as text; ``report`` is a check that has been run, ``verdicts`` are on claims, if not the file's own."""
    sheet, script = style(), asset("explorer.js")
    what = page(derivation, report, verdicts, notation)
    template = environment().get_template("explorer.html.j2")
    return template.render(page=what, style=sheet, script=script, policy=policy(sheet, script)).strip() + "\n"


def style() -> str:
    """The style sheet with the font inside, its lines joined."""
    return re.sub(r"\n\s*", "", asset("explorer.css")).replace("FONT", data_uri())


def policy(sheet: str, script: str) -> str:
    """What a page may do: use this style sheet, this script, and the font inside; ask for nothing, send nothing."""
    allowed = f"script-src '{fingerprint(script)}'; " if script else ""
    return (
        f"default-src 'none'; style-src '{fingerprint(sheet)}'; {allowed}font-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


__all__ = ["policy", "style", "to_html"]
