"""Malformed and hostile inputs, as data: texts in the language's place that are not in the language."""

HEADER = """X: (n, m)
W: (k, n)
x: (n,)
s: ()
S: (n, n)
"""
LINE = 6  # where the text under test stands, below the header

EXPRESSIONS = r"""
W @ X + S
W @ W
X @ W.T
W.T @ x
x @ W
x @ s
s @ s
s @ X
sum(X) @ X
W + X
W * X
X / W
X - x
X ** W
maximum(W, X)
Y
w @ X
sigmod(X)
relu
np
np.linalg
np.random.rand(3)
np.load("x.npy")
np.linalg.eig(S)
np.__version__
X.shape
X.shape[2]
X.shape[True]
X.shape[1.0]
X.shape[-3]
X.shape[m]
X.shape[0:1]
s.shape[0]
x.shape[1]
X[0]
X[:, 0]
X[X > 0]
X.T[0]
X.real
X.__class__
X.__class__.__mro__[1].__subclasses__()
().__class__.__bases__
X.T.T.T.foo
X.tofile("pwned")
X.sum(axis=2)
X.sum(axis=-3)
X.sum(axis="0")
X.sum(axis=[0])
X.sum(axis=(0, 1))
X.sum(0, 1)
X.sum(0, True, True)
X.sum(dtype=int)
X.sum(keepdims=2)
X.sum(keepdims="yes")
X.sum(axis=eval("0"))
s.sum(axis=0)
x.sum(axis=1)
sum(X, axis=3)
sum(X, 1, keepdims=True)
sum(X, axis=1, axis=0)
sum()
sum(X, X)
sum(*X)
sum(**X)
sum(A=X)
sum(X for X in X)
softmax(X)
softmax(X, axis=2)
softmax(s, axis=0)
logsumexp(X)
trace(X)
trace(x)
det(X)
logdet(W)
inv(X)
inv(x)
pinv(x)
np.linalg.inv(s)
np.trace(s)
diagonal(X)
diag(X)
diag(S)
np.diag(X)
np.diag(s)
np.diag(S, 1)
np.outer(X, x)
np.ravel(X)
np.where(X, 1, 0)
np.where(X > 0)
np.where(X > 0, W, X)
np.sum(X, axis=0, out=X)
np.ones((n, m, k))
np.ones(n, m)
np.ones(1.5)
ones(n)
ones(0, n)
ones(-1, n)
ones(n + m, 1)
ones(s, 1)
ones(X, 1)
eye(n, m)
eye(0)
eye(1.5)
matpow(S, 1.5)
matpow(S, n)
matpow(S, 10000)
matpow(X, 2)
matpow(x, 2)
kron(X)
vec(X, W)
leaky_relu(X, 1, 2)
leaky_relu(X, slope=0.1)
exp(X, X)
exp()
exp(X > 0)
log(0)
log(-1)
sqrt(-1)
(-8) ** (1 / 3)
1 / 0
X / 0
X / (2 - 2)
X / zeros(n, m)
0 ** -1
zeros(n, m) ** -1
X ** 10**10**10
10**10**10
9 ** 9 ** 9
2 ** 100000
X ** 33
X ** 0.12345678
1e999999
-1e999999
1e-999999
1e400 * X
0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
1j * X
X * 2j
True
X * True
False
None
...
"a string"
b"bytes"
"a" "b"
f"{X}"
f"{__import__('os').system('touch pwned')}"
'%s' % X
X % 2
X // 2
X & X
X | X
X ^ X
X << 1
X >> 1
~X
not X
X and X
X or X
X == X
X != X
X is X
X in X
0 < X < 1
X > 0 > 1
(X > 0) + (X > 1)
(X > 0) - (X > 1)
-(X > 0)
+(X > 0)
(X > 0) @ (X > 0).T
1 / (X > 0)
(X > 0) ** -1
(X > 0) ** 2
X ** (X > 0)
np.square(X > 0)
softmax(X > 0, axis=0)
inv(S > 0)
matpow(S > 0, 2)
np.negative(X > 0)
np.zeros_like(X > 0)
X if s else X
X if True else W
lambda: X
(lambda: X)()
(lambda X: X)(X)
[X]
[X for X in X]
[X, W]
{X}
{X: W}
{"a": X}
{x for x in X}
{x: x for x in X}
(x for x in X)
(X, W)
(X,)
()
*X
(*X, W)
X := 3
(Y := X)
await X
yield X
(yield)
(yield from X)
print(X)
eval("1")
exec("1")
open("pwned", "w")
__import__("os").system("touch pwned")
__import__('os')
__builtins__
getattr(X, "T")
globals()
breakpoint()
exit()
quit()
input()
compile("1", "", "eval")
help(X)
dir()
type(X)
X()
X(W)
X.T()
X.sum
X.sum()()
s(s)
3(X)
"".join(X)
(1).__class__
1 .__class__.__bases__[0].__subclasses__()
np.core.multiarray.fromfile("pwned")
np.ndarray.tofile(X, "pwned")
np.lib.npyio.save("pwned", X)
os.system("touch pwned")
sys.exit(1)
X..T
X.
X @
@ X
X +
* X
W @@ X
X ** ** 2
(X
X)
((X)
[X
{X
(X]
X, W =
X W
X 2
2X
X $ W
X ? W
X ! W
`X`
X → W
X ∘ W
X·W
X²
“X”
'unclosed
"unclosed
'''unclosed
0777
1__0
0b2
0xg
1e
1_
00.5.5
"""

