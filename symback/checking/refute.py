"""Refute an equality by numbers: a point at which both sides have a value, and the gap is far above any error.

Small whole numbers come first. Where every operation of both sides is exact on them (products, sums, step, relu, ...)
they decide at kinks too, since nothing is rounded. Otherwise a point counts only where no kink is near and where
moving it by little moves both sides by little against the gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from symback.algebra.nodes import Node
from symback.algebra.walk import postorder, substitute, symbols
from symback.checking.diagnose.evaluate import Misfit, Nodes
from symback.checking.draw import LAWS, Draw, dimension_names, draw_array, draw_sizes
from symback.checking.run import Array, Environment, Texts, matrix, namespace
from symback.checking.small import satisfies, small_array
from symback.errors import SymbackError
from symback.numpy import ELEMENTWISE
from symback.records import Problem

GAP = 1e-6  # of the larger side
MOVE = 1e-9  # how far a point is moved, relative to its entries
ROUNDED = 1e3  # how often the gap must exceed what the move changes
NEAR = 1e-7  # an argument this close to a kink, relative to its largest entry, decides nothing
EXACT = frozenset(
    {
        "symbol", "size", "ones", "zeros", "eye", "commutation", "add", "mul", "matmul", "transpose", "sum", "trace",
        "diag", "diagonal", "vec", "unvec", "kron", "matpow", "step", "relu", "abs", "sign", "maximum", "minimum",
    }
)  # fmt: skip
TRIES = 40


@dataclass(frozen=True)
class Disagreement:
    """Numbers at which two expressions differ: at ``entry`` one is ``left``, the other ``right``."""

    sizes: dict[str, int]
    arrays: dict[str, list[list[float]]]
    entry: tuple[int, int]
    left: float
    right: float

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} = {size}" for name, size in self.sizes.items())
        arrays = ", ".join(f"{name} = {value}" for name, value in self.arrays.items())
        i, j = self.entry
        where = "; ".join(part for part in (sizes, arrays) if part)
        return f"at {where}, entry ({i + 1}, {j + 1}) is {self.left:.6g} on the left and {self.right:.6g} on the right"


@dataclass(frozen=True)
class Sides:
    """Two texts about a problem, and the same as expressions over its declared arrays."""

    problem: Problem
    texts: tuple[str, str]
    nodes: tuple[Node, Node]

    @property
    def exact(self) -> bool:
        """True where small whole numbers are never rounded on the way."""
        return all(_is_exact(node) for side in self.nodes for node in postorder(side))

    @property
    def averages(self) -> bool:
        """True where something is divided by a size."""
        return any(x.op == "power" for side in self.nodes for x in postorder(side) if _inverse_size(x))


def _inverse_size(node: Node) -> bool:
    return node.op == "power" and node.args[0].op == "size" and isinstance(node.data, Fraction) and node.data < 0


def _is_exact(node: Node) -> bool:
    if isinstance(node.data, Fraction):
        dyadic = node.data.denominator & (node.data.denominator - 1) == 0
        whole = node.data.denominator == 1 and (node.data > 0 or _inverse_size(node))
        return dyadic if node.op == "number" else whole
    return node.op in EXACT


def written_out(problem: Problem, node: Node) -> Node:
    """An expression over the declared arrays alone."""
    values: dict[Node, Node] = {}
    for definition in problem.definitions:
        values[definition.leaf] = substitute(definition.node, values)
    return substitute(node, values)


def refute(problem: Problem, texts: tuple[str, str], nodes: tuple[Node, Node], seed: int = 0) -> Disagreement | None:
    """A point at which two expressions differ, None where none was found."""
    sides = Sides(problem, texts, (written_out(problem, nodes[0]), written_out(problem, nodes[1])))
    rng = np.random.default_rng(seed)
    machine = Texts()
    with np.errstate(all="ignore"):
        for point, exact in points(sides, rng):
            values = _both(sides, point, machine)
            if values is not None and _differ(sides, point, machine, values, rng, exact):
                return _disagreement(sides, point, values)
    return None


def points(sides: Sides, rng: np.random.Generator) -> Iterator[tuple[Draw, bool]]:
    """Points that satisfy the facts, small ones first, and whether arithmetic is exact there."""
    problem = sides.problem
    used = set(symbols(sides.nodes[0])) | set(symbols(sides.nodes[1]))
    for k in range(TRIES):
        try:
            sizes = draw_sizes(problem, rng, 1 + k // 12)
        except SymbackError:  # no sizes satisfy the relations: then nothing can be refuted
            return
        if sides.exact and sides.averages:  # a division by 2 or 4 is exact
            sizes = {name: 2 ** min(size - 1, 3) for name, size in sizes.items()}
            if not satisfies(problem, sizes, {}):
                continue
        small = sides.exact or k % 2 == 0
        law = str(rng.choice(LAWS))
        inputs = {}
        for symbol in problem.symbols.values():
            facts = {fact for fact, name in problem.facts.arrays if name == symbol.name}
            if small and symbol.name in used:
                inputs[symbol.name] = small_array(symbol, facts, sizes, rng, positive=k % 3 == 2)
            else:
                inputs[symbol.name] = draw_array(symbol, facts, sizes, rng, law)
        yield Draw(sizes, inputs), sides.exact


def _both(sides: Sides, point: Draw, machine: Texts) -> tuple[Array, Array] | None:
    """The values of both sides by their texts, None where a side has none or a fact does not hold."""
    environment: Environment = namespace({**point.sizes, **point.inputs})
    try:
        for definition in sides.problem.definitions:
            try:
                environment[definition.name] = machine.evaluate(definition.text, environment)
            except (ValueError, ArithmeticError, np.linalg.LinAlgError):
                environment.pop(definition.name, None)  # without a value here; it matters where it is used
        if not satisfies(sides.problem, point.sizes, environment):
            return None
        left, right = (matrix(machine.evaluate(text, environment)) for text in sides.texts)
    except (NameError, ValueError, ArithmeticError, np.linalg.LinAlgError):
        return None
    if left.shape != right.shape or not (np.isfinite(left).all() and np.isfinite(right).all()):
        return None
    return left, right


def _differ(
    sides: Sides, point: Draw, machine: Texts, values: tuple[Array, Array], rng: np.random.Generator, exact: bool
) -> bool:
    left, right = values
    gap = float(np.max(np.abs(left - right), initial=0.0))
    scale = max(float(np.max(np.abs(left), initial=0.0)), float(np.max(np.abs(right), initial=0.0)))
    if exact:
        return gap > 0 and scale < 2.0**40
    if gap <= max(GAP * scale, GAP * 1e-3) or near_a_kink(sides, point):
        return False
    for _ in range(2):
        moved = _both(sides, _moved(sides.problem, point, rng), machine)
        if moved is None:
            return False
        change = max(float(np.max(np.abs(a - b), initial=0.0)) for a, b in zip(values, moved, strict=True))
        if change * ROUNDED > gap:
            return False
    return True


def _moved(problem: Problem, point: Draw, rng: np.random.Generator) -> Draw:
    """The point with the arrays that no fact binds moved by little."""
    bound = {name for _, name in problem.facts.arrays}
    inputs = {
        name: value if name in bound else np.asarray(value) + MOVE * rng.normal(size=np.shape(value))
        for name, value in point.inputs.items()
    }
    return replace(point, inputs=inputs)


def near_a_kink(sides: Sides, point: Draw) -> bool:
    """True where rounding could decide on which side of a kink an argument lies, or an inverse is ill conditioned."""
    nodes = Nodes({name: matrix(value) for name, value in point.inputs.items()}, point.sizes)
    for side in sides.nodes:
        for node in postorder(side):
            kinks = ELEMENTWISE[node.op].kinks if node.op in ELEMENTWISE else ()
            if not kinks and node.op not in ("inv", "det", "logdet", "pinv"):
                continue
            try:
                args = [nodes.value(a) for a in node.args]
            except (Misfit, ValueError, KeyError, ArithmeticError, np.linalg.LinAlgError):
                return True
            if not kinks:
                if not np.linalg.cond(args[0]) < 1e8:
                    return True
                continue
            distance = args[0] - args[1] if len(args) == 2 and node.op in ("maximum", "minimum") else args[0]
            size = max(float(np.max(np.abs(a), initial=0.0)) for a in args)
            if not float(np.min(np.abs(distance))) > NEAR * max(size, 1e-3):
                return True
    return False


def _disagreement(sides: Sides, point: Draw, values: tuple[Array, Array]) -> Disagreement:
    left, right = values
    i, j = (int(k) for k in np.unravel_index(int(np.argmax(np.abs(left - right))), left.shape))
    used = [n for n in sides.problem.symbols if any(n in symbols(side) for side in sides.nodes)]
    arrays = {name: matrix(point.inputs[name]).tolist() for name in used}
    names = set(dimension_names(sides.problem))
    sizes = {name: size for name, size in point.sizes.items() if name in names}
    return Disagreement(sizes, arrays, (i, j), float(left[i, j]), float(right[i, j]))
