"""The mathematics font that a page carries: STIX Two Math (SIL Open Font License), cut to what formulas need.

Without a font that knows mathematical spacing browsers set MathML badly, and a page must not ask the network for one.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from symback.writeup.latex import CHARACTERS, CLOSING, OPENING

FILE = Path(__file__).with_name("fonts") / "stix-two-math.woff2"

ITALIC = {"h": "ℎ", "∂": "𝜕"}  # their places among the mathematical letters are out of order
SIGNS = "^~¯˙⏟√"
WORDS = "–—’“”…·≠\u00a0\u2009"


@cache
def characters() -> frozenset[str]:
    """Every character that a formula may hold: what the emitters write, and the italic and bold letters it becomes."""
    plain = (
        {chr(c) for c in range(0x20, 0x7F)} | set(CHARACTERS) | set(OPENING) | set(CLOSING) | set(SIGNS) | set(WORDS)
    )
    italic = {italicised(c) for c in plain}
    bold = {chr(0x1D400 + i) for i in range(26)} | {chr(0x1D7CE + i) for i in range(10)}
    return frozenset(plain | italic | bold)


def italicised(character: str) -> str:
    """The letter that a browser draws for a single one in ``<mi>``.

    >>> italicised("W"), italicised("δ"), italicised("1")
    ('𝑊', '𝛿', '1')
    """
    if character in ITALIC:
        return ITALIC[character]
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("Α", "Ω", 0x1D6E2), ("α", "ω", 0x1D6FC)):
        if first <= character <= last:
            return chr(start + ord(character) - ord(first))
    return character


@cache
def data_uri() -> str:
    """The font as an address that holds it."""
    return "data:font/woff2;base64," + base64.b64encode(FILE.read_bytes()).decode("ascii")
