"""Two-layer network, binary cross-entropy.

A hidden layer of tanh units and n_2 independent sigmoid outputs. Columns are examples: X holds m of them side by
side, W1 @ X multiplies all of them at once, and the bias b1, one column, is added to each.

Two things are worth watching. In dZ2 the slope of the sigmoid cancels against the slope of the logarithms, and
(A2 - Y) / m is left. In dA1 the weights come back transposed and on the left, W2.T @ dZ2: each weight carries the
blame back along the wire on which it carried the signal.
"""
X: (n_0, m)                 # inputs, one example a column
Y: (n_2, m)                 # targets between 0 and 1
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_2, n_1)
b2: (n_2, 1)

Z1 = W1 @ X + b1
A1 = tanh(Z1)
Z2 = W2 @ A1 + b2
A2 = sigmoid(Z2)
J = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m
