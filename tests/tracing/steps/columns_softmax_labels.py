"""Columns with a one-hot matrix built from labels by assignment, helpers, and lower-case shapes."""

import numpy as np


def one_hot(Y):
    one_hot_Y = np.zeros((Y.size, Y.max() + 1))
    one_hot_Y[np.arange(Y.size), Y] = 1
    one_hot_Y = one_hot_Y.T
    return one_hot_Y


def ReLU(Z):
    return np.maximum(Z, 0)


def ReLU_deriv(Z):
    return Z > 0


def softmax(Z):
    A = np.exp(Z) / sum(np.exp(Z))
    return A


def forward_prop(W1, b1, W2, b2, X):
    Z1 = W1.dot(X) + b1
    A1 = ReLU(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = softmax(Z2)
    return Z1, A1, Z2, A2


def backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y):
    m = X.shape[1]
    one_hot_Y = one_hot(Y)
    dZ2 = A2 - one_hot_Y
    dW2 = 1 / m * dZ2.dot(A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T.dot(dZ2) * ReLU_deriv(Z1)
    dW1 = 1 / m * dZ1.dot(X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def step(X, Y, W1, b1, W2, b2):
    Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
    m = X.shape[1]
    loss = -np.sum(one_hot(Y) * np.log(A2)) / m
    return loss, backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)


from symback import labels

SHAPES = {"X": ("n", "m"), "Y": labels("m", "k"), "W1": ("h", "n"), "b1": ("h", 1), "W2": ("k", "h"), "b2": ("k", 1)}
WRT = ("W1", "b1", "W2", "b2")
MISTAKES = [
    ("db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)", "db2 = 1 / m * np.sum(dZ2)", "summed_over_everything"),
    ("dW1 = 1 / m * dZ1.dot(X.T)", "dW1 = dZ1.dot(X.T)", "missing_mean"),
]
