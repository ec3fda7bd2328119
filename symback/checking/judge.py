"""The court: the derivation, points at which everything has a value, and the question whether two things are equal.

Equality is shown by rewriting the difference to zero, first with the definitions as names, then with the definitions
put in; no number is evaluated for a proof. Where no proof is found, values at random draws decide.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from typing import Any

import numpy as np

import symback.algebra.nodes as n
from symback.algebra.dims import dim
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder, substitute, symbols
from symback.calculus.derivation import Derivation
from symback.calculus.derive import derive
from symback.checking.diagnose.evaluate import Misfit, Nodes, Texts, as2, same
from symback.checking.draw import Draw, dimension_names, draw_array, draw_sizes
from symback.errors import SymbackError
from symback.normal.equal import prove_equal
from symback.records import Gradient, Problem
from symback.rewrites.engine import Context
from symback.rewrites.simplify import simplify

Array = Any
DISTINCT = ("first", "second", "third")  # the points whose sizes differ, so that a lost transpose shows
LARGE = 1e6  # declared entries, where sizes are given as numbers: beyond, only a proof is tried
NICE = 24  # the largest denominator and numerator that a number in front of a formula is taken to have


@dataclass(frozen=True)
class Proof:
    """Two formulas are equal: by which rewrites, and under which facts."""

    rewrites: tuple[str, ...]
    facts: tuple[str, ...]


def prove(problem: Problem, objective: str, left: Node, right: Node) -> Proof | None:
    """A proof that two expressions are equal, or None where none is found: by normal form, else by rewriting."""
    if left is right:
        return Proof((), ())
    if left.shape != right.shape:
        return None
    normal = prove_equal(problem, left, right)
    if normal is not None:
        return Proof(("normal form",), normal.facts)
    return rewritten(problem, objective, n.sub(left, right))


def rewritten(problem: Problem, objective: str, difference: Node) -> Proof | None:
    """A proof that an expression is zero by the rewrites that shorten formulas, definitions as names, then put in."""
    definitions = tuple(d for d in problem.definitions if d.name != objective)
    for inside in (False, True):
        if inside:
            put_in = inlined(problem, difference)
            if put_in is difference:
                return None
            difference = put_in
        if difference.size > 2000:
            return None
        value, changes = simplify(difference, Context(problem.facts, () if inside else definitions))
        if n.is_zero(value):
            facts = dict.fromkeys(fact for change in changes for fact in change.facts)
            return Proof(tuple(dict.fromkeys(c.family.name for c in changes)), tuple(facts))
    return None


def inlined(problem: Problem, node: Node) -> Node:
    """An expression with the definitions put in."""
    full: dict[Node, Node] = {}
    for definition in problem.definitions:
        full[definition.leaf] = substitute(definition.node, full)
    return substitute(node, full)


@dataclass
class Point:
    """One draw, with the values of the definitions by the user's own text, and of the derived gradients."""

    sizes: dict[str, int]
    names: dict[str, Array]  # as NumPy holds them: what a text may use
    nodes: Nodes  # the same as matrices: what an expression may use
    gradients: dict[str, Array]  # by the name of the array, as matrices

    @cached_property
    def forward(self) -> Texts:
        """Texts over the forward pass alone."""
        return Texts(self.names)


