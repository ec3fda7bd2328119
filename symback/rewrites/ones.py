"""Products with ones are sums; what does not vary along an axis leaves the sum; diagonals act entry by entry."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, SCALAR
from symback.algebra.nodes import Node
from symback.algebra.parts import broadcast_core, constant_core, without
from symback.algebra.walk import postorder, substitute
from symback.records import Definition
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family
from symback.rewrites.scalars import split_scalars


def _matmul(node: Node, context: Context) -> Node | None:
    """A 1 -> sum(A, axis=1) and 1^T A -> sum(A, axis=0), wherever ones stand in a chain."""
    args = node.args
    for i, factor in enumerate(args):
        if factor.op != "ones":
            continue
        left, right = args[:i], args[i + 1 :]
        rows, columns = factor.shape
        if left and rows != ONE:  # ... A 1 1^T ... : the ones end a run of factors on their left
            summed = n.total(n.matmul(*left), 1)
            return n.matmul(summed, *([n.ones((ONE, columns))] if columns != ONE else []), *right)
        if right and columns != ONE:
            summed = n.total(n.matmul(*right), 0)
            return n.matmul(*left, *([n.ones((rows, ONE))] if rows != ONE else []), summed)
    return None


def _sum(node: Node, context: Context) -> Node | None:
    """sum(b 1^T, axis=1) -> m b; a factor b 1^T leaves the sum along the axis on which it does not vary."""
    x, axis = node.args[0], node.axis
    rows, columns = x.shape
    count = {None: rows * columns, 0: rows, 1: columns}[axis]
    constant = constant_core(x)
    if constant is not None:
        return n.mul(constant, n.size(count), n.ones(node.shape))
    core = broadcast_core(x)
    if core is not None:
        varies = 0 if core.shape[1] == ONE else 1  # the axis along which the core varies
        if axis is None:
            return n.mul(n.size(x.shape[1 - varies]), n.total(core))
        if axis != varies:
            return n.mul(n.size(count), core)
        return n.broadcast(n.total(core, axis), node.shape)
    if x.op == "mul" and axis is not None:
        out, stay = [], []
        for factor in x.args:
            c = None if factor.is_scalar else broadcast_core(factor)
            (out.append(c) if c is not None and c.shape[axis] == ONE else stay.append(factor))
        if out:
            rest = n.mul(*stay)  # where nothing that varies stays, the axis is counted: 1^T (a 1^T)^T = m a
            return n.mul(*out, rest, n.size(count)) if rest.is_scalar else n.mul(*out, n.total(rest, axis))
    if x.op == "symbol":
        return _centred(node, context)
    if x.op == "eye":
        return n.ones(node.shape) if axis is not None else n.size(rows)
    if x.op == "diag":
        return n.total(x.args[0]) if axis is None else x.args[0] if axis == 1 else n.transpose(x.args[0])
    if x.op == "mul" and axis is None and any(f.op == "eye" for f in x.args):
        others = n.mul(*without(x.args, next(f for f in x.args if f.op == "eye")))
        return None if others.is_scalar else n.trace(others)
    if x.op in ("sum", "transpose") and axis is None:
        return n.total(x.args[0])
    return _inner_product(node) if axis is None and x.op == "mul" else None


def _inner_product(node: Node) -> Node | None:
    """<A, B> = sum(A * B) -> tr(A^T B), where that is shorter."""
    factors = node.args[0].args
    best: Node | None = None
    for factor in factors:
        rest = n.mul(*without(factors, factor))
        if rest.shape != factor.shape or rest.op == "mul":
            continue
        new = n.trace(n.matmul(n.transpose(factor), rest))
        if cost(new) < cost(best or node):
            best = new
    return best


def _centred(node: Node, context: Context) -> Node | None:
    """The sum of a name whose definition is centred along the axis: sum((X - mean(X)) / s) = 0."""
    meaning = context.index(composed).get(node.args[0])
    if meaning is None:
        return None
    written_out = _settled_sum(n.rebuild(node, [meaning]), context)
    return written_out if n.is_zero(written_out) else None


def composed(definitions: tuple[Definition, ...]) -> dict[Node, Node]:
    """The names that stand for a product or a sum, and what they stand for."""
    return {d.leaf: d.node for d in definitions if d.node.op in ("mul", "add")}


def means(definitions: tuple[Definition, ...]) -> dict[Node, tuple[Node, object]]:
    """The names that stand for a multiple of a sum along an axis, what they stand for, and the axis."""
    return {d.leaf: (d.node, a.data) for d in definitions if d.node.op == "mul" for a in d.node.args if a.op == "sum"}


def _sum_of_sum(node: Node, context: Context) -> Node | None:
    """The sum of a sum distributes where terms become shorter: sum(A - mean(A)) -> 0."""
    x = node.args[0]
    if x.op != "add":
        return None
    from symback.rewrites.scalars import COLLECT

    for meant in (x, _means_put_in(x, node.data, context)):
        terms = [
            _settled_sum(n.rebuild(node, [term]), context) for term in (meant.args if meant.op == "add" else (meant,))
        ]
        new = COLLECT.apply(n.add(*terms), context)
        if cost(new) < cost(node):
            return new
    return None


def _means_put_in(x: Node, axis: object, context: Context) -> Node:
    """A sum in which a name that stands for a mean along the axis is written out, so that centred data cancel."""
    table = context.index(means)
    if not table:
        return x
    return substitute(x, {leaf: table[leaf][0] for leaf in postorder(x) if leaf in table and table[leaf][1] == axis})


def _settled_sum(node: Node, context: Context) -> Node:
    from symback.rewrites.scalars import COLLECT, SCALARS

    for family in (SCALARS, ONES, COLLECT, SCALARS):
        node = family.apply(node, context)
    return node


def _diag_product(node: Node, context: Context) -> Node | None:
    """diag(v) A -> (v 1^T) * A, and A diag(v) -> A * (1 v^T)."""
    for i, factor in enumerate(node.args):
        if factor.op != "diag" or len(node.args) < 2:
            continue
        v = factor.args[0]
        if i + 1 < len(node.args):
            rest = n.matmul(*node.args[i + 1 :])
            return n.matmul(*node.args[:i], n.mul(n.broadcast(v, rest.shape), rest))
        rest = n.matmul(*node.args[:i])
        return n.mul(rest, n.broadcast(n.transpose(v), rest.shape))
    return None


def _weights(node: Node, context: Context) -> Node | None:
    """(A * 1 w^T) B -> A (w 1^T * B): weights on an inner index stand on its right."""
    for i, factor in enumerate(node.args[:-1]):
        if factor.op != "mul":
            continue
        for part in factor.args:
            core = None if part.is_scalar else broadcast_core(part)
            if core is not None and core.shape[0] == ONE and core.shape != SCALAR:
                rest = n.mul(*without(factor.args, part))
                if rest.shape != factor.shape:
                    continue
                right = n.matmul(*node.args[i + 1 :])
                weighted = n.mul(n.broadcast(n.transpose(core), right.shape), right)
                return n.matmul(*node.args[:i], rest, weighted)
    return None


def split_at_one(node: Node) -> tuple[Node, Node] | None:
    """u and v^T of a product whose inner dimension is 1 somewhere, outermost factors kept whole."""
    if node.op != "matmul":
        return None
    for i in range(1, len(node.args)):
        if node.args[i].shape[0] == ONE:
            return n.matmul(*node.args[:i]), n.matmul(*node.args[i:])
    return None


def _diagonal(node: Node, context: Context) -> Node | None:
    """diagonal(u v^T) -> u * v, diagonal(diag(v)) -> v, diagonal(A * B) -> diagonal(A) * diagonal(B)."""
    x = node.args[0]
    if x.op == "diag":
        return x.args[0]
    if x.op == "eye":
        return n.ones(node.shape)
    pair = split_at_one(x)
    if pair is not None:
        return n.mul(pair[0], n.transpose(pair[1]))
    if x.op == "mul" and any(f.op == "eye" for f in x.args):
        others = n.mul(*(f for f in x.args if f.op != "eye"))
        return n.mul(others, n.ones(node.shape)) if others.is_scalar else n.diagonal(others)
    if x.op == "matmul" and len(x.args) % 2 == 0:  # diagonal(B^T B) -> the sums of squares down the columns of B
        half = len(x.args) // 2
        from symback.rewrites.transpose import push

        right = n.matmul(*x.args[half:])
        if push(right, context) is n.matmul(*x.args[:half]):
            return n.transpose(n.total(n.power(right, 2), 0))
    if x.op in ("add", "mul"):
        new = n.rebuild(x, [a if a.is_scalar else n.diagonal(a) for a in x.args])
        return new
    return None


def _trace(node: Node, context: Context) -> Node | None:
    """tr(u v^T) -> v^T u, tr(diag(v)) -> sum(v), tr I = n, tr(A * I) = tr A."""
    x = node.args[0]
    if x.op == "eye":
        return n.size(x.shape[0])
    if x.op == "diag":
        return n.total(x.args[0])
    pair = split_at_one(x)
    if pair is not None:
        return n.matmul(pair[1], pair[0])
    if x.op == "mul" and any(f.op == "eye" for f in x.args):
        others = n.mul(*(f for f in x.args if f.op != "eye"))
        return n.mul(others, n.size(x.shape[0])) if others.is_scalar else n.trace(others)
    if x.op == "add":
        new = n.add(*(n.trace(t) for t in x.args))
        return new if any(_trace(t, context) is not None for t in new.args if t.op == "trace") else None
    return None


def _vec(node: Node, context: Context) -> Node | None:
    """vec undoes un-stacking, and the reverse."""
    x = node.args[0]
    other = "unvec" if node.op == "vec" else "vec"
    if x.op == other and x.args[0].shape == node.shape:
        return x.args[0]
    if node.op == "unvec" and x.op == "add" and all(split_scalars(t)[1].op == "vec" for t in x.args):
        return n.add(*(Node("unvec", (t,), node.shape) for t in x.args))
    return None


def _kron_adjoint(node: Node, context: Context) -> Node | None:
    """Contracting a Kronecker product with one factor leaves the other: tr(B^T D) C; of ones and identities too."""
    g, b = node.args
    i = node.data
    if g.op == "kron":
        mine, other = (g.args[0], g.args[1]) if i == 0 else (g.args[1], g.args[0])
        if other.shape == b.shape:
            return n.mul(n.total(n.mul(other, b)), mine)
    if g.op == "ones" or constant_core(g) is not None:
        scale = constant_core(g)
        assert scale is not None
        return n.mul(scale, n.total(b), n.ones(node.shape))
    if g.op == "eye" and node.shape[0] == node.shape[1]:
        return n.mul(n.trace(b), n.eye(node.shape[0]))
    if g.op in ("add",):
        return n.add(*(Node("kron_adjoint", (t, b), node.shape, i) for t in g.args))
    scalars, core = split_scalars(g)
    if scalars:
        return n.mul(*scalars, Node("kron_adjoint", (core, b), node.shape, i))
    if g.op == "mul":
        kron = next((f for f in g.args if f.op == "kron"), None)
        if kron is not None:
            mine, other = (kron.args[0], kron.args[1]) if i == 0 else (kron.args[1], kron.args[0])
            rest = n.mul(*without(g.args, kron))
            if other.shape == b.shape:
                return n.mul(mine, Node("kron_adjoint", (rest, n.mul(other, b)), node.shape, i))
    return None


def _mask_transposed(node: Node, context: Context) -> Node | None:
    """A^T * I -> A * I: on the diagonal a matrix and its transpose agree."""
    if any(f.op == "eye" for f in node.args) and any(f.op == "transpose" for f in node.args):
        return n.mul(*(f.args[0] if f.op == "transpose" else f for f in node.args))
    return None


def _mul_outer(node: Node, context: Context) -> Node | None:
    """(u v^T) * (b 1^T) -> (u * b) v^T where that is shorter."""
    outer = next((f for f in node.args if not f.is_scalar and f.op == "matmul" and broadcast_core(f) is None), None)
    if outer is None or node.shape == SCALAR:
        return None
    first, last = outer.args[0], outer.args[-1]
    for factor in node.args:
        core = None if factor.is_scalar else broadcast_core(factor)
        if core is None:
            continue
        rest = without(node.args, factor, outer)
        if core.shape[1] == ONE:
            scaled = n.matmul(n.mul(first, n.broadcast(core, first.shape)), *outer.args[1:])
        else:
            scaled = n.matmul(*outer.args[:-1], n.mul(last, n.broadcast(core, last.shape)))
        new = n.mul(*rest, scaled)
        if cost(new) < cost(node):
            return new
    return None


_SUMS = {
    "matmul": (_matmul,),
    "sum": (_sum, _sum_of_sum),
    "diagonal": (_diagonal,),
    "trace": (_trace,),
    "vec": (_vec,),
    "unvec": (_vec,),
    "kron_adjoint": (_kron_adjoint,),
}

SUMS = Family("ones and sums", "a product with ones adds up a row or a column", _SUMS)

ONES = Family(
    "ones and sums",
    "a product with ones adds up a row or a column, and what does not vary along it leaves the sum",
    {**_SUMS, "matmul": (_matmul, _diag_product, _weights), "mul": (_mask_transposed, _mul_outer)},
)
