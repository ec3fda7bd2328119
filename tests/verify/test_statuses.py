from __future__ import annotations

import pytest

import symback as sb
from tests.verify.networks import two_layer

FORWARD = two_layer()
RIGHT = """dZ2 = (A2 - Y) / m
dW2 = dZ2 @ A1.T
db2 = sum(dZ2, axis=1)
dA1 = W2.T @ dZ2
dZ1 = dA1 * (1 - A1 ** 2)
dW1 = dZ1 @ X.T
db1 = np.sum(dZ1, axis=1, keepdims=True)
"""


def statuses(claims: str, forward: str = FORWARD) -> dict[str, str]:
    return {v.name: v.status for v in sb.verify(sb.parse(forward + claims))}


def test_every_right_line_is_proved() -> None:
    assert set(statuses(RIGHT).values()) == {"proved"}


@pytest.mark.parametrize("rows", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "softplus", "silu", "sin"])
def test_right_lines_under_other_activations(activation: str, rows: bool) -> None:
    slope = {
        "sigmoid": "A1 * (1 - A1)", "relu": "(Z1 > 0)", "softplus": "sigmoid(Z1)", "sin": "cos(Z1)",
        "silu": "(sigmoid(Z1) + A1 * (1 - sigmoid(Z1)))",
    }[activation]  # fmt: skip
    back = "dZ2 @ W2.T" if rows else "W2.T @ dZ2"
    weights = "X.T @ dZ1" if rows else "dZ1 @ X.T"
    claims = f"dZ2 = (A2 - Y) / m\ndZ1 = {back} * {slope}\ndW1 = {weights}\ndb1 = sum(dZ1, axis={0 if rows else 1})\n"
    assert set(statuses(claims, two_layer(activation=activation, rows=rows)).values()) == {"proved"}


def test_per_example_gradients_are_scaled_where_the_mean_is_taken_later() -> None:
    verdicts = sb.verify(sb.parse(FORWARD + "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T / m\n"))
    assert [(v.status, v.factor) for v in verdicts] == [("scaled", "m"), ("proved", None)]


def test_without_a_later_mean_they_are_wrong() -> None:
    alone = sb.verify(sb.parse(FORWARD + "dZ2 = A2 - Y\n"))
    assert (alone[0].status, alone[0].mistake) == ("wrong", "missing_mean")
    assert "per example" in alone[0].explanation
    never = sb.verify(sb.parse(FORWARD + "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T\n"))
    assert [(v.status, v.mistake) for v in never] == [("wrong", "missing_mean"), ("follows", None)]


def test_a_declared_array_is_never_scaled() -> None:
    found = sb.verify(sb.parse(FORWARD + "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T\ndb2 = sum(dZ2, axis=1) / m\n"))
    assert [v.status for v in found] == ["scaled", "wrong", "proved"]
    assert found[1].mistake == "missing_mean"


def test_one_mistake_is_reported_once() -> None:
    claims = RIGHT.replace("W2.T @ dZ2", "W2 @ dZ2")
    found = {v.name: v for v in sb.verify(sb.parse(FORWARD + claims))}
    assert {n for n, v in found.items() if not v.right} == {"dA1", "dZ1", "dW1", "db1"}
    assert (found["dA1"].status, found["dA1"].mistake) == ("ill-formed", "missing_transpose")
    for name in ("dZ1", "dW1", "db1"):
        assert (found[name].status, found[name].origin) == ("follows", "dA1")


def test_two_mistakes_on_one_way_are_two() -> None:
    claims = "dZ2 = (Y - A2) / m\ndZ1 = W2.T @ dZ2\ndW1 = dZ1 @ X.T\n"
    found = sb.verify(sb.parse(FORWARD + claims))
    assert [(v.status, v.mistake) for v in found] == [
        ("wrong", "wrong_sign"), ("wrong", "missing_activation_derivative"), ("follows", None),
    ]  # fmt: skip


@pytest.mark.parametrize("claim", ["(A2 - Y", "A2 @ Y.T @ nothing", "f(A2)", "A2 - Y; A1", "A2 @ Y", ""])
def test_what_cannot_be_read_is_ill_formed(claim: str) -> None:
    found = sb.verify(sb.parse(FORWARD), {"Z2": claim})
    assert found[0].status == "ill-formed"


def test_handed_in_claims_keep_their_order_and_may_use_later_ones() -> None:
    claims = {"W1": "dZ1 @ X.T", "dZ1": "W2.T @ (A2 - Y) / m * (1 - A1 ** 2)"}
    found = sb.verify(sb.parse(FORWARD), claims)
    assert [(v.name, v.wrt, v.status) for v in found] == [("dW1", "W1", "proved"), ("dZ1", "Z1", "proved")]


