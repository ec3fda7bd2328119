"""A tied-weight autoencoder: W is used twice, so its gradient has two terms."""

import numpy as np


def step(X, W, b, c):
    n = X.shape[0]
    H = np.tanh(X @ W + b)
    R = H @ W.T + c
    E = R - X
    loss = (E * E).sum() / (2 * n)
    dR = E / n
    dH = dR @ W
    dU = dH * (1 - H * H)
    dW = X.T @ dU + dR.T @ H
    db = dU.sum(axis=0)
    dc = dR.sum(axis=0)
    return loss, dict(dW=dW, db=db, dc=dc)


SHAPES = {"X": ("n", "d"), "W": ("d", "h"), "b": ("h",), "c": ("d",)}
MISTAKES = [
    ("dW = X.T @ dU + dR.T @ H", "dW = X.T @ dU", "missing_term"),
    ("dU = dH * (1 - H * H)", "dU = dH * (1 - H)", "wrong_activation_derivative"),
]
