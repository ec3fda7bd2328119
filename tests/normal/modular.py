"""Rational expressions modulo a large prime, at random sizes and entries: Schwartz and Zippel."""

from __future__ import annotations

import random
from fractions import Fraction

from symback.algebra.nodes import Node
from symback.algebra.walk import postorder

PRIME = 2**61 - 1
Table = list[list[int]]
RATIONAL = frozenset(
    {
        "symbol", "number", "size", "ones", "zeros", "eye", "commutation", "add", "mul", "matmul", "transpose", "sum",
        "trace", "diag", "diagonal", "vec", "unvec", "kron", "matpow", "power", "inv", "det",
    }
)  # fmt: skip


class NoValueError(Exception):
    """A division by zero."""


def rational(root: Node) -> bool:
    """True where a value is a quotient of polynomials in the entries."""
    return all(x.op in RATIONAL and (x.op != "power" or x.data.denominator == 1) for x in postorder(root))


def evaluate(root: Node, arrays: dict[str, Table], sizes: dict[str, int]) -> Table:
    """The value of a rational expression."""
    known: dict[Node, Table] = {}
    for node in postorder(root):
        known[node] = _value(node, [known[a] for a in node.args], arrays, sizes)
    return known[root]


def _value(node: Node, args: list[Table], arrays: dict[str, Table], sizes: dict[str, int]) -> Table:
    rows, columns = (d.value(sizes) for d in node.shape)
    match node.op:
        case "symbol":
            return arrays[node.data]
        case "number":
            return [[_quotient(node.data)]]
        case "size":
            return [[node.data.value(sizes)]]
        case "ones" | "zeros":
            return [[int(node.op == "ones")] * columns for _ in range(rows)]
        case "eye":
            return [[int(i == j) for j in range(columns)] for i in range(rows)]
        case "commutation":
            m, n = (d.value(sizes) for d in node.data)
            out = [[0] * columns for _ in range(rows)]
            for i in range(m):
                for j in range(n):
                    out[i * n + j][j * m + i] = 1
            return out
        case "add" | "mul":
            return [[_joined(node.op, [_at(a, i, j) for a in args]) for j in range(columns)] for i in range(rows)]
        case "matmul":
            value = args[0]
            for right in args[1:]:
                value = _product(value, right)
            return value
        case "power":
            return [[_power(x, int(node.data)) for x in row] for row in args[0]]
        case "transpose":
            return [list(row) for row in zip(*args[0], strict=True)]
        case "vec":
            return [[args[0][i][j]] for j in range(len(args[0][0])) for i in range(len(args[0]))]
        case "unvec":
            return [[args[0][j * rows + i][0] for j in range(columns)] for i in range(rows)]
        case "sum":
            return _sum(args[0], node.data)
        case "trace":
            return [[sum(args[0][i][i] for i in range(len(args[0]))) % PRIME]]
        case "diag":
            return [[args[0][i][0] if i == j else 0 for j in range(columns)] for i in range(rows)]
        case "diagonal":
            return [[args[0][i][i]] for i in range(rows)]
        case "kron":
            a, b = args
            return [[x * y % PRIME for x in p for y in q] for p in a for q in b]
        case "matpow":
            value = args[0]
            for _ in range(int(node.data) - 1):
                value = _product(value, args[0])
            return value
        case "inv":
            return _eliminated(args[0])[0]
        case _:
            return [[_eliminated(args[0])[1]]]


def _at(table: Table, i: int, j: int) -> int:
    """An entry, of a table that is repeated where it has one row or column."""
    row = table[i if len(table) > 1 else 0]
    return row[j if len(row) > 1 else 0]


def _joined(op: str, values: list[int]) -> int:
    out = values[0]
    for x in values[1:]:
        out = (out + x if op == "add" else out * x) % PRIME
    return out % PRIME


def _quotient(value: Fraction) -> int:
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


