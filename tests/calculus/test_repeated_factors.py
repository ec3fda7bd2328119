"""A factor that stands in a product twice is not lost when a rewrite takes one of the two."""

import pytest

from symback.calculus.derive import derive
from symback.language.read import parse

PROBLEMS = [
    # a definition among the factors of a product in which one of its own factors is repeated
    (
        "X: (n, 1)\nR: (n, 1)\nP: (n, 1)\nc: ()\nN0 = (R >= 0) * (-P * P)\nJ = norm(X + exp(N0) ** 0.5 * c)\n",
        {"wrt": "P", "kind": "hessian"},
    ),
    # sum(A * B * B) is no trace of A^T B
    ("T: (m, m)\nZ: (n, n)\nJ = sum(((T ** 2 + det(Z + Z)) / exp(T)) ** 2)\n", {}),
    # weights that stand twice on an inner index, and identities beside scalars
    ("A: (m, n)\nw: (1, n)\nB: (n, k)\nJ = sum(sin((A * w * w) @ B))\n", {}),
    ("A: (n, n)\ns: ()\nt: ()\nJ = trace(s * eye(n) + A) ** 2 + sum(diagonal(s * t * eye(n) + A) ** 2)\n", {}),
    ("A: (m, n)\nB: (k, m)\nJ = sum(kron(A, B) * kron(A, B) * kron(A, B))\n", {}),
    ("u: (m, 1)\nv: (1, n)\nb: (m, 1)\nJ = sum(sin((u @ v) * b * b * (u @ v)))\n", {}),
    # a definition that is the square of a centred array
    ("X: (n, m)\ns: (n, 1)\nD = (X - mean(X, axis=1)) * (X - mean(X, axis=1)) / s\nJ = sum(tanh(D))\n", {}),
    # m * m below a sum over m entries
    ("X: (m, n)\nJ = sum(sum(X, axis=0) ** 2) / (m * m)\n", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "asked"), PROBLEMS, ids=range(len(PROBLEMS)))
def test_no_factor_is_lost(text, asked):
    report = derive(parse(text), **asked).check()
    assert report.passed, report.reason
