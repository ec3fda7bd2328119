"""Read a derivation file: declarations, facts, definitions, the objective, claims. Nothing in it is executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from pathlib import Path

from symback.algebra.dims import ONE, Dim, Shape, dim
from symback.algebra.nodes import symbol
from symback.errors import SymbackError
from symback.language.expression import Scope, Value, read_expression, unknown
from symback.language.facts import MAX_DIMENSION, SQUARE_FACTS, ArrayFact, SizeFact, equal_sizes, read_facts
from symback.language.functions import FUNCTIONS
from symback.language.source import MAX_TEXT, Source, parse_python
from symback.records import Claim, Definition, Facts, Problem, Symbol

RESERVED = {*FUNCTIONS, "assume", "objective", "np", "pi"}


def parse(text: str, *, file: str | None = None) -> Problem:
    """The problem that a text in the derivation language states.

    Raises SymbackError, pointing at the place, where the text does not state one.

    >>> problem = parse("X: (n, m)\\nW: (k, n)\\nJ = sum((W @ X) ** 2)\\n")
    >>> problem.objective, problem.definitions[0].node
    ('J', sum((W @ X) ** 2))
    """
    if not isinstance(text, str):
        raise SymbackError(f"a text was expected, not {type(text).__name__}")
    return _Reader(Source(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), file)).read()


def load(path: str | Path) -> Problem:
    """The problem in a file; raises SymbackError where it cannot be read or is not in the language."""
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(4 * MAX_TEXT + 1)  # no more: it may be a device without an end
        return parse(data.decode(), file=name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SymbackError("this is not UTF-8 text", file=name, line=line, column=1) from None
    except (OSError, ValueError, TypeError) as error:
        raise SymbackError(f"cannot read it: {error}", file=name) from None


@dataclass
class _Reader:
    """The state of reading one file; it is filled statement by statement and then frozen into a Problem."""

    source: Source
    symbols: dict[str, Symbol] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    dims: dict[str, Dim] = field(default_factory=dict)
    equal: dict[str, Dim] = field(default_factory=dict)  # the dimensions that are assumed to be another, or a number
    lines: dict[str, int] = field(default_factory=dict)  # where a name was first given
    arrays: list[ArrayFact] = field(default_factory=list)
    sizes: list[SizeFact] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    wanted: tuple[str, ast.AST] | None = None  # what objective(...) names

    def read(self) -> Problem:
        tree = parse_python(self.source)
        body = list(tree.body)
        title, introduction = self._docstring(body)
        self.equal = equal_sizes(body, self.source)
        self.dims = {name: size for name, size in self.equal.items() if not size.names}
        for statement in body:
            self._objective(statement)
        for statement in body:
            self._statement(statement)
        self._check_facts()
        objective = self._named_objective()
        facts = Facts(
            frozenset((self._held(fact), fact.name) for fact in self.arrays),
            tuple((fact.left, fact.relation, fact.right) for fact in self.sizes),
            tuple((name, size.coefficient) for name, size in self.equal.items() if not size.names),
        )
        return Problem(
            title, introduction, self.symbols, tuple(self.definitions), objective, tuple(self.claims), facts,
            self.source.text, self.source.file,
        )  # fmt: skip

    def _docstring(self, body: list[ast.stmt]) -> tuple[str, str]:
        match body:
            case [ast.Expr(value=ast.Constant(value=str(text))), *_]:
                body.pop(0)
                first, _, rest = text.strip().partition("\n")
                return first.strip().rstrip("."), "\n".join(line.strip() for line in rest.split("\n")).strip()
        return "", ""

    # --- the objective and the facts -------------------------------------------------------------------

    def _objective(self, statement: ast.stmt) -> None:
        """What ``objective(J)`` names, wherever it stands."""
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id="objective")) as call):
                match call:
                    case ast.Call(args=[ast.Name(id=name)], keywords=[]) if self.wanted is None:
                        self.wanted = (name, call)
                    case _:
                        raise self.source.error("objective(J) names one definition, once", call)

    def _named_objective(self) -> str:
        if not self.definitions:
            last = len(self.source.text.rstrip().split("\n"))
            raise self.source.error_at("there is no objective: define one, such as J = sum(W @ X)", last, 1)
        names = [d.name for d in self.definitions]
        if self.wanted is None:
            return names[-1]
        name, place = self.wanted
        if name not in names:
            raise self.source.error(f"objective({name}) names no definition; there are {', '.join(names[:9])}", place)
        return name

    def _expression_statement(self, statement: ast.Expr) -> None:
        match statement.value:
            case ast.Call(func=ast.Name(id="assume")) as call:
                for fact in read_facts(call, self.equal, self.source):
                    if isinstance(fact, ArrayFact):
                        self.arrays.append(fact)
                    else:
                        self.sizes.append(fact)
            case ast.Call(func=ast.Name(id="objective")):
                return  # it was read first
            case _:
                raise self.source.error(
                    "a line is a declaration A: (m, n), a definition B = ..., assume(...) or objective(J); "
                    "an expression alone says nothing",
                    statement,
                )

    def _check_facts(self) -> None:
        for fact in self.arrays:
            kind = fact.fact.split(":")[0]
            if fact.name not in self.values:
                raise self.source.error(f"{kind}({fact.name}): {unknown(fact.name, list(self.values))}", fact.tree)
            value = self.values[fact.name]
            if kind in SQUARE_FACTS and value.node.shape[0] != value.node.shape[1]:
                raise self.source.error(
                    f"{kind}({fact.name}) needs a square matrix, and {fact.name} is {value.shape}", fact.tree
                )
        for size in self.sizes:
            for name in (*size.left.names, *size.right.names):
                if name not in self.dims and not (name in self.equal and self.equal[name].names):
                    raise self.source.error(f"{name} is not the dimension of an array; there are "
                                            f"{', '.join(self.dims) or 'none'}", size.tree)  # fmt: skip

    def _held(self, fact: ArrayFact) -> str:
        """The fact about the matrix that holds an array: the one axis of a 1-D array is that of a row."""
        return fact.fact.replace(":0", ":1") if self.values[fact.name].ndim == 1 else fact.fact

    # --- declarations and definitions ------------------------------------------------------------------

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Expr():
                self._expression_statement(statement)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=None):
                self._declare(name, annotation, statement)
            case ast.AnnAssign():
                raise self.source.error(
                    "a declaration is NAME: (rows, columns), and nothing is assigned to it", statement
                )
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._define(name, value, statement)
            case ast.Assign():
                raise self.source.error("a definition gives one name: NAME = expression", statement)
            case _:
                raise self.source.error(
                    f"{type(statement).__name__} is not part of the language, which has declarations, definitions, "
                    "assume(...) and objective(...); nothing here is executed",
                    statement,
                )

    def _new_name(self, name: str, statement: ast.stmt) -> None:
        if name in RESERVED:
            raise self.source.error(f"{name} is a function of the language; choose another name", statement)
        if name.startswith("__"):
            raise self.source.error(f"{name}: names with two underscores in front are Python's own", statement)
        if name in self.dims or name in self.equal:
            raise self.source.error(
                f"{name} is a dimension and cannot be given a value here; say assume({name} == 3)", statement
            )
        if name in self.lines:
            raise self.source.error(f"{name} is declared or defined already, on line {self.lines[name]}", statement)
        self.lines[name] = statement.lineno

    def _declare(self, name: str, annotation: ast.expr, statement: ast.stmt) -> None:
        self._new_name(name, statement)
        match annotation:
            case ast.Tuple(elts=sizes) if len(sizes) <= 2:
                dims = [self._dimension(size) for size in sizes]
            case _:
                raise self.source.error(
                    f"the shape of {name} is written (rows, columns), (n,) for a 1-D array, () for a scalar", annotation
                )
        shape: Shape = (dims[0], dims[1]) if len(dims) == 2 else (ONE, dims[0]) if dims else (ONE, ONE)
        self.symbols[name] = Symbol(name, shape, len(dims), statement.lineno)
        self.values[name] = Value(symbol(name, shape), len(dims))

    def _dimension(self, tree: ast.expr) -> Dim:
        match tree:
            case ast.Name(id=name):
                if name in self.lines or name in RESERVED or name.startswith("__"):
                    raise self.source.error(f"{name} is an array or a function, and cannot be a dimension", tree)
                size = self.equal.get(name, dim(name))
                self.dims |= {name: size} | {other: dim(other) for other in size.names}
                return size
            case ast.Constant(value=int(size)) if not isinstance(size, bool) and 0 < size < MAX_DIMENSION:
                return Dim(size)
        raise self.source.error("a dimension is a name or a positive whole number", tree)

    def _define(self, name: str, value: ast.expr, statement: ast.Assign) -> None:
        wrt = name[1:] if name.startswith("d") and name[1:] in self.values else None
        if self._is_over() or (wrt is not None and self.definitions and self.wanted is None):
            self._new_name(name, statement)
            text, column = self.source.segment(value), self.source.column(value)
            self.claims.append(Claim(name, wrt, text, value.lineno, column))
            return
        self._new_name(name, statement)
        read = read_expression(value, Scope(self.source, self.values, self.dims))
        self.definitions.append(
            Definition(name, read.node, read.ndim, self.source.segment(value), statement.lineno, read.boolean)
        )
        self.values[name] = Value(symbol(name, read.node.shape), read.ndim, read.boolean)

    def _is_over(self) -> bool:
        """True once the objective is known: what follows are claims and helpers."""
        if self.claims:
            return True
        return self.wanted is not None and self.wanted[0] in self.values and self.wanted[0] not in self.symbols


def scope_of(problem: Problem, source: Source, extra: dict[str, Value] | None = None) -> Scope:
    """The names that an expression about this problem may use."""
    values = {name: Value(s.node, s.ndim) for name, s in problem.symbols.items()}
    values |= {d.name: Value(d.leaf, d.ndim, d.boolean) for d in problem.definitions}
    dims = {name: dim(name) for s in problem.symbols.values() for size in s.shape for name in size.names}
    for left, relation, right in problem.facts.sizes:
        if relation == "==":  # two names of one size: the one that stands in no shape is the other
            for one, other in ((left, right), (right, left)):
                if one.names[0] not in dims and other.names[0] in dims:
                    dims[one.names[0]] = dims[other.names[0]]
    dims |= {name: Dim(size) for name, size in problem.facts.fixed}
    return Scope(source, {**values, **(extra or {})}, dims)


def read_in(problem: Problem, text: str, extra: dict[str, Value] | None = None, file: str | None = None) -> Value:
    """An expression about the arrays of a problem.

    Raises SymbackError where it is not one.
    """
    source = Source(text.strip(), file)
    tree = parse_python(source)
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise SymbackError("one expression was expected", file=file, line=1, column=1, text=source.line(1))
    return read_expression(tree.body[0].value, scope_of(problem, source, extra))


def pointed(problem: Problem, name: str, message: str) -> SymbackError:
    """An error about a definition, which points at its line where the problem was read from a text."""
    definition = problem.definition(name)
    if definition is None or definition.line is None or not problem.text:
        return SymbackError(message, file=problem.file)
    return Source(problem.text, problem.file).error_at(message, definition.line, 1)


def with_claims(problem: Problem, claims: tuple[Claim, ...]) -> Problem:
    """The same problem with other claims."""
    return replace(problem, claims=claims)
