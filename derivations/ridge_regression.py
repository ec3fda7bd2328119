"""Ridge regression.

Least squares with a penalty on long weight vectors. w reaches the objective by two paths, through the residual and
through its own length, and its gradient is the sum of what comes back along both.

Setting the gradient to zero gives (X.T @ X + lambda_ * m * eye(n)) @ w = X.T @ y. The matrix on the left is invertible
for every positive lambda_, even with more features than examples: that was the reason for the penalty.
"""
X: (m, n)
y: (m, 1)
w: (n, 1)
lambda_: ()                 # strength of the penalty

r = X @ w - y
J = sum(r ** 2) / (2 * m) + lambda_ / 2 * sum(w ** 2)
