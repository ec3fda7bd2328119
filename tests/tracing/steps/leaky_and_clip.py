"""Columns; leaky relu by np.where, a mask cast to numbers, a residual connection, a penalty."""

import numpy as np


def leaky(Z, slope):
    return np.where(Z > 0, Z, slope * Z)


def leaky_prime(Z, slope):
    mask = np.int64(Z > 0)
    return mask + slope * (1 - mask)


def step(X, Y, W1, W2, W3, lam=0.3, slope=0.1):
    m = Y.shape[1]
    Z1 = np.matmul(W1, X)
    A1 = leaky(Z1, slope)
    Z2 = np.matmul(W2, A1)
    A2 = leaky(Z2, slope) + A1
    Z3 = np.matmul(W3, A2)
    penalty = lam / (2 * m) * (np.sum(np.square(W1)) + np.sum(np.square(W2)) + np.sum(np.square(W3)))
    cost = np.sum(np.square(Z3 - Y)) / (2 * m) + penalty
    dZ3 = (Z3 - Y) / m
    dW3 = np.matmul(dZ3, A2.T) + lam / m * W3
    dA2 = np.matmul(W3.T, dZ3)
    dZ2 = np.multiply(dA2, leaky_prime(Z2, slope))
    dW2 = np.matmul(dZ2, A1.T) + lam / m * W2
    dA1 = np.matmul(W2.T, dZ2) + dA2
    dZ1 = np.multiply(dA1, leaky_prime(Z1, slope))
    dW1 = np.matmul(dZ1, X.T) + lam / m * W1
    return cost, {"dW1": dW1, "dW2": dW2, "dW3": dW3}


SHAPES = {"X": ("n", "m"), "Y": ("k", "m"), "W1": ("h", "n"), "W2": ("h", "h"), "W3": ("k", "h")}
MISTAKES = [
    ("dA1 = np.matmul(W2.T, dZ2) + dA2", "dA1 = np.matmul(W2.T, dZ2)", "missing_term"),
    ("dA1 = np.matmul(W2.T, dZ2) + dA2", "dA1 = np.matmul(W2, dZ2) + dA2", "missing_transpose"),
    ("dW2 = np.matmul(dZ2, A1.T) + lam / m * W2", "dW2 = np.matmul(dZ2, A1.T)", "forgot_regularizer"),
]
