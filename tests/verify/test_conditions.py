from __future__ import annotations

import symback as sb

ONE_OUTPUT = """X: (m, n)
Y: (m, k)
W: (n, k)
b: (1, k)
assume({facts})
Z = X @ W + b
P = {head}
J = {loss}
"""
BINARY = "-sum(Y * log(P) + (1 - Y) * log(1 - P)) / m"


def verdict(text: str, **claims: str) -> sb.Verdict:
    return sb.verify(sb.parse(text), claims)[-1]


def test_right_only_because_there_is_one_output() -> None:
    text = ONE_OUTPUT.format(facts="k == 1, binary(Y)", head="sigmoid(Z)", loss=BINARY)
    found = verdict(text, b="sum(P - Y) / m")
    assert found.status == "proved" and found.conditions == ("k = 1",)
    assert verdict(text, b="sum(P - Y, axis=0) / m").conditions == ()


def test_right_only_because_there_is_one_example() -> None:
    text = ONE_OUTPUT.format(facts="m == 1, binary(Y)", head="sigmoid(Z)", loss=BINARY)
    assert verdict(text, b="P - Y").conditions == ("m = 1",)


def test_right_only_because_the_labels_sum_to_one() -> None:
    text = ONE_OUTPUT.format(facts="onehot(Y, axis=1)", head="softmax(Z, axis=1)", loss="-sum(Y * log(P)) / m")
    found = verdict(text, Z="(P - Y) / m")
    assert found.status == "proved" and found.conditions == ("the rows of Y sum to one",)
    free = ONE_OUTPUT.format(facts="binary(Y)", head="softmax(Z, axis=1)", loss="-sum(Y * log(P)) / m")
    assert verdict(free, Z="(P - Y) / m").status == "wrong"


def test_a_fact_that_is_not_needed_is_no_condition() -> None:
    text = ONE_OUTPUT.format(facts="binary(Y)", head="sigmoid(Z)", loss=BINARY)
    assert verdict(text, Z="(P - Y) / m").conditions == ()


LAYER_NORM = """X: (m, n)
{gamma}
beta: (1, n)
G: (m, n)
mu = mean(X, axis=1)
var = mean((X - mu) ** 2, axis=1)
si = 1 / sqrt(var + 0.01)
xh = (X - mu) * si
Z = gamma * xh + beta
J = sum(G * Z)
dX = gamma * si * (G - mean(G, axis=1) - xh * mean(G * xh, axis=1))
"""


def test_right_only_because_the_gain_is_one() -> None:
    found = sb.verify(sb.parse(LAYER_NORM.format(gamma="gamma = ones(1, n)")))[0]
    assert found.status == "proved" and found.conditions == ("gamma = 1",)
    free = sb.verify(sb.parse(LAYER_NORM.format(gamma="gamma: (1, n)")))[0]
    assert (free.status, free.mistake) == ("wrong", "factor_pulled_out_of_sum")


def test_a_way_that_is_identically_zero_is_said() -> None:
    found = sb.verify(sb.parse(LAYER_NORM.format(gamma="gamma = ones(1, n)")))[0]
    assert any("from var to mu" in s and "identically zero" in s for s in found.sentences)


def test_the_gradient_of_a_bias_before_batch_norm_is_zero_and_that_is_said() -> None:
    text = (
        "X: (n, m)\nW: (k, n)\nb: (k, 1)\nG: (k, m)\nZ = W @ X + b\nJ = sum(G * tanh(Z - mean(Z, axis=1)))\n"
    )
    found = verdict(text, b="0 * b")
    assert found.status == "proved" and "identically zero" in found.explanation


def test_the_kink_is_mentioned_where_it_is_counted() -> None:
    text = "X: (n, m)\nG: (n, m)\nA = relu(X)\nJ = sum(G * A)\n"
    assert "X = 0" in verdict(text, X="G * (X >= 0)").explanation
    assert "X = 0" not in verdict(text, X="G * (X > 0)").explanation
