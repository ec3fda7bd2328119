"""The check of single steps: each is a small truth of its own, and is held against the texts that it prints.

A rule says that <before, dY> = <after, dX>, with dY by differences of the operation alone; a rewrite says that two
texts have the same value; a sum, that it is the sum of what arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from symback.algebra.nodes import Node, symbol
from symback.algebra.walk import postorder
from symback.checking.differences import KINK, STEP, Slope, directions, slope
from symback.checking.run import Array, Environment, Texts, matrix
from symback.language.write import write
from symback.numpy import ELEMENTWISE
from symback.records import Gradient, Step, StepCheck

TOLERANCE = 1e-6
Writer = Callable[[Node], str]  # writes an expression, and knows how many dimensions NumPy sees in each name


def relative(found: Array, truth: Array, floor: float = 1e-6) -> float:
    """The largest difference, relative to the largest entry; infinite where shapes differ or a value is not finite."""
    if np.shape(found) != np.shape(truth):
        return float("inf")
    scale = max(float(np.max(np.abs(truth), initial=0.0)), floor)
    error = float(np.max(np.abs(found - truth), initial=0.0)) / float(scale)
    return error if error == error else float("inf")


def _alone(node: Node) -> Node:
    """The operation by itself, of arguments that have names."""
    return Node(
        node.op, tuple(symbol(f"_argument_{i}_", a.shape) for i, a in enumerate(node.args)), node.shape, node.data
    )


def unstacked(row: Array, shape: tuple[int, ...]) -> Array:
    """The matrix whose columns stand one after the other in a row."""
    return row.reshape(shape[::-1]).T


class StepChecker:
    """Checks steps at one point: ``environment`` has a value for every array, definition and named gradient."""

    def __init__(self, environment: Environment, writer: Writer, texts: Texts, rng: np.random.Generator) -> None:
        """``writer`` gives the printed text of an expression."""
        self.environment, self.write, self.texts, self.rng = environment, writer, texts, rng
        self._values: dict[Node, Array] = {}

    def value(self, node: Node) -> Array:
        """The matrix that the printed text of an expression evaluates to."""
        if node not in self._values:
            self._values[node] = matrix(self.texts.evaluate(self.write(node), self.environment))
        return self._values[node]

    def check(self, gradient: Gradient) -> tuple[StepCheck, ...]:
        """The checks of all steps of a gradient, in their order."""
        out = [self.step(s, path.steps[:i]) for path in gradient.paths for i, s in enumerate(path.steps)]
        arrived = [path.value for path in gradient.paths]
        return (*out, *(self.step(s, (), arrived) for s in gradient.tail))

    def step(self, step: Step, earlier: tuple[Step, ...], arrived: list[Node] | None = None) -> StepCheck:
        """The check of one step; ``arrived`` are the values that a sum of paths adds."""
        try:
            error = self._error(step, earlier, arrived)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):  # shapes that do not conform, a singular matrix
            error = float("inf")
        return StepCheck(error < TOLERANCE, error)

    def _error(self, step: Step, earlier: tuple[Step, ...], arrived: list[Node] | None) -> float:
        match step.kind, step.node:
            case "rule" | "row", Node() as node:
                return self._rule(step, node)
            case "index", Node() as node:
                return self._entries(step, node)
            case "turn", _:
                after = self.value(step.after)
                return relative(after, unstacked(self.value(step.before), after.shape))
            case "jacobian" | "tangent", Node() as node:
                return self._forward(step, node)
            case "sum", _:
                return self._sum(step, earlier, arrived)
            case "stacking", _:
                return relative(self.value(step.after), self.value(step.before).T.reshape(-1, 1))
            case "structure", _:
                return self._structure(step)
        before, after = self.value(step.before), self.value(step.after)
        defined = np.isfinite(before)  # both sides agree wherever the first is defined
        if before.shape != after.shape or not defined.any():
            return float("inf")
        error = relative(after[defined], before[defined])
        if error < TOLERANCE:
            return error
        shaken = [self._shaken(part) for part in (step.before, step.after) for _ in range(3)]
        noise = sum(np.nan_to_num(np.ptp(np.array(part), axis=0)) for part in (shaken[:3], shaken[3:]))
        return relative(np.where(np.abs(after - before) <= noise, before, after)[defined], before[defined])

    def _shaken(self, root: Node) -> Array:
        """The value with every intermediate result rounded at random: how much of it is noise (Vignes 1978)."""
        values: dict[Node, Array] = {}
        for node in postorder(root):
            if node.args:
                names = {f"_argument_{i}_": values[a] for i, a in enumerate(node.args)}
                exact = matrix(self.texts.evaluate(write(_alone(node)), {**self.environment, **names}))
                values[node] = exact * (1 + 1e-13 * self.rng.normal(size=exact.shape))
            else:
                values[node] = self.value(node)
        return values[root]

    def _sum(self, step: Step, earlier: tuple[Step, ...], arrived: list[Node] | None) -> float:
        """The terms are what the steps before brought to the same argument, or what the paths brought to the array."""
        if arrived is None:
            rules = [s for s in earlier if s.kind == "rule" and s.node is not None]
            place = rules[-1].node.args[rules[-1].index]  # type: ignore[union-attr]  # kept only where it is not None
            arrived = [s.after for s in rules if s.node.args[s.index] is place]  # type: ignore[union-attr]
        total = sum((self.value(term) for term in arrived[1:]), self.value(arrived[0]))
        return relative(self.value(step.after), total)

    def _rule(self, step: Step, node: Node) -> float:
        """|<before, dY> - <after, dX>|, relative to the terms of the two sums."""
        before, after = self.value(step.before), self.value(step.after)
        if step.kind == "row":  # the same two matrices as rows, stacked
            shapes = (self.value(node).shape, self.value(node.args[step.index]).shape)
            before, after = (unstacked(v, shape) for v, shape in zip((before, after), shapes, strict=True))
        names = [f"_argument_{i}_" for i in range(len(node.args))]
        text = write(_alone(node))
        here = {**self.environment, **{k: self.value(a) for k, a in zip(names, node.args, strict=True)}}
        name, start = names[step.index], here[names[step.index]]
        if after.shape != start.shape:
            return float("inf")

        def at_argument(value: Array) -> Array:
            return matrix(self.texts.evaluate(text, {**here, name: value}))

        middle, best, allowed = at_argument(start), float("inf"), 0.0
        if before.shape != middle.shape:
            return best
        for closer in (None, 0, 4, 8, 12, 16, 20):  # in proportion to the argument, then closer
            h = STEP / 2 ** (closer or 0)
            change = self.rng.normal(size=start.shape) * np.maximum(np.abs(start), 1.0 if closer is None else 0.0)
            change = change * ~self._at_kink(node.op, [here[k] for k in names], 3 * h * np.abs(change))
            dy = slope(lambda t, change=change: at_argument(start + t * change), h, middle).fine  # type: ignore[misc]
            left, right = before * dy, after * change
            rounding = np.sum(np.abs(before * middle)) + np.sum(np.abs(after * start))  # of Y and of X
            scale = max(float(abs(left.sum())), float(abs(right.sum())), 1e-2 * float(np.abs(left).sum()), 1e-9)
            noise = min(1e-15 / h * float(rounding), 1e-2 * scale)  # more would hide a mistake
            error = max(0.0, float(abs(left.sum() - right.sum())) - noise) / scale
            if error < best:
                best, allowed = error, 1e-15 / h * float(np.abs(before).sum()) / scale
            if best < TOLERANCE:
                return best
        spread = np.ptp(np.array([self._shaken(step.after) for _ in range(3)]), axis=0)
        # of a small value found as a difference of large ones
        allowed += float(np.sum(np.abs(spread * change))) / scale
        return max(0.0, best - min(allowed, 1e-2))

    def _entries(self, step: Step, node: Node) -> float:
        """<before, dY> against <after, dX>, where X is an array that Y contains, in as many places as it may be."""
        before, after = self.value(step.before), self.value(step.after)
        resolved = 1e-5 * float(np.abs(before * self.value(node)).sum())  # less is lost in the rounding of Y

        def error(change: Array, found: Slope) -> float:
            left, right = before * found.fine, after * np.atleast_2d(change)
            scale = max(float(abs(right.sum())), 1e-2 * float(np.abs(left).sum()), resolved, 1e-9)
            return float(abs(left.sum() - right.sum())) / scale

        return self._least(node, step.target, error)

    def _forward(self, step: Step, node: Node) -> float:
        """The Jacobian of a part of the function, or its change with a scalar, against differences of that part."""
        after = self.value(step.after)

        def error(change: Array, found: Slope) -> float:
            if step.kind == "tangent":
                moved = change * after
            else:
                moved = unstacked(after @ np.atleast_2d(change).T.reshape(-1, 1), found.fine.shape)
            smooth = found.jump <= KINK * np.max(np.abs(found.fine), initial=1e-9)
            return relative(np.where(smooth, moved, 0.0), np.where(smooth, found.fine, 0.0))

        return self._least(node, step.target, error)

    def _least(self, node: Node, name: str, error: Callable[[Array, Slope], float]) -> float:
        """The least error along random directions of an array, the points of the differences drawn closer each time."""
        text, start = self.write(node), self.environment[name]
        best = float("inf")
        for h in (STEP, STEP / 16, STEP / 256, STEP / 4096):
            change = self.rng.normal(size=np.shape(start))
            at = partial(self._moved, text, name, start, change)
            best = min(best, error(change, slope(at, h)))
            if best < TOLERANCE:
                break
        return best

    def _moved(self, text: str, name: str, start: Array, change: Array, t: float) -> Array:
        """The value of a text where an array is ``start + t change``."""
        return matrix(self.texts.evaluate(text, {**self.environment, name: start + t * change}))

    def _structure(self, step: Step) -> float:
        """The sum of a gradient over the places in which an independent entry stands."""
        before, after = self.value(step.before), self.value(step.after)
        kept = bool((after[~np.eye(len(after), dtype=bool)] != 0).any())
        wanted = np.zeros(before.shape)
        for i, j, change in directions(before, "symmetric" if kept else "diagonal"):
            wanted[i, j] = wanted[j, i] = np.sum(before * change)
        return relative(after, wanted)

    def _at_kink(self, op: str, args: list[Array], reach: Array) -> Array:
        """Where the slope jumps within reach: there the value says nothing about the convention that is used."""
        function = ELEMENTWISE.get(op)
        if function is None or not function.kinks:
            return np.zeros(reach.shape, dtype=bool)
        distance = args[0] - args[1] if "a" in function.kinks[0] else args[0]
        near = np.abs(distance) <= reach
        return near if near.shape == reach.shape else np.full(reach.shape, near.any())
