"""The emitted module runs alone, with NumPy, and gives the gradients that differences give."""

import ast

import numpy as np
import pytest

from symback.calculus.derive import derive
from symback.checking.differences import Differences
from symback.checking.draw import draw
from symback.checking.run import Forward
from symback.language.read import parse

NETWORK = """
X: (n_0, m)
Y: (n_2, m)
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_2, n_1)
b2: (n_2, 1)
Z1 = W1 @ X + b1
A1 = relu(Z1)
Z2 = W2 @ A1 + b2
J = sum(logsumexp(Z2, axis=0) - sum(Y * Z2, axis=0)) / m
"""

ROWS = """
X: (m, n)
w: (n,)
c: ()
y: (m,)
z = X @ w + c
J = np.mean((gelu(z) - y) ** 2) + softplus(c) + norm(w)
"""

MATRICES = """
A: (m, n)
S: (n, n)
K: (n, n)
assume(spd(S), m == 4)
B = kron(A, K) @ vec(S)
J = (logdet(S) + trace(A @ inv(S) @ A.T)
     + sum(erf(B))) * m
"""


def run(problem_text, seed=0):
    problem = parse(problem_text)
    derivation = derive(problem)
    module = derivation.to_numpy()
    space = {}
    exec(compile(module, "emitted", "exec"), space)
    drawn = draw(problem, np.random.default_rng(seed), 2)
    found = space["gradients"](**drawn.inputs)
    forward = Forward(problem, problem.objective)
    truth = Differences(forward, forward.run(drawn))
    return module, found, {name: truth.gradient(name).value for name in derivation}


@pytest.mark.parametrize("text", [NETWORK, ROWS, MATRICES])
def test_gradients_are_those_of_the_forward_pass(text):
    _, found, truth = run(text)
    assert list(found) == list(truth)
    for name, value in truth.items():
        assert np.shape(found[name]) == np.shape(value), name
        assert np.allclose(found[name], value, rtol=1e-6, atol=1e-7), name


@pytest.mark.parametrize("text", [NETWORK, ROWS, MATRICES])
def test_numpy_is_all_that_it_imports(text):
    module = run(text)[0]
    imports = [n for n in ast.walk(ast.parse(module)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(n) for n in imports] == ["import numpy as np"]


def test_shared_gradients_are_written_once():
    module = run(NETWORK)[0]
    assert "dW2 = dZ2 @ A1.T" in module
    assert module.count("softmax(Z2, axis=0) - Y") == 1


def test_functions_that_are_not_used_are_not_copied():
    module = run(NETWORK)[0]
    assert "def softmax" in module and "def logsumexp" in module
    assert "def kron" not in module and "erf" not in module


def test_a_thousand_operators_are_written_with_names():
    layers = "\n".join(f"A{i} = tanh(A{i - 1} @ W + A{i - 1})" for i in range(1, 40))
    module, found, truth = run(f"A0: (m, n)\nW: (n, n)\n{layers}\nJ = sum(A39)\n")
    assert np.allclose(found["W"], truth["W"], rtol=1e-5, atol=1e-6)
    assert len(module) < 12_000


def test_only_what_the_gradients_use_is_computed():
    problem = parse(NETWORK)
    text = derive(problem, wrt=["W2", "Z2"]).to_numpy()
    assert "Z2 = " in text and "A1 = " in text and "J = " not in text
    problem = parse("X: (n, m)\nW: (k, n)\nG: (k, m)\nZ = W @ X\nA = tanh(Z)\nJ = sum(A)\n")
    text = derive(problem, wrt="W", of="Z", upstream="G").to_numpy()
    assert "A = " not in text and "Z = " not in text
    space = {}
    exec(text, space)
    rng = np.random.default_rng(0)
    values = {"X": rng.normal(size=(3, 4)), "W": rng.normal(size=(2, 3)), "G": rng.normal(size=(2, 4))}
    assert np.allclose(space["gradients"](**values)["W"], values["G"] @ values["X"].T)


def test_other_kinds_are_written_too():
    problem = parse("X: (m, n)\nx: (n, 1)\nz = X @ x\nf = sum(softplus(z))\n")
    space = {}
    exec(derive(problem, wrt="x", kind="hessian").to_numpy(), space)
    rng = np.random.default_rng(0)
    values = {"X": rng.normal(size=(5, 3)), "x": rng.normal(size=(3, 1))}
    s = 1 / (1 + np.exp(-values["X"] @ values["x"]))
    assert np.allclose(space["gradients"](**values)["x"], values["X"].T @ (s * (1 - s) * values["X"]))