STATEMENTS = r"""
X: (n, m)
X = W @ X
W: (k, n)
n: (3, 3)
m = 3
n = X
exp: (n, m)
sum = X
np: (n, m)
pi = 3
assume: (n, m)
objective = X
__builtins__: (n, m)
__class__ = X
Q: (n, m, k)
Q: n
Q: [n, m]
Q: {n, m}
Q: "(n, m)"
Q: (n, m) = X
Q: (0, n)
Q: (-1, n)
Q: (1.5, n)
Q: (n + 1, m)
Q: (n * m, 1)
Q: (True, n)
Q: (X, n)
Q: (sum, n)
Q: (Q, n)
Q: (n, *m)
Q: (n, "m")
Q: (f(), n)
Q: (__import__("os"), n)
Q: (99999999999999999999, n)
Q: int
Q: np.ndarray
Q.T: (n, m)
Q[0]: (n, m)
(Q, R): (n, m)
Q, R = X, W
Q = R = X
[Q] = X
Q.T = X
Q[0] = X
*Q, = X
Q += X
Q @= X
X += X
Q
X
X @ W
3
"text"
assume()
assume(symmetric(X))
assume(symmetric(Q))
assume(symmetric(W, S))
assume(symmetric())
assume(symmetric(S.T))
assume(symmetric(S, axis=0))
assume(symmetric)
assume(S)
assume(positiv(X))
assume(onehot(X, axis=2))
assume(onehot(X, axis="0"))
assume(onehot(X, dim=0))
assume(onehot(X, 1))
assume(n > q)
assume(n > X)
assume(n > 1.5)
assume(n != m)
assume(n in m)
assume(n > m > s)
assume(n == 2, n == 3)
assume(n == 0)
assume(n > n)
assume(3 > 5)
assume(n < 1)
assume(X == 3)
assume(S == S.T)
assume(n + 1 > m)
assume(x=3)
assume(True)
assume(**X)
assume(*X)
assume(__import__("os").system("touch pwned"))
assume(symmetric(S)).foo
objective()
objective(Q)
objective(X)
objective("J")
objective(J, J)
objective(J=J)
objective(sum(X))
print(X)
exec("import os")
__import__("os").system("touch pwned")
import os
import numpy as np
from os import system
from symback.numpy import *
def f(): pass
def f(X): return X
async def f(): pass
class A: pass
if X: pass
for i in range(3): pass
while True: pass
with open("pwned", "w") as f: pass
match X: pass
return X
yield X
await X
raise X
assert X
del X
pass
break
continue
global X
nonlocal X
lambda: 0
Q = X;
Q: (n, m);;
Q = 
= X
 Q = X
	Q = X
Q == X
Q := X
Q -> X
Q <- X
Q = X Y
$Q = X
1Q = X
Q-1 = X
"Q" = X
None = X
True = X
if = X
class = X
for: (n, m)
"""


def _lines(block: str) -> list[str]:
    return [line for line in block.strip("\n").split("\n") if line]


def files() -> list[tuple[str, int]]:
    """Each malformed text, with the line at which its error should point."""
    bad = [(f"{HEADER}J = {text}\n", LINE) for text in _lines(EXPRESSIONS)]
    harmless = ("Q = X;",)  # a semicolon ends a statement in Python, and nothing follows it
    bad += [(f"{HEADER}{text}\nJ = sum(X)\n", LINE) for text in _lines(STATEMENTS) if text not in harmless]
    return bad + whole_files()


