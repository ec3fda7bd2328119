"""Two-layer network with examples as rows.

Here each row of X is an example and the weights are stored as inputs by outputs, so a layer is X @ W1 + b1 with a
one-dimensional bias, as NumPy code often has it. Everything is the transpose of the column convention, and so is
the backward pass: dA1 = dZ2 @ W2.T has the weights on the right, in the order that the scalar chain rule suggests.

The order of the factors is no law of backpropagation. The sum runs over the outputs k of the layer, and whichever
side k stands on in the forward pass decides the side on which the weights come back.
"""
X: (m, n_0)                 # one example a row
Y: (m, n_2)                 # one-hot rows
W1: (n_0, n_1)
b1: (n_1,)
W2: (n_1, n_2)
b2: (n_2,)
assume(onehot(Y, axis=1))

Z1 = X @ W1 + b1
A1 = relu(Z1)
Z2 = A1 @ W2 + b2
A2 = softmax(Z2, axis=1)
J = -sum(Y * log(A2)) / m
