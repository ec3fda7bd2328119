"""The explorer: a derivation as one page that holds everything it needs and asks the network for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symback.writeup.explorer.markup import asset, environment, fingerprint
from symback.writeup.explorer.page import page
from symback.writeup.font import data_uri

if TYPE_CHECKING:
    from symback.calculus.derive import Derivation
    from symback.checking.check import Report
    from symback.records import Verdict


def to_html(derivation: Derivation, report: Report | None = None, verdicts: tuple[Verdict, ...] | None = None) -> str:
    """The page as text. ``report`` is a check that has been run, ``verdicts`` are on claims (of the file, if not given)."""
    style = re.sub(r"\n\s*", "", asset("explorer.css")).replace("FONT", data_uri())
    script = asset("explorer.js")
    policy = (
        f"default-src 'none'; style-src '{fingerprint(style)}'; script-src '{fingerprint(script)}'; font-src data:; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        environment()
        .get_template("explorer.html.j2")
        .render(page=page(derivation, report, verdicts), style=style, script=script, policy=policy)
    )


__all__ = ["to_html"]
