"""Identities that must be proved, what looks like one and must not be, and the arrays that they are about."""

from __future__ import annotations

ARRAYS = """
A: (n, n)
B: (n, n)
W: (n, n)
S: (n, n)
D: (n, n)
Q: (n, n)
X: (n, p)
U: (n, p)
Z: (n, p)
T: (n, p)
R: (n, p)
Y: (p, n)
L: (p, q)
x: (n, 1)
y: (n, 1)
v: (n,)
h: (n, 1)
r: (1, p)
g: (1, p)
s: ()
t: ()
k: (n, 1)
"""
FACTS = """assume(n > p, onehot(T), rows_sum_to_one(R), symmetric(S), diagonal(D), orthogonal(Q))
assume(invertible(A), invertible(B), onehot(h), onehot(r), onehot(g, axis=1), positive(k))
"""

PROVED = """
trace(A @ B @ W) == trace(W @ A @ B)
trace(X @ Y) == trace(Y @ X)
trace(X.T @ U) == sum(X * U)
(A @ B @ X).T == X.T @ B.T @ A.T
X @ ones(p, 1) == sum(X, axis=1)
ones(1, n) @ X == sum(X, axis=0)
sum(X) == sum(sum(X, axis=0), axis=1)
sum(A * eye(n)) == trace(A)
sum(A @ B) == sum(A, axis=0) @ sum(B, axis=1)
diag(x) @ X == x * X
x.T @ diag(y) @ x == sum(x * y * x)
diag(x) @ A @ diag(y) == x @ y.T * A
(x @ x.T) * (y @ y.T) == (x * y) @ (x * y).T
diagonal(A @ B) == sum(A * B.T, axis=1)
x.T @ A @ x == x.T @ A.T @ x
mean(Z - mean(Z, axis=1), axis=1) == 0 * x
(A + A.T) @ x == A @ x + A.T @ x
sum(softmax(Z, axis=0), axis=0) == ones(1, p)
softmax(Z + s, axis=0) == softmax(Z, axis=0)
softmax(Z + sum(Z, axis=0), axis=0) == softmax(Z, axis=0)
softmax(Z, axis=0) == exp(Z - logsumexp(Z, axis=0))
log(softmax(Z, axis=0)) == Z - logsumexp(Z, axis=0)
sigmoid(Z) * (1 - sigmoid(Z)) == exp(-Z) / (1 + exp(-Z)) ** 2
sigmoid(-Z) == 1 - sigmoid(Z)
sigmoid(x) / (1 - sigmoid(x)) == exp(x)
log(sigmoid(x)) == -softplus(-x)
1 - tanh(Z) ** 2 == 4 * exp(2 * Z) / (exp(2 * Z) + 1) ** 2
tanh(Z) == 2 * sigmoid(2 * Z) - 1
tanh(x + y) == (tanh(x) + tanh(y)) / (1 + tanh(x) * tanh(y))
softplus(Z) - softplus(-Z) == Z
silu(Z) == Z * sigmoid(Z)
gelu(x) - gelu(-x) == x
exp(Z) * exp(X) == exp(Z + X)
sqrt(exp(x)) == exp(x / 2)
log(exp(Z)) == Z
log(exp(x) * y) == x + log(y)
log(k ** 2) == 2 * log(k)
log(k * exp(x)) == log(k) + x
sin(x) ** 2 + cos(x) ** 2 == ones(n, 1)
cos(-x) * sin(-y) == -cos(x) * sin(y)
sqrt(x) * sqrt(x) == x
sqrt(x ** 2) == abs(x)
sqrt(8) * x == 2 * sqrt(2) * x
step(relu(Z)) == step(Z)
step(leaky_relu(x, 0.1)) == step(x)
step(exp(y) * x) == step(x)
step(x) * step(-x) == 0 * x
relu(Z) - relu(-Z) == Z
relu(relu(x)) == relu(x)
relu(x) * relu(x) == x * relu(x)
abs(Z) * abs(Z) == Z * Z
abs(x) * sign(x) == x
abs(s) * abs(t) == abs(s * t)
abs(x - y) == abs(y - x)
maximum(Z, X) + minimum(Z, X) == Z + X
maximum(x, y) == (x + y + abs(x - y)) / 2
leaky_relu(x, 0.1) == maximum(x, 0.1 * x)
1 / (x * (x + 1)) == 1 / x - 1 / (x + 1)
x / (x * y + x) == 1 / (y + 1)
norm(X) ** 2 == trace(X.T @ X)
x / norm(x) ** 2 * norm(x) == x / norm(x)
A @ inv(A) == eye(n)
inv(A @ B) == inv(B) @ inv(A)
inv(2 * A) == inv(A) / 2
inv(A).T == inv(A.T)
inv(S).T == inv(S)
A @ inv(A + B) + B @ inv(A + B) == eye(n)
A - A @ inv(A + B) @ A == B - B @ inv(A + B) @ B
inv(A) - inv(B) == inv(A) @ (B - A) @ inv(B)
inv(A + B) @ A == inv(eye(n) + inv(A) @ B)
X @ inv(eye(p) + Y @ X) == inv(eye(n) + X @ Y) @ X
inv(A + X @ Y) == inv(A) - inv(A) @ X @ inv(eye(p) + Y @ inv(A) @ X) @ Y @ inv(A)
inv(A + x @ y.T) == inv(A) - inv(A) @ x @ y.T @ inv(A) / (1 + y.T @ inv(A) @ x)
inv(eye(n) + A) == eye(n) - A @ inv(eye(n) + A)
det(eye(n) + X @ Y) == det(eye(p) + Y @ X)
logdet(eye(n) + X @ Y) == logdet(eye(p) + Y @ X)
det(eye(n) + x @ y.T) == 1 + y.T @ x
logdet(eye(n) + x @ y.T) == log(abs(1 + y.T @ x))
det(A @ B) == det(A) * det(B)
det(inv(A)) == 1 / det(A)
logdet(A @ B) == logdet(A) + logdet(B)
pinv(X) @ X == eye(p)
pinv(X) == inv(X.T @ X) @ X.T
vec(A @ X @ Y) == kron(Y.T, A) @ vec(X)
vec(x @ y.T) == kron(y, x)
commutation(n, p) @ vec(X) == vec(X.T)
kron(A, B) @ kron(W, S) == kron(A @ W, B @ S)
kron(A, B).T == kron(A.T, B.T)
inv(kron(A, B)) == kron(inv(A), inv(B))
trace(kron(A, B)) == trace(A) * trace(B)
kron(eye(n), A) @ kron(eye(n), B) == kron(eye(n), A @ B)
S.T == S
trace(S @ A) == trace(S @ A.T)
D @ diag(x) == diag(x) @ D
Q.T @ Q == eye(n)
Q @ Q.T @ X == X
inv(Q) == Q.T
sum(T, axis=0) == ones(1, p)
T * T == T
T @ T.T == diag(sum(T, axis=1))
sum(R, axis=1) == ones(n, 1)
sum(h) == 1
sum(r) == p
sum(g) == 1
r == ones(1, p)
h @ h.T == diag(h)
sum(T * (Z - logsumexp(Z, axis=0))) == sum(T * log(softmax(Z, axis=0)))
sum(T * log(softmax(Z, axis=0))) == sum(log(sum(T * softmax(Z, axis=0), axis=0)))
sum(T * sigmoid(Z), axis=0) == sigmoid(sum(T * Z, axis=0))
sum(v * v) == v @ v
A @ v == sum(A * v, axis=1).T @ eye(n)
"""

