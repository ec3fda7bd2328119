"""Read a derivation file: declarations, facts, definitions, the objective, claims. Nothing in it is executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from pathlib import Path

from symback.algebra.dims import ONE, Dim, Shape, dim
from symback.algebra.nodes import symbol
from symback.errors import SymbackError
from symback.language.expression import Scope, Value, read_expression, unknown
from symback.language.functions import FUNCTIONS
from symback.language.source import Source, parse_python
from symback.records import Claim, Definition, Facts, Problem, Symbol

ARRAY_FACTS = (
    "symmetric", "spd", "invertible", "full_rank", "orthogonal", "positive", "diagonal", "binary",
    "columns_sum_to_one", "rows_sum_to_one", "onehot",
)  # fmt: skip
SQUARE_FACTS = ("symmetric", "spd", "invertible", "orthogonal", "diagonal")
RESERVED = {*FUNCTIONS, "assume", "objective", "np", "pi"}
RELATIONS = {ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.Lt: "<", ast.LtE: "<="}


def parse(text: str, *, file: str | None = None) -> Problem:
    """The problem that a text in the derivation language states.

    Raises SymbackError, pointing at the place, where the text does not state one.

    >>> problem = parse("X: (n, m)\\nW: (k, n)\\nJ = sum((W @ X) ** 2)\\n")
    >>> problem.objective, problem.definitions[0].node
    ('J', sum((W @ X) ** 2))
    """
    if not isinstance(text, str):
        raise SymbackError(f"a text was expected, not {type(text).__name__}")
    return _Reader(Source(text, file)).read()


def load(path: str | Path) -> Problem:
    """The problem in a file; raises SymbackError where it cannot be read or is not in the language."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SymbackError(f"cannot read it: {error}", file=str(path)) from None
    return parse(text, file=str(path))


