"""Two-layer network, softmax and cross-entropy.

Each column of Y says which of n_2 classes its example has: one entry is 1, the others are 0. The softmax turns each
column of Z2 into probabilities; every entry of the column depends on every score in it, and still dZ2 comes out as
the difference (A2 - Y) / m.

The step to look for is the one that uses the fact about Y: the whole gradient is A2 times the column sums of Y,
minus Y, and the column sums are 1. With targets that do not sum to one the short formula would be wrong.
"""
X: (n_0, m)
Y: (n_2, m)                 # one-hot columns
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_2, n_1)
b2: (n_2, 1)
assume(onehot(Y))

Z1 = W1 @ X + b1
A1 = relu(Z1)
Z2 = W2 @ A1 + b2
A2 = softmax(Z2, axis=0)
J = -sum(Y * log(A2)) / m
