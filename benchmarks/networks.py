"""Networks for measuring: two layers, and any number of them."""

from __future__ import annotations

TWO_LAYERS = """
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
"""


def network(layers: int) -> str:
    """A network of so many tanh layers, the last one sigmoid with cross-entropy.

    >>> network(2).count("tanh")
    1
    """
    lines = ["X: (n_0, m)", f"Y: (n_{layers}, m)"]
    for i in range(1, layers + 1):
        lines += [f"W{i}: (n_{i}, n_{i - 1})", f"b{i}: (n_{i}, 1)"]
    for i in range(1, layers + 1):
        before = f"A{i - 1}" if i > 1 else "X"
        lines += [f"Z{i} = W{i} @ {before} + b{i}", f"A{i} = {'sigmoid' if i == layers else 'tanh'}(Z{i})"]
    output = f"A{layers}"
    return "\n".join([*lines, f"J = -sum(Y * log({output}) + (1 - Y) * log(1 - {output})) / m", ""])
