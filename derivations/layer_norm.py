"""Layer normalisation.

As batch normalisation, but along the features of each example, so examples do not see one another and nothing has to be
remembered for later. Here an example is a row; gamma and beta are 1-D arrays, as in NumPy code, and are repeated down
the rows. G is the gradient that arrives by the output.

Compare with batch normalisation: the same three paths, with the sums along the other axis. dgamma and dbeta still add
up over the examples, because every example uses the same gamma and beta.
"""
X: (m, n)                   # one example a row
G: (m, n)                   # the gradient that arrives
gamma: (n,)
beta: (n,)
eps: ()
assume(positive(eps))

D = X - mean(X, axis=1)
s = sqrt(mean(D ** 2, axis=1) + eps)
N = D / s
Y = gamma * N + beta
J = sum(G * Y)
