"""What is printed gives in NumPy what the user's own text gives, shape and value; read again it is the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.language.random_expressions import expressions
from tests.language.running import environment, numpy_shape, read, run, scalar, written

TABLE = """
A + B; A - B; A * B; A / B; -A; A ** 2; A ** 0.5; A ** -1; A ** -0.5; A ** (1 / 3); abs(A) ** 1.5; 2 ** A; s ** 2
A + c; A + r; A + s; A + u; A + y; c + A; r + A; s + A; u + A; y + A; c + r; r + c; c + y; y + c; c - y; c * y
c / y; A * c; A * r; A * s; A * u; A * y; A / c; A / r; A / s; A / u; A / y; s / A; u / A; c / A; r / A; y / A
1 / A; 2 / y; A - c; A - r; A - s; A - y; c - A; r - A; s - A; y - A; A - A; -A - B; -(A - B); -(A + B) * 2; -(-A)
c + c; c * c; r + y; y + r; r * y; y * r; u + y; y + u; u * y; u + c; u * s; s * u; s + t; s * t; s / t; u / s
u - u; x + z; x * z; x / z; x - z; -x; 2 * x; x * 2; s * x; x * s; x / s; s / x; x + s; s - x; x ** 2; x ** -2
sqrt(abs(x)); x @ z; x @ S; S @ x; x @ A; A @ y; A.T @ x; y @ A.T; x @ S @ z; x @ S @ S; S @ S @ x; x @ A @ y
2 * x @ A; -x @ A; x @ c; q @ x; A @ y + x; x - A @ y; (A @ y) * x; x * (A @ y); (x @ A) * y; y / (x @ A)
exp(A @ y); tanh(x @ A + y); (A @ y) @ A; A.T @ (A @ y); A.T @ (A @ y - x); (A @ y - x) @ (A @ y - x)
sum((A @ y - x) ** 2); x.T; x.T @ A; np.outer(x, y); np.outer(x, y) * A; np.outer(c, r); np.outer(x, r)
x * np.outer(z, x); vec(x) @ vec(y).T; c @ vec(y).T; A @ C; A @ C @ C.T; A.T @ B; A @ B.T; (A * B) @ C; A * (B @ T)
(A @ T) * B; A @ T * B; 2 * A @ C; A @ C * 2; A @ C / 2; A * B @ T; A * (B @ T) / m; s * A @ C; u * A @ T; A @ T * s
(A - B) @ T; (A - B).T @ S; -A @ T; -(A @ T); (-A) @ (-T); A @ d; c.T @ A; c.T @ S @ c; c @ r; d @ c.T; r @ d
A @ d @ r; (r @ d) * A; A * (r @ d); A + r @ d; (c.T @ c) * x; c.T @ c; (c.T @ c) ** 2; 1 / (c.T @ c); A / (c.T @ c)
exp(c.T @ c) * A; exp(-(c.T @ c)); u @ r; c @ u; c @ u @ r; A.T; (A * B).T; (A @ T).T; (A + c).T; (s * A).T; A.T.T
exp(A).T; (A.T @ S).T; -A.T; 2 * A.T; A.T / 2; (A / B).T; A.T ** 2; sum(A); sum(A, axis=0); sum(A, axis=1); sum(x)
sum(x, axis=0); sum(s); sum(c); sum(c, axis=1); sum(r, axis=1); sum(u); mean(A); mean(A, axis=0); mean(A, axis=1)
mean(x); mean(x, axis=0); sum(A) / m; sum(A, axis=1) / m; sum(A) / (m * n); sum(A, axis=0) / n; sum(A, axis=1) / n
sum(A, axis=1) * c; sum(A, axis=0) * r; sum(A, axis=0) + y; y - sum(A, axis=0); A - sum(A, axis=1)
A / sum(A, axis=0); A - mean(A, axis=1); A * sum(A); sum(A, 1); sum(A, axis=-1); mean(A, -2); np.sum(A)
np.sum(A, axis=0); np.sum(A, axis=1); np.sum(A, 1); np.sum(A, axis=1, keepdims=True); np.sum(A, 0, keepdims=True)
np.sum(A, keepdims=True); np.sum(x, keepdims=True); np.sum(x, axis=0); np.sum(x, axis=0, keepdims=True)
np.sum(A, axis=None); np.sum(A, axis=-1); np.mean(A); np.mean(A, axis=0); np.mean(A, axis=1)
np.mean(A, axis=1, keepdims=True); np.mean(x); np.sum(S, axis=1) + S; S - np.sum(S, axis=1); S / np.sum(S, axis=0)
np.sum(A, axis=1) * x; x + np.sum(A, axis=1); 2 * np.sum(A, axis=0); np.sum(A, axis=0) / m + y
s * np.sum(A, axis=0) + t * y; np.sum(A, axis=1) @ A; A @ np.sum(A, axis=0); np.sum(A, axis=0) * u; u * y + y
exp(np.sum(A, axis=0)); np.sum(A * B, axis=1) / np.sum(A, axis=1); tanh(s * y) * u; A.sum(); A.sum(axis=0); A.sum(1)
A.sum(axis=1, keepdims=True); A.sum(1, keepdims=True); A.mean(axis=0); A.mean(); x.sum(); A.dot(T); A.dot(y)
x.dot(A); x.dot(z); A.T.dot(x); A.dot(T).dot(d); s * A.dot(y); A.transpose(); A.transpose() @ x; np.dot(A, T)
np.dot(A, y); np.dot(x, A); np.dot(x, z); np.dot(s, A); np.dot(A, 2); np.dot(x, s); np.matmul(A, y)
np.multiply(A, B); np.multiply(A, c); np.divide(A, r); np.power(A, 2); np.add(A, y); np.subtract(A, c); np.square(A)
np.square(x); np.negative(A); np.transpose(A); np.transpose(x); np.abs(A); np.absolute(x); np.sign(A); np.exp(A)
np.log(np.abs(A)); np.tanh(x); np.sqrt(np.abs(A)); np.sin(A); np.cos(x); np.maximum(0, A); np.maximum(A, c)
np.minimum(A, y); np.maximum(x, 0); np.maximum(s, t); np.trace(S); np.kron(A, C); np.kron(x, y); np.kron(s, A)
np.kron(x, 2); np.diag(x); np.diag(S); np.diag(x) @ A; S @ np.diag(x); np.diag(S) * x; np.diag(S) + S
np.diagonal(S); S.diagonal(); np.diagflat(c); np.diagflat(r); np.diagflat(x); np.diag(A @ y); np.diag(np.diag(S))
np.eye(n) + S; np.identity(m) @ T; np.ones((n, m)) * A; np.ones(m) + A; np.ones((1, m)); np.zeros((n, m)) + A
np.ones_like(A) * B; np.ones_like(x) + x; np.zeros_like(x); np.ones(A.shape); np.ones(x.shape) - x; np.ones((n,))
np.ones(5); np.where(A > 0, A, 0); np.where(A > B, A, B); np.where(x > 0, x, -x); np.where(A > c, y, 1)
np.where(s > 0, A, B); np.where(A > 0, 1, 2); np.squeeze(c); np.squeeze(r); np.squeeze(u); np.squeeze(A)
np.squeeze(x); np.ravel(c); np.ravel(r); np.ravel(x); np.ravel(u); np.ravel(s); c.ravel(); c.flatten()
(A @ d).ravel(); (A @ d).ravel() * x; (A @ d).squeeze() + S; np.copy(A); np.array(x); A.copy(); np.linalg.inv(S)
np.linalg.det(S); np.linalg.norm(A); np.linalg.norm(x); np.linalg.pinv(A); np.linalg.matrix_power(S, 3)
np.linalg.inv(S) @ x; x @ np.linalg.inv(S) @ x; np.pi * A; 2 * pi * s; pi / 2; np.pi ** 2; A.shape[0] * A
A / A.shape[1]; A / A.shape[-1]; x / x.shape[0]; A / A.size; x / x.size; 1 / m; 1. / m * A; (1 / m) * A; m * n
A > 0; A >= 0; A < 0; A <= 0; A > B; A > c; A <= y; x > 0; x >= z; s > 0; (A > 0) * A; A * (A > 0); 1 - (A > 0)
(A > 0) * (B > 0); sum(A > 0); sum(A > 0, axis=0); np.sum(A > 0, axis=1); (A > 0).T; (A > 0) @ T; A @ (T > 0)
2 * (x > 0); 0.5 < A; step(A); relu(A); leaky_relu(A); leaky_relu(A, 0.2); leaky_relu(A, s); sigmoid(A); softplus(A)
gelu(A); silu(A); erf(A); sign(A); maximum(A, 0); maximum(A, B); maximum(A, c); minimum(r, A); maximum(x, y.sum())
maximum(c, y); abs(A); exp(A); log(abs(A)); sin(x); softmax(A, axis=0); softmax(A, axis=1); softmax(x, axis=0)
softmax(c, axis=0); softmax(r, axis=1); softmax(A, axis=-1); logsumexp(A, axis=0); logsumexp(A, axis=1)
logsumexp(x, axis=0); A - logsumexp(A, axis=0); x - logsumexp(x, axis=0); x @ softmax(x, axis=0)
softmax(A @ y, axis=0); softmax(x @ A, axis=0) * y; softmax(A + y, axis=1); softmax(y + c, axis=0); trace(S); det(S)
logdet(S); inv(S); pinv(A); norm(A); norm(x); norm(c); diag(c); diag(x); diagonal(S); vec(A); vec(x); vec(c); vec(r)
vec(s); kron(A, C); kron(x, y); kron(c, A); kron(s, A); kron(x, A); kron(A, x); kron(x, s); matpow(S, 3)
matpow(S, -2); matpow(S, 0); matpow(S, 1); eye(n); ones(n, m); zeros(n, m); ones(1, 1); eye(m * n)
commutation(n, m); commutation(n, m) @ vec(A); inv(S) @ A; inv(S).T @ A; x @ inv(S) @ z; S @ diag(x); diag(x) @ S
diag(c * c) @ A; diag(A @ y) @ S; diag(x) @ x; norm(A) * A; A / norm(A); x / norm(x); x / norm(x) ** 2; trace(S) * x
det(S) * inv(S).T; trace(A.T @ B); trace(S @ S) / n; logdet(S) * s; 0.5 * A; 0.1 * A; A / 3; 2 / 3 * A; 1 / 3 * A
1e-5 * A; 1e20 * A; 1e300 * A; 123456789.25 * A; A * 0.5 / 3; -0.5 * x; -x / 3; 1e-8 + A; (A * B) / (A + B)
A / (B * B); A / (2 * m); A / m / 2; (A / B) / (B / A); A / (B @ T); (A @ T) / (B @ T); A / -B; 1 / (1 + exp(-A))
A ** 2 * B; (A * B) ** 2; (A + B) ** 2; (A @ T) ** 2; (-A) ** 2; -A ** 2; A ** 2 ** 1; (A ** 2) ** 0.5; exp(A) ** 2
2 ** s * A; s ** A; x ** s; A ** B; A ** c; c ** y; y ** A; x ** z; (A + B) ** s; abs(s) ** t; (-s) ** 2
(A > 0) * s ** 2; abs(A) ** (B * B); 2 ** x; 0.5 ** x; tanh(A) * (1 - tanh(A) ** 2); (T @ (T - T.T) * step(T)) @ T.T
A * (S @ A); (A - B) * (S @ A) * A; A - (B - A); A - (B + c); A + (B - y); sum(A * B) * A; sum(A @ T) * c
sum(x * z) / n * x; (x @ z) * A; A * (x @ z); (x @ z) * x; x * (x @ z); x / (x @ x); (x @ S @ x) * S @ x
(c > 0) * y; (x > 0) * S; S * (x > 0); c * (y > 0); np.outer(x > 0, y); np.kron(x > 0, z); vec(x > 0)
np.diag(x > 0); np.ravel(c > 0)
"""
EXPRESSIONS = [text.strip() for line in TABLE.strip().split("\n") for text in line.split(";")]


def assert_same(text: str, seed: int = 0) -> None:
    """The printed text and the user's text give the same in NumPy, and so does what is printed of the printed text."""
    names = environment(seed)
    wanted = run(text, names)
    problem, definition = read(text)
    assert scalar(numpy_shape(definition)) == scalar(wanted.shape), f"{text} is read as {numpy_shape(definition)}"
    printed = written(problem, definition)
    _compare(run(printed, names), wanted, f"{text}  is printed as  {printed}")
    again, definition_again = read(printed)
    assert scalar(numpy_shape(definition_again)) == scalar(wanted.shape), f"{text}  is read again from  {printed}"
    twice = written(again, definition_again)
    _compare(run(twice, names), wanted, f"{text}  is printed as  {printed}  and then as  {twice}")


def _compare(value: np.ndarray, wanted: np.ndarray, message: str) -> None:
    assert scalar(value.shape) == scalar(wanted.shape), f"{message}: shape {value.shape}, not {wanted.shape}"
    finite = np.isfinite(wanted) & (np.abs(wanted) < 1e250)
    size = max(1.0, float(np.max(np.abs(wanted[finite]), initial=0)))
    gap = np.max(np.abs(np.reshape(value, wanted.shape) - wanted), where=finite, initial=0)
    assert gap <= 1e-9 * size, f"{message}: off by {gap}"


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_printed_text_is_the_users_text(text: str) -> None:
    assert_same(text)


def test_there_are_many() -> None:
    assert len(EXPRESSIONS) > 500


@settings(max_examples=600)
@given(expressions(), st.integers(0, 5))
def test_any_printed_text_is_the_users_text(text: str, seed: int) -> None:
    assert_same(text, seed)
