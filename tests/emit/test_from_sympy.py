"""SymPy expressions as people build them, derived right: against differences of what SymPy itself makes of them."""

import itertools

import numpy as np
import pytest
import sympy
from sympy import (
    Abs,
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    Trace,
    cosh,
    erf,
    exp,
    hadamard_product,
    log,
    pi,
    sin,
    sqrt,
    symbols,
    tanh,
)  # fmt: skip
from sympy.matrices.expressions.hadamard import HadamardPower

import symback as sb
from symback.emit.from_sympy import problem_from_sympy
from symback.language.write import write

n, m, k = symbols("n m k", integer=True, positive=True)
SIZES = {n: 3, m: 4, k: 2}
A, B, S = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("S", n, n)
X, W, Y = MatrixSymbol("X", n, m), MatrixSymbol("W", k, n), MatrixSymbol("Y", k, m)
x, y, b, z = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("b", k, 1), MatrixSymbol("z", m, 1)
s, t = symbols("s t")
i, j, q, r = symbols("i j q r", integer=True)
p = Symbol("p", positive=True)

ALL = tuple((v, 0, n - 1) for v in (i, j, q, r))
SCALARS = [
    (Trace(A * S), S), (Trace(A * S * B * S.T), S), (Trace(A * S.T), S), (Trace(Inverse(S) * A), S), (Trace(S**3), S),
    (Trace(S**-2 * A), S), (log(Determinant(S * S.T)), S), (log(Abs(Determinant(S))), S), (Determinant(S), S),
    (x.T * A * x, x), ((x.T * A * x)[0, 0], x), ((x.T * x)[0, 0], x), ((x.T * X * z)[0, 0], X),
    (((X * z - x).T * (X * z - x))[0, 0], z), ((x.T * HadamardProduct(A, B) * y)[0, 0], A),
    ((x.T * A.applyfunc(exp) * y)[0, 0], A), (Sum(X[i, j] ** 2 * z[j, 0], (i, 0, n - 1), (j, 0, m - 1)), X),
    (Sum(A[i, i] * x[i, 0], (i, 0, n - 1)), A), (Sum(A[i, j] * B[j, i], (i, 0, n - 1), (j, 0, n - 1)), A),
    (sqrt(Trace(X.T * X)), X), (exp(Trace(A * S)) + Trace(S) ** 2, S),
    (Trace(OneMatrix(n, k) * (W * X).applyfunc(tanh) * OneMatrix(m, n)), W),
    (Trace(Y.T * (W * X + b * OneMatrix(1, m)).applyfunc(lambda v: 1 / (1 + exp(-v)))), b),
    (Trace(Y.T * (W * X).applyfunc(lambda v: Max(v, 0))), W),
    (Trace(Y.T * (W * X).applyfunc(lambda v: Piecewise((v, v > 0), (v / 10, True)))), W),
    (Trace(Y.T * (W * X).applyfunc(lambda v: s * v**2 + sin(v) * pi)), W),
    (Trace(Y.T * (W * X).applyfunc(cosh)), X), (Trace(Y.T * (W * X).applyfunc(erf)), X),
    (Trace(A * DiagMatrix(x) * B), x), (Trace(KroneckerProduct(A, S) * KroneckerProduct(S, B)), S),
    (Trace(X.T * HadamardPower(X, 3)) / (n * m), X), (Trace(hadamard_product(A, S, S) * B), S),
    (Trace((S + s * Identity(n)) ** 2) + s**3 * p**Rational(1, 2) + log(p), s), (log(p) * sqrt(p) * s + exp(s * p), p),
    (Trace(A * x * y.T) * s + (y.T * x)[0, 0] ** 2, y), (x.T * A * x + y.T * y, y),
]  # fmt: skip


def number(e, at):
    """The value of a SymPy expression in NumPy, class by class: SymPy's meaning, and nothing of symback's."""
    value = lambda part: number(part, at)  # noqa: E731  # the same at every part
    name = type(e).__name__
    if e in at:
        return at[e]
    match name:
        case "MatMul" | "DotProduct":
            out = 1
            for part in map(value, e.args):
                out = out @ part if np.ndim(out) and np.ndim(part) else out * part
            return out
        case "MatAdd" | "Add":
            return sum(map(value, e.args))
        case "HadamardProduct":
            return np.prod(np.array([value(a) for a in e.args]), axis=0)
        case "HadamardPower":
            return value(e.base) ** value(e.exp)
        case "ElementwiseApplyFunction":
            return np.vectorize(
                lambda v: float(e.function(v).subs({key: at[key] for key in e.free_symbols & set(at) if key.is_Symbol}))
            )(value(e.expr))
        case "Sum":
            ranges = [range(int(sympy.sympify(end).subs(SIZES)) + 1) for _, _, end in e.limits]
            places = [dict(zip(e.variables, place, strict=True)) for place in itertools.product(*ranges)]
            return sum(
                number(e.function.xreplace({k: sympy.Integer(v) for k, v in place.items()}), at) for place in places
            )
        case "MatrixElement":
            return value(e.parent)[int(e.i), int(e.j)]
        case "OneMatrix" | "Identity":
            rows, columns = (int(size.subs(SIZES)) for size in e.shape)
            return np.ones((rows, columns)) if name == "OneMatrix" else np.eye(rows)
    known = {
        "Transpose": np.transpose, "Trace": np.trace, "Determinant": np.linalg.det, "DiagMatrix": np.diagflat,
        "Inverse": lambda a, _: np.linalg.inv(a), "MatPow": lambda a, q: np.linalg.matrix_power(a, int(q)),
        "exp": np.exp, "log": np.log, "Abs": np.abs, "sin": np.sin, "KroneckerProduct": np.kron,
        "Pow": lambda a, q: float(a) ** q, "Mul": lambda *a: np.prod(a),
    }  # fmt: skip
    return known[name](*map(value, e.args)) if e.args else float(e)