def whole_files() -> list[tuple[str, int]]:
    """Texts that are odd as a whole: huge, deep, empty, with characters that no text has."""
    deep = 300
    chain = " + ".join(["X"] * 100_000)
    return [
        ("", 1),
        ("\n\n\n", 1),
        ("# nothing\n", 1),
        ('"""Only a title."""\n', 1),
        ("X: (n, m)\n", 1),
        ("X: (n, m)\nY: (n, m)\n", 2),
        ("J = \0sum(X)\n", 1),
        ("X: (n, m)\nJ = sum(X) # \0\n", 2),
        ("X: (n, m)\nJ = sum(\ud800)\n", 2),
        ("# \udfff\nX: (n, m)\nJ = sum(X)\n", 1),
        ("X: (n, m)\r\nJ = sum(Y)\r\n", 2),
        ("X: (n, m)\rJ = sum(Y)\r", 2),
        ("\N{ZERO WIDTH NO-BREAK SPACE}X: (n, m)\nJ = sum(Y)\n", 2),
        ("X: (n, m)\n\fJ = sum(Y)\n", 2),
        ("X: (n, m)\nJ = sum(X)\n\x1b[31mred\n", 3),
        ("X: (n, m)\nJ = sum(X)\nJ = sum(X)\n", 3),
        ("X: (n, m)\nJ = sum(X)\nobjective(J)\nobjective(J)\n", 4),
        ("X: (n, m)\nJ = sum(X)\ndX = ones(n, m)\ndX = ones(n, m)\n", 4),
        ("X: (n, m)\nJ = sum(X)\ndX = ones(n, m)\nX = 3\n", 4),
        ("X: (n, m)\nJ = sum(X)\ndX = (\n", 3),
        ("J = sum(X)\nX: (n, m)\n", 1),
        ("A = B\nB = A\n", 1),
        ("X: (n, m)\nA = A + X\n", 2),
        ("X: (n, m)\nJ = sum(\n  X @\n  X)\n", 3),
        ("X: (n, m)\nJ = sum(X\n", 2),
        ('"""A title\nX: (n, m)\n', 1),
        (f"X: (n, m)\nJ = {'(' * deep}X{')' * deep}\n", 2),
        (f"X: (n, m)\nJ = {'[' * deep}X{']' * deep}\n", 2),
        (f"X: (n, m)\nJ = {'exp(' * deep}X{')' * deep}\n", 2),
        (f"X: (n, m)\nJ = {'exp(' * 150}X{')' * 150}\n", 2),
        (f"X: (n, m)\nJ = {'-' * deep}X\n", 2),
        (f"X: (n, m)\nJ = {'-' * 100_000}X\n", 2),
        (f"X: (n, m)\nJ = X{'.T' * deep}\n", 2),
        (f"X: (n, m)\nJ = X{'.T' * 100_000}\n", 2),
        (f"X: (n, m)\nJ = X{'.a' * 50_000}\n", 2),
        (f"X: (n, m)\nJ = X{'()' * 50_000}\n", 2),
        (f"X: (n, m)\nJ = X{'[0]' * 50_000}\n", 2),
        (f"X: (n, m)\nJ = {' ** '.join(['X'] * deep)}\n", 2),
        (f"X: (n, m)\nJ = {'not ' * 10_000}X\n", 2),
        (f"X: (n, m)\nJ = {'lambda: ' * 10_000}X\n", 2),
        (f"X: (n, m)\nJ = {'X if X else ' * 10_000}X\n", 2),
        (f"X: (n, m)\nJ = {chain}\n", 2),
        (f"X: (n, m)\nJ = {chain.replace('+', '@')}\n", 2),
        (f"X: (n, m)\nJ = {'9' * 100_000}\n", 2),
        (f"X: (n, m)\nJ = 0x{'f' * 100_000}\n", 2),
        (f"X: (n, m)\nJ = 0.{'3' * 100_000}1 * X ** {'9' * 4000}\n", 2),
        (f"X: (n, m)\nJ = {'A' * 100_000}\n", 2),
        (f"X: (n, m)\nJ = {'A' * 100_000}(X)\n", 2),
        (f"X: (n, m)\nJ = X.{'A' * 100_000}\n", 2),
        (f"X: (n, m)\nJ = 0{' ' * 100_000}X\n", 2),
        (f"X: ({'n, ' * 50_000})\nJ = sum(X)\n", 1),
        (f"X: (n, m)\nJ = sum({'X, ' * 50_000})\n", 2),
        (f"X: (n, m)\nJ = {'np.square(' * 60}3{')' * 60}\n", 2),
        (f"X: (n, m)\nJ = {'(' * 60}X{' ** 32)' * 60}\n", 2),
        (f"X: (n, m)\nJ = {'np.where(' * 60}X > 0{', X, X) > 0' * 60}\n", 2),
        (f"X: (n, m)\nJ = {'{' * 150}X{'}' * 150}\n", 2),
        (f"X: (n, m)\nJ = {'{1:' * 150}X\n", 2),
        (f"X: (n, m)\nJ = {'f(' * 150}X\n", 2),
        (f"X: (n, m)\n{'  ' * 90}J = X\n", 2),
        (
            f"X: (n, m)\n{''.join(' ' * i + 'if X:' + chr(10) for i in range(120))}{' ' * 120}J = X\n",
            102,
        ),  # Python's own limit
        (f"{HEADER}@decorator\nJ = sum(X)\n", LINE + 1),
        (f"{HEADER}try: pass\nJ = sum(X)\n", LINE + 1),
        ("X: (n, m)\nJ = 1 / (1/3 - 1/3) * X\n", 2),
        ("X: (n, m)\nJ = " + " + ".join(f"1 / {p}" for p in range(10**6, 10**6 + 800)) + "\n", 2),
    ]
