"""What a user holds: a derivation, and each of its formulas in several forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from symback.algebra.nodes import Node
from symback.algebra.walk import substitute
from symback.errors import SymbackError
from symback.language.write import write
from symback.records import Gradient, Problem, Shown, Step
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context
from symback.rewrites.simplify import simplify

if TYPE_CHECKING:
    from symback.checking.check import Report
    from symback.writeup.explorer.frame import Frame

MAX_OPERATORS = 500
MAX_BRACKETS = 150


@dataclass(frozen=True)
class Result(Shown):
    """One derived formula: its steps, and the formula in several forms."""

    derivation: Derivation
    gradient: Gradient

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that lead to it."""
        return self.gradient.steps

    @property
    def named(self) -> Node:
        """The formula, written in the gradients of later definitions."""
        return self.gradient.named

    @property
    def node(self) -> Node:
        """The formula over declared arrays and definitions alone."""
        return self.derivation.inlined(self.gradient.wrt)

    @property
    def expr(self) -> object:
        """The formula as a SymPy expression."""
        found, names = self.node.to_sympy(), self.derivation.problem.sympy_names
        return found.xreplace(names) if names else found

    def to_numpy(self) -> str:
        """One expression in the language, which NumPy runs.

        Raises SymbackError past 500 operators: then ``Derivation.to_numpy`` shares what is shared.
        """
        node = self.node
        if node.size > 20 * MAX_OPERATORS:  # what is shared counts each time: its text would have no end
            raise too_long(self.gradient.wrt)
        text = write(node, self.derivation.one_d, self.gradient.ndim == 1, self.derivation.zero_d)
        if cost(node)[0] > MAX_OPERATORS or _brackets(text) > MAX_BRACKETS:
            raise too_long(self.gradient.wrt)
        return text

    def to_latex(self) -> str:
        """The formula as LaTeX mathematics, without dollars."""
        from symback.writeup.render import result_latex

        return result_latex(self)


def too_long(name: str) -> SymbackError:
    """The refusal to write one enormous formula."""
    return SymbackError(
        f"the gradient by {name} in one formula has more than {MAX_OPERATORS} operators; "
        "to_numpy() of the whole derivation writes it with the names of the gradients it shares"
    )


def _brackets(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
    return deepest


@dataclass(frozen=True)
class Derivation(Shown, Mapping[str, Result]):
    """The gradients of one objective, by name, with their steps."""

    problem: Problem
    objective: str
    gradients: dict[str, Gradient]
    upstream: Node | None = None
    kind: str = "gradient"
    structured: bool = False
    _inlined: dict[str, Node] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> Result:
        if name not in self.gradients:
            raise KeyError(f"{name} was not derived; there are {', '.join(self.gradients)}")
        return Result(self, self.gradients[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.gradients)

    def __len__(self) -> int:
        return len(self.gradients)

    @property
    def one_d(self) -> frozenset[str]:
        """The names of the 1-D arrays."""
        symbols = {s.name for s in self.problem.symbols.values() if s.ndim == 1}
        return frozenset(symbols | {d.name for d in self.problem.definitions if d.ndim == 1})

    @property
    def zero_d(self) -> frozenset[str]:
        """The names of the scalars that have no dimension."""
        symbols = {s.name for s in self.problem.symbols.values() if s.ndim == 0}
        return frozenset(symbols | {d.name for d in self.problem.definitions if d.ndim == 0})

    def check(self, trials: int = 3, seed: int = 0, strict: bool = False) -> Report:
        """Every step and every result against differences of the user's own text, run in NumPy at random points."""
        from symback.checking.check import check  # NumPy is imported only when it is asked for

        return check(self, trials, seed, strict)

    def to_numpy(self) -> str:
        """A Python module that imports NumPy only: ``gradients(**inputs) -> dict``; what is shared is computed once."""
        from symback.emit.numpy_module import numpy_module

        return numpy_module(self)

    def to_json(self, report: Report | None = None) -> str:
        """The text of a JSON object with the objective, the symbols, and every formula with its steps and its check.

        Raises CheckError where the numerical check fails.
        """
        from symback.emit.json_form import json_form

        return json_form(self, report or self.check(strict=True))

    def to_latex(self, report: Report | None = None, *, fragment: bool = False, notation: str = "") -> str:
        """The write-up as a whole LaTeX document; ``report`` is a check that has been run already.

        A ``fragment`` is for LaTeX's input command, into another document. ``notation`` is a list of choices among
        ``dW``, ``partial`` (∂J/∂W), ``delta`` (δ by a Z), and ``W_1``, ``W^[1]``, ``W^(1)``.
        """
        from symback.writeup.notation import read_notation
        from symback.writeup.render import to_latex

        return to_latex(self, report, read_notation(notation), fragment)

    def to_markdown(self, report: Report | None = None, *, notation: str = "") -> str:
        """The write-up as Markdown."""
        from symback.writeup.notation import read_notation
        from symback.writeup.render import to_markdown

        return to_markdown(self, report, read_notation(notation))

    def to_html(self, report: Report | None = None, *, notation: str = "") -> str:
        """The explorer: one page that holds everything it needs; the claims of the problem's file are judged on it."""
        from symback.writeup.explorer import to_html
        from symback.writeup.notation import read_notation

        return to_html(self, report, notation=read_notation(notation))

    def explore(self, height: int = 720) -> Frame:
        """The explorer inside a notebook, in a frame so many pixels high."""
        from symback.writeup.explorer.frame import Frame

        return Frame(self.to_html(), height)

    def to_text(self, report: Report | None = None, colour: bool = False, *, notation: str = "") -> str:
        """The write-up as text for a terminal; in ``colour`` the changed part of each step stands out."""
        from symback.writeup.notation import read_notation
        from symback.writeup.render import to_text

        return to_text(self, report, read_notation(notation), colour)

    def inlined(self, name: str) -> Node:
        """The formula for one gradient with the other gradients put in."""
        order = [name]
        owner = {str(g.symbol.data): g.wrt for g in self.gradients.values()}
        while order:  # the gradients it uses first, without recursion
            current = order[-1]
            missing = [owner[u] for u in self.gradients[current].uses if owner[u] not in self._inlined]
            if current in self._inlined:
                order.pop()
            elif missing:
                order += missing
            else:
                self._inlined[current] = self._inline(self.gradients[current], owner)
                order.pop()
        return self._inlined[name]

    def _inline(self, gradient: Gradient, owner: dict[str, str]) -> Node:
        if not gradient.uses:
            return gradient.named
        full = substitute(
            gradient.named, {self.gradients[owner[u]].symbol: self._inlined[owner[u]] for u in gradient.uses}
        )
        if full.size > 6 * MAX_OPERATORS or full.depth > MAX_BRACKETS:
            raise too_long(gradient.wrt)
        return simplify(full, self._context)[0]

    @cached_property
    def _context(self) -> Context:
        """One for all formulas, since each is put into the next: what has been simplified is remembered."""
        return Context(self.problem.facts, tuple(d for d in self.problem.definitions if d.name != self.objective))
