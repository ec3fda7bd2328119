"""Softmax regression.

One linear score for each of k classes, turned into probabilities by the softmax along each row; the cost is the
cross-entropy with one-hot labels. With two classes it is logistic regression.

Everything in a row depends on every score in it, so the Jacobian of the softmax is no diagonal matrix: it is
diag(p) - p @ p.T for each example. Still the gradient by the scores comes out as P - Y, because each row of Y has
exactly one 1: that fact is used in a step of its own, and without it a factor would stay.
"""
X: (m, n)                   # one example a row
Y: (m, k)                   # one-hot rows
W: (n, k)
b: (1, k)
assume(onehot(Y, axis=1))

Z = X @ W + b
P = softmax(Z, axis=1)
J = -sum(Y * log(P)) / m
