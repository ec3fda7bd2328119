"""One labelling for each network: equal keys mean isomorphic networks, and isomorphic networks get equal keys.

Homomorphism functions of non-isomorphic labelled graphs are linearly independent (Lovász, Operations with structures,
Acta Math. Hung. 18, 1967), so for expressions of @ * + .T sum trace diag ones eye over free symbols the canonical
labelling decides equality for all sizes. It is found by colour refinement and individualisation (McKay 1981).
"""

from __future__ import annotations

from symback.normal.network import Factor, Index, Key, Term, UndecidedError

MAX_LABELLINGS = 300
Colours = dict[Index, int]


def canonical(term: Term, free: list[Index], symmetric: set[int]) -> Key:
    """The key of a term: the least among the labellings of its summed indices that refinement leaves."""
    position = {index: k for k, index in enumerate(free)}
    bound = sorted({i for _, idx, _ in term.factors for i in idx} - set(free))
    ranks = {text: len(free) + k for k, text in enumerate(sorted({str(term.dims[i]) for i in bound}))}
    colours = position | {i: ranks[str(term.dims[i])] for i in bound}
    search = _Search(term, bound, position, symmetric)
    search.run(search.refined(colours))
    assert search.best is not None
    factors, dims = search.best[0], search.order
    return tuple(sorted((n, e) for n, e in term.sizes.items() if e)), factors, tuple(term.dims[i] for i in dims)


class _Search:
    """The labellings that colour refinement leaves, and the least of them."""

    def __init__(self, term: Term, bound: list[Index], position: Colours, symmetric: set[int]) -> None:
        self.term, self.bound, self.position, self.symmetric = term, bound, position, symmetric
        self.best: tuple[tuple[Factor, ...], tuple[str, ...]] | None = None
        self.order: list[Index] = []
        self.budget = MAX_LABELLINGS

    def refined(self, colours: Colours) -> Colours:
        """Colours split by the factors at an index, until nothing splits."""
        count = len({colours[i] for i in self.bound})
        while count < len(self.bound):
            seen: dict[Index, list[tuple[object, ...]]] = {i: [] for i in self.bound}
            for atom, idx, exponent in self.term.factors:
                around = tuple(colours[i] for i in idx)
                for place, index in enumerate(idx):
                    if index in seen and atom in self.symmetric:
                        seen[index].append((atom, exponent, -1, tuple(sorted(around))))
                    elif index in seen:
                        seen[index].append((atom, exponent, place, around))
            views = {i: (colours[i], tuple(sorted(seen[i]))) for i in self.bound}
            ranks = {view: len(self.position) + k for k, view in enumerate(sorted(set(views.values())))}
            colours = colours | {i: ranks[view] for i, view in views.items()}
            if len(ranks) == count:
                break
            count = len(ranks)
        return colours

    def run(self, colours: Colours) -> None:
        """Try every index of the first colour that several have, until all colours differ."""
        groups: dict[int, list[Index]] = {}
        for i in self.bound:
            groups.setdefault(colours[i], []).append(i)
        tied = next((groups[c] for c in sorted(groups) if len(groups[c]) > 1), None)
        if tied is None:
            self.leaf(sorted(self.bound, key=lambda i: colours[i]))
            return
        base = len(self.position)
        for chosen in tied:
            marked = {i: c if i in self.position else base + 2 * (c - base) + 1 for i, c in colours.items()}
            marked[chosen] -= 1
            self.run(self.refined(marked))

    def leaf(self, order: list[Index]) -> None:
        """One labelling."""
        self.budget -= 1
        if self.budget < 0:
            raise UndecidedError("a network with too many symmetries")
        names = self.position | {i: len(self.position) + k for k, i in enumerate(order)}
        factors = []
        for atom, idx, exponent in self.term.factors:
            new = tuple(names[i] for i in idx)
            factors.append((atom, tuple(sorted(new)) if atom in self.symmetric else new, exponent))
        found = tuple(sorted(factors)), tuple(str(self.term.dims[i]) for i in order)
        if self.best is None or found < self.best:
            self.best, self.order = found, order
