"""Write-ups of problems that are singular at small whole numbers, and of names that begin with an underscore."""

from __future__ import annotations

import symback as sb


def test_inverses_that_are_singular_at_small_whole_numbers() -> None:
    terms = " + ".join(f"trace(X.T @ matpow(A @ B, {i}) @ inv(A + {i} * B) @ X)" for i in range(1, 7))
    text = sb.derive(sb.parse(f"X: (n, m)\nA: (n, n)\nB: (n, n)\nJ = {terms}\n")).to_text()
    assert "The gradients of J" in text


def test_a_leading_underscore_is_no_minus() -> None:
    text = sb.derive(sb.parse("x: (n, 1)\n_z: (n, 1)\nJ = sum((x + _z) ** 2)\n")).to_text()
    assert "-z" not in text
    assert "_z" in text


def test_a_helper_before_the_first_claim_is_not_taken_silently() -> None:
    try:
        sb.verify(sb.parse("X: (n, m)\nJ = sum(X ** 2)\ndelta = 2 * X\ndX = delta\n"))
    except sb.SymbackError as error:
        assert "objective(J)" in error.message
    else:
        raise AssertionError("delta is no scalar")
