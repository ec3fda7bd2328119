"""Rows; weights updated in the same function, each after its last use."""

import numpy as np


def step(X, Y, W1, W2, lr=0.1):
    H = np.tanh(X @ W1)
    P = H @ W2
    loss = np.sum((P - Y) ** 2) / X.shape[0]
    dP = 2 * (P - Y) / X.shape[0]
    dW2 = H.T @ dP
    dH = dP @ W2.T
    W2 -= lr * dW2
    dA = dH * (1 - H**2)
    dW1 = X.T @ dA
    W1 -= lr * dW1
    return loss, {"W1": dW1, "W2": dW2}


SHAPES = {"X": ("m", "n"), "Y": ("m", "k"), "W1": ("n", "h"), "W2": ("h", "k")}
MISTAKES = [
    ("    dH = dP @ W2.T\n    W2 -= lr * dW2\n", "    W2 -= lr * dW2\n    dH = dP @ W2.T\n", "wrong_operand", "dH = dP @ W2.T"),
    ("dP = 2 * (P - Y) / X.shape[0]", "dP = 2 * (P - Y) / X.shape[1]", "wrong_mean"),
]
