"""Gaussian log-likelihood by the precision matrix.

The same density as with a covariance, written in its inverse, the precision P. No inverse is left in the objective, and
the gradient is short: m / 2 times the covariance inv(P), minus half the scatter D @ D.T.

So at the maximum inv(P) is the sample covariance. In these variables the log-likelihood is concave, since log det is,
and the trace is linear: that is why sparse covariance models are fitted by the precision and not by the covariance.
"""
X: (n, m)                   # one observation a column
mu: (n, 1)
P: (n, n)
assume(spd(P))

D = X - mu
J = m / 2 * logdet(P) - trace(D.T @ P @ D) / 2
