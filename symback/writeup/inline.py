"""Formulas inside the sentences that rules state about themselves: ``(A B)^T = B^T A^T`` becomes mathematics."""

from __future__ import annotations

import re

from symback.writeup.blocks import Span, Spans
from symback.writeup.layout import EQUALS, TOP, Fence, Func, Layout, Num, Op, Row, Space, Sub, Sup, Sym, relation, row

ATOM = r"(?:d?(?:tr|diag|log|det|vec)\b|[A-Z]{2}(?![A-Za-z0-9])|d?[A-Za-z]'?(?![A-Za-z0-9'])|\d+|\|\|[A-Za-z]\|\|)"
SCRIPT = r"(?:[\^_](?:\([^()]*\)|-?\w|\+))?"
GROUP = rf"-?(?:{ATOM}|[a-z]?\((?:[^()]|\([^()]*\))*\)|<[^<>]*>|\[[^\[\]]*\]){SCRIPT}"
RUN = re.compile(rf"(?<![\w(]){GROUP}(?: ?(?:[-+*/=,@⊗]|->)? ?{GROUP})*")
TOKEN = re.compile(r"\|\|[A-Za-z]\|\||->|[A-Za-z]+'?|\d+|\S")


def spans(text: str) -> Spans:
    """The sentence, its formulas typeset.

    >>> [type(s).__name__ for s in spans("since (A B)^T = B^T A^T, it is reversed")]
    ['str', 'Row', 'str']
    """
    text = text.replace(" kron ", " ⊗ ")
    out: list[Span] = []
    last = 0
    for found in RUN.finditer(text):
        piece = found[0]
        if not _mathematical(piece):
            continue
        if found.start() > last:
            out.append(text[last : found.start()])
        out.append(formula(piece))
        last = found.end()
    if last < len(text):
        out.append(text[last:])
    return tuple(out)


def _mathematical(piece: str) -> bool:
    """Words are left alone: a formula has a script, an equals sign, brackets around letters, or is one capital."""
    if piece in ("A", "I", "a") or re.fullmatch(r"\([^()]{4,}\)|\([^()]*[a-z]{3,}[^()]*\)|[A-Z]{2}|\d+|[a-z]", piece):
        return False
    return bool(re.search(r"[\^_=<>|]|^d?[A-Z]\w?$", piece))


def formula(text: str) -> Layout:
    """A short formula in ASCII as a layout: letters, scripts, brackets, transposes."""
    return _sequence(TOKEN.findall(text))


def _sequence(tokens: list[str]) -> Layout:
    out: list[Layout] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token in "([<" and len(token) == 1:
            end = _closing(tokens, i)
            left, right = {"(": ("(", ")"), "[": ("[", "]"), "<": ("⟨", "⟩")}[token]
            out.append(Fence(_sequence(tokens[i + 1 : end]), left, right))
            i = end + 1
        elif token in ("^", "_") and out:
            script, i = _script(tokens, i + 1, token)
            base = out.pop()
            out.append(Sup(base, script) if token == "^" else Sub(base, script))
        else:
            if out and token[0].isalnum() and _ends_open(out[-1]):  # a function's brackets need no air, a letter does
                out.append(Space())
            out.append(_token(token))
            i += 1
    return row(*out) if out else Row(())


def _ends_open(layout: Layout) -> bool:
    return not isinstance(layout, Op | Space)


def _script(tokens: list[str], i: int, kind: str) -> tuple[Layout, int]:
    if tokens[i] == "(":
        end = _closing(tokens, i)
        return _sequence(tokens[i + 1 : end]), end + 1
    if tokens[i] == "T" and kind == "^":
        return TOP, i + 1
    if tokens[i] == "-":
        return row(Op("−", "prefix"), TOP if tokens[i + 1] == "T" else _token(tokens[i + 1])), i + 2
    return (Op("+", "ordinary") if tokens[i] == "+" else _token(tokens[i])), i + 1


def _closing(tokens: list[str], i: int) -> int:
    pairs = {"(": ")", "[": "]", "<": ">"}
    opening, closing, depth = tokens[i], pairs[tokens[i]], 0
    for j in range(i, len(tokens)):
        depth += (tokens[j] == opening) - (tokens[j] == closing)
        if depth == 0:
            return j
    return len(tokens)


def _token(token: str) -> Layout:
    if token.startswith("||"):
        return Fence(Sym(token[2]), "‖", "‖")
    if token.isdigit():
        return Num(token)
    if token in ("=", "->"):
        return EQUALS if token == "=" else relation("→")
    if token in "+-*/,":
        return Op(
            {"-": "−", "*": "⊙"}.get(token, token),
            "punctuation" if token == "," else "ordinary" if token == "/" else "binary",
        )
    if token == "d":
        return Sym("Δ")
    if token.endswith("'"):
        return Sup(Sym(token[:-1]), Op("′", "ordinary"))
    if len(token) == 2 and token[0] == "d":
        return row(Sym("Δ"), Sym(token[1]))
    if len(token) == 2 and token.isupper():
        return row(Sym(token[0]), Space(), Sym(token[1]))
    if token == "⊗":
        return Op("⊗")
    if len(token) > 1 and token.isalpha():
        if token.startswith("d") and token[1:] in ("tr", "diag", "log", "det"):
            return row(Sym("Δ"), Func(token[1:]))
        return Func(token)
    return Sym(token) if token.isalpha() else Op(token, "ordinary")
