"""The records that travel from pass to pass. They are frozen; a pass makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from symback.algebra.dims import Dim, Shape
from symback.algebra.nodes import Node, symbol

if TYPE_CHECKING:
    import sympy


class Shown:
    """What Jupyter shows of a record: LaTeX, HTML with native MathML, or Markdown."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        from symback.writeup.notebook import latex

        return latex(self)

    def _repr_html_(self) -> str:
        from symback.writeup.notebook import html

        return html(self)

    def _repr_markdown_(self) -> str:
        from symback.writeup.notebook import markdown

        return markdown(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from symback.writeup.notebook import bundle

        return bundle(self, include, exclude)


@dataclass(frozen=True)
class Symbol:
    """A declared array: its shape, and how many dimensions NumPy sees (a 1-D array of n is a row here)."""

    name: str
    shape: Shape
    ndim: int = 2
    line: int | None = None

    @property
    def node(self) -> Node:
        """The array as an expression."""
        return symbol(self.name, self.shape)


@dataclass(frozen=True)
class Definition:
    """``name = text``, read as ``node``; ``ndim`` as for a symbol; ``boolean`` where NumPy has true and false."""

    name: str
    node: Node
    ndim: int
    text: str
    line: int | None = None
    boolean: bool = False

    @property
    def leaf(self) -> Node:
        """The defined array as a name, without what it stands for."""
        return symbol(self.name, self.node.shape)


@dataclass(frozen=True)
class Claim:
    """A line after the objective, kept unread: ``wrt`` is what it claims the gradient by, None for a helper."""

    name: str
    wrt: str | None
    text: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is assumed: facts about arrays, by name, and relations between dimensions.

    ``arrays`` holds pairs such as ``("symmetric", "S")``; the facts with an axis carry it in the name:
    ``onehot:0``. ``sizes`` holds ``(left, relation, right)``; ``fixed`` the dimensions assumed to be a number.
    """

    arrays: frozenset[tuple[str, str]] = frozenset()
    sizes: tuple[tuple[Dim, str, Dim], ...] = ()
    fixed: tuple[tuple[str, int], ...] = ()

    def has(self, fact: str, name: str) -> bool:
        """True where the fact is assumed of the array."""
        return (fact, name) in self.arrays

    def at_least(self, large: Dim, small: Dim) -> bool:
        """True where ``large >= small`` is assumed, or plain."""
        if large == small or (small.is_one and not large.names) or small.is_one:
            return True
        return any(
            ((a, b) in ((large, small),) and r in (">", ">=", "==")) or ((a, b) == (small, large) and r == "==")
            for a, r, b in self.sizes
        )


NO_FACTS = Facts()


@dataclass(frozen=True)
class Problem(Shown):
    """A forward pass: declared symbols, definitions in order, the objective's name, and claims about gradients."""

    title: str
    introduction: str
    symbols: dict[str, Symbol]
    definitions: tuple[Definition, ...]
    objective: str
    claims: tuple[Claim, ...] = ()
    facts: Facts = NO_FACTS
    text: str = ""
    file: str | None = None
    sympy_names: dict[object, object] = field(default_factory=dict, compare=False, repr=False)  # symback's: the user's

    @cached_property
    def _by_name(self) -> dict[str, Definition]:
        return {d.name: d for d in self.definitions}

    def definition(self, name: str) -> Definition | None:
        """The definition of a name, or None."""
        return self._by_name.get(name)

    def shape(self, name: str) -> Shape:
        """The shape of a declared or defined array."""
        if name in self.symbols:
            return self.symbols[name].shape
        found = self.definition(name)
        if found is None:
            raise KeyError(name)
        return found.node.shape

    def ndim(self, name: str) -> int:
        """The number of dimensions that NumPy sees."""
        if name in self.symbols:
            return self.symbols[name].ndim
        found = self.definition(name)
        return 2 if found is None else found.ndim

    def leaf(self, name: str) -> Node:
        """A declared or defined array as a named leaf."""
        return symbol(name, self.shape(name))


@dataclass(frozen=True)
class StepCheck:
    """What the numerical check of one step found."""

    passed: bool
    max_relative_error: float


@dataclass(frozen=True)
class Step(Shown):
    """One step of a derivation: by ``rule``, ``before`` becomes ``after``.

    For a step of kind ``"rule"``, ``node`` is the operation, ``before`` the adjoint of its value and ``after``
    the adjoint of its argument number ``index``; for ``"rewrite"`` both are the same gradient written twice.
    """

    rule: str  # its title, as a reader sees it
    statement: str  # its statement, printed from the rule itself
    target: str  # the array whose gradient this step belongs to
    before: Node
    after: Node
    why: str
    kind: str = "rewrite"  # "rule", "sum", "insert" or "rewrite"
    node: Node | None = None
    index: int = 0
    facts: tuple[str, ...] = ()
    check: StepCheck | None = None

    @property
    def before_expr(self) -> sympy.Basic:
        """``before`` as a SymPy object."""
        return self.before.to_sympy()

    @property
    def after_expr(self) -> sympy.Basic:
        """``after`` as a SymPy object."""
        return self.after.to_sympy()

    @property
    def shapes(self) -> dict[str, str]:
        """The shapes of the names in this step, and of its result."""
        from symback.algebra.dims import show_shape
        from symback.algebra.walk import postorder

        found = {
            str(n.data): show_shape(n.shape)
            for part in (self.before, self.after)
            for n in postorder(part)
            if n.op == "symbol"
        }
        return {**found, "result": show_shape(self.after.shape)}


@dataclass(frozen=True)
class Path:
    """One way by which the objective depends on a target: through ``user``, by the steps that cross it."""

    user: str
    steps: tuple[Step, ...]
    value: Node


@dataclass(frozen=True)
class Gradient:
    """The derivation of one gradient: the paths into the array, their sum, and its simplification.

    ``named`` is written in the gradients of later definitions (``dZ2``); ``symbol`` is its own such name.
    """

    wrt: str
    symbol: Node
    paths: tuple[Path, ...]
    tail: tuple[Step, ...]  # adding up, inserting, simplifying
    named: Node
    ndim: int = 2
    uses: tuple[str, ...] = field(default=())  # the names of the gradients it is written in

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for path in self.paths for step in path.steps) + self.tail