def test_a_claim_about_no_array_is_refused() -> None:
    with pytest.raises(sb.SymbackError, match="W9"):
        sb.verify(sb.parse(FORWARD), {"W9": "X"})


def test_helpers_claim_nothing() -> None:
    found = sb.verify(sb.parse(FORWARD + "g = 1 - A1 ** 2\ndelta = (A2 - Y) / m\ndW1 = (W2.T @ delta * g) @ X.T\n"))
    assert [(v.wrt, v.status) for v in found] == [(None, "proved"), (None, "proved"), ("W1", "proved")]


def test_a_helper_at_fault_is_named() -> None:
    found = sb.verify(sb.parse(FORWARD + "delta = W2 @ (A2 - Y) / m\ndA1 = delta\n"))
    assert found[0].status == "ill-formed" and found[0].mistake == "missing_transpose"
    assert found[1].origin == "delta" and "delta" in found[1].explanation


@pytest.mark.parametrize("shape", ["()", "(1, 1)"])
def test_a_scalar_and_a_1_by_1_matrix_conform(shape: str) -> None:
    text = f"x: (n, 1)\na: (n, 1)\nt: {shape}\nJ = sum(t * a * x)\n"
    for claim in ("sum(a * x)", "a.T @ x", "x.T @ a"):
        assert sb.verify(sb.parse(text), {"t": claim})[0].status == "proved"


def test_one_dimensional_arrays_keep_numpys_rules() -> None:
    text = "X: (m, n)\nw: (n,)\nb: (k, 1)\nW: (k, m)\nJ = sum((X @ w) ** 2) + sum(W + b)\n"
    found = sb.verify(sb.parse(text), {"w": "2 * X.T @ (X @ w)", "b": "np.sum(W * 0 + 1, axis=1)"})
    assert found[0].status == "proved"
    assert found[1].status == "ill-formed"  # a 1-D array is a row to NumPy, and b is a column


def test_the_gradient_of_the_objective_by_itself_is_one() -> None:
    assert statuses("dJ = 1\n") == {"dJ": "proved"}
    assert statuses("dJ = 2\n") == {"dJ": "wrong"}


def test_an_array_that_does_not_matter_has_the_gradient_zero() -> None:
    text = "X: (n, m)\nU: (n, m)\nJ = sum(X)\n"
    assert [v.status for v in sb.verify(sb.parse(text), {"U": "0 * X"})] == ["proved"]
    assert [v.status for v in sb.verify(sb.parse(text), {"U": "X"})] == ["wrong"]


def test_a_proof_never_leans_on_a_helper_that_was_only_seen_to_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    from symback.checking import trial

    monkeypatch.setattr(trial, "prove_equal", lambda *_: None)  # no proof of anything
    monkeypatch.setattr(trial, "rewritten", lambda *_: None)
    found = sb.verify(sb.parse(FORWARD + "delta = (A2 - Y) / m\ndW2 = delta @ A1.T\n"))
    assert found[-1].status == "agrees"


def test_a_deep_network_with_the_mean_taken_last() -> None:
    depth = 12
    lines = ["A0: (n_0, m)", f"Y: (n_{depth}, m)"]
    lines += [f"W{k}: (n_{k}, n_{k - 1})" for k in range(1, depth + 1)]
    for k in range(1, depth + 1):
        lines += [f"Z{k} = W{k} @ A{k - 1}", f"A{k} = {'tanh' if k < depth else 'sigmoid'}(Z{k})"]
    lines += [f"J = -sum(Y * log(A{depth}) + (1 - Y) * log(1 - A{depth})) / m", f"dZ{depth} = A{depth} - Y"]
    for k in range(depth, 0, -1):
        lines.append(f"dW{k} = dZ{k} @ A{k - 1}.T / m")
        if k > 1:
            lines.append(f"dZ{k - 1} = W{k}.T @ dZ{k} * (1 - A{k - 1} ** 2)")
    found = sb.verify(sb.parse("\n".join(lines) + "\n"))
    assert {v.status for v in found if v.name.startswith("dW")} == {"proved"}
    assert {v.status for v in found if v.name.startswith("dZ")} == {"scaled"}


@pytest.mark.parametrize(
    "claim", ["ones(10 ** 9, 10 ** 9)", "kron(kron(W2, W2), kron(W2, W2))", "A2 @ " * 40 + "Y", "-" * 60 + "A2"]
)
def test_odd_claims_are_judged_and_do_not_crash(claim: str) -> None:
    assert sb.verify(sb.parse(FORWARD), {"W2": claim})[0].status in ("wrong", "ill-formed")
