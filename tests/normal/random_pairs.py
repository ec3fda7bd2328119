"""Random expressions over arrays with facts, and their neighbours: some equal, some nearly so."""

from __future__ import annotations

import random
from fractions import Fraction

from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim, dim
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder, substitute
from symback.errors import SymbackError

N, M = dim("n"), dim("m")
SYMBOLS = {
    "A": (N, N), "B": (N, N), "S": (N, N), "D": (N, N), "Q": (N, N), "X": (N, M), "T": (N, M), "U": (N, M), "V": (N, M),
    "P": (N, M), "x": (N, ONE), "y": (N, ONE), "h": (N, ONE), "c": (N, ONE),
    "r": (ONE, M), "g": (ONE, M), "s": (ONE, ONE), "t": (ONE, ONE),
}  # fmt: skip
FACTS = frozenset({
    ("symmetric", "S"), ("diagonal", "D"), ("orthogonal", "Q"), ("onehot:0", "T"), ("onehot:1", "V"), ("binary", "U"),
    ("positive", "P"), ("onehot:0", "h"), ("onehot:1", "c"), ("onehot:0", "g"), ("positive", "t"),
})  # fmt: skip
SHAPES = [(N, N), (N, M), (M, N), (N, ONE), (ONE, M), (ONE, ONE), (M, M)]
FUNCTIONS = [
    "relu",
    "step",
    "abs",
    "sign",
    "exp",
    "tanh",
    "sigmoid",
    "softplus",
    "silu",
    "sin",
    "cos",
    "erf",
    "gelu",
    "log",
]
KINKS = ["relu", "step", "abs", "sign"]


class Grower:
    """Expressions of a shape, of about ``budget`` operations."""

    def __init__(self, seed: int, exact: bool) -> None:
        self.random = random.Random(seed)
        self.exact = exact  # whole numbers stay whole: products, sums and kinks

    def leaf(self, shape: tuple[Dim, Dim]) -> Node:
        fits = [n.symbol(k, s) for k, s in SYMBOLS.items() if s == shape]
        fits += [n.transpose(n.symbol(k, s)) for k, s in SYMBOLS.items() if (s[1], s[0]) == shape]
        if shape[0] == shape[1] and shape[0] != ONE:
            fits.append(n.eye(shape[0]))
        fits.append(n.ones(shape))
        if shape == (ONE, ONE):
            fits += [n.number(2), n.number(-1), n.number(Fraction(1, 2)), n.size(N), n.size(M)]
        return self.random.choice(fits)

    def grow(self, shape: tuple[Dim, Dim], budget: int) -> Node:
        if budget <= 0:
            return self.leaf(shape)
        half = self.random.randint(0, budget - 1)
        left, right = half, budget - 1 - half
        kind = self.random.choice(
            ["add", "mul", "matmul", "matmul", "transpose", "function", "power", "special", "broadcast", "scale"]
        )
        if kind == "add":
            return n.add(self.grow(shape, left), self.grow(shape, right))
        if kind == "mul":
            return n.mul(self.grow(shape, left), self.grow(shape, right))
        if kind == "matmul":
            inner = self.random.choice([N, M, ONE])
            return n.matmul(self.grow((shape[0], inner), left), self.grow((inner, shape[1]), right))
        if kind == "transpose":
            return n.transpose(self.grow((shape[1], shape[0]), budget - 1))
        if kind == "function":
            name = self.random.choice(KINKS if self.exact else FUNCTIONS)
            return n.apply(name, self.grow(shape, budget - 1))
        if kind == "power":
            e = 2 if self.exact else self.random.choice([2, -1, 3, Fraction(1, 2), -2, Fraction(-1, 2)])
            return n.power(self.grow(shape, budget - 1), e)
        if kind == "scale":
            return n.mul(self.leaf((ONE, ONE)), self.grow(shape, budget - 1))
        if kind == "broadcast":
            cut = self.random.choice([(shape[0], ONE), (ONE, shape[1])])
            return n.broadcast(self.grow(cut, budget - 1), shape)
        return self.special(shape, left, right)

    def special(self, shape: tuple[Dim, Dim], left: int, right: int) -> Node:
        budget = left + right
        if shape == (ONE, ONE):
            inner = self.random.choice([(N, N), (N, M), (M, M)])
            if inner[0] == inner[1] and self.random.random() < 0.5:
                return n.trace(self.grow(inner, budget))
            if not self.exact and self.random.random() < 0.4:
                square = n.add(n.eye(N), self.grow((N, N), budget))
                return self.random.choice([n.det(square), n.logdet(square), n.norm(self.grow(inner, budget))])
            return n.total(self.grow(inner, budget))
        if shape[0] == ONE:
            return n.total(self.grow((N, shape[1]), budget), 0)
        if shape[1] == ONE:
            if self.random.random() < 0.5:
                return n.diagonal(self.grow((shape[0], shape[0]), budget))
            return n.total(self.grow((shape[0], M), budget), 1)
        if shape[0] == shape[1] and self.random.random() < 0.5:
            if not self.exact and self.random.random() < 0.4:
                return n.inv(n.add(n.eye(shape[0]), self.grow(shape, budget)))
            return n.diag(self.grow((shape[0], ONE), budget))
        if self.exact:
            return n.apply("maximum", self.grow(shape, left), self.grow(shape, right))
        return n.softmax(self.grow(shape, budget), self.random.choice([0, 1]))


