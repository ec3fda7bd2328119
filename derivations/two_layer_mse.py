"""Two-layer network, squared error, weight penalty.

Regression: the output layer is linear, and J is half the mean squared distance to the targets. The half is there so
that the 2 of the square cancels and dZ2 = (Z2 - Y) / m is left.

The penalty reaches each weight matrix by a second path. Its gradient, lambda_ * W, is added to the one that comes
back through the network; that is all that "weight decay" is. The biases carry no penalty, so nothing is added there.
"""
X: (n_0, m)
Y: (n_2, m)
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_2, n_1)
b2: (n_2, 1)
lambda_: ()                 # strength of the penalty

Z1 = W1 @ X + b1
A1 = tanh(Z1)
Z2 = W2 @ A1 + b2
J = sum((Z2 - Y) ** 2) / (2 * m) + lambda_ / 2 * (sum(W1 ** 2) + sum(W2 ** 2))
