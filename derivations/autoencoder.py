"""Autoencoder with tied weights.

The code C is narrow, and the decoder uses the encoder's own weights, transposed. So W stands in the network twice, once
as itself and once as W.T, and its gradient is a sum of two terms.

The second term is the lesson: the gradient by W.T is what the rule for products gives, C on the right, and the
gradient by W is its transpose. A transpose in the forward pass comes back as a transpose.
"""
X: (n, m)                   # one example a column
W: (k, n)                   # k < n: the code is narrow
b: (k, 1)
c: (n, 1)

C = sigmoid(W @ X + b)
R = W.T @ C + c
J = sum((R - X) ** 2) / (2 * m)
