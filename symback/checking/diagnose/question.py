"""What is asked: a text, what it should be worth, and what a hypothesis about it says."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.checking.diagnose.evaluate import Misfit, Nodes, Texts, parallel, same
from symback.checking.judge import UNIT, Court, Scale, ratio
from symback.errors import SymbackError
from symback.language.expression import Value
from symback.language.read import read_in
from symback.normal.equal import prove_equal

Array = Any
PATIENCE = 1.2  # seconds of this process for one diagnosis
LONG = 1500  # nodes of an expression: beyond, a proof would take too long


@dataclass(frozen=True)
class Hypothesis:
    """A mistake that somebody may have made.

    Either ``repaired``, the text without it, which must then be the gradient; or ``wrong``, a gradient derived with
    that mistake in it (``text`` where it is a text), which must then be the claim. ``old`` stands in the claim where
    ``new`` belongs; ``cause`` says it as a sentence without its stop.
    """

    mistake: str
    cause: str
    repaired: ast.expr | None = None
    wrong: Node | None = None
    text: ast.expr | None = None
    old: str = ""
    new: str = ""
    scale: Scale | None = (
        None  # beside this mistake the claim is off by a factor: claim = scale * (what the mistake gives)
    )
    second: Hypothesis | None = None  # another mistake at the same time
    place: str = ""  # the definition whose step is the one done wrong
    node: Node | None = None  # the operation in it


@dataclass(frozen=True)
class Diagnosis:
    """What explains the claim, and what would explain it as well."""

    hypothesis: Hypothesis
    ties: tuple[Hypothesis, ...] = ()
    proved: bool = False


@dataclass(frozen=True)
class Seat:
    """One point, with the values of the earlier lines: what a claim may use there."""

    texts: Texts  # with the earlier lines' own values
    truths: Texts  # with the derived gradients under their names
    nodes: Nodes
    target: Array  # what the claim should be worth
    claimed: Array | None  # what it is worth, None where it has no value
    sizes: dict[str, int]


@dataclass
class Question:
    """A claim that is not right, at the points where that shows."""

    court: Court
    wrt: str  # the array whose gradient it should be
    tree: ast.expr
    seats: list[Seat]  # at distinct sizes
    square: Seat | None  # at equal sizes, where nearly everything conforms
    lines: dict[str, ast.expr] = field(default_factory=dict)  # the earlier helpers and claims
    factor: Scale = UNIT  # the claim is per example where this is the size of the batch
    role_factor: Scale = UNIT  # a helper that should be this many times the gradient
    until: float = field(default_factory=lambda: time.process_time() + PATIENCE)
    read: Callable[[ast.expr], Node | None] = lambda tree: None

    @cached_property
    def one(self) -> Node | None:
        """What the claim should be, as one expression; None where that is too long."""
        try:
            return self.court.derivation.inlined(self.wrt)
        except SymbackError:
            return None

    @cached_property
    def has_value(self) -> bool:
        """True where the claim has a value and the right shape at distinct sizes."""
        return all(s.claimed is not None and s.claimed.shape == s.target.shape for s in self.seats)

    @cached_property
    def derived(self) -> list[ast.expr]:
        """The derived formula as texts: with the names of other gradients, without them, and multiplied out."""
        from symback.checking.diagnose.forms import forms

        return forms(self)

    def repairs_it(self, tree: ast.expr, scale: Scale = UNIT) -> bool:
        """True where a text is worth what the claim should be, or so many times that, at every point."""
        for seat in self.seats:
            value = seat.texts.matrix(tree)
            if value is None or not same(value, seat.target * scale.value(seat.sizes)):
                return False
        return bool(self.seats)

    def gives(self, wrong: Node | None = None, text: ast.expr | None = None, scaled: bool = False) -> Scale | None:
        """The factor by which a derived formula gives the claim: 1, or any other where ``scaled``."""
        above, below = [], []
        for seat in self.seats if self.evaluates else [self.square] if self.square else []:
            value = self._worth(seat, wrong, text)
            if value is None or seat.claimed is None:
                return None
            if value.shape != seat.claimed.shape:
                try:
                    value = np.broadcast_to(value, seat.claimed.shape)
                except ValueError:
                    return None
            if not (parallel if scaled else same)(value, seat.claimed):
                return None
            above.append(seat.claimed)
            below.append(value)
        if not above:
            return None
        if not scaled or (len(above) == 1 and same(below[0], above[0])):
            return Scale()
        return ratio(self.court, above, below) if len(above) > 1 else None

    @cached_property
    def evaluates(self) -> bool:
        """True where the claim has a value at distinct sizes, of whatever shape."""
        return all(s.claimed is not None for s in self.seats)

    def _worth(self, seat: Seat, wrong: Node | None, text: ast.expr | None) -> Array | None:
        if text is not None:
            return seat.truths.matrix(text)
        assert wrong is not None
        try:
            value = seat.nodes.value(wrong)
        except (KeyError, ValueError, Misfit, np.linalg.LinAlgError):
            return None
        return value if np.isfinite(value).all() else None

    def witnessed(self, found: Diagnosis | None) -> Diagnosis | None:
        """A diagnosis with the note whether it is proved."""
        return None if found is None else replace(found, proved=self.proves(found.hypothesis))

    def proves(self, hypothesis: Hypothesis) -> bool:
        """True where it is proved, and not only seen at draws, that the hypothesis explains the claim."""
        factor = hypothesis.scale or Scale()
        left: Node | None
        right: Node | None
        if hypothesis.repaired is not None:
            left, right = self.read(hypothesis.repaired), self.court.formula(self.wrt)
        else:
            left = self.read(self.tree)
            right = hypothesis.wrong if hypothesis.wrong is not None else self.read_derived(hypothesis.text)
        if left is None or right is None or left.shape != right.shape:
            return False
        problem = self.court.problem
        if self.role_factor.is_one or hypothesis.repaired is None:
            left, right = self.court.plain(left), n.mul(factor.node, self.court.plain(right))
        else:
            left, right = self.court.plain(left), n.mul(factor.node, self.role_factor.node, self.court.plain(right))
        return max(left.size, right.size) < LONG and prove_equal(problem, left, right) is not None

    def read_derived(self, tree: ast.expr | None) -> Node | None:
        """A text in the names of the derived gradients, as an expression."""
        if tree is None:
            return None
        extra = {str(g.symbol.data): Value(g.symbol, g.ndim) for g in self.court.derivation.gradients.values()}
        try:
            return read_in(self.court.problem, ast.unparse(tree), extra).node
        except SymbackError:
            return None
