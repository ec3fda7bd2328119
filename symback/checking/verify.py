"""Judge what a person claims: line by line, each with the earlier lines' own values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import symbols
from symback.checking.diagnose.edit import text
from symback.checking.diagnose.evaluate import Misfit, Nodes, Texts, as2, same
from symback.checking.diagnose.question import Question, Seat
from symback.checking.diagnose.search import REPAIRS, Diagnosis, diagnose, one, two, weak
from symback.checking.judge import DISTINCT, Court, Point, Proof, Scale, convene, prove, ratio
from symback.errors import SymbackError
from symback.language.expression import Value
from symback.language.read import read_in
from symback.language.source import Source, parse_python
from symback.normal.equal import prove_equal
from symback.records import Claim, Problem, Verdict

Array = Any


@dataclass
class Line:
    """One line of the working: what it says, what that is worth, and what was found."""

    claim: Claim
    tree: ast.expr | None
    value: Value | None = None  # read, with the earlier lines' own values
    error: str = ""
    own: dict[str, Array] = field(default_factory=dict)  # its value by point
    true: dict[str, Array] = field(default_factory=dict)  # what later lines should find there
    uses: tuple[str, ...] = ()  # the earlier lines it is written in
    role: str | None = None  # the array whose gradient it is
    status: str = ""
    scale: Scale = Scale()
    proof: Proof | None = None
    origin: str | None = None
    diagnosis: Diagnosis | None = None
    mended: frozenset[str] = frozenset()  # the earlier lines whose true values its diagnosis was made with

    @property
    def name(self) -> str:
        """The name that it gives a value to."""
        return self.claim.name

    @property
    def bad(self) -> bool:
        """True where the line itself is at fault."""
        return self.status in ("wrong", "ill-formed")


def verify(problem: Problem, claims: Mapping[str, str] | None = None, of: str | None = None) -> tuple[Verdict, ...]:
    """A verdict on every claim of a problem, or on those handed in, by the name of the array or of the claim.

    Raises SymbackError where the objective is no scalar, or a handed-in claim is about an unknown array.

    >>> from symback.language.read import parse
    >>> text = "X: (n, m)\\nW: (k, n)\\nG: (k, m)\\nJ = sum(G * (W @ X))\\ndW = X @ G.T\\n"
    >>> verdict, = verify(parse(text))
    >>> verdict.status, verdict.mistake
    ('ill-formed', 'order_swapped')
    """
    lines = problem.claims if claims is None else handed_in(problem, claims)
    objective = of or problem.objective
    wanted = list(dict.fromkeys(c.wrt for c in lines if c.wrt is not None and c.wrt != objective))
    if problem.definition(objective) is None:
        raise SymbackError(f"{objective} is not defined; the definitions are {', '.join(d.name for d in problem.definitions)}")
    if not lines:
        return ()
    court = convene(problem, objective, wanted or list(problem.symbols))
    with np.errstate(all="ignore"):
        trial = Trial(court, in_order(lines))
        trial.run()
        found = {line.name: line for line in trial.lines}
        from symback.checking.report import pronounce

        return tuple(pronounce(trial, found[c.name]) for c in lines)


def handed_in(problem: Problem, claims: Mapping[str, str]) -> tuple[Claim, ...]:
    """Claims given as a mapping: by the array (``W1``) or by the claim's name (``dW1``)."""
    known = {*problem.symbols, *(d.name for d in problem.definitions)}
    out = []
    for name, formula in claims.items():
        if name in known:
            out.append(Claim(f"d{name}", name, str(formula)))
        elif name.startswith("d") and name[1:] in known:
            out.append(Claim(name, name[1:], str(formula)))
        else:
            raise SymbackError(f"a claim about {name}: there is no such array; there are {', '.join(sorted(known))}")
    return tuple(out)


def in_order(claims: tuple[Claim, ...]) -> list[Claim]:
    """The claims so that each comes after those it uses, otherwise as they stand."""
    names = {c.name for c in claims}
    uses = {c.name: [x for x in names_in(parsed(c.text)) if x in names and x != c.name] for c in claims}
    done: list[Claim] = []
    left = list(claims)
    while left:
        ready = next((c for c in left if all(u in {d.name for d in done} for u in uses[c.name])), left[0])
        done.append(ready)
        left.remove(ready)
    return done


def parsed(formula: str) -> ast.expr | None:
    """The syntax tree of a claim; None where it is not one expression."""
    try:
        body = parse_python(Source(formula.strip())).body
    except SymbackError:
        return None
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def names_in(tree: ast.expr | None) -> list[str]:
    """The names in a text."""
    return [] if tree is None else [x.id for x in ast.walk(tree) if isinstance(x, ast.Name)]


