"""Normal forms of what only joins, closes and renames indices: sums, products, traces, vec, Kronecker products."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.dims import Dim
from symback.algebra.nodes import Node
from symback.normal.form import Dims, Form, Normalizer
from symback.normal.network import DELTA, ONE, ZERO, Index, Poly, Term, UndecidedError

INNER = 500  # the summed indices of one product


def slots(size: Dim) -> Dims:
    """The index of a dimension; a dimension of 1 has none."""
    return () if size.is_one else (size,)


def symbol(f: Normalizer, node: Node) -> Poly:
    """A named array: one index for each dimension that is not 1, and what the facts say of it."""
    name, shape = str(node.data), node.shape
    rows, columns = slots(shape[0]), slots(shape[1])
    idx = tuple(range(len(rows + columns)))

    def along(fact: str) -> list[int]:
        return [axis for axis in (0, 1) if f.facts.has(f"{fact}:{axis}", name)]

    hot, sums = along("onehot"), along("onehot") + along("sums_to_one")
    if any(shape[axis].is_one for axis in sums):  # the sum along an axis of one entry is that entry
        return f.like(Poly(rows, columns, {}))
    slot = {axis: k for k, axis in enumerate(a for a in (0, 1) if not shape[a].is_one)}
    diagonal = len(idx) == 2 and f.facts.has("diagonal", name)
    atom = f.atoms.get(
        "symbol", name,
        positive=f.facts.has("positive", name),
        symmetric=diagonal or (len(idx) == 2 and any(f.facts.has(k, name) for k in ("symmetric", "spd"))),
        indicator=bool(hot) or f.facts.has("binary", name),
        sums=tuple(slot[axis] for axis in sums),
        hot=tuple(slot[axis] for axis in hot),
        orthogonal=len(idx) == 2 and f.facts.has("orthogonal", name),
    )  # fmt: skip
    model = Poly(rows, columns, {})
    if diagonal:
        return f.like(model, (atom.number, (0, 0), ONE), (DELTA, (0, 1), ONE))
    return f.like(model, (atom.number, idx, ONE))


def number(f: Normalizer, node: Node) -> Poly:
    """A number."""
    return f.constant(n.value_of(node) or ZERO)


def size(f: Normalizer, node: Node) -> Poly:
    """A dimension used as a number."""
    assert isinstance(node.data, Dim)
    return f.build((), (), [], [Term(ONE).by_size(node.data)])


def pi(f: Normalizer, node: Node) -> Poly:
    """The positive number pi."""
    return f.like(Poly((), (), {}), (f.atoms.get("pi", positive=True).number, (), ONE))


def filled(f: Normalizer, node: Node) -> Poly:
    """Ones and zeros."""
    model = Poly(slots(node.shape[0]), slots(node.shape[1]), {})
    return f.like(model) if node.op == "ones" else model


def eye(f: Normalizer, node: Node) -> Poly:
    """The identity."""
    return f.identity(slots(node.shape[0]))


def commutation(f: Normalizer, node: Node) -> Poly:
    """K with K vec(A) = vec(A^T): rows (i, j) of vec(A^T), columns (j, i) of vec(A)."""
    sizes: Dims = node.data  # type: ignore[assignment]  # the data of a commutation matrix is its pair of sizes
    return f.like(Poly(sizes, sizes[::-1], {}), (DELTA, (0, 3), ONE), (DELTA, (1, 2), ONE))


def add(f: Normalizer, node: Node) -> Poly:
    """A sum; identities and ones take the composition of sizes that the others have."""
    polys = [f.memo[a] for a in node.args]
    model = max(polys, key=lambda p: len(p.dims))
    return f.add(*((recomposed(f, a, p, model), ONE) for a, p in zip(node.args, polys, strict=True)))


def recomposed(f: Normalizer, node: Node, poly: Poly, model: Poly) -> Poly:
    """An identity or ones over composite indices, where the model has them."""
    if poly.dims == model.dims:
        return poly
    weight, core = ONE, node
    if node.op == "mul" and node.args[0].op == "number" and len(node.args) == 2:
        weight, core = n.value_of(node.args[0]) or ZERO, node.args[1]
    if core.op == "eye" and model.rows == model.columns:
        return f.add((f.identity(model.rows), weight))
    if core.op == "ones":
        return f.like(model, number=weight)
    raise UndecidedError("sizes that are composed differently")


def mul(f: Normalizer, node: Node) -> Poly:
    """Entry by entry: the factors stand at the same indices; scalars at none."""
    polys = [f.memo[a] for a in node.args]
    model = max(polys, key=lambda p: len(p.dims))
    return f.times(*(p if a.is_scalar else recomposed(f, a, p, model) for a, p in zip(node.args, polys, strict=True)))


def matmul(f: Normalizer, node: Node) -> Poly:
    """A chain: neighbours share an index, which is summed."""
    args = [a for a in node.args if a.op != "eye"] or [node.args[0]]
    value = f.memo[args[0]]
    for a in args[1:]:
        right = f.memo[a]
        if value.columns != right.rows:
            right = recomposed(f, a, right, Poly(value.columns, right.columns, {}))
        r, k, c = len(value.rows), len(value.columns), len(right.columns)
        rows, inner, columns = list(range(r)), list(range(INNER, INNER + k)), list(range(r, r + c))
        value = f.product([(value, rows + inner), (right, inner + columns)], value.rows, right.columns)
    return value


def transpose(f: Normalizer, node: Node) -> Poly:
    """Rows and columns change places."""
    p = f.memo[node.args[0]]
    r, c = len(p.rows), len(p.columns)
    return f.product([(p, [*range(c, c + r), *range(c)])], p.columns, p.rows)


def total(f: Normalizer, node: Node) -> Poly:
    """Some of the indices are summed."""
    p = f.memo[node.args[0]]
    rows = p.free[: len(p.rows)]
    columns = p.free[len(p.rows) :]
    if node.data == 0:
        return f.product([(p, [INNER + i for i in rows] + columns)], (), p.columns, columns)
    if node.data == 1:
        return f.product([(p, rows + [INNER + i for i in columns])], p.rows, (), rows)
    return f.product([(p, [INNER + i for i in p.free])], (), ())


def _square(p: Poly) -> list[Index]:
    """The rows' indices of a matrix whose columns are composed as they are."""
    if p.rows != p.columns:
        raise UndecidedError("sizes that are composed differently")
    return list(range(len(p.rows)))


