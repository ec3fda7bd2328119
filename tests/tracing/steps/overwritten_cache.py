"""Columns; the backward pass works on the cached arrays in place, where it is careful to copy first."""

import numpy as np


def step(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = 1 / (1 + np.exp(-Z1))
    Z2 = W2 @ A1 + b2
    J = np.sum((Z2 - Y) ** 2) / (2 * m)
    dZ2 = (Z2 - Y) / m
    dA1 = W2.T @ dZ2
    D1 = A1.copy()
    D1 *= 1 - A1
    dZ1 = dA1 * D1
    dW2 = dZ2 @ A1.T
    db2 = np.sum(dZ2, axis=1).reshape(-1, 1)
    dW1 = dZ1 @ X.T
    db1 = np.sum(dZ1, axis=1).reshape(-1, 1)
    return J, (dW1, db1, dW2, db2)


SHAPES = {"X": ("n", "m"), "Y": ("k", "m"), "W1": ("h", "n"), "b1": ("h", 1), "W2": ("k", "h"), "b2": ("k", 1)}
WRT = ("W1", "b1", "W2", "b2")
MISTAKES = [
    ("    D1 = A1.copy()\n", "    D1 = A1\n", "wrong_operand", "dW2 = dZ2 @ A1.T"),
    ("dZ2 = (Z2 - Y) / m", "dZ2 = (Z2 - Y)", "missing_mean"),
    ("dW2 = dZ2 @ A1.T", "dW2 = dZ2 @ Z1.T", "wrong_operand"),
]
