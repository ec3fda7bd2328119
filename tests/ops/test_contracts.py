"""One contract for every rule: shapes, the differential, the adjoint, and autograd on whole derivations."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy

from symback.algebra.nodes import Node, symbol
from symback.calculus.derive import derive
from symback.language.read import parse
from symback.language.write import write
from symback.numpy import ELEMENTWISE, FUNCTIONS
from symback.ops import LEAVES, RULES

SIZES = {"m": 5, "n": 3, "k": 4, "p": 2, "q": 7}
EXAMPLES = [
    pytest.param(rule, example, i, id=f"{rule.op}-{example!r}-{i}")
    for rule in RULES.values()
    for example in rule.examples()
    for i in range(len(example.args))
]
NAMESPACE = {**FUNCTIONS, **ELEMENTWISE, "pi": np.pi, **SIZES}


def positive(op):
    return op in ("log", "power", "pow")


def arrays(node, seed=0):
    """A value for every array in an expression, such that the function is smooth there."""
    rng = np.random.default_rng(seed)
    return {
        str(arg.data): rng.uniform(0.5, 2, size=[d.value(SIZES) for d in arg.shape])
        * (1 if positive(node.op) else rng.choice([-1, 1], size=[d.value(SIZES) for d in arg.shape]))
        for arg in node.args
        if arg.op == "symbol"
    }


def value(node, values):
    return np.atleast_2d(eval(write(node), {**NAMESPACE, **values}))


def change(arg, seed=1):
    return np.random.default_rng(seed).normal(size=[d.value(SIZES) for d in arg.shape])


def inner(a, b):
    return float(np.sum(a * b))


def test_every_operation_has_a_rule():
    built = {  # by the constructors
        "add", "mul", "matmul", "power", "transpose", "sum", "trace", "det", "logdet", "inv", "pinv", "norm",
        "diag", "diagonal",
        "vec", "unvec", "kron", "kron_adjoint", "matpow", "softmax", "logsumexp",
    }  # fmt: skip
    assert built <= set(RULES) and not LEAVES & set(RULES)
    assert {name for name in ELEMENTWISE if name != "sqrt"} <= set(RULES)


@pytest.mark.parametrize(("rule", "example", "i"), EXAMPLES)
def test_shapes_hold_for_all_sizes(rule, example, i):
    arg = example.args[i]
    ybar, dx = symbol("Ybar", example.shape), symbol("dX", arg.shape)
    assert rule.adjoint(example, example, i, ybar).shape == arg.shape
    assert rule.differential(example, example, i, dx).shape == example.shape
    leaf = symbol("Y", example.shape)  # the value by the name that a definition gives it
    assert rule.adjoint(example, leaf, i, ybar).shape == arg.shape


@pytest.mark.parametrize(("rule", "example", "i"), EXAMPLES)
def test_the_differential_is_that_of_the_printed_text(rule, example, i):
    arg, values = example.args[i], arrays(example)
    name, dx, h = str(arg.data), change(arg), 1e-3
    at = lambda t: value(example, {**values, name: values[name] + t * dx})  # noqa: E731  # a function of one number
    differences = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    stated = value(rule.differential(example, example, i, symbol("dX", arg.shape)), {**values, "dX": dx})
    assert np.allclose(stated, differences, rtol=1e-8, atol=1e-8 * max(1, np.abs(differences).max()))


@pytest.mark.parametrize(("rule", "example", "i"), EXAMPLES)
def test_the_adjoint_is_the_adjoint_of_the_differential(rule, example, i):
    arg, values = example.args[i], arrays(example)
    dx, ybar = change(arg), np.random.default_rng(2).normal(size=[d.value(SIZES) for d in example.shape])
    given = {**values, "dX": dx, "Ybar": ybar}
    left = inner(ybar, value(rule.differential(example, example, i, symbol("dX", arg.shape)), given))
    right = inner(value(rule.adjoint(example, example, i, symbol("Ybar", example.shape)), given), dx)
    assert abs(left - right) <= 1e-10 * max(1, abs(left))


@pytest.mark.parametrize(("rule", "example", "i"), EXAMPLES)
def test_the_name_of_the_value_may_stand_for_it(rule, example, i):
    arg, values = example.args[i], arrays(example)
    ybar = symbol("Ybar", example.shape)
    given = {**values, "Ybar": np.random.default_rng(2).normal(size=[d.value(SIZES) for d in example.shape])}
    named = rule.adjoint(example, symbol("Y", example.shape), i, ybar)
    plain = value(rule.adjoint(example, example, i, ybar), given)
    assert np.allclose(value(named, {**given, "Y": value(example, values)}), plain)
    assert plain.shape == tuple(d.value(SIZES) for d in arg.shape)


def test_every_rule_says_why_and_where():
    for rule in RULES.values():
        assert rule.title and rule.because and rule.reference
        assert all(isinstance(example, Node) and example.op == rule.op for example in rule.examples())


# --- the slopes of the elementwise functions, by SymPy's scalar calculus -----------------------------------------

x, a = sympy.symbols("x a", positive=True)
sigma = 1 / (1 + sympy.exp(-x))
SCALAR = {
    "exp": sympy.exp(x), "log": sympy.log(x), "sqrt": sympy.sqrt(x), "sin": sympy.sin(x), "cos": sympy.cos(x),
    "tanh": sympy.tanh(x), "sigmoid": sigma, "softplus": sympy.log(1 + sympy.exp(x)), "erf": sympy.erf(x),
    "gelu": x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2, "silu": x * sigma, "pow": x**a,
}  # fmt: skip
PIECES = {  # the functions with a kink, on both sides of it
    "abs": (x, -x), "sign": (1, -1), "step": (1, 0), "relu": (x, 0), "leaky_relu": (x, a * x),
}  # fmt: skip


def slope_value(name, i, point):
    given = {**{k: float(v) for k, v in point.items()}}
    given["y"] = float(ELEMENTWISE[name](*(given[k] for k in ("x", "a")[: len(ELEMENTWISE[name].slopes)])))
    return float(eval(ELEMENTWISE[name].slopes[i], {**NAMESPACE, **given}))


def test_every_elementwise_function_is_compared_with_sympy():
    assert set(ELEMENTWISE) == {*SCALAR, *PIECES, "maximum", "minimum"}


@pytest.mark.parametrize("name", SCALAR)
def test_smooth_slopes_are_sympys(name):
    for point in ({x: 0.7, a: 1.3}, {x: 2.1, a: 0.4}, {x: 0.2, a: 2.5}):
        for i, variable in enumerate((x, a)[: len(ELEMENTWISE[name].slopes)]):
            expected = float(SCALAR[name].diff(variable).subs(point))
            assert slope_value(name, i, {str(k): v for k, v in point.items()}) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", PIECES)
def test_slopes_beside_a_kink_are_those_of_the_pieces(name):
    for sign, piece in zip((1, -1), PIECES[name], strict=True):
        for i, variable in enumerate((x, a)[: len(ELEMENTWISE[name].slopes)]):
            at = {"x": 0.8 * sign, "a": 0.3}
            expected = float(sympy.sympify(piece).diff(variable).subs({x: 0.8 * sign, a: 0.3}))
            assert slope_value(name, i, at) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_the_larger_or_smaller_argument_has_all_of_the_slope(name):
    for at in ({"x": 1.0, "a": 0.5}, {"x": 0.5, "a": 1.0}):
        first = (at["x"] > at["a"]) == (name == "maximum")
        assert [slope_value(name, i, at) for i in (0, 1)] == [float(first), float(not first)]


# --- whole derivations, against reverse mode on NumPy ---------------------------------------------------------------


def softmax(z, axis):
    e = anp.exp(z - anp.max(z, axis=axis, keepdims=True))
    return e / anp.sum(e, axis=axis, keepdims=True)


WHOLE = [
    ("X: (n, m)\nY: (k, m)\nW: (k, n)\nb: (k, 1)\nJ = -sum(Y * log(softmax(W @ X + b, axis=0))) / m\n",
     lambda X, Y, W, b: -anp.sum(Y * anp.log(softmax(W @ X + b, 0))) / X.shape[1]),
    ("X: (m, n)\nW: (n, k)\nc: (k,)\nJ = mean(tanh(X @ W + c) ** 2)\n",
     lambda X, W, c: anp.mean(anp.tanh(X @ W + c) ** 2)),
    ("A: (n, n)\nB: (n, n)\nJ = logdet(A @ A.T + B @ B.T) + trace(inv(A @ A.T + B @ B.T) @ B)\n",
     lambda A, B: anp.linalg.slogdet(A @ A.T + B @ B.T)[1] + anp.trace(anp.linalg.inv(A @ A.T + B @ B.T) @ B)),
    ("Q: (m, n)\nK: (m, n)\nV: (m, k)\nJ = sum((softmax(Q @ K.T / sqrt(n), axis=1) @ V) ** 2)\n",
     lambda Q, K, V: anp.sum((softmax(Q @ K.T / Q.shape[1] ** 0.5, 1) @ V) ** 2)),
    ("X: (m, n)\ng: (1, n)\nJ = sum(sin(g * (X - mean(X, axis=0)) / sqrt(mean((X - mean(X, axis=0)) ** 2, axis=0))))\n",
     lambda X, g: anp.sum(anp.sin(g * (X - anp.mean(X, 0)) / anp.sqrt(anp.mean((X - anp.mean(X, 0)) ** 2, 0))))),
    ("A: (m, n)\nx: (n, 1)\nJ = norm(A @ x) + sum(A * (A > 0)) + det(A.T @ A) / 100\n",
     lambda A, x: anp.sqrt(anp.sum((A @ x) ** 2)) + anp.sum(anp.maximum(A, 0)) + anp.linalg.det(A.T @ A) / 100),
]  # fmt: skip


@pytest.mark.parametrize(("text", "function"), WHOLE, ids=range(len(WHOLE)))
def test_whole_derivations_agree_with_autograd(text, function):
    problem = parse(text)
    derivation = derive(problem)
    rng = np.random.default_rng(5)
    inputs = {
        s.name: rng.normal(size=[d.value(SIZES) for d in s.shape[2 - s.ndim :]]) for s in problem.symbols.values()
    }
    if "Y" in inputs:
        inputs["Y"] = np.abs(inputs["Y"])
    for i, name in enumerate(inputs):
        expected = autograd.grad(function, i)(*inputs.values())
        found = eval(derivation[name].to_numpy(), {**NAMESPACE, "np": np, **inputs})
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-11), name
