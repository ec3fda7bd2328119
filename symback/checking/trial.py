"""The lines of a working in order, judged one after the other, each with the earlier lines' own values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import symbols
from symback.checking.diagnose.evaluate import Misfit, Texts, as2, same
from symback.checking.fault import find_fault
from symback.checking.judge import DISTINCT, UNIT, Court, Point, Proof, Scale, prove, ratio, rewritten
from symback.checking.line import Line, names_in, parsed
from symback.errors import SymbackError
from symback.language.expression import Value
from symback.language.read import read_in
from symback.normal.equal import prove_equal
from symback.records import Claim

Array = Any
MEANS = {"missing_mean", "double_mean", "wrong_mean", "mean_for_sum"}


class Trial:
    """The lines in order, judged one after the other."""

    def __init__(self, court: Court, claims: list[Claim]) -> None:
        """The claims before a court, none of them judged yet."""
        self.court = court
        self.lines: list[Line] = []
        self.claims = claims
        self.rejected: set[str] = set()  # per-example gradients that nothing later comes right with

    def run(self) -> None:
        """Judge, settle the per-example convention, diagnose."""
        for _ in range(len(self.claims) + 1):
            self.lines = []
            for claim in self.claims:
                self.lines.append(self.read(claim))
                self.judge(self.lines[-1])
            unsettled = [x for x in self.lines if x.status == "scaled" and x.claim.wrt and not self.settled(x)]
            if not unsettled:
                break
            self.rejected |= {line.name for line in unsettled}

    def line(self, name: str) -> Line | None:
        """The line that gives a name its value."""
        return next((x for x in self.lines if x.name == name), None)

    def up_to(self, place: int) -> Trial:
        """The same trial before a line was reached."""
        earlier = Trial(self.court, self.claims)
        earlier.lines = self.lines[:place]
        return earlier

    def before(self, line: Line) -> list[Line]:
        """The lines that a line uses, directly or not."""
        found: dict[str, Line] = {}
        todo = list(line.uses)
        while todo:
            other = self.line(todo.pop(0))
            if other is not None and other.name not in found:
                found[other.name] = other
                todo += other.uses
        return list(found.values())

    def read(self, claim: Claim) -> Line:
        """A line, read with the names before it."""
        tree = parsed(claim.text)
        earlier = {x.name for x in self.lines}
        line = Line(claim, tree, uses=tuple(dict.fromkeys(x for x in names_in(tree) if x in earlier)), role=claim.wrt)
        try:
            line.value = read_in(self.court.problem, claim.text, self.extra())
        except SymbackError as error:
            line.error = error.message
        return line

    def extra(self, true: bool = False) -> dict[str, Value]:
        """The names of the earlier lines, with their own values: where that is proved to be a gradient, by its name.

        Of an ill-formed claim, or of any wrong one where ``true`` is set, it is what it should have been.
        """
        out: dict[str, Value] = {}
        for line in self.lines:
            gradient = self.court.derivation.gradients.get(line.role or "")
            if gradient is not None and (line.proof is not None or line.value is None or (true and line.bad)):
                out[line.name] = Value(n.mul(line.scale.node, gradient.symbol), gradient.ndim)
            elif true and line.origin is not None and line.claim.wrt is None:
                try:
                    out[line.name] = read_in(self.court.problem, line.claim.text, out)
                except SymbackError:
                    continue
            elif line.value is not None:
                out[line.name] = line.value
        return out

    def names(
        self, point: Point, which: str, true: bool = False, other: Mapping[str, Array] | None = None
    ) -> dict[str, Array]:
        """What a text may use at a point: the forward pass, and the earlier lines' own or true values."""
        names = dict(point.names)
        for line in self.lines:
            value = line.true.get(which) if true else line.own.get(which, line.true.get(which))
            if value is not None:
                names[line.name] = value
        return {**names, **(other or {})}

    def judge(self, line: Line) -> None:
        """Give a line its values and its status."""
        points = {w: p for w in DISTINCT if (p := self.court.point(w)) is not None}
        if line.tree is not None:
            for which, point in points.items():
                try:
                    line.own[which] = Texts(self.names(point, which)).value(line.tree)
                except Misfit as error:
                    line.error = line.error or str(error)
        if line.value is None or line.tree is None:
            line.own = {}
        if line.claim.wrt is None:
            self.judge_helper(line, points)
            return
        if line.claim.wrt == self.court.objective or not points:
            self.judge_by_proof(line)
            return
        self.court.check(line.claim.wrt)
        targets = self.targets(line.claim.wrt, points)
        line.true = {w: self.court.shaped(line.claim.wrt, t) for w, t in targets.items()}
        broken = any(x.bad and not x.own for x in self.before(line))
        fits = not broken and self.conforms(line) and bool(line.own)
        if fits and all(same(as2(line.own[w]), targets[w]) for w in targets):
            self.accept(line)
        elif self.follows(line, targets):
            line.status = "follows"
        elif (scale := self.per_example(line, targets)) is not None and line.name not in self.rejected:
            line.status, line.scale, line.true = "scaled", scale, dict(line.own)
            line.proof = self.proof(line.value.node, line.claim.wrt, scale) if line.value is not None else None
        else:
            line.status = "wrong" if self.conforms(line) else "ill-formed"
            self.fault(line, targets)

    def fault(self, line: Line, targets: Mapping[str, Array]) -> None:
        """Diagnose a wrong line."""
        find_fault(self, line, targets)

    def judge_by_proof(self, line: Line) -> None:
        """The gradient of the objective by itself is 1; and where no point was found, only a proof can tell."""
        wrt = line.claim.wrt
        assert wrt is not None
        itself = wrt == self.court.objective
        if self.conforms(line) and line.value is not None:
            right = n.number(1) if itself else self.court.formula(wrt)
            line.proof = prove(self.court.problem, self.court.objective, self.court.plain(line.value.node), right)
        line.status = "proved" if line.proof is not None else "wrong" if self.conforms(line) else "ill-formed"
        if line.status == "wrong" and not itself:
            raise SymbackError(
                f"d{wrt} was not proved, and the declared arrays are too large to judge it with numbers; "
                "write names for their dimensions"
                if self.court.too_large
                else f"no numbers were found at which {self.court.objective} has a value, so d{wrt} cannot be judged"
            )

    def correct(self, line: Line) -> None:
        """What later lines should find where this one is wrong: per example where that is how it was meant."""
        off = line.diagnosis.hypothesis.scale if line.diagnosis is not None else None
        if (
            off is not None
            and line.role is not None
            and self.court.problem.definition(line.role)
            and self.is_batch(off)
        ):
            line.scale = off
            for which, value in line.true.items():
                point = self.court.point(which)
                assert point is not None
                line.true[which] = value * off.value(point.sizes)

    def targets(self, wrt: str, points: Mapping[str, Point]) -> dict[str, Array]:
        """The derived gradient at every point; zero by what the objective does not depend on."""
        return {w: p.gradients[wrt] for w, p in points.items() if wrt in p.gradients}

    def conforms(self, line: Line) -> bool:
        """True where the claim can be read and has the shape of its array; (1, 1) and () are one shape."""
        if line.value is None or line.claim.wrt is None:
            return False
        shape, ndim = self.court.problem.shape(line.claim.wrt), self.court.problem.ndim(line.claim.wrt)
        have = line.value.node.shape
        if have != shape:
            return False
        return line.value.ndim == ndim or (shape[0].is_one and (shape[1].is_one or line.value.ndim == 1 or ndim == 1))

    def accept(self, line: Line) -> None:
        """A claim with the right values: proved, or only in agreement."""
        assert line.value is not None and line.claim.wrt is not None
        line.proof = self.proof(line.value.node, line.claim.wrt)
        if line.proof is None:  # the rewrites that shorten formulas know identities that the normal form does not
            difference = n.sub(self.court.plain(line.value.node), self.court.formula(line.claim.wrt))
            line.proof = rewritten(self.court.problem, self.court.objective, difference)
        line.status = "proved" if line.proof is not None else "agrees"

    def proof(self, node: Node, wrt: str, scale: Scale = UNIT) -> Proof | None:
        """A proof that an expression is so many times the gradient by an array, named or written out."""
        problem = self.court.problem
        used = frozenset(s for s in symbols(node) if s in self.court.named)
        found = prove_equal(problem, node, n.mul(scale.node, self.court.formula(wrt, used)))
        if found is None and used:
            found = prove_equal(problem, self.court.plain(node), n.mul(scale.node, self.court.formula(wrt)))
        return None if found is None else Proof(("normal form",), found.facts)

    def follows(self, line: Line, targets: Mapping[str, Array]) -> bool:
        """True where the claim comes out right once the lines that are wrong before it are put right."""
        before = self.before(line)
        wrong = [x for x in self.lines if x.bad and any(x is y for y in before)]
        if not wrong or line.tree is None:
            return False
        definition = self.court.problem.definition(line.claim.wrt or "") is not None
        for scale in self.conventions():
            values = {w: self.mended(line, w, wrong, scale) for w in targets}
            for own in self.conventions() if definition else [Scale()]:
                if targets and all(self.times(v, targets[w], own, w) for w, v in values.items()):
                    line.origin, line.scale = wrong[0].name, own
                    line.true = {w: v * own.value(self.sizes(w)) for w, v in line.true.items()}
                    return True
        return False

    def sizes(self, which: str) -> dict[str, int]:
        """The sizes at a point."""
        point = self.court.point(which)
        assert point is not None
        return point.sizes

    def times(self, value: Array | None, target: Array, scale: Scale, which: str) -> bool:
        """True where a value is so many times the target."""
        return value is not None and same(value, target * scale.value(self.sizes(which)))

    def conventions(self) -> list[Scale]:
        """1, and the sizes that the objective is averaged over: what a gradient per example is multiplied by."""
        dims = [d for d in self.court.averaged if d in self.court.dims]
        found = [Scale(), self.batch_scale(), *(Scale(Fraction(1), ((d, Fraction(1)),)) for d in dims)]
        return list(dict.fromkeys(found))

    def mended(self, line: Line, which: str, wrong: list[Line], scale: Scale) -> Array | None:
        """The value of a line at a point when the wrong lines before it have their true values, per example or not."""
        point = self.court.point(which)
        assert point is not None and line.tree is not None
        names = self.names(point, which, other=self.corrected(which, wrong, scale))
        fixed = {x.name for x in wrong}
        for other in self.lines:
            if other is line:
                break
            if other.name not in fixed and fixed & set(other.uses) and other.tree is not None:
                fixed.add(other.name)
                try:
                    names[other.name] = Texts(names).value(other.tree)
                except Misfit:
                    return None
        return Texts(names).matrix(line.tree)

    def corrected(self, which: str, wrong: list[Line], scale: Scale) -> dict[str, Array]:
        """The true values of wrong lines."""
        point = self.court.point(which)
        assert point is not None
        factor = scale.value(point.sizes)
        out = {}
        for line in wrong:
            if which in line.true:
                definition = line.role is not None and self.court.problem.definition(line.role) is not None
                out[line.name] = line.true[which] * (factor if definition else 1.0)
        return out

    def per_example(self, line: Line, targets: Mapping[str, Array]) -> Scale | None:
        """The size of the mean by which the gradient by a definition is multiplied, in the per-example form."""
        wrt = line.claim.wrt
        if wrt is None or self.court.problem.definition(wrt) is None or not self.conforms(line):
            return None
        if len(line.own) < len(targets):
            return None
        found = ratio(self.court, [as2(line.own[w]) for w in targets], list(targets.values()))
        return found if found is not None and self.is_batch(found) else None

    def is_batch(self, scale: Scale) -> bool:
        """True of a size, or the product of sizes, that the objective is averaged over."""
        names = {d for d, p in scale.powers if p == 1}
        whole = scale.number == 1 and bool(names) and len(names) == len(scale.powers)
        return whole and names <= set(self.court.averaged)

    def settled(self, line: Line) -> bool:
        """True where a later claim comes out right with a per-example gradient, but for a mistake of its own."""
        later = [x for x in self.lines if x.role and x is not line and any(y is line for y in self.before(x))]
        if any(x.status in ("proved", "agrees") and x.scale.is_one for x in later):
            return True
        for other in later:
            if other.bad:
                found = other.diagnosis.hypothesis if other.diagnosis else None
                mistakes = {h.mistake for h in (found, found.second if found else None) if h is not None}
                if mistakes and not mistakes & MEANS:
                    return True
        return False

    def judge_helper(self, line: Line, points: Mapping[str, Point]) -> None:
        """A helper claims nothing; but where its value is a gradient up to a factor, that is what it is."""
        if line.value is None or not line.own:
            line.status = "ill-formed"
            return
        line.true = dict(line.own)
        bad = [x for x in self.before(line) if x.bad]
        for wrt in self.court.derivation.gradients:
            targets = self.targets(wrt, points)
            if len(line.own) < len(targets):
                continue
            found = ratio(self.court, [as2(line.own[w]) for w in targets], list(targets.values()))
            if found is not None and found.number > 0:
                line.role, line.scale, line.status = wrt, found, "proved"
                line.proof = self.proof(line.value.node, wrt, found)
                return
        if bad:
            line.status, line.origin = "follows", bad[0].name
            values = {w: self.mended(line, w, bad, Scale()) for w in points}
            own = line.own
            line.true = {w: own[w] if v is None else np.reshape(v, np.shape(own[w])) for w, v in values.items()}
        else:
            line.status = "proved"

    def batch_scale(self) -> Scale:
        """The same as a factor."""
        return Scale(Fraction(1), tuple((d, Fraction(1)) for d in self.court.averaged if d in self.court.dims))
