"""The words of a docstring, with the names of arrays in them, and what is computed with these, set as code."""

from __future__ import annotations

import re

import symback.numpy as language
from symback.calculus.derivation import Derivation
from symback.writeup.blocks import Code, Span, Spans

WORDS = ("A", "I", "a", "1-D")  # words before they are names
TOKEN = re.compile(r"\s+|[A-Za-z_]\w*(?:\.T\b)?|\d+(?:\.\d+)?|\*\*|.")
OPERATORS = frozenset(["+", "-", "*", "/", "@", "=", "**"])


def paragraphs(derivation: Derivation) -> tuple[Spans, ...]:
    """The paragraphs of the docstring."""
    problem = derivation.problem
    arrays = {*problem.symbols, *(d.name for d in problem.definitions), *(f"d{name}" for name in derivation)}
    sizes = {name for s in problem.symbols.values() for size in s.shape for name in size.names}
    texts = (" ".join(p.split()) for p in problem.introduction.split("\n\n"))
    return tuple(with_code(text, frozenset(arrays), frozenset(sizes)) for text in texts if text)


def with_code(text: str, arrays: frozenset[str], sizes: frozenset[str] = frozenset()) -> Spans:
    """A sentence with expressions in known arrays, and what stands between backticks, as code.

    >>> with_code("So dW is X.T @ (P - Y) / m, as said.", frozenset(["dW", "X", "P", "Y"]), frozenset(["m"]))
    ('So ', Code(text='dW'), ' is ', Code(text='X.T @ (P - Y) / m'), ', as said.')
    """
    out: list[Span] = []
    for i, part in enumerate(text.split("`")):
        if i % 2:
            out.append(Code(part))
        else:
            out += _expressions(TOKEN.findall(part), arrays, sizes)
    return tuple(piece for piece in out if piece)


def _expressions(tokens: list[str], arrays: frozenset[str], sizes: frozenset[str]) -> list[Span]:
    out: list[Span] = []
    words = ""
    i = 0
    while i < len(tokens):
        apart = not words or words[-1] in " (\"'"
        end = _expression(tokens, i, arrays, sizes) if apart else i
        code = "".join(tokens[i:end])
        if end > i and code not in WORDS:
            out += [words, Code(code)]
            words, i = "", end
        else:
            words += tokens[i]
            i += 1
    return [*out, words]


def _expression(tokens: list[str], start: int, arrays: frozenset[str], sizes: frozenset[str]) -> int:
    """The end of the longest expression from here that names an array (or a size with a number); ``start`` if none."""
    end, depth, named, operand = start, 0, False, False
    if tokens[start].isspace():
        return start
    for i in range(start, len(tokens)):
        token = tokens[i]
        stem = token.removesuffix(".T")
        if token.isspace() or (token == "," and depth):
            continue
        if token == "(":
            depth, operand = depth + 1, False
        elif token == ")" and depth and operand:
            depth -= 1
        elif token in OPERATORS and (operand or token == "-"):
            operand = False
        elif not operand and _function(tokens, i):
            continue
        elif not operand and (stem in arrays or stem in sizes or token.isdigit()):
            operand, named = True, named or stem in arrays or "_" in stem
        else:
            break
        if operand and not depth and named:
            end = i + 1
    return end


def _function(tokens: list[str], i: int) -> bool:
    """True of a function of the language in front of its bracket."""
    return tokens[i] in language.__all__ and i + 1 < len(tokens) and tokens[i + 1] == "("
