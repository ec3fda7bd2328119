"""The order of terms and factors: sums and Hadamard products that differ by order alone become the same expression.

The order is a reader's: 1 before what is subtracted from it, terms with a plus before those with a minus, full matrices
before what is repeated over rows or columns; matrix products, then names, then sums, then functions among factors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

from symback.algebra import nodes as n
from symback.algebra.nodes import Node, rebuild, value_of
from symback.algebra.parts import bare_core, constant_core, is_negative
from symback.algebra.walk import postorder
from symback.records import Definition

MAX_SIZE = 4000  # nodes: beyond, the order is left as it is
LONG = 200  # characters that are compared before a digest decides
LAST = 10**9  # the rank of what has no name in it
HEAVY = ("matmul", "sum", "trace")
FACTORS = {"matmul": 0, "symbol": 1, "transpose": 1, "add": 2}


@dataclass(frozen=True)
class View:
    """What is compared of an expression: the ranks of its first name, whether it adds over an index, its text."""

    term: int
    factor: int
    heavy: bool
    text: str


class Order:
    """Terms and factors in order, under the names that some definitions give.

    Names of gradients come first. In a sum the definitions follow, the latest first, then the declared arrays, so that
    the loss stands before what regularises it; among factors the declared arrays stand before the definitions.
    """

    def __init__(self, definitions: tuple[Definition, ...] = ()) -> None:
        """Nothing is put in order before it is asked for."""
        self.given = definitions
        self.names = {d.name: k for k, d in enumerate(reversed(definitions))}
        self.views: dict[Node, View] = {}
        self.memo: dict[Node, Node] = {}

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions with what they stand for in order."""
        return tuple(replace(d, node=self.apply(d.node)) for d in self.given)

    def apply(self, root: Node) -> Node:
        """``root`` with the terms of its sums and the factors of its Hadamard products in order."""
        if root.size > MAX_SIZE:
            return root
        for node in postorder(root, self.memo):
            new = rebuild(node, [self.memo[a] for a in node.args]) if node.args else node
            if new.op == "add":
                new = n.add(*sorted(new.args, key=self.term))
            elif new.op == "mul":
                new = n.mul(*sorted(new.args, key=self.factor))
            self.memo[node] = new
        return self.memo[root]

    def term(self, x: Node) -> tuple[object, ...]:
        """The place of a term in a sum."""
        constant = x if x.is_scalar else constant_core(x)
        value = None if constant is None else value_of(constant)
        if value is not None:
            return (0 if value > 0 else 4, 0, 0, 0, "")
        repeated = not x.is_scalar and bare_core(x) is not None
        view = self.view(x)
        return (1 + 2 * repeated + is_negative(x), repeated or not view.heavy, view.term, x.size, view.text)

    def factor(self, x: Node) -> tuple[object, ...]:
        """The place of a factor in a Hadamard product."""
        bare = x if x.is_scalar else bare_core(x) or x
        below = bare.op == "power" and bool(bare.data < 0)  # type: ignore[operator]  # the exponent of a power
        view = self.view(x)
        return (not x.is_scalar, below, FACTORS.get(bare.op, 3), view.factor, x.size, view.text)

    def view(self, x: Node) -> View:
        """What is compared of an expression; its text says all, so that no two expressions tie."""
        for node in postorder(x, self.views):
            below = [self.views[a] for a in node.args]
            text = f"{node.op}:{node.data}({','.join(v.text for v in below)}){node.shape}"
            if len(text) > LONG:
                text = text[:LONG] + blake2b(text.encode(), digest_size=12).hexdigest()
            own = [self.ranks(str(node.data))] if node.op == "symbol" else [(v.term, v.factor) for v in below]
            term, factor = (min(ranks, default=LAST) for ranks in (zip(*own, strict=True) if own else ((), ())))
            self.views[node] = View(term, factor, node.op in HEAVY or any(v.heavy for v in below), text)
        return self.views[x]

    def ranks(self, name: str) -> tuple[int, int]:
        """The place of a name among terms, and among factors."""
        count = len(self.names)
        if name in self.names:
            return count + self.names[name], 2 * count + self.names[name]
        if name.startswith("d") and name[1:] in self.names:
            return self.names[name[1:]], self.names[name[1:]]
        return 2 * count, count