@dataclass
class Court:
    """A problem, its derivation, and the points that are drawn for it when they are asked for."""

    problem: Problem
    objective: str
    derivation: Derivation
    _points: dict[str, Point | None] = field(default_factory=dict)
    _formulas: dict[frozenset[str], dict[str, Node]] = field(default_factory=dict)

    def point(self, which: str) -> Point | None:
        """The point ``first``, ``second``, ``third`` or ``square`` (all sizes equal); None where there is no value."""
        if which not in self._points:
            self._points[which] = self._draw(which)
        return self._points[which]

    @property
    def points(self) -> list[Point]:
        """The points with distinct sizes."""
        return [p for which in DISTINCT if (p := self.point(which)) is not None]

    @property
    def too_large(self) -> bool:
        """True where the sizes that are numbers make arrays too large to judge with numbers."""
        ones = {**dict.fromkeys(dimension_names(self.problem), 1), **dict(self.problem.facts.fixed)}
        return sum(a.value(ones) * b.value(ones) for a, b in (s.shape for s in self.problem.symbols.values())) > LARGE

    def _draw(self, which: str) -> Point | None:
        """The first of several draws at which everything is finite and no gradient vanishes; else one where it does."""
        more = 3 + len(self.dims)
        seed, smallest = {"first": (1, 3), "second": (2, more), "third": (4, more), "square": (3, 3)}[which]
        vanishing = None
        if self.too_large:
            return None
        for attempt in range(8):
            rng = np.random.default_rng(100 * attempt + seed)
            if which == "square":
                equal = replace(self.problem, facts=replace(self.problem.facts, sizes=()))
                sizes = {**dict.fromkeys(dimension_names(equal), 3), **dict(equal.facts.fixed)}
            else:
                sizes = draw_sizes(self.problem, rng, smallest)
            found = self.at(Draw(sizes, _inputs(self.problem, sizes, rng, attempt)))
            if found is not None and all(np.max(np.abs(g), initial=0.0) > 1e-6 for g in found.gradients.values()):
                return found
            vanishing = vanishing or found
        return vanishing

    def at(self, drawn: Draw) -> Point | None:
        """The point of a draw, None where the forward pass or a gradient is not finite there."""
        with np.errstate(all="ignore"):
            names: dict[str, Array] = {**{k: float(v) for k, v in drawn.sizes.items()}, **drawn.inputs}
            texts = Texts(names)
            trees = self.trees
            try:
                for definition in self.problem.definitions:
                    names[definition.name] = texts.value(trees[definition.name])
                    if not np.isfinite(names[definition.name]).all():
                        return None
                matrices = {name: as2(value) for name, value in names.items()}
                nodes = Nodes(matrices, drawn.sizes)
                gradients = {}
                for gradient in self.derivation.gradients.values():
                    value = gradients[gradient.wrt] = nodes.value(gradient.named)
                    if not np.isfinite(value).all():
                        return None
                    matrices[str(gradient.symbol.data)] = value
            except (Misfit, ValueError, KeyError, np.linalg.LinAlgError):
                return None
        return Point(drawn.sizes, names, nodes, gradients)

    @cached_property
    def trees(self) -> dict[str, ast.expr]:
        """The texts of the definitions as syntax trees."""
        return {d.name: ast.parse(d.text, mode="eval").body for d in self.problem.definitions}

    def check(self, wrt: str) -> None:
        """Raise SymbackError where the derived gradient is not the slope of the user's own text."""
        if not self.points:
            return
        for point in self.points:
            value = np.asarray(point.names[wrt], dtype=float)
            direction = np.random.default_rng(0).normal(size=value.shape)
            found = [slope(self.trees, point.names, wrt, value, direction, self.objective, h) for h in (1e-4, 3e-5)]
            mine = float(np.sum(point.gradients[wrt] * as2(direction)))
            size = max(1.0, abs(mine), abs(float(np.sum(point.names[self.objective]))))
            one, two = (np.nan if x is None else x for x in found)
            if not abs(one - two) <= 1e-4 * size or abs(mine - two) <= 1e-3 * size:
                return  # the differences agree with it, or not with themselves: at a kink, or where it bends
        raise SymbackError(f"the derived gradient by {wrt} failed its numerical check, so no claim is judged by it")

    @cached_property
    def used(self) -> dict[str, frozenset[str]]:
        """The names in the text of each definition."""
        return {name: frozenset(x.id for x in ast.walk(t) if isinstance(x, ast.Name)) for name, t in self.trees.items()}

    @cached_property
    def named(self) -> dict[str, Gradient]:
        """The derived gradients, by their own names."""
        return {str(g.symbol.data): g for g in self.derivation.gradients.values()}

    def formula(self, wrt: str, keep: frozenset[str] = frozenset()) -> Node:
        """A derived gradient without the names of other gradients, but for those to keep."""
        known = self._formulas.setdefault(keep, {})
        todo = [self.derivation.gradients[wrt]]
        while todo:  # the gradients it is written in first, without recursion
            gradient = todo[-1]
            put_in = [u for u in gradient.uses if u not in keep]
            missing = [self.named[u] for u in put_in if u not in known]
            if missing:
                todo += missing
                continue
            todo.pop()
            values = {self.named[u].symbol: known[u] for u in put_in}
            known[str(gradient.symbol.data)] = substitute(gradient.named, values)
        return known[str(self.derivation.gradients[wrt].symbol.data)]

    def plain(self, node: Node) -> Node:
        """An expression with the formulas of gradients put in for their names."""
        used = [self.named[s] for s in symbols(node) if s in self.named]
        return substitute(node, {g.symbol: self.formula(g.wrt) for g in used})

    @cached_property
    def dims(self) -> tuple[str, ...]:
        """The dimensions that are not a known number."""
        fixed = dict(self.problem.facts.fixed)
        return tuple(d for d in dimension_names(self.problem) if d not in fixed)

    @cached_property
    def averaged(self) -> tuple[str, ...]:
        """The dimensions that the objective is divided by: those of its mean."""
        definition = self.problem.definition(self.objective)
        assert definition is not None
        names: list[str] = []
        for node in postorder(definition.node):
            if node.op == "power" and isinstance(node.data, Fraction) and node.data < 0:
                for part in postorder(node.args[0]):
                    if part.op == "size":
                        names += [x for x in part.data.names if x not in names]  # type: ignore[attr-defined]  # a size holds its dimension
        return tuple(names)

    def gradients_at(self, point: Point) -> dict[str, Array]:
        """The derived gradients at a point, by their names, as NumPy would hold them."""
        gradients = self.derivation.gradients.values()
        return {str(g.symbol.data): self.shaped(g.wrt, point.gradients[g.wrt]) for g in gradients}

    def shaped(self, name: str, value: Array) -> Array:
        """A matrix as NumPy would hold the gradient by ``name``."""
        ndim = self.problem.ndim(name)
        return value[0, 0] if ndim == 0 else value[0] if ndim == 1 else value


