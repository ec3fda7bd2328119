"""Scaled dot-product attention.

Every row of Q asks a question, every row of K answers how well its own row of V fits, and the softmax turns the scores
of each question into weights that sum to one. G is the gradient that arrives by the output O.

V is behind one product, and its gradient is P.T @ G: a value gets the gradients of all who looked at it, by how much
they looked. Q and K are behind the softmax. It hands on P * (dP - the row sums of P * dP): only how a weight differs
from the average weight matters, as weights can grow only at the expense of others.
"""
Q: (t, d)                   # one query a row
K: (s, d)                   # one key a row
V: (s, e)
G: (t, e)                   # the gradient that arrives

S = Q @ K.T / sqrt(d)
P = softmax(S, axis=1)
O = P @ V
J = sum(G * O)
