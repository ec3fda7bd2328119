"""A recurrent network over three steps of time, its gradients accumulated into zeros on the way back."""

import numpy as np


def step(xs, ts, h0, Wxh, Whh, Why, bh):
    hs = {-1: h0}
    ys = {}
    loss = 0
    for t in range(len(xs)):
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        ys[t] = np.dot(Why, hs[t])
        loss += 0.5 * np.sum((ys[t] - ts[t]) ** 2)
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh = np.zeros_like(bh)
    dhnext = np.zeros_like(h0)
    for t in reversed(range(len(xs))):
        dy = ys[t] - ts[t]
        dWhy += np.dot(dy, hs[t].T)
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += np.sum(dhraw, axis=1, keepdims=True)
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    return loss, {"dWxh": dWxh, "dWhh": dWhh, "dWhy": dWhy, "dbh": dbh}


SHAPES = {
    "xs": [("n", "m")] * 3, "ts": [("k", "m")] * 3, "h0": ("h", "m"),
    "Wxh": ("h", "n"), "Whh": ("h", "h"), "Why": ("k", "h"), "bh": ("h", 1),
}  # fmt: skip
MISTAKES = [
    ("dhnext = np.dot(Whh.T, dhraw)", "dhnext = np.dot(Whh, dhraw)", "missing_transpose"),
    ("dWhh += np.dot(dhraw, hs[t - 1].T)", "dWhh += np.dot(dhraw, hs[t].T)", "wrong_operand"),
]