@dataclass
class _Reader:
    """The state of reading one file; it is filled statement by statement and then frozen into a Problem."""

    source: Source
    symbols: dict[str, Symbol] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    dims: dict[str, Dim] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # where a name was first given
    facts: list[tuple[str, str]] = field(default_factory=list)
    sizes: list[tuple[Dim, str, Dim]] = field(default_factory=list)
    fixed: dict[str, int] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    wanted: tuple[str, ast.AST] | None = None  # what objective(...) names

    def read(self) -> Problem:
        tree = parse_python(self.source)
        body = list(tree.body)
        title, introduction = self._docstring(body)
        for statement in body:
            if isinstance(statement, ast.Expr):
                self._prepare(statement)
        for statement in body:
            self._statement(statement)
        self._check_facts()
        if not self.definitions:
            raise SymbackError(
                "there is no objective: define one, such as J = sum(W @ X)", file=self.source.file, line=None
            )
        objective = self.wanted[0] if self.wanted else self.definitions[-1].name
        if self.wanted and objective not in {d.name for d in self.definitions}:
            raise self.source.error(unknown(objective, [d.name for d in self.definitions]), self.wanted[1])
        return Problem(
            title, introduction, self.symbols, tuple(self.definitions), objective, tuple(self.claims),
            Facts(frozenset(self.facts), tuple(self.sizes), tuple(self.fixed.items())), self.source.text, self.source.file,
        )  # fmt: skip

    def _docstring(self, body: list[ast.stmt]) -> tuple[str, str]:
        if not (body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)):
            return "", ""
        text = body[0].value.value
        if not isinstance(text, str):
            return "", ""
        body.pop(0)
        lines = [line.strip() for line in text.strip().split("\n")]
        return lines[0].rstrip("."), "\n".join(lines[1:]).strip()

    # --- assume and objective -------------------------------------------------------------------------


    def _prepare(self, statement: ast.Expr) -> None:
        """Sizes that are assumed to be a number hold for the whole file, wherever that is said."""
        call = statement.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "assume":
            for fact in call.args:
                match fact:
                    case ast.Compare(
                        left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=int(size))]
                    ) if not isinstance(size, bool) and size > 0:
                        if self.fixed.setdefault(name, size) != size:
                            raise self.source.error(f"{name} is assumed to be {self.fixed[name]} already", fact)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "objective":
            match call:
                case ast.Call(args=[ast.Name(id=name)], keywords=[]) if self.wanted is None:
                    self.wanted = (name, call)
                case _:
                    raise self.source.error("objective(J) names one definition, once", call)

    def _expression_statement(self, statement: ast.Expr) -> None:
        call = statement.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("assume", "objective"):
            if call.func.id == "assume":
                if call.keywords or not call.args:
                    raise self.source.error("assume(...) takes facts such as symmetric(A) or n > p", call)
                for fact in call.args:
                    self._fact(fact)
            return
        raise self.source.error(
            "a line is a declaration A: (m, n), a definition B = ..., assume(...) or objective(J); "
            "an expression alone says nothing",
            statement,
        )

    def _fact(self, fact: ast.expr) -> None:
        match fact:
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                parts = [self._size(part, fact) for part in (left, *comparators)]
                for op, a, b in zip(ops, parts, parts[1:], strict=False):
                    relation = RELATIONS.get(type(op))
                    if relation is None:
                        raise self.source.error("a relation between sizes is one of > >= == < <=", fact)
                    if relation in ("<", "<="):
                        a, b, relation = b, a, relation.replace("<", ">")
                    self.sizes.append((a, relation, b))
            case ast.Call(func=ast.Name(id=kind), args=[ast.Name(id=name)], keywords=keywords) if kind in ARRAY_FACTS:
                self.facts.append((self._fact_name(kind, keywords, fact), name))
                self.lines.setdefault(f"fact:{name}", fact.lineno)
            case ast.Call(func=ast.Name(id=kind)) if kind in ARRAY_FACTS:
                raise self.source.error(f"{kind}(...) is said of one array, by its name", fact)
            case ast.Call(func=ast.Name(id=kind)):
                raise self.source.error(
                    f"{kind} is not a fact that symback knows; it knows {', '.join(ARRAY_FACTS)}", fact
                )
            case _:
                raise self.source.error("a fact is symmetric(A) and its like, or a relation such as n > p", fact)

    def _fact_name(self, kind: str, keywords: list[ast.keyword], fact: ast.expr) -> str:
        if kind not in ("onehot", "columns_sum_to_one", "rows_sum_to_one"):
            if keywords:
                raise self.source.error(f"{kind} takes no keyword", fact)
            return kind
        axis = 1 if kind == "rows_sum_to_one" else 0
        for keyword in keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if keyword.arg != "axis" or type(value) is not int or value not in (0, 1):
                raise self.source.error(f"{kind} takes axis=0 (columns) or axis=1 (rows)", fact)
            axis = value
        return f"onehot:{axis}" if kind == "onehot" else f"sums_to_one:{axis}"

    def _size(self, tree: ast.expr, fact: ast.expr) -> Dim:
        match tree:
            case ast.Name(id=name):
                return Dim(self.fixed[name]) if name in self.fixed else dim(name)
            case ast.Constant(value=int(size)) if not isinstance(size, bool) and size >= 0:
                return Dim(size)
        raise self.source.error("a relation is between dimensions and whole numbers", fact)

    def _check_facts(self) -> None:
        for fact, name in self.facts:
            if name not in self.values:
                raise SymbackError(
                    f"{fact.split(':')[0]}({name}): {unknown(name, list(self.values))}",
                    file=self.source.file, line=self.lines[f"fact:{name}"], column=1,
                    text=self.source.line(self.lines[f"fact:{name}"]),
                )  # fmt: skip
            value = self.values[name]
            if fact in SQUARE_FACTS and value.node.shape[0] != value.node.shape[1]:
                raise SymbackError(
                    f"{fact}({name}) needs a square matrix, and {name} is {value.shape}",
                    file=self.source.file, line=self.lines[f"fact:{name}"], column=1,
                    text=self.source.line(self.lines[f"fact:{name}"]),
                )  # fmt: skip
        known = set(self.dims)
        for a, _, b in self.sizes:
            for name in (*a.names, *b.names):
                if name not in known:
                    raise SymbackError(unknown(name, sorted(known)), file=self.source.file)

    # --- declarations and definitions ---------------------------------------------------------------------

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Expr():
                self._expression_statement(statement)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=None):
                self._declare(name, annotation, statement)
            case ast.AnnAssign():
                raise self.source.error("a declaration is NAME: (rows, columns), and nothing is assigned to it", statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._define(name, value, statement)
            case ast.Assign():
                raise self.source.error("a definition gives one name: NAME = expression", statement)
            case _:
                kind = type(statement).__name__
                raise self.source.error(
                    f"{kind} is not part of the language, which has declarations, definitions, assume(...) and objective(...); "
                    "nothing here is executed",
                    statement,
                )

    def _new_name(self, name: str, statement: ast.stmt) -> None:
        if name in RESERVED:
            raise self.source.error(f"{name} is a function of the language; choose another name", statement)
        if name in self.dims:
            raise self.source.error(
                f"{name} is a dimension and cannot be given a value here; say assume({name} == 3)", statement
            )
        if name in self.values or name in self.lines:
            raise self.source.error(f"{name} is declared or defined already, on line {self.lines[name]}", statement)
        self.lines[name] = statement.lineno

    def _declare(self, name: str, annotation: ast.expr, statement: ast.stmt) -> None:
        self._new_name(name, statement)
        match annotation:
            case ast.Tuple(elts=sizes) if len(sizes) <= 2:
                dims = [self._dimension(size, statement) for size in sizes]
            case _:
                raise self.source.error(
                    f"the shape of {name} is written (rows, columns), (n,) for a 1-D array, () for a scalar", annotation
                )
        if name in self.dims:
            raise self.source.error(f"{name} names an array and a dimension", statement)
        shape: Shape = (dims[0], dims[1]) if len(dims) == 2 else (ONE, dims[0]) if dims else (ONE, ONE)
        self.symbols[name] = Symbol(name, shape, len(dims), statement.lineno)
        self.values[name] = Value(symbol(name, shape), len(dims))

    def _dimension(self, tree: ast.expr, statement: ast.stmt) -> Dim:
        match tree:
            case ast.Name(id=name):
                if name in self.values or name in RESERVED:
                    raise self.source.error(f"{name} is an array or a function, and cannot be a dimension", tree)
                self.dims[name] = Dim(self.fixed[name]) if name in self.fixed else dim(name)
                return self.dims[name]
            case ast.Constant(value=int(size)) if not isinstance(size, bool) and 0 < size < 10**9:
                return Dim(size)
        raise self.source.error("a dimension is a name or a positive whole number", tree)

    def _define(self, name: str, value: ast.expr, statement: ast.Assign) -> None:
        ended = self.wanted is not None and any(d.name == self.wanted[0] for d in self.definitions)
        wrt = name[1:] if name.startswith("d") and name[1:] in self.values else None
        if self.claims or ended or (wrt is not None and self.definitions):
            if name in self.values or name in RESERVED or name in self.dims or name in {c.name for c in self.claims}:
                self._new_name(name, statement)
                raise self.source.error(f"{name} is claimed or defined already", statement)
            self.lines[name] = statement.lineno
            self.claims.append(
                Claim(name, wrt, self.source.segment(value), value.lineno, self._column(value))
            )
            return
        self._new_name(name, statement)
        read = read_expression(value, Scope(self.source, self.values, self.dims))
        self.definitions.append(Definition(name, read.node, read.ndim, self.source.segment(value), statement.lineno))
        self.values[name] = Value(symbol(name, read.node.shape), read.ndim)

    def _column(self, node: ast.AST) -> int | None:
        return self.source.error("", node).column


def scope_of(problem: Problem, source: Source, extra: dict[str, Value] | None = None) -> Scope:
    """The names that an expression about this problem may use."""
    values = {name: Value(s.node, s.ndim) for name, s in problem.symbols.items()}
    values |= {d.name: Value(d.leaf, d.ndim) for d in problem.definitions}
    fixed = dict(problem.facts.fixed)
    names = {n for s in problem.symbols.values() for size in s.shape for n in size.names}
    dims = {n: dim(n) for n in names} | {n: Dim(size) for n, size in fixed.items()}
    return Scope(source, {**values, **(extra or {})}, dims)


def read_in(problem: Problem, text: str, extra: dict[str, Value] | None = None, file: str | None = None) -> Value:
    """An expression about the arrays of a problem.

    Raises SymbackError where it is not one.
    """
    source = Source(text.strip(), file)
    tree = parse_python(source)
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise SymbackError("one expression was expected", file=file, line=1, column=1, text=text.strip())
    return read_expression(tree.body[0].value, scope_of(problem, source, extra))


def with_claims(problem: Problem, claims: tuple[Claim, ...]) -> Problem:
    """The same problem with other claims."""
    return replace(problem, claims=claims)
