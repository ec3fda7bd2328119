"""Apply families of identities to an expression until none applies, and record what each family did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from symback.algebra.nodes import Node, rebuild
from symback.algebra.walk import postorder
from symback.records import NO_FACTS, Definition, Facts
from symback.rewrites.order import Order

T = TypeVar("T")
EFFORT = 60_000  # a formula of a person's length costs some hundreds


@dataclass
class Context:
    """What a rewrite may use: the facts, the names that definitions give, and a note of the facts it used."""

    facts: Facts = NO_FACTS
    definitions: tuple[Definition, ...] = ()
    used: list[str] = field(default_factory=list)
    expanded: dict[Node, Node] = field(
        default_factory=dict
    )  # what was multiplied out, for the steps that a reader sees
    memo: dict[str, dict[Node, Node]] = field(default_factory=dict)  # of each family, by its statement: node -> result

    left: int = EFFORT  # what the search for shorter forms may still cost, in nodes looked at
    spent: int = 0
    reasons: dict[tuple[str, Node], tuple[str, ...]] = field(default_factory=dict)  # the facts behind what memo holds
    indexes: dict[str, object] = field(default_factory=dict)

    @cached_property
    def order(self) -> Order:
        """The order of terms and factors, under the names that definitions give."""
        return Order(self.definitions)

    def keep_facts(self, what: str, node: Node, mark: int) -> None:
        """Remember with a result the facts that were used for it since ``mark``, and for its arguments."""
        facts = {f for a in node.args for f in self.reasons.get((what, a), ())} | {*self.used[mark:]}
        if facts:
            self.reasons[what, node] = tuple(sorted(facts))
        del self.used[mark:]

    def recall_facts(self, what: str, node: Node) -> None:
        """Note the facts behind a remembered result as used again."""
        self.used += self.reasons.get((what, node), ())

    def afford(self, work: int) -> bool:
        """Spend some of the effort that a simplification has; False where it is used up, and forms stay as they are."""
        self.left -= work
        self.spent += work
        return self.left > 0

    def start(self) -> None:
        """The effort for one more simplification: less once the problem as a whole has used a great deal."""
        self.left = EFFORT if self.spent < 4 * EFFORT else EFFORT // 16

    @cached_property
    def without_facts(self) -> Context:
        """The same without facts and names, for what must hold of any matrix."""
        return Context()

    def index(self, build: Callable[[tuple[Definition, ...]], T]) -> T:
        """A table made of the definitions, made once: a rewrite looks names up instead of trying every definition."""
        key = build.__qualname__
        if key not in self.indexes:
            self.indexes[key] = build(self.order.definitions)
        return cast("T", self.indexes[key])


Rewrite = Callable[[Node, Context], Node | None]  # None where it does not apply


@dataclass(frozen=True)
class Family:
    """Identities of one kind: ``rules`` lists them by the operation at whose root they apply, ``*`` for any other."""

    name: str
    because: str
    rules: Mapping[str, tuple[Rewrite, ...]]

    def apply(self, root: Node, context: Context) -> Node:
        """``root`` with the identities applied everywhere, innermost first, until none applies."""
        memo = context.memo.setdefault(self.because, {})
        for node in postorder(root, memo):
            new = rebuild(node, [memo[a] for a in node.args]) if node.args else node
            memo[node] = new  # a row of rewrites that leads back to this node ends there: a 1^T + 1 a^T, turned round
            mark = len(context.used)
            memo[node] = self._settle(new, context)
            context.keep_facts(self.because, node, mark)
        context.recall_facts(self.because, root)
        return memo[root]

    def _settle(self, node: Node, context: Context) -> Node:
        seen: set[Node] = set()  # a 1^T + 1 a^T may be turned round for ever: it ends where it has been
        for _ in range(100):
            for rule in self.rules.get(node.op) or self.rules.get("*", ()):
                new = rule(node, context)
                if new is not None and new is not node:
                    seen.add(node)
                    node = self.apply_below(new, context)
                    break
            else:
                return node
            if node in seen:
                return node
        raise AssertionError(f"the rewrites of {self.name} do not end on {node!r}")

    def apply_below(self, node: Node, context: Context) -> Node:
        """The arguments of a fresh node settled too; the node itself is settled by the caller."""
        return rebuild(node, [self.apply(a, context) for a in node.args]) if node.args else node


@dataclass(frozen=True)
class Change:
    """One family applied once to a whole expression."""

    family: Family
    before: Node
    after: Node
    facts: tuple[str, ...] = ()


def run(families: tuple[Family, ...], root: Node, context: Context, rounds: int = 12) -> tuple[Node, list[Change]]:
    """Every family in turn, round after round, until a whole round changes nothing."""
    changes: list[Change] = []
    for _ in range(rounds):
        start = root
        for family in families:
            context.used.clear()
            after = family.apply(root, context)
            if after is not root:
                changes.append(Change(family, root, after, tuple(dict.fromkeys(context.used))))
                root = after
        if root is start:
            break
    return root, changes


def merge(*tables: dict[str, tuple[Rewrite, ...]]) -> dict[str, tuple[Rewrite, ...]]:
    """Tables of rewrites put together."""
    out: dict[str, tuple[Rewrite, ...]] = {}
    for table in tables:
        for op, rules in table.items():
            out[op] = out.get(op, ()) + rules
    return out
