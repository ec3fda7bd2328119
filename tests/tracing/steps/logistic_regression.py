"""Logistic regression in columns, as a course writes it."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def step(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = 1 / m * np.dot(X, (A - Y).T)
    db = 1 / m * np.sum(A - Y)
    assert dw.shape == w.shape
    cost = np.squeeze(np.array(cost))
    assert cost.shape == ()
    grads = {"dw": dw, "db": db}
    return cost, grads


SHAPES = {"w": ("n", 1), "b": (), "X": ("n", "m"), "Y": (1, "m")}
MISTAKES = [
    ("dw = 1 / m * np.dot(X, (A - Y).T)", "dw = 1 / m * np.dot(X, (Y - A).T)", "wrong_sign"),
    ("db = 1 / m * np.sum(A - Y)", "db = np.sum(A - Y)", "missing_mean"),
    ("dw = 1 / m * np.dot(X, (A - Y).T)", "dw = 1 / m * np.dot(X, ((A - Y) * A * (1 - A)).T)", "extra_activation_derivative"),
]