def _power(x: int, exponent: int) -> int:
    if x % PRIME == 0 and exponent < 0:
        raise NoValueError
    return pow(x, exponent, PRIME)


def _product(a: Table, b: Table) -> Table:
    columns = list(zip(*b, strict=True))
    return [[sum(x * y for x, y in zip(row, column, strict=True)) % PRIME for column in columns] for row in a]


def _sum(a: Table, axis: int | None) -> Table:
    if axis == 0:
        return [[sum(column) % PRIME for column in zip(*a, strict=True)]]
    if axis == 1:
        return [[sum(row) % PRIME] for row in a]
    return [[sum(map(sum, a)) % PRIME]]


def _eliminated(a: Table) -> tuple[Table, int]:
    """The inverse and the determinant by Gauss and Jordan."""
    n = len(a)
    work = [list(row) + [int(i == j) for j in range(n)] for i, row in enumerate(a)]
    det = 1
    for k in range(n):
        pivot = next((i for i in range(k, n) if work[i][k] % PRIME), None)
        if pivot is None:
            raise NoValueError
        if pivot != k:
            work[k], work[pivot], det = work[pivot], work[k], -det
        det = det * work[k][k] % PRIME
        scale = pow(work[k][k], -1, PRIME)
        work[k] = [x * scale % PRIME for x in work[k]]
        for i in range(n):
            if i != k and work[i][k]:
                factor = work[i][k]
                work[i] = [(x - factor * y) % PRIME for x, y in zip(work[i], work[k], strict=True)]
    return [row[n:] for row in work], det % PRIME


def table(shape: tuple[int, int], facts: set[str], rng: random.Random) -> Table:
    """Random entries that satisfy the facts that rational expressions can use."""
    rows, columns = shape
    out = [[rng.randrange(PRIME) for _ in range(columns)] for _ in range(rows)]
    if facts & {"symmetric", "spd", "diagonal"}:
        out = [[out[max(i, j)][min(i, j)] for j in range(columns)] for i in range(rows)]
    if "diagonal" in facts:
        out = [[x if i == j else 0 for j, x in enumerate(row)] for i, row in enumerate(out)]
    if "orthogonal" in facts:
        places = rng.sample(range(rows), rows)
        out = [[rng.choice((1, PRIME - 1)) if places[i] == j else 0 for j in range(columns)] for i in range(rows)]
    if "binary" in facts:
        out = [[rng.randrange(2) for _ in range(columns)] for _ in range(rows)]
    for axis in (0, 1):
        if f"onehot:{axis}" in facts:
            hot = [rng.randrange(shape[axis]) for _ in range(shape[1 - axis])]
            out = [
                [int(hot[j if axis == 0 else i] == (i if axis == 0 else j)) for j in range(columns)]
                for i in range(rows)
            ]
        if f"sums_to_one:{axis}" in facts:
            turned = out if axis == 0 else [list(row) for row in zip(*out, strict=True)]
            turned[-1] = [(1 - sum(column)) % PRIME for column in zip(*turned[:-1], strict=True)] or [1] * len(
                turned[0]
            )
            out = turned if axis == 0 else [list(row) for row in zip(*turned, strict=True)]
    return out


def agree(a: Node, b: Node, shapes: dict[str, tuple[object, object]], facts: frozenset[tuple[str, str]],
          names: tuple[str, ...], seed: int = 0) -> bool | None:  # fmt: skip
    """Whether two rational expressions agree at random entries; None where there is a division by zero."""
    rng = random.Random(seed)
    sizes = {name: rng.randrange(2, 6) for name in names}
    arrays = {}
    for name, dims in shapes.items():
        shape = tuple(d.value(sizes) for d in dims)
        arrays[name] = table(shape, {fact for fact, of in facts if of == name}, rng)
    try:
        return evaluate(a, arrays, sizes) == evaluate(b, arrays, sizes)
    except NoValueError:
        return None
