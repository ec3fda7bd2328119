"""Read what is assumed: ``assume(symmetric(A), n > p, k == 1)``. An equality between sizes holds for the whole file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from symback.algebra.dims import Dim, dim
from symback.language.source import Source

ARRAY_FACTS = (
    "symmetric", "spd", "invertible", "full_rank", "orthogonal", "positive", "diagonal", "binary",
    "columns_sum_to_one", "rows_sum_to_one", "onehot",
)  # fmt: skip
SQUARE_FACTS = ("symmetric", "spd", "invertible", "orthogonal", "diagonal")
AXIS_FACTS = ("onehot", "columns_sum_to_one", "rows_sum_to_one")
RELATIONS = {ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.Lt: "<", ast.LtE: "<="}
MAX_DIMENSION = 10**9


@dataclass(frozen=True)
class ArrayFact:
    """``fact`` is assumed of the array ``name``; a fact about an axis carries it: ``onehot:0``."""

    fact: str
    name: str
    tree: ast.expr


@dataclass(frozen=True)
class SizeFact:
    """A relation ``left > right``, ``left >= right`` or ``left == right`` between dimensions."""

    left: Dim
    relation: str
    right: Dim
    tree: ast.expr


def assumptions(body: list[ast.stmt]) -> Iterator[ast.Call]:
    """Every ``assume(...)`` in a file."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id="assume")) as call):
                yield call


def equal_sizes(body: list[ast.stmt], source: Source) -> dict[str, Dim]:
    """What each dimension is that is assumed equal to a number or to another dimension, wherever that is said."""
    arrays = {name for statement in body for name in _given(statement)}
    same: dict[str, str | int] = {}

    def root(size: str | int) -> str | int:
        path = []
        while isinstance(size, str) and size in same:
            path.append(size)
            size = same[size]
        same.update(dict.fromkeys(path, size))
        return size

    for fact in (fact for call in assumptions(body) for fact in call.args if isinstance(fact, ast.Compare)):
        parts = [fact.left, *fact.comparators]
        for op, left, right in zip(fact.ops, parts, parts[1:], strict=False):
            if isinstance(op, ast.Eq):
                one, other = _literal(left, source), _literal(right, source)
                for name in arrays.intersection((one, other)):
                    raise source.error(f"{name} is an array; a relation is between dimensions and whole numbers", fact)
                a, b = root(one), root(other)
                if 0 in (a, b) or (isinstance(a, int) and isinstance(b, int) and a != b):
                    raise source.error(f"this cannot hold: a positive whole number is not {a} and {b}", fact)
                if isinstance(b, str) and a != b:
                    same[b] = a
                elif isinstance(a, str) and a != b:
                    same[a] = b
    return {name: dim(root(name)) for name in same}


def _given(statement: ast.stmt) -> Iterator[str | int]:
    """The name that a declaration or a definition gives."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            yield name


def _literal(tree: ast.expr, source: Source) -> str | int:
    """A dimension's name, or a whole number."""
    match tree:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=int(size)) if not isinstance(size, bool) and 0 <= size < MAX_DIMENSION:
            return size
    raise source.error("a relation is between dimensions and whole numbers", tree)


def read_facts(call: ast.Call, dims: dict[str, Dim], source: Source) -> Iterator[ArrayFact | SizeFact]:
    """The facts in one ``assume(...)``; ``dims`` are the dimensions that equal something else."""
    if call.keywords or not call.args:
        raise source.error("assume(...) takes facts such as symmetric(A) or n > p", call)
    for fact in call.args:
        match fact:
            case ast.Compare():
                yield from _relations(fact, dims, source)
            case ast.Call(func=ast.Name(id=kind), args=[ast.Name(id=name)], keywords=keywords) if kind in ARRAY_FACTS:
                yield ArrayFact(_fact_name(kind, keywords, fact, source), name, fact)
            case ast.Call(func=ast.Name(id=kind)) if kind in ARRAY_FACTS:
                raise source.error(f"{kind}(...) is said of one array, by its name", fact)
            case ast.Call(func=ast.Name(id=kind)):
                raise source.error(f"{kind} is not a fact that symback knows; it knows {', '.join(ARRAY_FACTS)}", fact)
            case _:
                raise source.error("a fact is symmetric(A) and its like, or a relation such as n > p", fact)


def _relations(fact: ast.Compare, dims: dict[str, Dim], source: Source) -> Iterator[SizeFact]:
    parts = [_literal(part, source) for part in (fact.left, *fact.comparators)]
    for op, a, b in zip(fact.ops, parts, parts[1:], strict=False):
        relation = RELATIONS.get(type(op))
        if relation is None:
            raise source.error("a relation between sizes is one of > >= == < <=", fact)
        if relation in ("<", "<="):
            a, b, relation = b, a, relation.replace("<", ">")
        left, right = (dims.get(str(size), dim(size)) for size in (a, b))
        if not _possible(left, relation, right):
            raise source.error(f"{a} {relation} {b} cannot hold: dimensions are positive whole numbers", fact)
        if relation != "==":
            yield SizeFact(left, relation, right, fact)
        elif isinstance(a, str) and isinstance(b, str):  # equal to a number is said in ``dims`` alone
            yield SizeFact(dim(a), relation, dim(b), fact)


def _possible(left: Dim, relation: str, right: Dim) -> bool:
    """False where the numbers on both sides refute it, or the smallest possible size does."""
    if left == right:
        return relation != ">"
    if left.names:
        return relation != "==" or bool(right.names) or right.coefficient > 0
    least = 1 if right.names else right.coefficient
    return left.coefficient > least if relation == ">" else left.coefficient >= least


def _fact_name(kind: str, keywords: list[ast.keyword], fact: ast.expr, source: Source) -> str:
    if kind not in AXIS_FACTS:
        if keywords:
            raise source.error(f"{kind} takes no keyword", fact)
        return kind
    axis = 1 if kind == "rows_sum_to_one" else 0
    for keyword in keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg != "axis" or type(value) is not int or value not in (0, 1):
            raise source.error(f"{kind} takes axis=0 (columns) or axis=1 (rows)", fact)
        axis = value
    return f"onehot:{axis}" if kind == "onehot" else f"sums_to_one:{axis}"
