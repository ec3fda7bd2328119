"""Linear regression, least squares.

The oldest gradient of all. With the residual r = X @ w - y the cost is half its mean square, and the gradient by w is
X.T @ r / m: every feature asks how it correlates with what is left over.

Set it to zero and the normal equations stand there, X.T @ X @ w = X.T @ y: at the best w the residual is orthogonal to
every feature. The transpose is not a matter of taste, since r has one entry for each example and the gradient has one
for each feature: X.T is what leads from examples to features.
"""
X: (m, n)                   # one example a row
y: (m, 1)
w: (n, 1)

r = X @ w - y
J = sum(r ** 2) / (2 * m)