def neighbour(root: Node, seed: int) -> Node:
    """The expression with one place rewritten, by an identity or by what looks like one."""
    rng = random.Random(seed)
    places = list(postorder(root))
    for _ in range(20):
        at = rng.choice(places)
        try:
            options = [new for new in moves(at, rng) if new.shape == at.shape]
            if options:
                return substitute(root, {at: rng.choice(options)})
        except SymbackError:  # a move whose factors do not conform
            continue
    return root


def moves(x: Node, rng: random.Random) -> list[Node]:
    """Forms of a node that are equal to it, or nearly."""
    out: list[Node] = []
    if x.shape[0] == x.shape[1]:
        out += [n.transpose(x), n.mul(x, n.eye(x.shape[0]))]
    others = [n.symbol(k, s) for k, s in SYMBOLS.items() if s == x.shape]
    if x.op == "symbol":
        out += others[:3]
        out += [
            n.mul(x, x),
            n.apply("abs", x),
            n.apply("relu", x),
            n.power(n.power(x, 2), Fraction(1, 2)),
            n.mul(x, n.power(x, -1), x),
        ]
        out += [
            n.sub(n.apply("relu", x), n.apply("relu", n.neg(x))),
            n.mul(x, n.sub(n.apply("step", x), n.apply("step", n.neg(x)))),
        ]
    if x.op == "matmul":
        out += [n.matmul(*x.args[::-1])] if x.args[0].shape[0] == x.args[-1].shape[1] else []
        out += [n.transpose(n.matmul(*(n.transpose(a) for a in x.args[::-1])))]
        first = x.args[0]
        if first.op == "add":
            out.append(n.add(*(n.matmul(t, *x.args[1:]) for t in first.args)))
        if len(x.args) == 2 and x.args[0].shape[1] == ONE:
            out.append(n.mul(n.broadcast(x.args[0], x.shape), n.broadcast(x.args[1], x.shape)))
    if x.op in ("mul", "add"):
        out.append(n.Node(x.op, tuple(rng.sample(x.args, len(x.args))), x.shape))
        out.append(n.mul(*x.args) if x.op == "add" else n.add(*(n.broadcast(a, x.shape) for a in x.args)))
        if x.op == "mul" and x.args[-1].op == "add":
            out.append(n.add(*(n.mul(*x.args[:-1], t) for t in x.args[-1].args)))
    if x.op == "trace":
        inner = x.args[0]
        out += [
            n.total(inner),
            n.trace(n.transpose(inner)),
            n.total(n.diagonal(inner)),
            n.total(n.mul(inner, n.eye(inner.shape[0]))),
        ]
        if inner.op == "matmul":
            out += [
                n.trace(n.matmul(*inner.args[1:], inner.args[0])),
                n.trace(n.matmul(*inner.args[::-1])) if _square(inner) else x,
            ]
            out.append(n.total(n.mul(n.transpose(inner.args[0]), n.matmul(*inner.args[1:]))))
    if x.op == "sum":
        out += (
            [n.total(x.args[0], 1 - x.data)] if x.data is not None and x.args[0].shape[0] == x.args[0].shape[1] else []
        )
        out.append(n.total(n.transpose(x.args[0]), None if x.data is None else 1 - x.data) if x.data is None else x)
        if x.data == 0:
            out.append(n.matmul(n.ones((ONE, x.args[0].shape[0])), x.args[0]))
    if x.op == "diag":
        out.append(n.mul(n.broadcast(x.args[0], x.shape), n.eye(x.shape[0])))
    if x.op in ("det", "logdet"):
        inner = x.args[0]
        out += [
            n.rebuild(x, [n.transpose(inner)]),
            n.det(inner),
            n.apply("log", n.apply("abs", n.det(inner))),
            n.apply("log", n.det(inner)),
        ]
        if inner.op == "add" and len(inner.args) == 2 and inner.args[1].op == "matmul":
            turned = n.matmul(*inner.args[1].args[1:], inner.args[1].args[0])
            out.append(n.rebuild(x, [n.add(n.eye(turned.shape[0]), turned)]))
    if x.op == "norm":
        out += [
            n.power(n.total(n.mul(x.args[0], x.args[0])), Fraction(1, 2)),
            n.total(n.apply("abs", x.args[0])),
            n.norm(n.transpose(x.args[0])),
        ]
    out += _functions(x)
    if x.op == "number":
        out += [n.number(x.data + 1), n.number(-x.data)]
    if x.op == "power":
        out += [
            n.power(x.args[0], -x.data),
            n.power(n.apply("abs", x.args[0]), x.data),
            n.mul(x, x.args[0], n.power(x.args[0], -1)),
        ]
    return [o for o in out if o is not x]


