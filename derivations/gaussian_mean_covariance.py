"""Gaussian log-likelihood by mean and covariance.

m observations, the columns of X, of a normal distribution with mean mu and covariance S; J is the logarithm of their
joint density without the constant.

Two rules meet here. The derivative of log det S is the inverse of S, transposed. The derivative of an inverse is
-inv(S) @ dS @ inv(S), so what comes back through it is multiplied by the transposed inverse from both sides. Setting
both gradients to zero gives the sample mean, and D @ D.T / m, the sample covariance.
"""
X: (n, m)                   # one observation a column
mu: (n, 1)
S: (n, n)
assume(spd(S))

D = X - mu
J = -m / 2 * logdet(S) - trace(D.T @ inv(S) @ D) / 2
