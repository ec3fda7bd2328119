"""The second method: derivatives entry by entry, with Kronecker deltas, and the matrix form read back.

It uses no adjoint. For every definition Z = F(X, ...) the change of the objective is the sum over all entries of
dZ[i, j] times the change of Z[i, j] (the differential rules); with the change of X a single entry, dX[p, q] = 1, the
deltas are contracted, and what multiplies dX[p, q] is the entry (p, q) of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node
from symback.algebra.walk import contains, postorder, symbols
from symback.calculus.sweep import Route, Sent, backwards
from symback.errors import RefusedError
from symback.normal.extract import Graph, matrix_form
from symback.ops import RULES
from symback.records import Definition, Gradient, Problem, Step
from symback.rewrites.engine import Context

Index = int
LETTERS = "ijklpqrstuvw"


@dataclass(frozen=True)
class Entry:
    """One product of entries: scalars and factors at indices; ``place`` is where the single entry of dX stands."""

    scalars: tuple[Node, ...] = ()
    factors: tuple[tuple[Node, Index | None, Index | None], ...] = ()
    place: tuple[Index | None, Index | None] = (None, None)
    dims: tuple[tuple[Index, Dim], ...] = ()

    def where(self, names: dict[Index, Index]) -> Entry:
        """With indices renamed: a delta contracted."""

        def to(i: Index | None) -> Index | None:
            return None if i is None else names.get(i, i)

        return Entry(
            self.scalars,
            tuple((m, to(i), to(j)) for m, i, j in self.factors),
            (to(self.place[0]), to(self.place[1])),
            tuple((to(i) or 0, d) for i, d in self.dims),
        )


@dataclass
class Entries:
    """Writes an expression that is linear in one array's change as sums of products of entries."""

    d: Node  # the change
    count: int = 0

    def fresh(self, size: Dim) -> Index | None:
        """A new index for a dimension; a dimension of 1 has none."""
        if size.is_one:
            return None
        self.count += 1
        return self.count

    def entry(self, node: Node, i: Index | None, j: Index | None) -> list[Entry]:
        """node[i, j], where node contains the change."""
        dims = tuple((k, size) for k, size in ((i, node.shape[0]), (j, node.shape[1])) if k is not None)
        if node is self.d:
            return [Entry((), (), (i, j), dims)]
        parts = [a for a in node.args if contains(a, self.d)]
        if node.op == "add":
            return [e for a in parts for e in self.entry(a, i, j)]
        if len(parts) != 1:
            raise RefusedError(f"{node!r} is not linear in the change")
        make = ENTRY.get(node.op)
        if make is None:
            raise RefusedError(f"{node.op} has no form by entries here")
        return make(self, node, parts[0], i, j)


def joined(
    entry: Entry,
    scalars: list[Node],
    factors: list[tuple[Node, Index | None, Index | None]],
    dims: list[tuple[Index | None, Dim]],
) -> Entry:
    """The product with further factors."""
    known = tuple((i, d) for i, d in dims if i is not None)
    return Entry(tuple(scalars) + entry.scalars, tuple(factors) + entry.factors, entry.place, entry.dims + known)


