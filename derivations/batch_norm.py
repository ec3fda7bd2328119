"""Batch normalisation.

Each feature, a row of X, is shifted and scaled to mean 0 and variance 1 over the batch, then stretched by gamma and
moved by beta. G is the gradient by the output as it arrives from the layers above, and J = sum(G * Y) stands for the
cost: its gradient by Y is G.

X reaches Y by three paths: directly, through the mean, and through the variance. The path through the mean inside the
variance carries nothing, since the deviations of each row add up to zero. What is left says: take from the gradient its
mean over the batch, and what of it lies along the normalised values, for moving all examples alike or stretching them
changes nothing.
"""
X: (n, m)                   # features by examples
G: (n, m)                   # the gradient that arrives
gamma: (n, 1)
beta: (n, 1)
eps: ()
assume(positive(eps))

mu = mean(X, axis=1)
D = X - mu
v = mean(D ** 2, axis=1)
s = sqrt(v + eps)
N = D / s
Y = gamma * N + beta
J = sum(G * Y)
