"""Softmax regression in rows with a one-hot matrix made of labels by np.eye."""

import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=1)[:, np.newaxis])
    return e / e.sum(axis=1)[:, np.newaxis]


def step(W, b, X, y, lam=0.01):
    n, k = X.shape[0], W.shape[1]
    Y = np.eye(k)[y]
    P = softmax(X @ W + b)
    loss = -(Y * np.log(P)).sum() / n + lam * (W**2).sum()
    G = (P - Y) / n
    dW = X.T @ G + 2 * lam * W
    db = G.sum(axis=0)
    return loss, (dW, db)


from symback import labels

SHAPES = {"W": ("d", "k"), "b": ("k",), "X": ("n", "d"), "y": labels("n", "k")}
WRT = ("W", "b")
MISTAKES = [
    ("X.T @ G + 2 * lam * W", "X.T @ G + lam * W", "missing_factor|wrong_factor"),
    ("db = G.sum(axis=0)", "db = G.sum()", "summed_over_everything"),
]