def trace(f: Normalizer, node: Node) -> Poly:
    """Row and column are the same index, summed."""
    p = f.memo[node.args[0]]
    index = [INNER + i for i in _square(p)]
    return f.product([(p, index + index)], (), ())


def diag(f: Normalizer, node: Node) -> Poly:
    """x_i delta_ij."""
    p = f.memo[node.args[0]]
    k = len(p.rows)
    return f.product([(p, list(range(k))), (f.identity(p.rows), list(range(2 * k)))], p.rows, p.rows)


def diagonal(f: Normalizer, node: Node) -> Poly:
    """X_ii."""
    p = f.memo[node.args[0]]
    index = _square(p)
    return f.product([(p, index + index)], p.rows, ())


def vec(f: Normalizer, node: Node) -> Poly:
    """The index of an entry of vec(X) is (column, row)."""
    p = f.memo[node.args[0]]
    r, c = len(p.rows), len(p.columns)
    return f.product([(p, [*range(c, c + r), *range(c)])], p.columns + p.rows, ())


def unvec(f: Normalizer, node: Node) -> Poly:
    """The reverse of vec."""
    p = f.memo[node.args[0]]
    rows, columns = slots(node.shape[0]), slots(node.shape[1])
    if p.rows != columns + rows:
        raise UndecidedError("sizes that are composed differently")
    r, c = len(rows), len(columns)
    return f.product([(p, [*range(r, r + c), *range(r)])], rows, columns)


def kron(f: Normalizer, node: Node) -> Poly:
    """Rows (i, k), columns (j, l)."""
    a, b = (f.memo[x] for x in node.args)
    r, s, c, d = len(a.rows), len(b.rows), len(a.columns), len(b.columns)
    left = [*range(r), *range(r + s, r + s + c)]
    right = [*range(r, r + s), *range(r + s + c, r + s + c + d)]
    return f.product([(a, left), (b, right)], a.rows + b.rows, a.columns + b.columns)


def matpow(f: Normalizer, node: Node) -> Poly:
    """A product of equal factors."""
    k = int(str(node.data))
    if k > 8:
        raise UndecidedError("a high matrix power")
    return f.form(Node("matmul", (node.args[0],) * k, node.shape))


LINEAR: dict[str, Form] = {
    "symbol": symbol, "number": number, "size": size, "pi": pi, "ones": filled, "zeros": filled, "eye": eye,
    "commutation": commutation, "add": add, "mul": mul, "matmul": matmul, "transpose": transpose, "sum": total,
    "trace": trace, "diag": diag, "diagonal": diagonal, "vec": vec, "unvec": unvec, "kron": kron, "matpow": matpow,
}  # fmt: skip
