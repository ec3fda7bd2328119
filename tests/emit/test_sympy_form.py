"""Every operation as a SymPy object: it prints, substitutes and lambdifies to what NumPy computes."""

import numpy as np
import pytest
import sympy

from symback.calculus.derive import derive
from symback.checking.draw import draw
from symback.checking.run import Forward, matrix
from symback.emit.sympy_form import dimension, size_symbol, to_sympy
from symback.language.read import parse
from symback.numpy import ELEMENTWISE

SIZES = "X: (m, n)\nY: (m, n)\nS: (n, n)\nx: (n, 1)\nr: (1, n)\ns: ()\nt: ()\nw: (n,)\nassume(positive(t))\n"

MATRICES = [
    "X + 2 * Y - X", "X * Y * Y", "s * X", "X / (1 + Y ** 2)", "(1 + X ** 2) ** 0.5", "(1 + X ** 2) ** -1.5",
    "X @ S @ x", "X @ x @ r", "X.T", "(X @ S).T", "inv(S)", "pinv(X)", "matpow(S, 3)", "diag(x)", "diagonal(S)",
    "vec(X)", "kron(X, S)",
    "eye(n) + S", "s * ones(m, n) + X", "X + r", "r - X", "sum(X, axis=0)", "sum(X, axis=1)", "mean(X, axis=1)",
    "softmax(X, axis=0)", "softmax(X, axis=1)", "logsumexp(X, axis=0)", "logsumexp(X, axis=1)",
    "commutation(m, n) @ vec(X)",
    "X * w", "maximum(X, Y)", "minimum(X, 0)", "leaky_relu(X, 0.2)", "(X > Y) * Y", "(1 + X ** 2) ** Y", "x * (r @ x)",
    *(f"{name}(X)" for name, f in ELEMENTWISE.items() if len(f.slopes) == 1 and name not in ("log", "sqrt")),
]  # fmt: skip
SCALARS = [
    "sum(X)", "mean(X)", "trace(S)", "det(S)", "logdet(S)", "norm(X)", "norm(x)", "r @ S @ x", "sum(r)", "sum(x)",
    "s + m / n",
    "s ** 3 / t", "exp(s) * sqrt(t) + pi", "tanh(r @ x)", "sigmoid(s) + relu(s) + gelu(s) + softplus(s)",
    "maximum(s, t)",
    "leaky_relu(s, 0.2)", "silu(s) * step(s)", "log(t) + abs(s) + sign(s)", "w @ w",
]  # fmt: skip


def values(expression_text):
    problem = parse(f"{SIZES}F = {expression_text}\n")
    drawn = draw(problem, np.random.default_rng(3), 3)
    truth = matrix(Forward(problem, "F").run(drawn)["F"])
    return problem.definition("F").node, drawn, truth


def arguments(drawn):
    names = {dimension(k): v for k, v in drawn.sizes.items()}
    for name, value in drawn.inputs.items():
        shape = {"X": "mn", "Y": "mn", "S": "nn"}.get(name)
        if shape:
            names[sympy.MatrixSymbol(name, *map(dimension, shape))] = value
        elif np.ndim(value):
            size = (1, dimension("n")) if name in "rw" else (dimension("n"), 1)
            names[sympy.MatrixSymbol(name, *size)] = matrix(value)
        else:
            names[sympy.Symbol(name)] = value
    return names


@pytest.mark.parametrize("text", MATRICES + SCALARS)
def test_lambdify_gives_what_numpy_gives(text):
    node, drawn, truth = values(text)
    bound = arguments(drawn)
    found = sympy.lambdify(list(bound), to_sympy(node))(*bound.values())
    assert np.allclose(matrix(found), truth)


@pytest.mark.parametrize("text", MATRICES + SCALARS)
def test_it_is_a_sympy_object_that_prints_and_is_equal_to_itself(text):
    node, _, _ = values(text)
    expression = to_sympy(node)
    assert isinstance(expression, sympy.MatrixExpr if not node.is_scalar else sympy.Expr)
    assert str(expression) and sympy.latex(expression) and sympy.pretty(expression)
    assert "Lambda" not in str(expression) and "Dummy" not in sympy.srepr(expression)
    assert expression == to_sympy(node) and hash(expression) == hash(to_sympy(node))
    assert expression.func(*expression.args) == expression
    assert not expression.is_Matrix or expression.shape == tuple(map(size_symbol, node.shape))


@pytest.mark.parametrize("text", MATRICES + SCALARS)
def test_numbers_for_sizes_and_matrices_for_symbols_can_be_put_in(text):
    node, drawn, truth = values(text)
    bound = {k: sympy.Matrix(v) if np.ndim(v) else v for k, v in arguments(drawn).items()}
    sizes = {k: v for k, v in bound.items() if isinstance(k, sympy.Symbol)}
    expression = to_sympy(node).subs(sizes)
    small = {k.subs(sizes): v for k, v in bound.items() if k not in sizes}
    found = expression.subs(small).doit()
    found = found.as_explicit() if isinstance(found, sympy.MatrixExpr) else found
    assert np.allclose(
        np.array(sympy.Matrix([found] if not found.is_Matrix else found).evalf(), dtype=float).reshape(truth.shape),
        truth,
    )


def test_results_are_sympy_expressions():
    d = derive(parse("X: (n, m)\nY: (k, m)\nW: (k, n)\nA = sigmoid(W @ X)\nJ = sum((A - Y) ** 2) / m\n"))
    expression = d["W"].expr
    assert expression.shape == (dimension("k"), dimension("n"))
    assert {str(symbol) for symbol in expression.atoms(sympy.MatrixSymbol)} == {"A", "X", "Y"}
    assert isinstance(d["W"].steps[0].before_expr, sympy.Basic)