def _square(x: Node) -> bool:
    return all(a.shape[0] == a.shape[1] for a in x.args)


def _functions(x: Node) -> list[Node]:
    one = n.ones(x.shape)
    if not x.args:
        return []
    u = x.args[0]
    if u.shape != x.shape:
        return []
    if x.op == "step":
        return [
            n.sub(one, n.apply("step", n.neg(u))),
            n.mul(x, x),
            n.apply("step", n.apply("relu", u)),
            n.apply("step", n.mul(u, u)),
            n.apply("sign", n.apply("relu", u)),
        ]
    if x.op == "relu":
        return [
            n.mul(u, n.apply("step", u)),
            n.mul(n.number(Fraction(1, 2)), n.add(u, n.apply("abs", u))),
            n.apply("maximum", u, n.zeros(u.shape)),
            n.apply("relu", x),
        ]
    if x.op == "abs":
        return [
            n.mul(u, n.apply("sign", u)),
            u,
            n.apply("abs", n.neg(u)),
            n.add(n.apply("relu", u), n.apply("relu", n.neg(u))),
        ]
    if x.op == "sign":
        return [
            n.sub(n.apply("step", u), n.apply("step", n.neg(u))),
            n.mul(x, x, x),
            n.mul(x, x),
            n.apply("sign", n.apply("sign", u)),
            n.sub(n.mul(n.number(2), n.apply("step", u)), one),
        ]
    if x.op == "sigmoid":
        return [
            n.sub(one, n.apply("sigmoid", n.neg(u))),
            n.power(n.add(one, n.apply("exp", n.neg(u))), -1),
            n.apply("sigmoid", n.neg(u)),
        ]
    if x.op == "tanh":
        return [
            n.sub(n.mul(n.number(2), n.apply("sigmoid", n.mul(n.number(2), u))), one),
            n.neg(n.apply("tanh", n.neg(u))),
        ]
    if x.op == "exp":
        return [
            n.power(n.apply("exp", n.neg(u)), -1),
            n.mul(
                n.apply("exp", n.mul(n.number(Fraction(1, 2)), u)), n.apply("exp", n.mul(n.number(Fraction(1, 2)), u))
            ),
            n.apply("exp", n.neg(u)),
        ]
    if x.op == "log":
        product = u.op == "mul" and all(a.shape == u.shape for a in u.args)
        split = [n.add(*(n.apply("log", a) for a in u.args))] if product else []
        if u.op == "power":
            split.append(n.mul(n.number(u.data), n.apply("log", u.args[0])))
        return [*split, n.neg(n.apply("log", n.power(u, -1))), n.apply("log", n.apply("abs", u))]
    if x.op in ("det", "logdet"):
        return []
    if x.op == "cos":
        return [n.apply("cos", n.neg(u)), n.neg(x)]
    if x.op == "softmax":
        return [n.softmax(n.add(u, one), x.data), n.softmax(u, 1 - x.data)]
    if x.op == "inv" and u.op == "add":
        return [n.sub(n.eye(u.shape[0]), n.matmul(*u.args[1:], x)) if len(u.args) == 2 else x, n.transpose(x)]
    return []
