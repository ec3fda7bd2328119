"""Newton's step for logistic regression.

The gradient of the cost is X.T @ (p - y) / m. Its own derivative, the Hessian, is X.T @ diag(p * (1 - p)) @ X / m: the
features weighted by how undecided each example still is. Newton's step solves H @ s = g.

To write a Hessian that is derived once into a gradient, the objective here is the length of the gradient along a fixed
direction u: J = u.T @ g. Its gradient by w is the Hessian times u. That is all that a conjugate gradient solver needs,
and the matrix H itself is never built. `symback derive logistic_regression --kind hessian --wrt w` gives H.
"""
X: (m, n)                   # one example a row
y: (m, 1)
w: (n, 1)
u: (n, 1)                   # a direction

p = sigmoid(X @ w)
g = X.T @ (p - y) / m
J = sum(u * g)
