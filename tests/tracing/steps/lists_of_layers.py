"""Weights and biases in lists, activations and weighted inputs collected in lists, deltas from the last layer back."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def step(x, y, weights, biases):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    activation = x
    activations = [x]
    zs = []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    cost = 0.5 * np.sum((activations[-1] - y) ** 2)
    delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].transpose())
    for l in range(2, len(weights) + 1):
        z = zs[-l]
        sp = sigmoid_prime(z)
        delta = np.dot(weights[-l + 1].transpose(), delta) * sp
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l - 1].transpose())
    return cost, (nabla_w, nabla_b)


SHAPES = {
    "x": ("n_0", 1), "y": ("n_3", 1),
    "weights": [("n_1", "n_0"), ("n_2", "n_1"), ("n_3", "n_2")], "biases": [("n_1", 1), ("n_2", 1), ("n_3", 1)],
}  # fmt: skip
WRT = (("weights_0", "weights_1", "weights_2"), ("biases_0", "biases_1", "biases_2"))
MISTAKES = [
    ("(activations[-1] - y) * sigmoid_prime(zs[-1])", "(activations[-1] - y)", "missing_activation_derivative"),
    ("activations[-l - 1].transpose()", "activations[-l].transpose()", "wrong_operand"),
]