class Trial:
    """The lines in order, judged one after the other."""

    def __init__(self, court: Court, claims: list[Claim]) -> None:
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
            unsettled = [line for line in self.lines if line.status == "scaled" and line.claim.wrt and not self.settled(line)]
            if not unsettled:
                break
            self.rejected |= {line.name for line in unsettled}

    # --- reading --------------------------------------------------------------------------------------------

    def line(self, name: str) -> Line | None:
        """The line that gives a name its value."""
        return next((x for x in self.lines if x.name == name), None)

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
        tree = parsed(claim.text)
        earlier = {x.name for x in self.lines}
        line = Line(claim, tree, uses=tuple(dict.fromkeys(x for x in names_in(tree) if x in earlier)), role=claim.wrt)
        try:
            line.value = read_in(self.court.problem, claim.text, self.extra())
        except SymbackError as error:
            line.error = error.message
        return line

    def extra(self, true: bool = False) -> dict[str, Value]:
        """The names of the earlier lines, with their own values; of an ill-formed claim, or of any wrong one where
        ``true`` is set, what it should have been.
        """
        out: dict[str, Value] = {}
        for line in self.lines:
            gradient = self.court.derivation.gradients.get(line.role or "")
            if gradient is not None and (line.status == "proved" and line.scale.is_one or line.value is None or true and line.bad):
                out[line.name] = Value(n.mul(line.scale.node, gradient.symbol), gradient.ndim)
            elif true and line.origin is not None and line.claim.wrt is None:
                try:
                    out[line.name] = read_in(self.court.problem, line.claim.text, out)
                except SymbackError:
                    continue
            elif line.value is not None:
                out[line.name] = line.value
        return out

    def names(self, point: Point, which: str, true: bool = False, other: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """What a text may use at a point: the forward pass and the earlier lines, with their own values or the true ones."""
        names = dict(point.names)
        for line in self.lines:
            value = line.true.get(which) if true else line.own.get(which, line.true.get(which))
            if value is not None:
                names[line.name] = value
        return {**names, **(other or {})}

    # --- judging --------------------------------------------------------------------------------------------

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
        targets = self.targets(line.claim.wrt, points)
        line.true = {w: self.court.shaped(line.claim.wrt, t) for w, t in targets.items()}
        broken = next((x for x in self.before(line) if x.bad and not x.own), None)
        if broken is None and self.conforms(line) and line.own and all(same(as2(line.own[w]), targets[w]) for w in targets):
            self.accept(line)
        elif self.follows(line, targets):
            line.status = "follows"
        elif (scale := self.per_example(line, targets)) is not None and line.name not in self.rejected:
            line.status, line.scale = "scaled", scale
            line.true = dict(line.own)
        else:
            line.status = "wrong" if self.conforms(line) else "ill-formed"
            self.find_fault(line, targets)

    def find_fault(self, line: Line, targets: Mapping[str, Array]) -> None:
        """Diagnose a wrong line: a mistake of its own, one in a helper that it uses, one of each, or two of its own."""
        assert line.claim.wrt is not None
        asked = self.questions(line, line.claim.wrt)
        for true, question in enumerate(asked):
            line.diagnosis = diagnose(question)
            if line.diagnosis is None:
                continue
            line.diagnosis = replace(line.diagnosis, proved=question.proves(line.diagnosis.hypothesis))
            if true:
                line.mended = frozenset(x.name for x in self.lines if x.bad or x.origin)
            break
        if line.diagnosis is None:
            helper = self.blame(line, targets)
            if helper is not None:
                line.origin, line.diagnosis = helper.name, helper.diagnosis
                return
        line.diagnosis = self.as_operand(line, line.diagnosis) or self.with_other_helper(line, line.claim.wrt)
        for question in asked if line.diagnosis is None else ():
            found = two(question) or weak(question)
            if found is not None:
                line.diagnosis = replace(found, proved=question.proves(found.hypothesis))
                break
        self.correct(line)

    def as_operand(self, line: Line, found: Diagnosis | None) -> Diagnosis | None:
        """A missing slope, where the line is written in the gradient by A = f(Z) that stands in place of that by Z."""
        if found is None or found.hypothesis.mistake != "missing_activation_derivative" or found.hypothesis.wrong is None:
            return found
        at = found.hypothesis.place
        used = next((x for x in self.before(line) if x.role == at and x.name in line.uses), None)
        inner = self.court.problem.definition(at)
        if used is None or inner is None or line.claim.wrt in symbols(inner.node):
            return found
        cause = f"{used.name}, the gradient by {at}, stands where the gradient before {at} = {inner.text} belongs: {found.hypothesis.cause}"
        return Diagnosis(replace(found.hypothesis, mistake="wrong_operand", cause=cause), found.ties)

    def correct(self, line: Line) -> None:
        """What later lines should find where this one is wrong: per example where that is how it was meant."""
        off = line.diagnosis.hypothesis.scale if line.diagnosis is not None else None
        if off is not None and line.role is not None and self.court.problem.definition(line.role) and self.is_batch(off):
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
        gradient = self.court.derivation.gradients[line.claim.wrt]
        node, problem = line.value.node, self.court.problem
        bare = self.court.plain(node)
        named = None if bare is node else prove_equal(problem, node, gradient.named)
        if named is not None:
            line.proof = Proof(("normal form",), named.facts)
        else:
            line.proof = prove(problem, self.court.objective, bare, self.court.formulas[gradient.symbol])
        line.status = "proved" if line.proof is not None else "agrees"

    def follows(self, line: Line, targets: Mapping[str, Array]) -> bool:
        """True where the claim comes out right once the lines that are wrong before it are put right."""
        before = self.before(line)
        wrong = [x for x in self.lines if x.bad and any(x is y for y in before)]
        if not wrong or line.tree is None:
            return False
        for scale in self.conventions():
            right = bool(targets)
            for which, target in targets.items():
                value = self.mended(line, which, wrong, scale)
                right = right and value is not None and same(value, target)
            if right:
                line.origin = wrong[0].name
                return True
        return False

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
        """The size of the mean by which the gradient by a definition is multiplied, where it is: the per-example form."""
        wrt = line.claim.wrt
        if wrt is None or self.court.problem.definition(wrt) is None or not self.conforms(line) or len(line.own) < len(targets):
            return None
        found = ratio(self.court, [as2(line.own[w]) for w in targets], list(targets.values()))
        return found if found is not None and self.is_batch(found) else None

    def is_batch(self, scale: Scale) -> bool:
        """True of a size, or the product of sizes, that the objective is averaged over."""
        names = {d for d, p in scale.powers if p == 1}
        return scale.number == 1 and bool(names) and len(names) == len(scale.powers) and names <= set(self.court.averaged)

    def settled(self, line: Line) -> bool:
        """True where a later claim uses a per-example gradient so that it comes out right, but for a mistake of its own."""
        later = [x for x in self.lines if x.role and x is not line and any(y is line for y in self.before(x))]
        if any(x.status in ("proved", "agrees") and x.scale.is_one for x in later):
            return True
        for other in later:
            if other.bad:
                found = other.diagnosis.hypothesis if other.diagnosis else None
                mistakes = {h.mistake for h in (found, found.second if found else None) if h is not None}
                if mistakes and not mistakes & {"missing_mean", "double_mean", "wrong_mean", "mean_for_sum"}:
                    return True
        return False

    # --- helpers --------------------------------------------------------------------------------------------

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
            found = ratio(self.court, [as2(line.own[w]) for w in targets], list(targets.values())) if targets else None
            if found is not None and found.number > 0:
                line.role, line.scale, line.status = wrt, found, "proved"
                return
        if bad:
            line.status, line.origin = "follows", bad[0].name
            values = {w: self.mended(line, w, bad, Scale()) for w in points}
            line.true = {w: line.own[w] if v is None else np.reshape(v, np.shape(line.own[w])) for w, v in values.items()}
        else:
            line.status = "proved"

    def blame(self, line: Line, targets: Mapping[str, Array]) -> Line | None:
        """The helper that makes a claim wrong: with the gradient that it should have been, the claim is right."""
        for helper in self.before(line):
            if helper.claim.wrt is not None or helper.role is not None or helper.status == "wrong":
                continue
            kept = dict(helper.true)
            for wrt in self.roles(helper):
                for scale in self.conventions():
                    self.suppose(helper, wrt, scale)
                    values = {w: self.mended(line, w, [helper], Scale()) for w in targets}
                    if all(v is not None and same(v, targets[w]) for w, v in values.items()):
                        self.convict(helper, wrt, scale)
                        return helper
            helper.true = kept
        return None

    def suppose(self, helper: Line, wrt: str, scale: Scale) -> None:
        """Let later lines find in a helper the gradient by an array, times a factor."""
        for which in DISTINCT:
            point = self.court.point(which)
            if point is not None and wrt in point.gradients:
                helper.true[which] = self.court.shaped(wrt, point.gradients[wrt]) * scale.value(point.sizes)

    def convict(self, helper: Line, wrt: str, scale: Scale) -> None:
        """A helper that should have been the gradient by an array, and is not."""
        helper.role, helper.scale = wrt, scale
        helper.status = "ill-formed" if helper.value is None else "wrong"
        for question in self.questions(helper, wrt):
            found = diagnose(question) or two(question) or weak(question)
            if found is not None:
                helper.diagnosis = replace(found, proved=question.proves(found.hypothesis))
                return

    def batch_scale(self) -> Scale:
        """The same as a factor."""
        return Scale(Fraction(1), tuple((d, Fraction(1)) for d in self.court.averaged if d in self.court.dims))

    def roles(self, helper: Line) -> list[str]:
        """The arrays whose gradient a helper may be meant to be: of its shape, those named alike first."""
        point = self.court.point("first")
        if point is None:
            return []
        names = [
            wrt for wrt, value in point.gradients.items()
            if "first" not in helper.own or value.shape == as2(helper.own["first"]).shape
        ]  # fmt: skip
        digits = "".join(ch for ch in helper.name if ch.isdigit())
        return sorted(names, key=lambda w: (helper.name.lower()[1:] != w.lower(), "".join(c for c in w if c.isdigit()) != digits))

    # --- diagnosis --------------------------------------------------------------------------------------------

    def questions(self, line: Line, wrt: str) -> list[Question]:
        """What is asked about a wrong line: with the earlier lines' own values, and with those that they should have."""
        if line.tree is None or wrt not in self.court.derivation.gradients:
            return []
        place = next(i for i, x in enumerate(self.lines) if x is line)
        kept, self.lines = self.lines, self.lines[:place]
        try:
            bad = any(x.bad or x.origin for x in self.lines)
            return [self.question(line, wrt, true) for true in ((False, True) if bad else (False,))]
        finally:
            self.lines = kept

    def with_other_helper(self, line: Line, wrt: str) -> Diagnosis | None:
        """A mistake in the line, on top of one in a helper before it: the helper is supposed to be what it should be."""
        for helper in [x for x in self.before(line) if x.claim.wrt is None and x.role is None and x.origin is None]:
            kept = dict(helper.true)
            for role in self.roles(helper)[:4]:
                for scale in self.conventions():
                    self.suppose(helper, role, scale)
                    self.spread(helper, line)
                    question = self.supposed(line, wrt)
                    found, _ = one(question, REPAIRS)
                    if found is not None:
                        self.convict(helper, role, scale)
                        line.mended = frozenset({helper.name})
                        return replace(found, proved=self.supposed(line, wrt).proves(found.hypothesis))
            helper.true = kept
            self.spread(helper, line)
        return None

    def supposed(self, line: Line, wrt: str) -> Question:
        """The question with the true values of the earlier lines."""
        place = next(i for i, x in enumerate(self.lines) if x is line)
        kept, self.lines = self.lines, self.lines[:place]
        try:
            return self.question(line, wrt, True)
        finally:
            self.lines = kept

    def spread(self, helper: Line, until: Line) -> None:
        """The true values of the helpers that are written in another one."""
        for which in DISTINCT:
            point = self.court.point(which)
            for line in self.lines:
                if point is not None and line.tree is not None and line.claim.wrt is None and any(x is helper for x in self.before(line)):
                    try:
                        line.true[which] = Texts(self.names(point, which, True)).value(line.tree)
                    except Misfit:
                        line.true.pop(which, None)

    def question(self, line: Line, wrt: str, true: bool) -> Question:
        """What is asked about a wrong line."""
        assert line.tree is not None
        seats = [self.seat(line, wrt, which, true) for which in DISTINCT]
        extra = self.extra(true)

        def read(tree: ast.expr) -> Node | None:
            try:
                return read_in(self.court.problem, text(tree), extra).node
            except SymbackError:
                return None

        lines = {x.name: x.tree for x in self.lines if x.tree is not None}
        factor = self.batch_scale() if self.court.problem.definition(wrt) else Scale()
        found = [s for s in seats if s is not None]
        return Question(self.court, wrt, line.tree, found, self.seat(line, wrt, "square", true), lines, factor, line.scale if line.claim.wrt is None else Scale(), read)

    def seat(self, line: Line, wrt: str, which: str, true: bool) -> Seat | None:
        """One point as a seat for the question."""
        point = self.court.point(which)
        if point is None or wrt not in point.gradients:
            return None
        if which == "square":
            self.at_square()
        names = self.names(point, which, true)
        texts = Texts(names)
        assert line.tree is not None
        factor = line.scale.value(point.sizes) if line.claim.wrt is None else 1.0
        derived = {str(g.symbol.data): self.court.shaped(g.wrt, point.gradients[g.wrt]) for g in self.court.derivation.gradients.values()}
        truths = Texts({**point.names, **derived})
        return Seat(texts, truths, Nodes(point.nodes.names, point.sizes), point.gradients[wrt] * factor, texts.matrix(line.tree), point.sizes)

    def at_square(self) -> None:
        """The values of the earlier lines where all sizes are equal."""
        point = self.court.point("square")
        assert point is not None
        for line in self.lines:
            if "square" not in line.own and line.tree is not None:
                try:
                    line.own["square"] = Texts(self.names(point, "square")).value(line.tree)
                except Misfit:
                    continue
            if line.claim.wrt in point.gradients:
                line.true.setdefault("square", self.court.shaped(line.claim.wrt, point.gradients[line.claim.wrt]))
