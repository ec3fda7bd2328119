"""Small things about sentences that all formats share."""

from __future__ import annotations

from symback.writeup.blocks import Spans


def capital(text: str) -> str:
    """The text with a capital in front."""
    return text[:1].upper() + text[1:]


def sentence(items: Spans) -> Spans:
    """Spans as a sentence: a capital in front where there is a word, a full stop behind."""
    if not items:
        return ()
    out, first, last = list(items), items[0], items[-1]
    if isinstance(first, str):
        out[0] = capital(first)
    if not (isinstance(last, str) and last.rstrip().endswith((".", "!", "?"))):
        out.append(".")
    return tuple(out)
