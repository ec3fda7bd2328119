"""A class whose weights and intermediate values are attributes."""

import numpy as np


class NeuralNetwork:
    def __init__(self, weights1, weights2):
        self.weights1 = weights1
        self.weights2 = weights2

    def sigmoid(self, s):
        return 1 / (1 + np.exp(-s))

    def sigmoid_prime(self, s):
        return s * (1 - s)

    def forward(self, X):
        self.z = np.dot(X, self.weights1)
        self.z2 = self.sigmoid(self.z)
        self.z3 = np.dot(self.z2, self.weights2)
        o = self.sigmoid(self.z3)
        return o

    def backward(self, X, y, o):
        self.o_error = o - y
        self.o_delta = self.o_error * self.sigmoid_prime(o)
        self.z2_error = self.o_delta.dot(self.weights2.T)
        self.z2_delta = self.z2_error * self.sigmoid_prime(self.z2)
        return X.T.dot(self.z2_delta), self.z2.T.dot(self.o_delta)

    def step(self, X, y):
        o = self.forward(X)
        loss = 0.5 * np.sum(np.square(y - o))
        return loss, self.backward(X, y, o)


def step(X, y, weights1, weights2):
    network = NeuralNetwork(weights1, weights2)
    return network.step(X, y)


SHAPES = {"X": ("m", "n"), "y": ("m", "k"), "weights1": ("n", "h"), "weights2": ("h", "k")}
WRT = ("weights1", "weights2")
MISTAKES = [
    ("self.o_error * self.sigmoid_prime(o)", "self.o_error", "missing_activation_derivative", "self.o_delta = self.o_error"),
    ("self.sigmoid_prime(self.z2)\n", "self.sigmoid_prime(self.z)\n", "derivative_at_wrong_point"),
    ("self.o_error = o - y", "self.o_error = y - o", "wrong_sign"),
]
