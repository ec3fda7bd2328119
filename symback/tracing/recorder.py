"""The tape of one run: which expressions got a name, in which statement, and where a refusal points."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import FrameType
from typing import Any

import numpy as np

from symback.algebra import nodes as n
from symback.algebra.dims import Dim, Shape
from symback.algebra.nodes import Node
from symback.algebra.walk import substitute
from symback.errors import RefusedError, SymbackError
from symback.language.operators import binary
from symback.language.source import Source
from symback.language.values import Scope, Value
from symback.language.write import write
from symback.tracing.array import Array, Cell, Labels, Size
from symback.tracing.lines import NOWHERE, Lines, Place, is_user_code
from symback.tracing.targets import sounds_like_gradient

NOWHERE_SCOPE = Scope(Source("", None), {}, {})
OPERATORS: dict[str, ast.operator] = {
    "+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "/": ast.Div(), "**": ast.Pow(), "@": ast.MatMult(),
}  # fmt: skip


@dataclass
class Candidate:
    """A name that the code gives to a value: where in the call stack, how directly, and when."""

    name: str
    rank: int  # 0 a variable, 1 an attribute or key, 2 an element of a list
    depth: int  # 0 is the traced function itself
    target: bool  # the statement just executed assigns to this name


@dataclass
class Entry:
    """One value with a name: its expression over earlier names, and the statement that made it."""

    leaf: Node
    value: Value
    place: Place
    cell: Cell  # versions of one array share it
    candidates: list[Candidate] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)  # of the versions folded into it


@dataclass
class Tape:
    """What one run records; it is filled while the function runs and then frozen into a Problem."""

    lines: Lines = field(default_factory=Lines)
    entries: dict[str, Entry] = field(default_factory=dict)  # by the leaf's provisional name
    by_value: dict[tuple[Node, int], Entry] = field(default_factory=dict)
    inputs: dict[str, Array | Labels] = field(default_factory=dict)
    maxima: set[Node] = field(default_factory=set)  # leaves that stand for np.max(...), which must cancel
    failure: SymbackError | None = None
    together: dict[Node, Node] = field(default_factory=dict)  # values named after the same line, and their names
    made: dict[Node, Place] = field(default_factory=dict)  # where values without a name were returned first
    last: Place = NOWHERE  # the statement that the function ended with

    # --- values ------------------------------------------------------------------------------------------

    def array(self, node: Node, ndim: int, boolean: bool = False) -> Array:
        """A new array that holds an expression."""
        return self.hold(Value(node, ndim, boolean))

    def hold(self, value: Value) -> Array:
        """A new array that holds a value."""
        return Array(self, Cell(value))

    def size(self, of: Dim) -> Any:
        """A dimension as code sees it: a number where it is one, else a Size."""
        return Size(self, of) if of.names else of.coefficient

    def value(self, x: object) -> Value:
        """What an operand is: a symbolic array, a size, or a number."""
        kind = type(x)
        if kind is Array or kind is Size:
            return x.value  # type: ignore[attr-defined, no-any-return]  # both have it
        if kind is Labels:
            raise self.refused(
                "labels are used to pick entries (probs[range(m), y]) or as np.eye(k)[y]; this is another use"
            )
        if isinstance(x, bool | np.bool_):
            return Value(n.number(int(x)), 0)
        if isinstance(x, int | float | np.integer | np.floating):
            return Value(self.number(float(x) if not isinstance(x, int | np.integer) else int(x)), 0)
        if isinstance(x, np.ndarray) and x.size and x.ndim <= 2 and np.all(x == x.flat[0]):
            return self.filled(x.flat[0].item(), x.shape)
        if isinstance(x, np.ndarray | list | tuple):
            raise self.refused("an array of given numbers stands in the formula; pass it in as an argument")
        raise self.refused(f"{kind.__name__} is not an array or a number")

    def filled(self, entry: float, shape: tuple[int, ...]) -> Value:
        """An array with one number in every place."""
        sizes = (1,) * (2 - len(shape)) + shape
        dims: Shape = (Dim(int(sizes[0])), Dim(int(sizes[1])))
        return Value(n.mul(self.number(entry), n.ones(dims)), len(shape))

    def number(self, x: float) -> Node:
        """A number, read as the short fraction that it is the nearest float to."""
        if x - x != 0:
            raise self.refused(f"{x} is not a finite number")
        if x == np.pi:
            return n.PI
        exact = Fraction(x) if isinstance(x, int) else Fraction(repr(x))
        if exact.denominator > 1000:
            short = exact.limit_denominator(1000)
            exact = short if float(short) == x else exact
        return n.number(exact)

    def binary(self, op: str, a: Value, b: Value) -> Value:
        """``a op b`` as NumPy broadcasts it; where the shapes do not conform, refused as NumPy would refuse."""
        try:
            return binary(op, a, b, ast.BinOp(ast.Name("a"), OPERATORS[op], ast.Name("b")), NOWHERE_SCOPE)
        except SymbackError:
            tree = ast.BinOp(ast.Name(self.text(a.node)), OPERATORS[op], ast.Name(self.text(b.node)))
            try:
                return binary(op, a, b, tree, NOWHERE_SCOPE)
            except SymbackError as error:
                raise self.refused(error.message) from None

    def definition(self, node: Node) -> Node:
        """What a name stands for, one level deep; anything else is itself."""
        entry = self.entries.get(str(node.data)) if node.op == "symbol" else None
        return node if entry is None else entry.value.node

    def opened(self, node: Node) -> Node:
        """What a name stands for, through names of names."""
        while (inner := self.definition(node)) is not node:
            node = inner
        return node

    def text(self, node: Node) -> str:
        """An expression as text, for messages."""
        return write(node) if node.size < 200 else "an expression"

    # --- refusals ----------------------------------------------------------------------------------------

    def refused(self, message: str) -> SymbackError:
        """The error that says why the statement being executed cannot be traced."""
        place = self.here()
        error = RefusedError(message, file=place.file, line=place.line, text=place.text or None)
        self.failure = self.failure or error
        return error

    def here(self) -> Place:
        """The statement of the user's code that is being executed."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and not is_user_code(frame):
            frame = frame.f_back
        return NOWHERE if frame is None else self.lines.place(frame, frame.f_lineno)

    # --- names -------------------------------------------------------------------------------------------

    def name(self, array: Array, candidate: Candidate, place: Place) -> None:
        """Give the value of an array a name; the array then holds the name."""
        value = array.value
        if value.node.op == "symbol":
            entry = self.entries.get(str(value.node.data))
            if entry is None:
                return
        elif not value.node.args or (array.view is not None and array.cell.value.node.op == "symbol"):
            return
        else:
            if self.together:
                value = replace(value, node=substitute(value.node, self.together))
            entry = self.by_value.get((value.node, value.ndim))
        if entry is not None and sounds_like_gradient(candidate.name) and candidate.name not in self._names(entry):
            entry = self._enter(replace(value, node=entry.leaf), candidate.name, place, array.cell)
        elif entry is None:
            entry = self._enter(value, candidate.name, place, array.cell)
            self.together[array.value.node] = entry.leaf
        if array.value.node is not entry.leaf:
            array.set(replace(value, node=entry.leaf))
        own = {c.name for c in entry.candidates}
        if candidate.name not in self._names(entry) - own and (candidate.name, candidate.depth) not in {
            (c.name, c.depth) for c in entry.candidates
        }:
            entry.candidates.append(candidate)

    def _names(self, entry: Entry) -> set[str]:
        """The names of a value, and of what it is another name for."""
        found = {c.name for c in entry.candidates}
        while entry.value.node.op == "symbol" and str(entry.value.node.data) in self.entries:
            entry = self.entries[str(entry.value.node.data)]
            found |= {c.name for c in entry.candidates}
        return found

    def _enter(self, value: Value, name: str, place: Place, cell: Cell) -> Entry:
        leaf = n.symbol(self.fresh(name), value.node.shape)
        entry = Entry(leaf, value, place, cell, places=[place])
        self.entries[str(leaf.data)] = entry
        if value.node.op != "symbol":
            self.by_value[value.node, value.ndim] = entry
        return entry

    def fresh(self, name: str) -> str:
        """The name, or the name with a number behind it where it is taken."""
        taken, result, count = {**self.entries, **self.inputs}, name, 2
        while result in taken:
            result, count = f"{name}__{count}", count + 1
        return result
