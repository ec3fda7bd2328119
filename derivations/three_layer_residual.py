"""Three-layer network with a residual connection.

The second layer is added to what came into it: A2 = A1 + relu(Z2). So A1 reaches the objective by two paths, straight
on and through W2, and its gradient is a sum of two terms: dA2 as it is, and W2.T @ dZ2.

The first term is why such networks can be deep. However small the second becomes, the gradient that arrives at A2 is
handed on to A1 whole.
"""
X: (n_0, m)
Y: (n_3, m)                 # one-hot columns
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_1, n_1)
b2: (n_1, 1)
W3: (n_3, n_1)
b3: (n_3, 1)
assume(onehot(Y))

Z1 = W1 @ X + b1
A1 = relu(Z1)
Z2 = W2 @ A1 + b2
A2 = A1 + relu(Z2)
Z3 = W3 @ A2 + b3
A3 = softmax(Z3, axis=0)
J = -sum(Y * log(A3)) / m
