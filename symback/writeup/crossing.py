"""Where a gradient crosses a matrix product on its way to an earlier array: there the order is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from symback.algebra.nodes import Node, ones, transpose
from symback.ops import RULES
from symback.records import Gradient, Problem, Step


@dataclass(frozen=True)
class Activation:
    """H = g(Z), entry by entry: the function, the name Z, and the slope g'(Z) as an expression."""

    function: str
    name: str
    slope: Node


@dataclass(frozen=True)
class Crossing:
    """Z = F H (``left``) or Z = H F: the gradient by H is the upstream gradient times the transposed factor.

    ``weight`` is the named array inside the factor F (F itself, or its transpose, where ``turned``), ``user`` the
    definition that the product stands in, ``upstream`` the gradient that arrives at the product.
    """

    step: Step
    array: str
    user: str
    factor: Node
    weight: Node
    left: bool
    activation: Activation | None

    @property
    def turned(self) -> bool:
        """True where the forward pass itself multiplies by the transpose of the weight."""
        return self.factor is not self.weight

    @property
    def upstream(self) -> Node:
        """The gradient that arrives at the product."""
        return self.step.before

    @property
    def target(self) -> str:
        """The array before the activation, or the factor itself where there is none."""
        return self.activation.name if self.activation else self.array

    @property
    def sum_is_first(self) -> bool:
        """True where the index that the gradient sums over is the weight's first one."""
        return self.left is not self.turned


def is_crossing(step: Step) -> bool:
    """True of a product of two matrices that is crossed to one of its named factors, ones left out."""
    node = step.node
    if step.kind != "rule" or node is None or node.op != "matmul" or len(node.args) != 2:
        return False
    return not any(a.op == "ones" for a in node.args) and node.args[step.index].op == "symbol"


def crossings(problem: Problem, gradients: dict[str, Gradient]) -> list[Crossing]:
    """All of them, in the order of the derivation."""
    found = []
    for gradient in gradients.values():
        for path in gradient.paths:
            for step in path.steps:
                if is_crossing(step):
                    crossing = _crossing(problem, gradient.wrt, path.user, step)
                    if crossing is not None:
                        found.append(crossing)
    return found


def _crossing(problem: Problem, name: str, user: str, step: Step) -> Crossing | None:
    assert step.node is not None
    factor = step.node.args[1 - step.index]
    weight = factor.args[0] if factor.op == "transpose" else factor
    if weight.op != "symbol" or weight.is_scalar or str(weight.data) == name:
        return None
    return Crossing(step, name, user, factor, weight, step.index == 1, _activation(problem, name))


def _activation(problem: Problem, name: str) -> Activation | None:
    definition = problem.definition(name)
    if definition is None:
        return None
    node = definition.node
    elementwise = node.op in RULES and len(node.args) == 1 and node.shape == node.args[0].shape
    if (
        not elementwise
        or node.op in ("transpose", "softmax", "inv", "pinv", "matpow", "logsumexp")
        or node.args[0].op != "symbol"
    ):
        return None
    slope = RULES[node.op].adjoint(node, definition.leaf, 0, ones(node.shape))
    return Activation(node.op, str(node.args[0].data), slope)


def main_crossing(problem: Problem, found: list[Crossing]) -> Crossing | None:
    """The one to explain in full: where a gradient goes on to an earlier layer, else where it reaches a parameter."""
    declared = set(problem.symbols)

    def rank(c: Crossing) -> int:
        to_earlier, by_weight = c.array not in declared, str(c.weight.data) in declared
        return 0 if to_earlier and by_weight and c.activation else 1 if to_earlier and by_weight else 2

    plain = [c for c in found if rank(c) < 2]
    if plain:
        return min(plain, key=rank)
    order = list(problem.symbols)  # parameters are declared behind the data that they meet
    given = [c for c in found if c.array in declared and str(c.weight.data) in declared]
    return max(given, key=lambda c: order.index(c.array), default=None)


def after_product(crossing: Crossing) -> tuple[Node, ...]:
    """The factors of the gradient in their right order."""
    turned = transpose(crossing.factor)
    return (turned, crossing.upstream) if crossing.left else (crossing.upstream, turned)
