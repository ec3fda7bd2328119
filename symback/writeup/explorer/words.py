"""The words of a docstring, with the names of arrays in them, and what is computed with these, set as code."""

from __future__ import annotations

import re

from symback.calculus.derivation import Derivation
from symback.writeup.blocks import Code, Span, Spans

ARTICLES = ("A", "I", "a")  # words before they are names


def introduction(derivation: Derivation) -> tuple[Spans, ...]:
    """The paragraphs of the docstring."""
    problem = derivation.problem
    arrays = {*problem.symbols, *(d.name for d in problem.definitions), *(f"d{name}" for name in derivation)}
    sizes = {name for s in problem.symbols.values() for size in s.shape for name in size.names if "_" in name}
    paragraphs = (" ".join(p.split()) for p in problem.introduction.split("\n\n"))
    return tuple(with_code(p, arrays | sizes) for p in paragraphs if p)


def with_code(text: str, known: set[str]) -> Spans:
    """A sentence with the known names as code.

    >>> with_code("In dA1 the weights come back, W2.T @ dZ2.", {"dA1", "W2", "dZ2"})
    ('In ', Code(text='dA1'), ' the weights come back, ', Code(text='W2.T @ dZ2'), '.')
    """
    name = rf"\(*\b(?:{'|'.join(map(re.escape, sorted(known, key=len, reverse=True)))})\b(?:\.T\b)?\)*"
    number = r"\(*\b(?:\d+|m|n)\b\)*"
    run = re.compile(rf"(?<![\w.]){name}(?: (?:[-+*/@=]|\*\*) (?:{name}|{number}))*(?!\w)")
    out: list[Span] = []
    last = 0
    for found in run.finditer(text):
        if found[0] in ARTICLES:
            continue
        out += [text[last : found.start()], Code(found[0])]
        last = found.end()
    return tuple(p for p in (*out, text[last:]) if p)
