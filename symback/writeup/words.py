"""The words of a docstring, with the names of arrays in them, and what is computed with these, set as code."""

from __future__ import annotations

import re

from symback.calculus.derivation import Derivation
from symback.writeup.blocks import Code, Span, Spans

ARTICLES = ("A", "I", "a")  # words before they are names


def paragraphs(derivation: Derivation) -> tuple[Spans, ...]:
    """The paragraphs of the docstring."""
    problem = derivation.problem
    arrays = {*problem.symbols, *(d.name for d in problem.definitions), *(f"d{name}" for name in derivation)}
    sizes = {name for s in problem.symbols.values() for size in s.shape for name in size.names if "_" in name}
    texts = (" ".join(p.split()) for p in problem.introduction.split("\n\n"))
    return tuple(with_code(text, arrays | sizes) for text in texts if text)


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
        start, end = balanced(text, found.start(), found.end())
        if start == end or text[start:end] in ARTICLES:
            continue
        out += [text[last:start], Code(text[start:end])]
        last = end
    return tuple(p for p in (*out, text[last:]) if p)


def balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the brackets at its ends that belong to the sentence; empty where one is left inside.

    >>> text = "(see W2.T @ dZ2)"
    >>> text[slice(*balanced(text, 5, 16))]
    'W2.T @ dZ2'
    """
    while text.count(")", start, end) > text.count("(", start, end) and text[end - 1] == ")":
        end -= 1
    while text.count("(", start, end) > text.count(")", start, end) and text[start] == "(":
        start += 1
    return (start, end) if text.count("(", start, end) == text.count(")", start, end) else (start, start)
