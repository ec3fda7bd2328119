"""What each step of a derivation is about: the left side of its formula, and whether the right side is all of it.

A step along the adjoint method gives the gradient by an operation's argument; along the row method a row, the
transposed stack of that gradient; a step to a Jacobian gives the derivative of what it has reached. Where an expression
is reached more than once, or the target along several paths, a step gives only a share.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from symback.algebra.dims import ONE
from symback.algebra.nodes import Node, symbol
from symback.numpy import ELEMENTWISE
from symback.records import Gradient, Step
from symback.writeup.layout import Fence, Frac, Func, Layout, Num, Op, Space, Sub, Sup, Sym, row, width
from symback.writeup.typeset import Typesetter, transposed

WIDE = 16.0  # em: longer expressions get a letter of their own
Key = tuple[object, ...]


@dataclass(frozen=True)
class Subject:
    """The left side of a formula; ``share`` where its right side is one of several contributions."""

    layout: Layout
    share: bool = False


def partial(objective: Layout, by: Layout) -> Layout:
    """∂J/∂(an expression)."""
    return Frac(row(Op("∂", "ordinary"), objective), row(Op("∂", "ordinary"), by))


def argument(step: Step) -> Node:
    """The argument that a rule has crossed to."""
    assert step.node is not None
    return step.node.args[step.index]


def letter_for(node: Node) -> Layout:
    """The letter of an expression that is too long to stand beside ∂."""
    return Sym("s" if node.is_scalar else "U")


def key(step: Step) -> Key:
    """What tells the steps of a derivation apart; of a rewrite, its result."""
    if step.node is not None:
        return step.target, step.kind, step.node, step.index, step.before, step.after
    return step.target, step.after


def stacked(layout: Layout, node: Node) -> Layout:
    """vec(X), and a column or a number as it is."""
    if node.shape[1] == ONE:
        return layout
    return row(Func("vec"), layout if isinstance(layout, Fence) else Fence(layout))


class Subjects:
    """The left sides of all steps of one derivation."""

    def __init__(
        self, typeset: Typesetter, objective: Layout, gradients: dict[Node, Node], values: dict[Node, Node]
    ) -> None:
        """``gradients`` maps an array to its gradient's symbol, ``values`` a definition to its name."""
        self.typeset, self.objective, self.gradients, self.values = typeset, objective, gradients, values
        self.known: dict[Key, Subject] = {}
        self.exact: dict[int, Subject] = {}  # by the step itself, which its derivation keeps alive

    def of(self, step: Step) -> Subject:
        """The subject of a step; of one that no derivation has, the argument of its operation, or its target."""
        found = self.exact.get(id(step)) or self.known.get(key(step))
        if found is not None:
            return found
        of = argument(step) if step.kind == "rule" and step.node is not None else self.target(step)
        return Subject(self.gradient_by(of))

    def read(self, gradient: Gradient, kind: str = "gradient") -> None:
        """Note the subjects of all steps of one gradient, Jacobian or Hessian."""
        several = len(gradient.paths) > 1
        for path in gradient.paths:
            self._path(gradient, path.steps, several, kind)
        structured = any(step.kind == "structure" for step in gradient.tail)
        free = structured
        for step in gradient.tail:
            free = free and step.kind != "structure"
            layout = self.gradient_by(self.target(step))
            self._note(step, Subject(Sub(layout, Sym("free", "roman")) if free else layout))
        if structured:
            for path in gradient.paths:
                for step in path.steps:
                    if step.kind == "rule" and argument(step).data == gradient.wrt:
                        was = self.of(step)
                        self._note(step, Subject(Sub(was.layout, Sym("free", "roman")), was.share))

    def _path(self, gradient: Gradient, steps: tuple[Step, ...], several: bool, kind: str) -> None:
        reached = Counter(argument(step) for step in steps if step.kind in ("rule", "row"))
        last: Subject | None = None  # of a row or a Jacobian, which rewrites leave what it is
        for i, step in enumerate(steps):
            match step.kind:
                case "rule":
                    of = argument(step)
                    share = reached[of] > 1 or (several and of.op == "symbol" and of.data == gradient.wrt)
                    found = Subject(self.first(of, kind), share)
                case "row":
                    of = argument(step)
                    found = last = Subject(self.row_of(of), reached[of] > 1)
                case "jacobian":
                    assert step.node is not None
                    found = last = Subject(self.jacobian(step.node, self.target(step)))
                case "turn":
                    last = None
                    found = Subject(self.gradient_by(self.target(step)), several)
                case _ if last is not None:
                    found = last
                case _:
                    of = self.met(steps, i)
                    found = Subject(self.first(of, kind), several and of.op == "symbol" and of.data == gradient.wrt)
            self._note(step, found)

    def _note(self, step: Step, subject: Subject) -> None:
        self.known[key(step)] = self.exact[id(step)] = subject

    def met(self, steps: tuple[Step, ...], i: int) -> Node:
        """What a step without an operation is about: the operation that the next rule crosses, or the target itself."""
        following = next((s.node for s in steps[i + 1 :] if s.kind == "rule" and s.node is not None), None)
        return following if following is not None else self.target(steps[i])

    def target(self, step: Step) -> Node:
        """The array whose gradient the step belongs to."""
        known = next((leaf for leaf in self.gradients if leaf.data == step.target), None)
        return known if known is not None else symbol(step.target, step.after.shape)

    # --- left sides ---------------------------------------------------------------------------------------

    def first(self, node: Node, kind: str) -> Layout:
        """The gradient by a node; on the way to a Hessian, dW stands for the Hessian and ∂J/∂W for the gradient."""
        if kind == "hessian" and node in self.gradients:
            return partial(self.objective, self.typeset(node))
        return self.gradient_by(node)

    def gradient_by(self, node: Node) -> Layout:
        """dW for a name; ∂J/∂(...) for an expression."""
        return (
            self.typeset(self.gradients[node]) if node in self.gradients else partial(self.objective, self.plain(node))
        )

    def plain(self, node: Node) -> Layout:
        """A node beside ∂: a name or a function as it is, anything else in brackets, or by a letter."""
        node = self.values.get(node, node)
        layout = self.typeset(node)
        if width(layout) > WIDE:
            return letter_for(node)
        return layout if node.op == "symbol" or node.op in ELEMENTWISE else Fence(layout)

    def row_of(self, node: Node) -> Layout:
        """The gradient by a node, stacked and transposed: a row in numerator layout."""
        layout = self.gradient_by(node)
        if node.is_scalar:
            return layout
        return transposed(
            Fence(layout) if node.shape[1] == ONE and node not in self.gradients else stacked(layout, node)
        )

    def jacobian(self, of: Node, by: Node) -> Layout:
        """∂(of)/∂(by), both stacked where they are matrices."""
        return partial(stacked(self.plain(of), of), stacked(self.typeset(by), by))


def hessian_layout(objective: Layout, by: Layout, node: Node) -> Layout:
    """∂²f/∂x∂xᵀ."""
    x = stacked(by, node)
    return Frac(
        row(Sup(Op("∂", "ordinary"), Num("2")), objective),
        row(Op("∂", "ordinary"), x, Space(), Op("∂", "ordinary"), transposed(x)),
    )
