"""Pieces of a page as HTML: words and formulas. What comes from the user is escaped by the template engine."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from symback.writeup.blocks import Code, Span, Spans, Strong
from symback.writeup.breaks import fitted
from symback.writeup.layout import Boxed, Layout, width
from symback.writeup.mathml import to_mathml
from symback.writeup.numbers import as_list

if TYPE_CHECKING:
    from jinja2 import Environment

WIDE, NARROW = 46.0, 23.0  # em that a formula may fill on a desk and on a phone


def math(layout: Layout) -> Markup:
    """A formula inside a sentence."""
    return Markup(to_mathml(layout))  # the emitter escapes every text


def display(layout: Layout, room: float = 0.0, phone: bool = True) -> Markup:
    """A formula on its own line; broken where it is too wide, and once more for a phone."""
    wide = width(layout)
    desk = to_mathml(layout if wide <= WIDE - room else fitted(layout, WIDE - room), display=True)
    if wide <= NARROW or not phone:
        return Markup(desk)
    narrow = to_mathml(fitted(layout, NARROW), display=True)
    return Markup(f'<span class="sb-wide">{desk}</span><span class="sb-narrow">{narrow}</span>')


def span(piece: Span) -> Markup:
    """A piece of a sentence."""
    match piece:
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Strong(text):
            return Markup("<strong>{}</strong>").format(text)
        case str():
            return escape(piece)
        case _:
            return math(piece)


def words(pieces: Spans) -> Markup:
    """A sentence."""
    return Markup("").join(span(p) for p in pieces)


def sentence(pieces: Spans) -> Markup:
    """A sentence with a capital in front and a full stop behind."""
    if not pieces:
        return Markup("")
    out = list(pieces)
    if isinstance(out[0], str) and not out[0][:2].isupper():
        out[0] = out[0][:1].upper() + out[0][1:]
    if not (isinstance(out[-1], str) and out[-1].rstrip().endswith((".", "!", "?"))):
        out.append(".")
    return words(tuple(out))


def capital(text: str) -> str:
    """With a capital in front, where a word is: not in front of a name such as dZ1."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def closed(text: str) -> str:
    """With a capital in front and a full stop behind."""
    text = capital(text.strip())
    return text if text.endswith((".", "!", "?", ":")) else text + "."


def matrix(value: object) -> str:
    """Small numbers as a list, rounded."""
    return as_list(value)


def fingerprint(text: str) -> str:
    """The source expression by which a content policy lets one inline text pass."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def environment() -> Environment:
    """The template engine for pages: it escapes by itself."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from symback.writeup.render import templates

    engine = Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    engine.filters["kind"] = lambda block: type(block).__name__
    for function in (math, display, words, sentence, capital, closed, matrix):
        engine.filters[function.__name__] = function
    return engine


def asset(name: str) -> str:
    """The text of a style sheet or a script among the templates."""
    engine = environment()
    assert engine.loader is not None
    return engine.loader.get_source(engine, name)[0]


__all__ = ["Boxed", "asset", "display", "environment", "fingerprint", "math", "words"]