def _inputs(problem: Problem, sizes: dict[str, int], rng: np.random.Generator, attempt: int) -> dict[str, Array]:
    """Arrays that satisfy the facts: normal entries first, then entries between 0 and 1 where the facts allow them."""
    inputs = {}
    for symbol in problem.symbols.values():
        facts = {fact for fact, name in problem.facts.arrays if name == symbol.name}
        if attempt % 2:
            facts.discard("positive")
        inputs[symbol.name] = draw_array(symbol, facts, sizes, rng, "unit" if attempt % 2 else "normal")
    return inputs


def convene(problem: Problem, objective: str, wanted: list[str]) -> Court:
    """The court for the gradients by the wanted arrays.

    Raises SymbackError where the problem has no such gradients.
    """
    return Court(problem, objective, derive(problem, wrt=wanted, of=objective))


def slope(
    trees: dict[str, ast.expr],
    names: dict[str, Array],
    wrt: str,
    value: Array,
    direction: Array,
    objective: str,
    h: float = 1e-4,
) -> float | None:
    """The slope of the objective along a direction in one array, by differences of the user's own text."""
    out = []
    for step in (h, -h):
        here = dict(names)
        here[wrt] = value + step * direction
        changed = {wrt}
        for name, tree in trees.items():
            if name != wrt and changed & {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)}:
                changed.add(name)
                here[name] = Texts(here).value(tree)
        out.append(float(np.sum(here[objective])))
    slope = (out[0] - out[1]) / (2 * h)
    return slope if np.isfinite(slope) else None


