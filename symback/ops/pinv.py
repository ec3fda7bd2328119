"""Moore-Penrose inverse  Y = X^+ (constant rank)."""

from __future__ import annotations

from symback.algebra.dims import dim
from symback.algebra.nodes import Node, add, eye, matmul, neg, pinv, sub, symbol, transpose
from symback.ops.rule import Rule


def differential(node: Node, y: Node, i: int, dx: Node) -> Node:
    """dY = -Y dX Y + Y Y^T dX^T (I - X Y) + (I - Y X) dX^T Y^T Y, where the rank does not change."""
    x = node.args[0]
    left, right = sub(eye(x.shape[1]), matmul(y, x)), sub(eye(x.shape[0]), matmul(x, y))
    return add(
        neg(matmul(y, dx, y)),
        matmul(y, transpose(y), transpose(dx), right),
        matmul(left, transpose(dx), transpose(y), y),
    )


def adjoint(node: Node, y: Node, i: int, ybar: Node) -> Node:
    """The three terms carried across: -Y^T G Y^T + (I - X Y) G^T Y Y^T + Y^T Y G^T (I - Y X)."""
    x = node.args[0]
    left, right = sub(eye(x.shape[1]), matmul(y, x)), sub(eye(x.shape[0]), matmul(x, y))
    return add(
        neg(matmul(transpose(y), ybar, transpose(y))),
        matmul(right, transpose(ybar), y, transpose(y)),
        matmul(transpose(y), y, transpose(ybar), left),
    )


def examples() -> tuple[Node, ...]:
    """A tall and a wide matrix of full rank."""
    return pinv(symbol("X", (dim("m"), dim("n")))), pinv(symbol("X", (dim("n"), dim("m"))))


RULE = Rule(
    "pinv",
    "pseudo-inverse",
    "differentiate X X^+ X = X and the symmetry of X X^+ and X^+ X, at constant rank",
    "Golub and Pereyra, SIAM J. Numer. Anal. 10 (1973), theorem 4.3",
    differential,
    adjoint,
    examples,
)
