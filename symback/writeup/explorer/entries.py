"""The index method's line as mathematics: ∂J/∂[A]_pq as a sum over the indices that are not p and q."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.calculus.index import LETTERS, Entry, Index
from symback.writeup.layout import EQUALS, Big, Fence, Frac, Layout, Op, Space, Sub, Sym, row
from symback.writeup.typeset import ADD, MINUS, NEGATIVE, TIMES, Typesetter, signed

PLACE = "pq"


def entry(of: Layout, indices: list[str]) -> Layout:
    """[A]_pq; an array without an index of its own is as it is."""
    return Sub(Fence(of, "[", "]"), row(*(Sym(i) for i in indices))) if indices else of


def equation(objective: Layout, x: Node, entries: list[Entry], typeset: Typesetter) -> Layout:
    """∂J/∂[X]_pq = ..."""
    places = [letter for letter, size in zip(PLACE, x.shape, strict=True) if not size.is_one]
    left = Frac(row(Op("∂", "ordinary"), objective), row(Op("∂", "ordinary"), entry(typeset(x), places)))
    terms: list[Layout] = []
    for i, one in enumerate(entries):
        negative, term = signed(product(one, typeset))
        terms += [MINUS if i else NEGATIVE] if negative else [ADD] if i else []
        terms.append(term)
    return row(left, EQUALS, *terms)


def product(one: Entry, typeset: Typesetter) -> Layout:
    """One product of entries, under the sum over its inner indices."""
    names: dict[Index, str] = {}
    for k, letter in zip(one.place, PLACE, strict=True):
        if k is not None:
            names.setdefault(k, letter)
    free = (c for c in LETTERS if c not in PLACE)
    summed: list[str] = []
    for _, i, j in one.factors:
        for k in (i, j):
            if k is not None and k not in names:
                names[k] = next(free)
                summed.append(names[k])
    pieces: list[Layout] = []
    negative = False
    front = n.mul(*one.scalars) if one.scalars else n.number(1)
    if not n.is_number(front, 1):
        negative, scalar = signed(typeset.at(front, TIMES))
        pieces.append(scalar)
    if summed:
        pieces.append(Big("∑", row(*(Sym(k) for k in summed))))
    for matrix, i, j in one.factors:
        if matrix.op != "ones":
            pieces.append(entry(typeset(matrix), [names[k] for k in (i, j) if k is not None]))
    body = (
        row(*(p for k, piece in enumerate(pieces) for p in ((Space(), piece) if k else (piece,))))
        if pieces
        else Sym("1", "roman")
    )
    return row(NEGATIVE, body) if negative else body
