"""Rows are examples; 1-D biases, integer labels, a stable softmax, a weight penalty, gradients in place."""

import numpy as np


def step(X, y, W1, b1, W2, b2, reg=0.1):
    N, D = X.shape
    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    correct_logprobs = -np.log(probs[range(N), y])
    data_loss = np.sum(correct_logprobs) / N
    reg_loss = 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
    loss = data_loss + reg_loss

    dscores = probs
    dscores[range(N), y] -= 1
    dscores /= N
    dW2 = np.dot(hidden.T, dscores)
    db2 = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden <= 0] = 0
    dW1 = np.dot(X.T, dhidden)
    db1 = np.sum(dhidden, axis=0)
    dW2 += reg * W2
    dW1 += reg * W1
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


from symback import labels

SHAPES = {"X": ("N", "D"), "y": labels("N", "C"), "W1": ("D", "H"), "b1": ("H",), "W2": ("H", "C"), "b2": ("C",)}
MISTAKES = [
    ("    dW2 += reg * W2\n", "", "forgot_regularizer", "dW2 = np.dot(hidden.T, dscores)"),
    ("    dscores /= N\n", "", "missing_mean", "dscores[range(N), y] -= 1"),
    (
        "    dhidden[hidden <= 0] = 0\n", "", "missing_activation_derivative|wrong_operand",
        "db1 = np.sum(dhidden, axis=0)",
    ),
    ("    db1 = np.sum(dhidden, axis=0)", "    db1 = np.mean(dhidden, axis=0)", "mean_for_sum"),
]
