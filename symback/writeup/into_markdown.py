"""Blocks into Markdown in the portable dialect: the filters of ``markdown.j2``."""

from __future__ import annotations

import re
from collections.abc import Callable

from symback.writeup.blocks import Code, Spans, Strong
from symback.writeup.breaks import fitted, stacked
from symback.writeup.layout import Boxed, Layout
from symback.writeup.portable import to_portable
from symback.writeup.sentences import capital, sentence

LINE = 38.0  # em


def escape(text: str) -> str:
    """Plain words as Markdown."""
    text = re.sub(r"([\\`*_{}\[\]#|$~])", r"\\\1", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def spans(items: Spans) -> str:
    """A sentence."""
    return "".join(_span(item) for item in items)


def _span(item: str | Layout | Code | Strong) -> str:
    match item:
        case Code(text):
            return f"`{text}`"
        case Strong(text):
            return f"**{escape(text.strip())}**" + (" " if text.endswith(" ") else "")
        case str():
            return escape(item)
        case _:
            return f"${to_portable(item)}$"


FILTERS: dict[str, Callable[..., str]] = {
    "spans": spans, "text": escape, "sentence": lambda items: spans(sentence(items)),
    "capital": lambda text: escape(capital(text)),
    "display": lambda layout: to_portable(fitted(layout, LINE)),
    "displays": lambda layouts: to_portable(stacked(layouts, LINE)),
    "boxed": lambda layout: to_portable(Boxed(fitted(layout, LINE - 2))),
    "identifier": lambda name: re.sub(r"\W", "_", name),
}  # fmt: skip