def _matmul(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """(A U B)[i, j] = sum over k, l of A[i, k] U[k, l] B[l, j]."""
    at = node.args.index(u)
    left, right = node.args[:at], node.args[at + 1 :]
    k = w.fresh(u.shape[0]) if left else i
    m = w.fresh(u.shape[1]) if right else j
    factors: list[tuple[Node, Index | None, Index | None]] = []
    if left:
        factors.append((n.matmul(*left), i, k))
    if right:
        factors.append((n.matmul(*right), m, j))
    dims = [(k, u.shape[0]), (m, u.shape[1]), (i, node.shape[0]), (j, node.shape[1])]
    return [joined(e, [], factors, dims) for e in w.entry(u, k, m)]


def _mul(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """(A * U)[i, j] = A[i, j] U[i, j]; a scalar U has no index."""
    others = list(node.args)
    others.remove(u)
    scalars = [a for a in others if a.is_scalar]
    factors = [(a, i, j) for a in others if not a.is_scalar]
    inner = w.entry(u, None, None) if u.is_scalar else w.entry(u, i, j)
    return [joined(e, scalars, list(factors), [(i, node.shape[0]), (j, node.shape[1])]) for e in inner]


def _transpose(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """U^T[i, j] = U[j, i]."""
    return w.entry(u, j, i)


def _sum(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """A sum over the rows, the columns or both."""
    row = i if node.data == 1 else w.fresh(u.shape[0])
    column = j if node.data == 0 else w.fresh(u.shape[1])
    return w.entry(u, row, column)


def _trace(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """The sum of U[k, k]."""
    k = w.fresh(u.shape[0])
    return w.entry(u, k, k)


def _diag(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """diag(u)[i, j] = u[i] delta[i, j]."""
    return [joined(e, [], [(n.eye(u.shape[0]), i, j)], [(j, u.shape[0])]) for e in w.entry(u, i, None)]


def _diagonal(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """diagonal(U)[i] = U[i, i]."""
    return w.entry(u, i, i)


def _kron(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """kron(U, B) = (R U C) * kron(1, B), where R and C repeat every entry of U over a block; kron(A, U) tiles U."""
    a, b = node.args
    (m, q), (p, r) = a.shape, b.shape
    if u is a:
        rows, columns = n.kron(n.eye(m), n.ones((p, ONE))), n.kron(n.eye(q), n.ones((ONE, r)))
        other = n.kron(n.ones(a.shape), b)
    else:
        rows, columns = n.kron(n.ones((m, ONE)), n.eye(p)), n.kron(n.ones((ONE, q)), n.eye(r))
        other = n.kron(a, n.ones(b.shape))
    return w.entry(n.mul(n.matmul(rows, u, columns), other), i, j)


def _vec(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """vec(U): U under itself once for each column, of which each copy keeps one."""
    m, q = u.shape
    copies = n.matmul(n.kron(n.ones((q, ONE)), n.eye(m)), u)
    return w.entry(n.total(n.mul(copies, n.kron(n.eye(q), n.ones((m, ONE)))), 1), i, j)


def _unvec(w: Entries, node: Node, u: Node, i: Index | None, j: Index | None) -> list[Entry]:
    """The blocks of a column side by side."""
    m, q = node.shape
    blocks = n.mul(n.broadcast(u, (u.shape[0], q)), n.kron(n.eye(q), n.ones((m, ONE))))
    return w.entry(n.matmul(n.kron(n.ones((ONE, q)), n.eye(m)), blocks), i, j)


EntryForm = Callable[[Entries, Node, Node, "Index | None", "Index | None"], list[Entry]]
ENTRY: dict[str, EntryForm] = {
    "matmul": _matmul, "mul": _mul, "transpose": _transpose, "sum": _sum, "trace": _trace,
    "diag": _diag, "diagonal": _diagonal, "kron": _kron, "vec": _vec, "unvec": _unvec,
}  # fmt: skip


def total_differential(root: Node, leaf: Node, x: Node, dx: Node) -> Node:
    """The change of an expression by the differential rules alone; its own value is written ``leaf``."""
    changes: dict[Node, Node] = {x: dx}
    for node in postorder(root):
        if node in changes or not any(a in changes for a in node.args):
            continue
        rule = RULES.get(node.op)
        if rule is None:
            raise RefusedError(f"there is no rule for the derivative of {node!r}")
        value = leaf if node is root else node
        parts = [rule.differential(node, value, i, changes[a]) for i, a in enumerate(node.args) if a in changes]
        changes[node] = n.add(*(n.broadcast(p, node.shape) for p in parts))
    return changes.get(root, n.zeros(root.shape))


def entries_of(root: Node, leaf: Node, x: Node, upstream: Node) -> list[Entry]:
    """The entry of the gradient that ``root`` sends to ``x``, as a sum of products, its deltas contracted."""
    d = n.symbol(_fresh({*symbols(root), *symbols(upstream)}), x.shape)
    change = total_differential(root, leaf, x, d)
    if n.is_zero(change):
        return []
    writer = Entries(d)
    i, j = writer.fresh(root.shape[0]), writer.fresh(root.shape[1])
    scalars = [upstream] if upstream.is_scalar else []
    factors = [] if upstream.is_scalar else [(upstream, i, j)]
    dims = [(i, root.shape[0]), (j, root.shape[1])]
    return [contract(joined(entry, scalars, factors, dims)) for entry in writer.entry(change, i, j)]


def gradient_by_entries(root: Node, leaf: Node, x: Node, upstream: Node) -> tuple[Node, str]:
    """The gradient that ``root`` sends to ``x``, read back from its entries, and its entry as a line of text."""
    entries = entries_of(root, leaf, x, upstream)
    if not entries:
        return n.zeros(x.shape), "0"
    text = " + ".join(line(entry) for entry in entries).replace("+ -", "- ")
    return n.add(*(assemble(entry, x) for entry in entries)), text


def contract(entry: Entry) -> Entry:
    """Kronecker deltas between two indices rename one to the other."""
    while True:
        found = next(
            ((m, i, j) for m, i, j in entry.factors if m.op == "eye" and i is not None and j is not None and i != j),
            None,
        )
        if found is None:
            return entry
        factors = list(entry.factors)
        factors.remove(found)
        _, i, j = found
        keep, drop = (i, j) if i in entry.place or j not in entry.place else (j, i)
        if drop in entry.place and keep in entry.place:
            return entry
        entry = Entry(entry.scalars, tuple(factors), entry.place, entry.dims).where({drop: keep})


def assemble(entry: Entry, x: Node) -> Node:
    """The matrix whose entry this is."""
    row, column = entry.place
    graph = Graph(dict(entry.dims))
    graph.scalars += entry.scalars
    used: set[Index] = set()
    for matrix, i, j in entry.factors:
        used |= {k for k in (i, j) if k is not None}
        if i is None and j is None:
            graph.scalars.append(matrix)
        elif i is None or j is None:
            index = j if i is None else i
            assert index is not None
            graph.weight(index, n.transpose(matrix) if i is None else matrix)
        elif i == j:
            graph.weight(i, n.diagonal(matrix))
        else:
            graph.edge(i, j, matrix)
    for k in dict(entry.dims):
        if k not in used and k not in (row, column):
            graph.scalars.append(n.size(dict(entry.dims)[k]))
    if row is not None and row == column:  # X[p, p] alone: the gradient is diagonal
        weight = matrix_form(graph, row, None, (x.shape[0], ONE))
        return n.diag(weight)
    return matrix_form(graph, row, column, x.shape)


def line(entry: Entry) -> str:
    """sum_i dZ[i, q] W[i, p], with the indices of the changed entry called p and q."""
    names: dict[Index, str] = {}
    for k, letter in zip(entry.place, "pq", strict=True):
        if k is not None:
            names.setdefault(k, letter)
    free = (c for c in LETTERS if c not in "pq")
    summed = []
    for _, i, j in entry.factors:
        for k in (i, j):
            if k is not None and k not in names:
                names[k] = next(free, f"i{k}")
                summed.append(names[k])
    front = n.mul(*entry.scalars) if entry.scalars else n.number(1)
    sign = "-" if n.is_number(front, -1) else ""
    out = [] if sign or n.is_number(front, 1) else [repr(front)]
    for m, i, j in entry.factors:
        if m.op == "ones":
            continue
        text = repr(m) if not m.args else f"({m!r})"
        out.append(f"{text}[{', '.join(names[k] for k in (i, j) if k is not None)}]")
    if None not in entry.place and entry.place[0] == entry.place[1]:
        out.append("δ[p, q]")
    body = " ".join(out) or "1"
    return f"{sign}sum over {', '.join(summed)} of {body}" if summed else sign + body


def _fresh(taken: set[str]) -> str:
    name = "E"
    while name in taken:
        name += "_"
    return name


def index_sweep(
    problem: Problem, objective: str, wrt: tuple[str, ...], seed: Node | None = None
) -> dict[str, Gradient]:
    """The gradients by entries, definition by definition, in the order of the derivation; no adjoint is used."""

    def send(definition: Definition, value: Node, upstream: Node, wanted: set[str], context: Context) -> Sent:
        return {
            target: _by_entries(problem, objective, definition, value, target, upstream)
            for target in symbols(definition.node)
            if target in wanted
        }

    return backwards(problem, objective, wrt, seed, send)


def _by_entries(
    problem: Problem, objective: str, definition: Definition, value: Node, target: str, upstream: Node
) -> Route:
    """What one definition sends to one array, and the line of its entries."""
    found, text = gradient_by_entries(definition.node, value, problem.leaf(target), upstream)
    step = Step(
        "by entries",
        f"d{objective}/d{target}[p, q] = {text}",
        target,
        upstream,
        found,
        f"{target}[p, q] enters every entry of {definition.name} that its indices reach; the sums are matrix products",
        "index",
        definition.node,
    )
    return Route(found, (step,))
