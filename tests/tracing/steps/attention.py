"""One head of scaled dot-product attention over a sequence in rows, with a squared loss."""

import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def step(X, Wq, Wk, Wv, T):
    Q = X @ Wq
    K = X @ Wk
    V = X @ Wv
    d_k = Q.shape[-1]
    S = Q @ K.T / np.sqrt(d_k)
    P = softmax(S)
    O = P @ V
    loss = 0.5 * np.sum((O - T) ** 2)

    dO = O - T
    dP = dO @ V.T
    dV = P.T @ dO
    dS = P * (dP - np.sum(dP * P, axis=-1, keepdims=True))
    dQ = dS @ K / np.sqrt(d_k)
    dK = dS.T @ Q / np.sqrt(d_k)
    grads = {"Wq": X.T @ dQ, "Wk": X.T @ dK, "Wv": X.T @ dV}
    return loss, grads


SHAPES = {"X": ("n", "d"), "Wq": ("d", "h"), "Wk": ("d", "h"), "Wv": ("d", "v"), "T": ("n", "v")}
MISTAKES = [
    ("dS = P * (dP - np.sum(dP * P, axis=-1, keepdims=True))", "dS = P * (1 - P) * dP", "softmax_diagonal_only"),
    ("dK = dS.T @ Q / np.sqrt(d_k)", "dK = dS @ Q / np.sqrt(d_k)", "missing_transpose"),
    ("dQ = dS @ K / np.sqrt(d_k)", "dQ = dS @ K", "missing_factor|missing_chain_factor"),
]
