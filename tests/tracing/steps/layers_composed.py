"""Affine, relu and softmax layers, each with its forward and backward, composed by an affine-relu layer."""

import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    dx = np.where(x > 0, dout, 0)
    return dx


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    cache = (fc_cache, relu_cache)
    return out, cache


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    dx, dw, db = affine_backward(da, fc_cache)
    return dx, dw, db


def softmax_loss(x, y):
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def step(X, y, params):
    hidden, cache1 = affine_relu_forward(X, params["W1"], params["b1"])
    scores, cache2 = affine_forward(hidden, params["W2"], params["b2"])
    loss, dscores = softmax_loss(scores, y)
    grads = {}
    dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, cache2)
    dx, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, cache1)
    return loss, grads


from symback import labels

SHAPES = {
    "X": ("N", "D"), "y": labels("N", "C"),
    "params": {"W1": ("D", "H"), "b1": ("H",), "W2": ("H", "C"), "b2": ("C",)},
}  # fmt: skip
MISTAKES = [
    ("    dx = np.where(x > 0, dout, 0)\n", "    dx = dout\n", "missing_activation_derivative", "da = relu_backward(dout, relu_cache)"),
    ("    dx /= N\n", "", "missing_mean", "dx[np.arange(N), y] -= 1"),
    ("    db = np.sum(dout, axis=0)\n", "    db = np.mean(dout, axis=0)\n", "mean_for_sum"),
]