# --- ratios ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """A number times powers of dimensions: ``number * m**-1``."""

    number: Fraction = Fraction(1)
    powers: tuple[tuple[str, Fraction], ...] = ()

    @property
    def is_one(self) -> bool:
        """True of the factor 1."""
        return self.number == 1 and not self.powers

    def value(self, sizes: dict[str, int]) -> float:
        """The number that it is at some sizes."""
        result = float(self.number)
        for name, power in self.powers:
            result *= sizes[name] ** float(power)
        return result

    @property
    def inverse(self) -> Scale:
        """1 over it."""
        return Scale(1 / self.number, tuple((name, -p) for name, p in self.powers))

    @property
    def node(self) -> Node:
        """It as an expression."""
        return n.mul(n.number(self.number), *(n.power(n.size(dim(name)), power) for name, power in self.powers))

    def __str__(self) -> str:
        above = [_power(x, p) for x, p in self.powers if p > 0]
        below = [_power(x, -p) for x, p in self.powers if p < 0]
        top, bottom = abs(self.number.numerator), self.number.denominator
        above = ([str(top)] if top != 1 or not above else []) + above
        below = ([str(bottom)] if bottom != 1 else []) + below
        under = f" / {below[0]}" if len(below) == 1 else f" / ({' * '.join(below)})" if below else ""
        return ("-" if self.number < 0 else "") + " * ".join(above) + under


def _power(name: str, power: Fraction) -> str:
    return name if power == 1 else f"sqrt({name})" if power == Fraction(1, 2) else f"{name} ** {power}"


UNIT = Scale()


def ratio(court: Court, above: list[Array], below: list[Array]) -> Scale | None:
    """The constant c with ``above = c * below`` at every point, as a monomial in the dimensions, or None."""
    found = []
    for a, b in zip(above, below, strict=True):
        if a.shape != b.shape:
            return None
        size = float(np.sum(b * b))
        if size < 1e-20:
            return None
        c = float(np.sum(a * b)) / size
        if abs(c) < 1e-9 or not np.max(np.abs(a - c * b)) <= 1e-7 * max(float(np.max(np.abs(a))), 1e-9):
            return None
        found.append(c)
    if not found:
        return None
    return monomial(court, found, [p.sizes for p in court.points][: len(found)])


def monomial(court: Court, values: list[float], sizes: list[dict[str, int]]) -> Scale | None:
    """The monomial with these values at these sizes, the simplest that fits."""
    for powers in _powers(court):
        numbers = [
            v / float(np.prod([s[name] ** float(p) for name, p in powers])) for v, s in zip(values, sizes, strict=True)
        ]
        nice = Fraction(numbers[0]).limit_denominator(NICE)
        if (
            nice
            and abs(nice.numerator) <= NICE
            and all(abs(x - float(nice)) < 1e-7 * abs(float(nice)) for x in numbers)
        ):
            return Scale(nice, powers)
    return None


def _powers(court: Court) -> list[tuple[tuple[str, Fraction], ...]]:
    """Powers of no dimension, of one, of two: those of the objective's mean first."""
    dims = sorted(court.dims, key=lambda d: d not in court.averaged)
    exponents = [Fraction(1), Fraction(-1), Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-1, 2)]
    out: list[tuple[tuple[str, Fraction], ...]] = [()]
    out += [((d, e),) for e in exponents for d in dims]
    out += [((a, e), (b, f)) for a, b in combinations(dims, 2) for e, f in product(exponents[:2], repeat=2)]
    return out


__all__ = [
    "Array",
    "Court",
    "Point",
    "Proof",
    "Scale",
    "SymbackError",
    "convene",
    "inlined",
    "monomial",
    "prove",
    "ratio",
    "same",
]
