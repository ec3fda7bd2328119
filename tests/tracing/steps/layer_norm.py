"""Layer norm over the features of each row, then a linear read-out."""

import numpy as np


def step(x, gamma, beta, W, t):
    N, D = x.shape
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    std = np.sqrt(var + 1e-5)
    xhat = (x - mean) / std
    out = gamma * xhat + beta
    pred = out @ W
    loss = np.mean((pred - t) ** 2)

    dpred = 2 * (pred - t) / t.size
    dW = out.T @ dpred
    dout = dpred @ W.T
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dx = (dxhat - dxhat.mean(axis=1, keepdims=True) - xhat * (dxhat * xhat).mean(axis=1, keepdims=True)) / std
    return loss, {"dx": dx, "dgamma": dgamma, "dbeta": dbeta, "dW": dW}


SHAPES = {"x": ("N", "D"), "gamma": ("D",), "beta": ("D",), "W": ("D", "K"), "t": ("N", "K")}
MISTAKES = [
    ("dpred = 2 * (pred - t) / t.size", "dpred = (pred - t) / t.size", "missing_factor"),
    ("dgamma = (dout * xhat).sum(axis=0)", "dgamma = dout.sum(axis=0)", "missing_chain_factor"),
]