def explicit(expression, values):
    return float(np.squeeze(number(expression, values)))


def draw(expression, wrt):
    rng = np.random.default_rng(0)
    values = dict(SIZES)
    for symbol in expression.atoms(MatrixSymbol, Symbol) | {wrt}:
        if isinstance(symbol, MatrixSymbol):
            values[symbol] = rng.normal(size=[int(size.subs(SIZES)) for size in symbol.shape])
        elif symbol not in SIZES and symbol not in (i, j):
            values[symbol] = float(rng.uniform(0.5, 1.5))
    return values


@pytest.mark.parametrize(("expression", "wrt"), SCALARS, ids=range(len(SCALARS)))
def test_the_derivative_is_that_of_sympys_own_value(expression, wrt):
    derivation = sb.derive(expression, wrt=wrt)
    values = draw(expression, wrt)
    result = derivation[str(wrt)].expr
    bound = {key: value for key, value in values.items() if key in result.free_symbols or key in SIZES}
    found = np.atleast_2d(sympy.lambdify(list(bound), result)(*bound.values())).astype(float)
    change = np.random.default_rng(1).normal(size=np.shape(values[wrt]))
    at = lambda h: explicit(expression, {**values, wrt: values[wrt] + h * change})  # noqa: E731  # a function of one number
    h = 1e-3
    differences = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    assert np.isclose(np.sum(found * change), differences, rtol=1e-6, atol=1e-8)
    assert derivation.check(trials=1).passed


def test_results_are_in_the_symbols_that_were_given():
    rows = Symbol("rows")  # no assumptions: still the user's own
    M = MatrixSymbol("M", rows, 2)
    result = sb.derive(Trace(M.T * M), wrt=M)["M"].expr
    assert result == 2 * M and result.shape == (rows, 2)


def test_all_matrices_without_wrt():
    assert set(sb.derive(Trace(A * S))) == {"A", "S"}


def test_names_that_are_no_names_in_the_language_are_changed():
    strange = MatrixSymbol("W^{[1]}", n, n)
    lam, total = symbols("lambda sum")
    derivation = sb.derive(lam * Trace(strange * A) + total, wrt=[strange, lam])
    assert derivation["W_1"].expr == lam * A.T
    assert derivation["lambda_"].to_numpy() == "trace(W_1 @ A)"


def test_what_does_not_occur_has_the_gradient_zero():
    assert sb.derive(Trace(A), wrt=S)["S"].expr == sympy.ZeroMatrix(n, n)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (Trace(sympy.BlockMatrix([[A, B], [B, A]])), "block matrix"),
        (Trace(S ** Rational(1, 2)), "whole number"),
        (A[0, 1] * s, "one entry"),
        (Trace(A * sympy.FunctionMatrix(n, n, "lambda i, j: i")), "not read"),
        (sympy.gamma(s) * Trace(A), "not read"),
        (Sum(x[i, 0], (i, 1, n - 1)), "start at 0"),
        (Sum(A[i, j] * B[j, i], (i, 0, n - 1)), "free index"),
        (Sum(A[i, j] * B[i, q] * S[i, r] * A[j, q] * B[q, r] * S[j, r], *ALL), "three"),
        (Trace(MatrixSymbol("Q", n + 1, n + 1)), "size"),
        (A * S, "scalar"),
        ("tr(A)", "SymPy"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused_with_the_reason(expression, reason):
    with pytest.raises(sb.SymbackError, match=reason):
        sb.derive(expression, wrt=A)


def test_what_goes_out_comes_in_again():
    from symback.language.read import parse

    text = "X: (m, n)\nY: (m, n)\nS: (n, n)\nv: (n, 1)\ns: ()\nF = {}\n"
    for formula in (
        "softmax(X, axis=0) * Y", "logsumexp(X, axis=1)", "pinv(X) @ Y", "kron(vec(X), S)",
        "relu(X) + leaky_relu(Y, 0.2)",
        "maximum(X, Y) @ inv(S)", "s * sigmoid(X) / m", "commutation(m, n) @ vec(X)", "diagonal(S) * v",
        "gelu(s) + logdet(S)",
    ):  # fmt: skip
        node = parse(text.format(formula)).definition("F").node
        again = problem_from_sympy(node.to_sympy()).definitions[0].node
        assert write(again) == write(node)