@dataclass(frozen=True)
class Counterexample:
    """Small numbers at which a claim is false: at ``entry`` it says ``claimed``, the slope of J is ``true``.

    ``below`` and ``above`` are the objective with that entry moved by -h and +h; their difference over 2 h is the
    judge. ``claimed`` is None where the claim has no value there, and ``reason`` says why.
    """

    sizes: dict[str, int]
    arrays: dict[str, list[list[float]]]
    wrt: str
    entry: tuple[int, int]
    claimed: float | None
    true: float
    h: float
    below: float
    above: float
    reason: str = ""
    times: float = 1.0  # ``true`` is this many times the slope: the size of the batch, for a gradient per example


@dataclass(frozen=True)
class Verdict(Shown):
    """What is to be said of one claim; ``status`` is proved, agrees, scaled, follows, wrong or ill-formed.

    ``name`` is what the claim gives a value to, ``wrt`` the array whose gradient that is (None for a helper),
    ``expected`` the right line in the language, ``origin`` the earlier line that is wrong, ``conditions`` what the
    claim is right under alone, ``facts`` what its proof used.
    """

    name: str
    wrt: str | None
    claim: str
    status: str
    mistake: str | None = None
    explanation: str = ""  # one sentence a line: the number, the cause by shapes, the why by indices, the right line
    expected: str | None = None
    counterexample: Counterexample | None = None
    origin: str | None = None
    factor: str | None = None
    conditions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    step: Step | None = None
    line: int | None = None
    source: str | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The explanation, sentence by sentence."""
        return tuple(self.explanation.splitlines())

    @property
    def right(self) -> bool:
        """True where nothing is to be mended in this line or before it."""
        return self.status in ("proved", "agrees", "scaled")
