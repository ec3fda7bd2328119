"""Batch norm by its graph, with a squared loss behind it."""

import numpy as np


def batchnorm_forward(x, gamma, beta, eps):
    N, D = x.shape
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    out = gammax + beta
    cache = (xhat, gamma, xmu, ivar, sqrtvar, var, eps)
    return out, cache


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var, eps = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dx = 1.0 / N * ivar * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return dx, dgamma, dbeta


def step(x, gamma, beta, t, eps=1e-5):
    out, cache = batchnorm_forward(x, gamma, beta, eps)
    loss = 0.5 * np.sum((out - t) ** 2)
    dout = out - t
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return loss, (dx, dgamma, dbeta)


SHAPES = {"x": ("N", "D"), "gamma": ("D",), "beta": ("D",), "t": ("N", "D")}
WRT = ("x", "gamma", "beta")
MISTAKES = [
    (" - xhat * np.sum(dxhat * xhat, axis=0))", ")", "missing_term"),
    ("dgamma = np.sum(dout * xhat, axis=0)", "dgamma = np.sum(dout * xmu, axis=0)", "wrong_operand"),
]