NOT_PROVED = """
trace(A @ B @ W) == trace(A @ W @ B)
trace(A @ B @ A @ B) == trace(A @ A @ B @ B)
trace(A @ A.T @ B) == trace(A.T @ A @ B)
trace(A @ A @ A) == sum(A * A) * trace(A)
trace(A) ** 2 - trace(A @ A) == 2 * det(A)
trace(A) ** 2 == trace(A @ A)
A @ A - trace(A) * A + det(A) * eye(n) == 0 * A
A @ B == B @ A
A.T == A
A @ A.T == A.T @ A
D @ A == A @ D
S @ D == D @ S
X @ pinv(X) == eye(n)
sqrt(x ** 2) == x
(x ** 2) ** 0.5 == x
abs(x) == x
abs(x + y) == abs(x) + abs(y)
exp(logdet(A)) == det(A)
logdet(eye(n) + x @ y.T) == 1 + y.T @ x
softmax(Z, axis=0) == softmax(Z, axis=1)
softmax(Z, axis=0) == exp(Z) / sum(exp(Z))
step(-Z) == 1 - step(Z)
step(x) + step(-x) == ones(n, 1)
sign(x) * sign(x) == ones(n, 1)
step(Z) * step(X) == step(Z * X)
step(y * y * x) == step(x)
step(s * x) == step(x)
relu(x + y) == relu(x) + relu(y)
maximum(x, y) == x
inv(A + B) == inv(A) + inv(B)
inv(A @ B) == inv(A) @ inv(B)
inv(2 * A) == 2 * inv(A)
det(A + B) == det(A) + det(B)
det(2 * A) == 2 * det(A)
kron(A, B) == kron(B, A)
vec(A @ X @ Y) == kron(A, Y.T) @ vec(X)
sum(Z, axis=1) == mean(Z, axis=1)
sum(A @ B) == sum(A) * sum(B)
x.T @ x == x.T @ y
x / (y + 1) == x / y + x
tanh(2 * Z) == 2 * tanh(Z)
sigmoid(Z) * 2 == sigmoid(2 * Z)
exp(x ** 2) == exp(x) ** 2
norm(x + y) == norm(x) + norm(y)
norm(A) ** 2 == trace(A @ A)
(A @ x) * (A @ x) == (A * A) @ (x * x)
T.T @ T == eye(p)
T @ T.T == eye(n)
sum(T, axis=1) == ones(n, 1)
sum(R, axis=0) == ones(1, p)
sum(r) == 1
sum(h, axis=1) == ones(n, 1)
diag(diagonal(Q)) @ Q == eye(n)
diagonal(Q).T @ Q == ones(1, n)
diagonal(Q) * diagonal(Q) == ones(n, 1)
sum(T * sigmoid(Z)) == sum(sigmoid(sum(Z, axis=0)))
sum(s * x) == s * n
"""


def pairs(block: str) -> list[tuple[str, str]]:
    """The two sides of each line."""
    lines = [line for line in block.strip().split("\n") if line]
    return [tuple(line.split(" == ")) for line in lines]  # type: ignore[misc]  # two parts
