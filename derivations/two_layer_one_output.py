"""Two-layer network with one output, as a first course has it.

The output layer has a single sigmoid unit, the probability of "yes", so W2 is one row and dZ2 = (A2 - Y) / m is a
row too. W2.T @ dZ2 is then a column times a row: every hidden unit gets every example's blame, in proportion to its
one outgoing weight.

Many courses write dZ2 = A2 - Y and divide by m in dW2 and db2. That is the same computation with the 1/m moved; here
dZ2 is the gradient of J itself, so the 1/m stands where it arises.
"""
X: (n_0, m)
Y: (1, m)                   # 0 or 1 for each example
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (1, n_1)
b2: (1, 1)
assume(binary(Y))

Z1 = W1 @ X + b1
A1 = tanh(Z1)
Z2 = W2 @ A1 + b2
A2 = sigmoid(Z2)
J = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m
