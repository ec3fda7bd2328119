"""Logistic regression.

The probability of "yes" is a sigmoid of a weighted sum of features. The cost is the negative logarithm of the
probability that the model gives to what happened, averaged over the examples.

The slope of the sigmoid, p * (1 - p), cancels against the slope of the logarithms, and dz = (p - y) / m is left: each
example pushes by how far its probability was off. dw then adds up these pushes, each times the example's own features,
so w moves along the examples that the model got wrong.
"""
X: (m, n)                   # one example a row
y: (m, 1)                   # 0 or 1
w: (n, 1)
b: ()
assume(binary(y))

z = X @ w + b
p = sigmoid(z)
J = -mean(y * log(p) + (1 - y) * log(1 - p))
