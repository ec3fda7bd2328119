"""Matrix factorisation with missing entries.

A table of ratings R is approximated by a product of two thin matrices: a row of U for each user, a column of V for
each item. M is 1 where a rating is known and 0 where it is not, so only known entries count.

The two gradients are mirror images: the error goes to U with V transposed on its right, and to V with U transposed on
its left. A left factor leaves to the left, a right factor to the right. The mask stands in the error E and once more in
what goes back through it; it could be left out the second time, since a 0 or a 1 times itself is itself.
"""
R: (m, n)                   # ratings, a row for each user
M: (m, n)                   # 1 where a rating is known
U: (m, k)
V: (k, n)
mu: ()                      # strength of the penalty
assume(binary(M))

E = M * (U @ V - R)
J = sum(E ** 2) / 2 + mu / 2 * (sum(U ** 2) + sum(V ** 2))
