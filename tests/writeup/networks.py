"""Networks of the kinds that write-ups are made of, and the same with other names."""

from __future__ import annotations

TWO_LAYER = '''"""Two-layer network.

Columns are examples.
"""
X: (n_0, m)
Y: (n_2, m)
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_2, n_1)
b2: (n_2, 1)
Z1 = W1 @ X + b1
A1 = tanh(Z1)
Z2 = W2 @ A1 + b2
A2 = sigmoid(Z2)
J = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m
'''

ONE_OUTPUT = TWO_LAYER.replace("(n_2,", "(1,")

RENAMED = '''"""The same shape of network under other names: softplus, squared error."""
Inp: (d, b)
T: (q, b)
Alpha: (h, d)
Beta_out: (q, h)
c: (q, 1)
Pre = Alpha @ Inp
Hid = softplus(Pre)
Out = Beta_out @ Hid + c
Loss = sum((Out - T) ** 2) / (2 * b)
'''

ROWS = '''"""Rows are examples, relu, softmax."""
X: (m, n_0)
Y: (m, k)
W1: (n_0, n_1)
b1: (n_1,)
W2: (n_1, k)
b2: (k,)
assume(onehot(Y, axis=1))
Z1 = X @ W1 + b1
A1 = relu(Z1)
Z2 = A1 @ W2 + b2
P = softmax(Z2, axis=1)
J = -sum(Y * log(P)) / m
'''

TURNED = '''"""Rows are examples, weights are outputs by inputs."""
x: (m, d)
y: (m, k)
theta1: (h, d)
c1: (h,)
theta2: (k, h)
u = x @ theta1.T + c1
a = sigmoid(u)
v = a @ theta2.T
loss = mean((v - y) ** 2)
'''

SOFTMAX = '''"""Softmax with cross-entropy."""
X: (n_0, m)
Y: (k, m)
W1: (n_1, n_0)
W2: (k, n_1)
b2: (k, 1)
assume(onehot(Y))
A1 = relu(W1 @ X)
Z2 = W2 @ A1 + b2
P = softmax(Z2, axis=0)
J = -sum(Y * log(P)) / m
'''

PENALTY = '''"""Squared error with an L2 penalty."""
X: (n_0, m)
Y: (n_2, m)
W1: (n_1, n_0)
W2: (n_2, n_1)
lam: ()
Z1 = W1 @ X
A1 = leaky_relu(Z1, 0.1)
Z2 = W2 @ A1
J = sum((Z2 - Y) ** 2) / (2 * m) + lam / 2 * (sum(W1 ** 2) + sum(W2 ** 2))
'''

RESIDUAL = '''"""Residual connections, and 100% of the signs & marks that LaTeX dislikes: $ # _ ~ ^ { } \\\\."""
X: (n, m)
Y: (k, m)
W1: (n, n)
W2: (n, n)
W3: (k, n)
b3: (k, 1)
Z1 = W1 @ X
A1 = X + tanh(Z1)
Z2 = W2 @ A1
H2 = gelu(Z2)
A2 = A1 + H2
Z3 = W3 @ A2 + b3
J = norm(Z3 - Y)
'''

ODD_NAMES = '''"""Names that are letters elsewhere: θ, 中, d, partial, é."""
θ: (k, n)
中: (n, m)
d: (k, m)
partial_x: (k, 1)
é1: (k, 1)
S_ = sigmoid(θ @ 中 + partial_x * é1)
J = sum((S_ - d) ** 2)
'''
CONSTANT = "X: (n, m)\nJ = 2 * n\n"
QUADRATIC = "X: (n, p)\nA: (n, n)\nJ = trace(X.T @ A @ X)\n"
LIKELIHOOD = "S: (p, p)\nX: (n, p)\nassume(spd(S))\nJ = logdet(S) + trace(inv(S) @ X.T @ X) / n\n"

ALL = {
    "two_layer": TWO_LAYER, "one_output": ONE_OUTPUT, "renamed": RENAMED, "rows": ROWS, "turned": TURNED,
    "softmax": SOFTMAX, "penalty": PENALTY, "residual": RESIDUAL, "quadratic": QUADRATIC,
    "odd_names": ODD_NAMES, "likelihood": LIKELIHOOD,
}  # fmt: skip
