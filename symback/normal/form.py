"""From an expression to its normal form: a sum of canonical networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations

from symback.algebra.dims import Dim
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.normal.atoms import Atom, Atoms
from symback.normal.labelling import canonical
from symback.normal.network import (
    DELTA,
    ONE,
    ZERO,
    Factor,
    Index,
    Key,
    Poly,
    Term,
    UndecidedError,
    closed,
    merged,
    without_deltas,
)
from symback.normal.reduce import reduce_once
from symback.records import Facts

MAX_TERMS = 400
MAX_STEPS = 6_000  # terms that are worked on for one proof, long ones counted more
MAX_FACTORS = 80  # of one term
FAR = 1000  # summed indices are numbered from here, so that they meet no free one

Dims = tuple[Dim, ...]


@dataclass
class Effort:
    """What may still be spent on one proof."""

    left: int = MAX_STEPS

    def spend(self, factors: int) -> None:
        """Count one term that is worked on, by its length."""
        self.left -= 1 + factors // 8
        if self.left < 0 or factors > MAX_FACTORS:
            raise UndecidedError("too many steps")


Maker = Callable[["Normalizer", Poly], Poly]


@dataclass
class Normalizer:
    """The normal forms of one comparison, under its facts; what has been worked out is remembered.

    ``kinks`` is False where step(-z) may be taken as 1 - step(z). With ``sums`` opened the inverse of A + B is written
    (I + A^-1 B)^-1 A^-1, with sums joined the other way round. ``conditions`` collects
    what the forms hold under beside the facts.
    """

    forms: Mapping[str, Form]
    facts: Facts = field(default_factory=Facts)
    kinks: bool = True
    sums: str = "as they are"
    atoms: Atoms = field(default_factory=Atoms)
    memo: dict[Node, Poly] = field(default_factory=dict)
    conditions: dict[str, None] = field(default_factory=dict)
    effort: Effort = field(default_factory=Effort)

    def form(self, root: Node) -> Poly:
        """The normal form; raises UndecidedError where it is not covered."""
        for node in postorder(root):
            if node not in self.memo:
                if node.op not in self.forms:
                    raise UndecidedError(f"{node.op} is not covered")
                self.memo[node] = self.forms[node.op](self, node)
        return self.memo[root]

    # --- sums of terms --------------------------------------------------------------------------------------

    def build(self, rows: Dims, columns: Dims, free: list[Index], terms: list[Term]) -> Poly:
        """The canonical sum of terms whose free indices are ``free``."""
        out: dict[Key, Fraction] = {}
        todo, fixed = list(terms), set(free)
        while todo:
            term = todo.pop()
            self.effort.spend(len(term.factors))
            if not term.number:
                continue
            term = merged(without_deltas(term, fixed), self.atoms.symmetric, self.atoms.indicators)
            term = self.whole_roots(term)
            simpler = self.opened(term)
            if simpler is None:
                simpler = reduce_once(term, fixed, self.atoms)
            if simpler is not None:
                todo += simpler
                continue
            term = closed(term, fixed)
            key = canonical(term, free, self.atoms.symmetric)
            out[key] = out.get(key, ZERO) + term.number
            if not out[key]:
                del out[key]
            if len(out) > MAX_TERMS or len(todo) > MAX_TERMS:
                raise UndecidedError("too many terms")
        return Poly(rows, columns, out)

    def whole_roots(self, term: Term) -> Term:
        """Roots of numbers that have become whole: sqrt(2) sqrt(2) = 2."""
        if not any(self.atoms.all[a].kind == "number" for a, _, _ in term.factors):
            return term
        number, factors = term.number, []
        for a, idx, e in term.factors:
            if self.atoms.all[a].kind == "number":
                whole = e.numerator // e.denominator
                number *= Fraction(self.atoms.all[a].name) ** whole
                e -= whole
            if e:
                factors.append((a, idx, e))
        return Term(number, term.sizes, factors, term.dims)

    def opened(self, term: Term) -> list[Term] | None:
        """A sum to a positive power, written out, so that only negative powers of sums are left; cos^2 = 1 - sin^2."""
        for k, (a, idx, e) in enumerate(term.factors):
            atom = self.atoms.all[a]
            if atom.inner is None or atom.kind not in ("sum", "cos"):
                continue
            others = [*term.factors[:k], *term.factors[k + 1 :]]
            if atom.kind == "sum" and e > 0:
                rest = term.with_factors([*others, (a, idx, e - 1)] if e != 1 else others)
                return [rest.times(t) for t in self.terms(atom.inner, idx, term.fresh)]
            if atom.kind == "cos" and e >= 2:
                rest = term.with_factors([*others, (a, idx, e - 2)] if e != 2 else others)
                sin = self.atoms.get("sin", "", atom.inner, symmetric=a in self.atoms.symmetric)
                return [rest, rest.by((sin.number, idx, Fraction(2)), number=-ONE)]
        return None

    def terms(self, poly: Poly, free: list[Index] | tuple[Index, ...], start: Index = FAR) -> list[Term]:
        """The terms of a sum with its free indices named, and its summed ones numbered from ``start``."""
        return [Term.of(key, value, free, poly.dims, start) for key, value in poly.terms.items()]

    def product(
        self, parts: list[tuple[Poly, list[Index]]], rows: Dims, columns: Dims, free: list[Index] | None = None
    ) -> Poly:
        """Several sums multiplied, each at its indices; an index that is not in ``free`` is summed."""
        terms = [Term(ONE)]
        for k, (poly, indices) in enumerate(parts):
            pieces = self.terms(poly, indices, FAR * (k + 1))
            terms = [t.times(p) for t in terms for p in pieces]
            if len(terms) > MAX_TERMS:
                raise UndecidedError("too many terms")
        return self.build(rows, columns, list(range(len(rows + columns))) if free is None else free, terms)

    def add(self, *parts: tuple[Poly, Fraction]) -> Poly:
        """A sum with weights; all have the same free indices."""
        out: dict[Key, Fraction] = {}
        first = parts[0][0]
        for poly, weight in parts:
            if poly.dims != first.dims:
                raise UndecidedError("sizes that are composed differently")
            for key, value in poly.terms.items():
                out[key] = out.get(key, ZERO) + weight * value
        return Poly(first.rows, first.columns, {key: value for key, value in out.items() if value})

    def constant(self, value: Fraction) -> Poly:
        """A number."""
        return self.build((), (), [], [Term(value)])

    def like(self, poly: Poly, *factors: Factor, number: Fraction = ONE) -> Poly:
        """One term over the free indices of another sum; without factors, a number at every entry."""
        term = Term(number, {}, list(factors), dict(enumerate(poly.dims)))
        return self.build(poly.rows, poly.columns, poly.free, [term])

    def times(self, *polys: Poly) -> Poly:
        """Entry by entry; a number, a size or another scalar stands at every entry."""
        model = max(polys, key=lambda p: len(p.dims))
        return self.product([(p, p.free) for p in polys], model.rows, model.columns)

    def identity(self, rows: Dims) -> Poly:
        """The identity, on composite indices too."""
        k = len(rows)
        factors: list[Factor] = [(DELTA, (i, k + i), ONE) for i in range(k)]
        return self.build(rows, rows, list(range(2 * k)), [Term(ONE, {}, factors, dict(enumerate(rows + rows)))])

    # --- atoms over sums --------------------------------------------------------------------------------------

    def reordered(self, poly: Poly, sequence: tuple[int, ...]) -> Poly:
        """The same with free index ``sequence[k]`` called k, as a column; the others, which must be unused, dropped."""
        names = {old: new for new, old in enumerate(sequence)}
        free = [names.get(i, FAR // 2 + i) for i in poly.free]
        unused = [i for i in free if i >= FAR // 2]
        terms = [t.with_factors(t.factors, unused) for t in self.terms(poly, free)]
        return self.build(tuple(poly.dims[i] for i in sequence), (), list(range(len(sequence))), terms)

    def function(
        self, kind: str, poly: Poly, *, positive: bool = False, indicator: bool = False
    ) -> tuple[Atom, tuple[Index, ...]]:
        """The atom of a function of a sum entry by entry, and the free indices at which it stands."""
        used = poly.used
        sequences = list(permutations(used)) if len(used) <= 3 else [used]
        forms = [(self.reordered(poly, s), s) for s in sequences]
        least, sequence = min(forms, key=lambda item: item[0].signature)
        symmetric = len(used) == 2 and all(f.signature == least.signature for f, _ in forms)
        return self.atoms.get(kind, "", least, positive=positive, symmetric=symmetric, indicator=indicator), sequence

    def elementwise(self, kind: str, poly: Poly, exponent: Fraction = ONE, *, positive: bool = False) -> Poly:
        """A function entry by entry, as a sum of one term."""
        atom, idx = self.function(kind, poly, positive=positive)
        return self.like(poly, (atom.number, idx, exponent))

    def matrix_atom(self, kind: str, poly: Poly) -> Poly:
        """The inverse or pseudoinverse of a whole matrix: that of its transpose is its transpose."""
        k = len(poly.rows)
        if k != len(poly.columns):
            raise UndecidedError(f"{kind} of a matrix whose rows and columns are composed differently")
        straight, turned = tuple(poly.free), (*range(k, 2 * k), *range(k))
        forms = {sequence: self.reordered(poly, sequence) for sequence in (straight, turned)}
        idx = min(forms, key=lambda sequence: forms[sequence].signature)
        symmetric = k == 1 and forms[straight].signature == forms[turned].signature
        atom = self.atoms.get(kind, "", forms[idx], symmetric=symmetric)
        return self.like(Poly(poly.columns, poly.rows, {}), (atom.number, idx, ONE))

    def scalar_atom(self, kind: str, poly: Poly) -> Poly:
        """A number that a matrix and its transpose share."""
        r, c = len(poly.rows), len(poly.columns)
        forms = [self.reordered(poly, s) for s in (tuple(poly.free), (*range(r, r + c), *range(r)))]
        atom = self.atoms.get(kind, "", min(forms, key=lambda f: f.signature))
        return self.build((), (), [], [Term(ONE, {}, [(atom.number, (), ONE)])])


Form = Callable[[Normalizer, Node], Poly]
