"""Recurrent network over three steps.

The same weights are used at every step, so each of them reaches the objective by three paths, and its gradient is a sum
over time: "backpropagation through time" is the ordinary sum over paths.

Follow dH1: what arrives there from the third step has passed through Wh.T twice, with a slope of tanh each time. Over
many steps such a product shrinks or grows geometrically. That is the vanishing and exploding gradient, seen in a formula
rather than in an experiment.
"""
X1: (n, m)                  # inputs at each step, examples as columns
X2: (n, m)
X3: (n, m)
H0: (h, m)
Y: (k, m)
Wx: (h, n)
Wh: (h, h)
b: (h, 1)
Wy: (k, h)

H1 = tanh(Wx @ X1 + Wh @ H0 + b)
H2 = tanh(Wx @ X2 + Wh @ H1 + b)
H3 = tanh(Wx @ X3 + Wh @ H2 + b)
E = Wy @ H3 - Y
J = sum(E ** 2) / (2 * m)
