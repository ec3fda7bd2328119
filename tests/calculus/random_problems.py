"""Random well-shaped problems in the derivation language, of up to a given number of operations.

An expression is grown from the shape that is wanted: a shape is a pair of dimensions, a dimension a tuple of names
(the product of two for a vec or a Kronecker product, none for 1); ``()`` is a scalar and ``("n",)`` a 1-D array.
"""

from __future__ import annotations

import random

ONE: tuple[str, ...] = ()
DIMS = (("m",), ("n",), ("k",))
SMOOTH = ("sin", "cos", "tanh", "sigmoid", "softplus", "gelu", "silu", "erf", "exp", "relu", "leaky_relu", "abs")
SPELLED = ("exp", "tanh", "sin", "abs")


def dim_text(dim):
    return " * ".join(dim) or "1"


class Grower:
    """One problem on its way: what is declared and defined so far."""

    def __init__(self, seed, operations=25):
        self.random = random.Random(seed)
        self.left = self.random.randint(3, operations)
        self.symbols = {}  # name -> shape
        self.facts = []
        self.lines = []  # definitions
        self.defined = {}  # name -> shape
        self.dims = [d for d in DIMS]
        self.literal = {"k": self.random.choice((1, 2, 3))} if self.random.random() < 0.2 else {}

    def problem(self):
        objective = self.scalar(0)
        while self.left > 3 and self.random.random() < 0.8:
            objective = f"{objective} {self.random.choice('+-+*')} {self.bracket(self.scalar(0))}"
        lines = []
        for name, shape in self.symbols.items():
            if len(shape) == 2:
                inside = f"{self.size(shape[0])}, {self.size(shape[1])}"
            else:
                inside = f"{self.size(shape[0])}," if shape else ""
            lines.append(f"{name}: ({inside})")
        used = {d for s in self.symbols.values() for part in s for d in part}
        for d in ("m", "n", "k"):  # every dimension that is used must be declared somewhere
            if d not in used:
                lines.append(f"u_{d}: ({self.size((d,))}, 1)")
        if self.facts:
            lines.append(f"assume({', '.join(self.facts)})")
        return "\n".join([*lines, *self.lines, f"J = {objective}"]) + "\n"

    def size(self, dim):
        return " * ".join(str(self.literal.get(d, d)) for d in dim) or "1"

    def sized(self, dim):
        return self.size(dim)

    # --- leaves and names ------------------------------------------------------------------------------------

    def leaf(self, shape):
        candidates = [n for n, s in {**self.symbols, **self.defined}.items() if s == shape]
        transposed = [
            n
            for n, s in {**self.symbols, **self.defined}.items()
            if len(s) == 2 and (s[1], s[0]) == shape and s[0] != s[1]
        ]
        if transposed and self.random.random() < 0.3:
            return f"{self.random.choice(transposed)}.T"
        if candidates and (len(candidates) > 2 or self.random.random() < 0.7):
            return self.random.choice(candidates)
        return self.declare(shape)

    def declare(self, shape, facts=True):
        letters = "ABCDEFGHPQRSTUVWXYZ" if len(shape) == 2 and ONE not in shape else "abcdefghpqrstuvwxyz"
        for i in range(99):
            name = self.random.choice(letters) + (str(i) if i > 8 else "")
            if name not in self.symbols and name not in self.defined and name not in "mnkeJ":
                break
        self.symbols[name] = shape
        if facts and self.random.random() < 0.2:
            square = len(shape) == 2 and shape[0] == shape[1] and shape[0] != ONE
            facts = ["positive"] + (["binary"] if len(shape) == 2 else [])
            facts += ["symmetric", "spd", "diagonal", "orthogonal", "invertible"] * 2 if square else []
            facts += ["onehot", "columns_sum_to_one"] if len(shape) == 2 and shape[0] != ONE else []
            self.facts.append(f"{self.random.choice(facts)}({name})")
        return name

    def name(self, text, shape):
        """Sometimes a part is given a name, and may be used again."""
        if self.random.random() < 0.12 and len(self.lines) < 6 and not text.isidentifier():
            name = f"N{len(self.lines)}"
            self.lines.append(f"{name} = {text}")
            self.defined[name] = shape
            return name
        return text

    def bracket(self, text):
        return text if text.replace("_", "a").isalnum() else f"({text})"

    def spend(self):
        self.left -= 1

    # --- growth ----------------------------------------------------------------------------------------------

    def grow(self, shape, depth):
        """An expression of a shape, in brackets where it is an operand."""
        if self.left <= 0 or depth > 7 or self.random.random() < 0.12:
            if shape == ():
                return self.leaf(()) if self.random.random() < 0.7 else self.scalar_leaf()
            if any(len(d) > 1 for d in shape):
                return self.product_leaf(shape)
            return self.leaf(shape)
        self.spend()
        if shape == ():
            return self.name(self.bracket(self.scalar(depth)), shape)
        if len(shape) == 1:
            return self.name(self.bracket(self.flat(shape, depth)), shape)
        return self.name(self.bracket(self.matrix(shape, depth)), shape)

    def scalar_leaf(self):
        return self.random.choice(("2", "0.5", "3", "1 / 3", "(-1)", "pi", self.size(self.random.choice(self.dims))))

    def product_leaf(self, shape):
        """A leaf of a Kronecker shape."""
        rows, columns = shape
        if columns == ONE and len(rows) == 2 and self.random.random() < 0.6:
            return (
                f"vec({self.leaf(((rows[1],), (rows[0],)))})"
                if self.random.random() < 0.5
                else f"vec({self.leaf(((rows[0],), (rows[1],)))})"
            )
        def split(d):
            return ((d[0],), (d[1],)) if len(d) == 2 else ((ONE, d) if self.random.random() < 0.5 else (d, ONE))
        (r1, r2), (c1, c2) = split(rows), split(columns)
        a, b = ((r1, c1), (r2, c2))
        return f"kron({self.leaf(a)}, {self.leaf(b)})"

    def any_shape(self):
        return (self.random.choice((*self.dims, ONE)), self.random.choice((*self.dims, ONE)))

    def full_shape(self):
        return (self.random.choice(self.dims), self.random.choice(self.dims))

    def operand(self, shape, depth):
        """Something that broadcasts to the shape."""
        choice = self.random.random()
        if choice < 0.72:
            return self.grow(shape, depth + 1)
        rows, columns = shape
        options = [()]
        options += [(rows, ONE)] if columns != ONE else []
        options += [(ONE, columns)] if rows != ONE else []
        options += [(columns,)] if len(columns) == 1 and rows != ONE else []
        return self.grow(self.random.choice(options), depth + 1)

    def matrix(self, shape, depth):
        rows, columns = shape
        square = rows == columns
        kinds = ["add", "sub", "mul", "matmul", "matmul", "elementwise", "elementwise"]
        kinds += ["div", "power", "scale", "neg", "transpose", "two", "mask", "softmax", "positive", "np", "pow"]
        kinds += ["sum", "mean", "logsumexp", "np_sum"] * 2 if ONE in shape and shape != (ONE, ONE) else []
        kinds += ["inv", "matpow", "diag", "eye", "pinv", "matpow"] if square and rows != ONE else ["pinv_leaf"]
        kinds += ["diagonal"] if columns == ONE else []
        kinds += ["ones"] if self.random.random() < 0.3 else []
        kinds += ["vec"] * 4 if columns == ONE and len(rows) == 2 else []
        kinds += ["commute"] * 2 if columns == ONE and len(rows) == 2 and rows[0] != rows[1] else []
        kinds += ["kron"] * 4 if len(rows) == 2 or len(columns) == 2 else []
        kind = self.random.choice(kinds)
        if any(len(d) > 1 for d in shape) and kind in (
            "inv",
            "pinv",
            "pinv_leaf",
            "matpow",
            "matmul",
            "eye",
            "mask",
            "pow",
        ):
            kind = "add"
        return getattr(self, f"m_{kind}")(shape, depth)

    def m_add(self, shape, depth):
        a, b = self.grow(shape, depth + 1), self.operand(shape, depth)
        return f"{a} + {b}" if self.random.random() < 0.5 else f"{b} + {a}"

    def m_sub(self, shape, depth):
        a, b = self.grow(shape, depth + 1), self.operand(shape, depth)
        return f"{a} - {b}" if self.random.random() < 0.5 else f"{b} - {a}"

    def m_mul(self, shape, depth):
        a, b = self.grow(shape, depth + 1), self.operand(shape, depth)
        return f"{a} * {b}" if self.random.random() < 0.5 else f"{b} * {a}"

    def m_div(self, shape, depth):
        a, b = self.grow(shape, depth + 1), self.operand(shape, depth)
        self.spend()
        below = self.random.choice(
            (f"(1 + {b} ** 2)", f"exp({self.moderate(b)})", self.below(shape), f"(2 + sin({b}))")
        )
        return f"{a} / {below}"

    def below(self, shape):
        """A leaf to divide by."""
        return self.product_leaf(shape) if any(len(d) > 1 for d in shape) else self.declare(shape, facts=False)

    def m_matmul(self, shape, depth):
        inner = self.random.choice((*self.dims, ONE))
        a, b = self.grow((shape[0], inner), depth + 1), self.grow((inner, shape[1]), depth + 1)
        if self.random.random() < 0.1:
            return f"np.dot({a}, {b})"
        return f"{a} @ {b}"

    def m_elementwise(self, shape, depth):
        name = self.random.choice(SMOOTH)
        inside = self.grow(shape, depth + 1)
        if name == "exp":  # of something moderate, so that the differences resolve it
            return f"exp({self.moderate(inside)})"
        if name == "leaky_relu" and self.random.random() < 0.5:
            return f"leaky_relu({inside}, 0.2)"
        return f"{name}({inside})"

    def moderate(self, text):
        """Something of order one."""
        if text.replace("_", "a").isalnum():
            return text
        self.spend()
        return f"{self.random.choice(('sin', 'tanh', 'cos', 'erf', 'sigmoid'))}({text})"

    def m_np(self, shape, depth):
        return f"np.{self.random.choice(SPELLED)}({self.moderate(self.grow(shape, depth + 1))})"

    def m_positive(self, shape, depth):
        inside = self.grow(shape, depth + 1)
        self.spend()
        inner = self.random.choice(
            (f"exp({self.moderate(inside)})", f"1 + {inside} ** 2", f"softplus({self.moderate(inside)})")
        )
        return self.random.choice(
            (f"log({inner})", f"sqrt({inner})", f"({inner}) ** 0.5", f"({inner}) ** -1.5", f"({inner}) ** -2")
        )

    def m_pow(self, shape, depth):
        base = f"(1 + {self.grow(shape, depth + 1)} ** 2)"
        self.spend()
        return f"{base} ** {self.moderate(self.operand(shape, depth))}"

    def m_power(self, shape, depth):
        if self.random.random() < 0.2 and not any(len(d) > 1 for d in shape):
            return f"{self.below(shape)} ** -1"
        return f"{self.grow(shape, depth + 1)} ** {self.random.choice((2, 2, 3))}"

    def m_scale(self, shape, depth):
        return f"{self.grow((), depth + 1)} * {self.grow(shape, depth + 1)}"

    def m_neg(self, shape, depth):
        return f"-{self.grow(shape, depth + 1)}"

    def m_transpose(self, shape, depth):
        return f"{self.grow((shape[1], shape[0]), depth + 1)}.T"

    def m_two(self, shape, depth):
        name = self.random.choice(("maximum", "minimum", "np.maximum"))
        inside = self.grow(shape, depth + 1)
        other = (
            "0.2" if any(len(d) > 1 for d in shape) else self.declare(shape, facts=False)
        )  # new, so that they differ
        return f"{name}({inside}, {self.random.choice((other, '0', '0.1'))})"

    def m_mask(self, shape, depth):
        relation = self.random.choice((">", "<", ">=", "<="))
        below = "0" if any(len(d) > 1 for d in shape) else self.random.choice(("0", self.declare(shape, facts=False)))
        return f"({self.grow(shape, depth + 1)} {relation} {below}) * {self.grow(shape, depth + 1)}"

    def m_softmax(self, shape, depth):
        return f"softmax({self.grow(shape, depth + 1)}, axis={self.random.randint(0, 1)})"

    def m_sum(self, shape, depth):
        axis = 0 if shape[0] == ONE and (shape[1] != ONE or self.random.random() < 0.5) else 1
        long = self.random.choice(self.dims)
        inside = self.grow((long, shape[1]) if axis == 0 else (shape[0], long), depth + 1)
        return f"sum({inside}, axis={axis})"

    def m_np_sum(self, shape, depth):
        return self.m_sum(shape, depth).replace("sum(", "np.sum(", 1)[:-1] + ", keepdims=True)"

    def m_mean(self, shape, depth):
        return self.m_sum(shape, depth).replace("sum(", "mean(", 1)

    def m_logsumexp(self, shape, depth):
        return self.m_sum(shape, depth).replace("sum(", "logsumexp(", 1)

    def m_inv(self, shape, depth):
        inside = self.grow(shape, depth + 1)
        self.spend()
        n = self.size(shape[0])
        regular = f"{inside} @ {inside}.T + eye({n})"
        return f"inv({self.random.choice((self.leaf(shape), regular, f'{inside} + 3 * eye({n})'))})"

    def m_pinv(self, shape, depth):
        return f"pinv({self.declare((shape[1], shape[0]), facts=False)})"

    def m_pinv_leaf(self, shape, depth):
        return f"pinv({self.declare((shape[1], shape[0]), facts=False)})"

    def m_matpow(self, shape, depth):
        return f"matpow({self.moderate(self.grow(shape, depth + 1))}, {self.random.choice((2, 2, 3))})"

    def m_diag(self, shape, depth):
        return f"diag({self.grow((shape[0], ONE), depth + 1)})"

    def m_eye(self, shape, depth):
        return f"{self.grow(shape, depth + 1)} + {self.grow((), depth + 1)} * eye({self.size(shape[0])})"

    def m_ones(self, shape, depth):
        ones = f"ones({self.size(shape[0])}, {self.size(shape[1])})"
        return f"{self.grow(shape, depth + 1)} + {self.grow((), depth + 1)} * {ones}"

    def m_diagonal(self, shape, depth):
        if len(shape[0]) != 1:
            return self.m_add(shape, depth)
        return f"diagonal({self.grow((shape[0], shape[0]), depth + 1)})"

    def m_vec(self, shape, depth):
        (p, q), _ = shape  # sizes multiply in any order
        inner = ((p,), (q,)) if self.random.random() < 0.5 else ((q,), (p,))
        return f"vec({self.grow(inner, depth + 1)})"

    def m_commute(self, shape, depth):
        (p, q), _ = shape
        return f"commutation({self.size((p,))}, {self.size((q,))}) @ {self.grow(shape, depth + 1)}"

    def m_kron(self, shape, depth):
        rows, columns = shape
        def split(d):
            return ((d[0],), (d[1],)) if len(d) == 2 else self.random.choice(((ONE, d), (d, ONE)))
        (r1, r2), (c1, c2) = split(rows), split(columns)
        return f"kron({self.grow((r1, c1), depth + 1)}, {self.grow((r2, c2), depth + 1)})"

    def flat(self, shape, depth):
        """A 1-D array."""
        n = shape[0]
        kind = self.random.choice(("add", "mul", "elementwise", "sum", "matvec", "vecmat", "scale", "power", "softmax"))
        if kind == "add":
            return f"{self.grow(shape, depth + 1)} + {self.grow(self.random.choice((shape, ())), depth + 1)}"
        if kind == "mul":
            return f"{self.grow(shape, depth + 1)} * {self.grow(shape, depth + 1)}"
        if kind == "elementwise":
            return f"{self.random.choice(SMOOTH)}({self.moderate(self.grow(shape, depth + 1))})"
        if kind == "sum":
            long = self.random.choice(self.dims)
            return self.random.choice((
                f"np.sum({self.grow((long, n), depth + 1)}, axis=0)", f"{self.grow((n, long), depth + 1)}.sum(axis=1)",
                f"np.mean({self.grow((long, n), depth + 1)}, axis=0)",
            ))  # fmt: skip
        if kind == "matvec":
            inner = self.random.choice(self.dims)
            return f"{self.grow((n, inner), depth + 1)} @ {self.grow((inner,), depth + 1)}"
        if kind == "vecmat":
            inner = self.random.choice(self.dims)
            return f"{self.grow((inner,), depth + 1)} @ {self.grow((inner, n), depth + 1)}"
        if kind == "scale":
            return f"{self.grow((), depth + 1)} * {self.grow(shape, depth + 1)}"
        if kind == "softmax":
            return f"softmax({self.grow(shape, depth + 1)}, axis=0)"
        return f"{self.grow(shape, depth + 1)} ** 2"

    def scalar(self, depth):
        kind = self.random.choice((
            "sum", "sum", "sum", "mean", "trace", "trace", "det", "logdet", "norm", "inner", "quadratic", "kron", "vec",
            "arith", "function", "flat", "frobenius",
        ))  # fmt: skip
        square = self.random.choice(self.dims)
        square = (square, square)
        if kind == "norm":
            shape = self.any_shape()
            return f"norm({self.declare(shape, facts=False)} + {self.grow(shape, depth + 1)})"
        if kind in ("sum", "mean"):
            return f"{kind}({self.grow(self.any_shape(), depth + 1)})"
        if kind in ("det", "logdet"):
            inside = self.leaf(square)
            if self.random.random() < 0.6:
                inside = f"{self.random.choice(('', '2 * '))}{inside} + {self.grow(square, depth + 1)}"
            return f"{kind}({inside})"
        if kind == "trace":
            return f"trace({self.grow(square, depth + 1)})"
        if kind == "inner":
            n = self.random.choice(self.dims)
            return f"sum({self.grow((ONE, n), depth + 1)} @ {self.grow((n, ONE), depth + 1)})"
        if kind == "quadratic":
            x = self.leaf((square[0], ONE))
            return f"trace({x}.T @ {self.grow(square, depth + 1)} @ {x})"
        if kind == "kron":
            rows, columns = tuple(self.random.sample("mnk", 2)), self.random.choice((*self.dims, ONE, ("m", "n")))
            return f"sum({self.grow((rows, columns), depth + 1)})"
        if kind == "vec":
            shape = (tuple(self.random.sample("mnk", 2)), ONE)
            return f"sum({self.grow(shape, depth + 1)} * {self.grow(shape, depth + 1)})"
        if kind == "frobenius":
            a = self.grow(self.full_shape(), depth + 1)
            return f"sum({a} ** 2)"
        if kind == "arith":
            a, b = self.grow((), depth + 1), self.grow((), depth + 1)
            return self.random.choice((f"{a} + {b}", f"{a} * {b}", f"{a} / (1 + {b} ** 2)", f"{a} - {b}"))
        if kind == "function":
            return f"{self.random.choice(SMOOTH)}({self.moderate(self.grow((), depth + 1))})"
        shape = (self.random.choice(self.dims),)
        flat = self.grow(shape, depth + 1)
        return self.random.choice(
            (f"sum({flat})", f"norm({flat} + {self.declare(shape, facts=False)})", f"{flat} @ {flat}")
        )


def random_problem(seed, operations=25):
    """The text of a random problem."""
    return Grower(seed, operations).problem()
