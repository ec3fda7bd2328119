"""From an expression to its normal form: a sum of canonical networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations

from symback.algebra import nodes as n
from symback.algebra.dims import Dim
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.normal.atoms import Atom, Atoms
from symback.normal.network import DELTA, Index, Key, Poly, Term, UndecidedError, canonical, closed, merged, without_deltas
from symback.normal.reduce import instance, reduce_once
from symback.records import Facts

MAX_TERMS = 400
MAX_STEPS = 3000
ONE = Fraction(1)


@dataclass
class Normalizer:
    """One comparison's normal forms, under its facts; nodes are remembered."""

    facts: Facts = Facts()
    atoms: Atoms = field(default_factory=Atoms)
    memo: dict[Node, Poly] = field(default_factory=dict)
    steps: int = 0
    open_sums: bool = False  # the inverse of A + B written as that of I + A^-1 B, where A is invertible

    def form(self, root: Node) -> Poly:
        """The normal form; raises UndecidedError where it is not covered."""
        from symback.normal.functions import FORMS

        for node in postorder(root):
            if node not in self.memo:
                make = FORMS.get(node.op)
                self.memo[node] = make(self, node) if make else self.opaque(node)
        return self.memo[root]

    # --- building sums of terms ---------------------------------------------------------------------------

    def spend(self) -> None:
        """Count one step of work."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise UndecidedError("too many steps")

    def build(self, rows: tuple[Dim, ...], columns: tuple[Dim, ...], free: list[Index], terms: list[Term]) -> Poly:
        """The canonical sum of terms whose free indices are ``free``."""
        out: dict[Key, Fraction] = {}
        todo = list(terms)
        fixed = set(free)
        while todo:
            self.spend()
            term = todo.pop()
            if term.number == 0:
                continue
            term = merged(without_deltas(term, fixed), self.atoms.symmetric, self.atoms.indicators)
            term = self.whole_powers(term)
            expanded = self.positive_powers(term)
            if expanded is not None:
                todo += expanded
                continue
            reduced = reduce_once(term, free, self.atoms, self.facts)
            if reduced is not None:
                todo += reduced
                continue
            term = closed(term, fixed)
            key = canonical(term, free, self.atoms.symmetric)
            out[key] = out.get(key, Fraction(0)) + term.number
            if not out[key]:
                del out[key]
            if len(out) > MAX_TERMS:
                raise UndecidedError("too many terms")
        return Poly(rows, columns, out)

    def whole_powers(self, term: Term) -> Term:
        """Roots of numbers that have become whole: sqrt(2) sqrt(2) = 2; signs: s^3 = s."""
        number, factors = term.number, []
        for a, idx, e in term.factors:
            atom = self.atoms.all[a]
            if atom.kind == "number":
                whole = e.numerator // e.denominator
                number *= Fraction(atom.name) ** whole
                e -= whole
            elif atom.kind == "sign" and e > 2:
                e = ONE if e % 2 == 1 else Fraction(2)
            if e:
                factors.append((a, idx, e))
        return Term(number, term.sizes, factors, term.dims)

    def positive_powers(self, term: Term) -> list[Term] | None:
        """A sum to a positive power, written out, so that only negative powers of sums are left."""
        for k, (a, idx, e) in enumerate(term.factors):
            atom = self.atoms.all[a]
            if atom.kind == "sum" and e > 0 and atom.inner is not None:
                rest = Term(term.number, term.sizes, [f for i, f in enumerate(term.factors) if i != k], term.dims)
                rest.factors = rest.factors + ([(a, idx, e - 1)] if e != 1 else [])
                start = max([0, *term.dims, *idx]) + 1
                return [rest.times(instance(key, v, idx, atom.inner, start)) for key, v in atom.inner.terms.items()]
        return None

    def instances(self, poly: Poly, free: list[Index], start: Index) -> list[Term]:
        """The terms of a sum with its free indices named, and its summed ones numbered from ``start``."""
        return [instance(key, value, tuple(free), poly, start) for key, value in poly.terms.items()]

    def product(self, parts: list[tuple[Poly, list[Index]]], rows: tuple[Dim, ...], columns: tuple[Dim, ...], free: list[Index]) -> Poly:
        """Several sums multiplied, each with its indices given; what is not free is summed."""
        terms = [Term(ONE)]
        start = 1000
        for poly, indices in parts:
            pieces = self.instances(poly, indices, start)
            start += 1000
            terms = [t.times(p) for t in terms for p in pieces]
            if len(terms) > MAX_TERMS:
                raise UndecidedError("too many terms")
        return self.build(rows, columns, free, terms)

    def constant(self, value: Fraction) -> Poly:
        """A number."""
        return self.build((), (), [], [Term(value)])

    def atom_poly(self, atom: Atom, rows: tuple[Dim, ...], columns: tuple[Dim, ...], idx: tuple[Index, ...], exponent: Fraction = ONE) -> Poly:
        """One atom at some of the free indices."""
        dims = rows + columns
        free = list(range(len(dims)))
        term = Term(ONE, {}, [(atom.number, idx, exponent)], dict(enumerate(dims)))
        return self.build(rows, columns, free, [term])

    # --- atoms over sums ------------------------------------------------------------------------------------

    def reordered(self, poly: Poly, order: tuple[int, ...]) -> Poly:
        """The same with free index ``order[k]`` called k, the others dropped (they must be unused)."""
        names = {old: new for new, old in enumerate(order)}
        unused = [i for i in range(len(poly.dims)) if i not in names]
        names |= {i: 900 + i for i in unused}
        terms = self.instances(poly, [names[i] for i in range(len(poly.dims))], 1000)
        for term in terms:
            for i in unused:
                term.dims.pop(900 + i, None)
        return self.build(tuple(poly.dims[i] for i in order), (), list(range(len(order))), terms)

    def used(self, poly: Poly) -> tuple[int, ...]:
        """The free indices that some factor has."""
        count = len(poly.dims)
        return tuple(sorted({i for key in poly.terms for _, idx, _ in key[1] for i in idx if i < count}))

    def function(self, kind: str, poly: Poly, name: str = "", positive: bool = False, indicator: bool = False) -> tuple[Atom, tuple[int, ...]]:
        """The atom of a function of a sum entry by entry, and the free indices it stands at."""
        used = self.used(poly)
        orders = list(permutations(used)) if len(used) <= 3 else [used]
        forms = sorted(((self.reordered(poly, o), o) for o in orders), key=lambda item: item[0].text())
        least = forms[0][0].text()
        symmetric = len(used) == 2 and forms[-1][0].text() == least
        atom = self.atoms.get(kind, name, forms[0][0], positive=positive, symmetric=symmetric, indicator=indicator)
        return atom, forms[0][1]

    def elementwise(self, kind: str, poly: Poly, exponent: Fraction = ONE, positive: bool = False, indicator: bool = False) -> Poly:
        """f(P) entry by entry as a sum of one term."""
        atom, idx = self.function(kind, poly, positive=positive, indicator=indicator)
        return self.atom_poly(atom, poly.rows, poly.columns, idx, exponent)

    def matrix_atom(self, kind: str, poly: Poly) -> Poly:
        """A function of a whole matrix, such as its inverse, whose transpose is that of the transpose."""
        if len(poly.rows) != 1 or len(poly.columns) != 1:
            raise UndecidedError(f"{kind} of a matrix with composite sizes")
        turned = self.reordered(poly, (1, 0))
        plain = self.reordered(poly, (0, 1))
        symmetric = turned.text() == plain.text()
        idx = (0, 1)
        if turned.text() < plain.text():
            plain, idx = turned, (1, 0)
        inner = Poly(plain.dims[:1], plain.dims[1:], plain.terms)
        atom = self.atoms.get(kind, "", inner, symmetric=symmetric)
        back = poly if kind == "inv" else Poly(poly.columns, poly.rows, poly.terms)
        return self.atom_poly(atom, back.rows, back.columns, idx)

    def scalar_atom(self, kind: str, poly: Poly) -> Poly:
        """A number that a matrix and its transpose share."""
        forms = sorted((self.reordered(poly, o) for o in ((0, 1), (1, 0))), key=lambda p: p.text())
        atom = self.atoms.get(kind, "", forms[0])
        return self.atom_poly(atom, (), (), ())

    def opaque(self, node: Node) -> Poly:
        """An operation that the normal form does not look into: known by its arguments' normal forms."""
        raise UndecidedError(f"{node.op} is not covered")

    def add(self, polys: list[Poly], weights: list[Fraction] | None = None) -> Poly:
        """The sum; all have the same free indices."""
        out: dict[Key, Fraction] = {}
        for k, poly in enumerate(polys):
            weight = weights[k] if weights else ONE
            if poly.dims != polys[0].dims:
                raise UndecidedError("sizes that are composed differently")
            for key, value in poly.terms.items():
                out[key] = out.get(key, Fraction(0)) + weight * value
        return Poly(polys[0].rows, polys[0].columns, {k: v for k, v in out.items() if v})


Form = Callable[[Normalizer, Node], Poly]

__all__ = ["DELTA", "Form", "Normalizer", "n"]
