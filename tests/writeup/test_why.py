"""Why not the other order?  The numbers in the answer are computed anew here, by NumPy, from what the page says."""

from __future__ import annotations

import ast
import re

import numpy as np
import pytest

import symback as sb
from symback import numpy as language
from tests.writeup.networks import ALL, ONE_OUTPUT, QUADRATIC, RENAMED, RESIDUAL, ROWS, SOFTMAX, TURNED, TWO_LAYER

NUMBER = r"[−-]?\d+(?:\.\d+)?"


def section(text: str, number: int) -> str:
    """One numbered section of the answer in the text write-up."""
    found = re.search(rf"^{number}\. .*?(?=^{number + 1}\. |^Notation)", text, flags=re.S | re.M)
    assert found is not None
    return found[0]


def table(text: str, header: str) -> list[list[str]]:
    """The rows of the table with this header, cells split at two spaces."""
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.split()[:1] == [header])
    rows = []
    for line in lines[start + 2 :]:
        if not line.strip():
            break
        if line.startswith("      "):  # a table that is too wide has its last column on a line of its own
            rows[-1].append(line.strip())
            continue
        rows.append(re.split(r" {2,}", line.strip()))
    return rows


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (TWO_LAYER, "dZ1 = W2.T @ dZ2 * g'(Z1)"),
        (ONE_OUTPUT, "dZ1 = W2.T @ dZ2 * g'(Z1)"),
        (RENAMED, "dPre = Beta_out.T @ dOut * g'(Pre)"),
        (ROWS, "dZ1 = dZ2 @ W2.T * g'(Z1)"),
        (TURNED, "du = dv @ theta2 * g'(u)"),
        (SOFTMAX, "dA1 = W2.T @ dZ2"),
        (RESIDUAL, "dA2 = W3.T @ dZ3"),
    ],
)
def test_the_question_is_asked_of_the_networks_own_line(source, line):
    assert f"Why {line}, " in sb.derive(sb.parse(source)).to_text()


def slopes(function: str, z: np.ndarray) -> np.ndarray:
    """The slope by a central difference, a second witness."""
    f = getattr(language, function)
    return (f(z + 1e-6) - f(z - 1e-6)) / 2e-6


@pytest.mark.parametrize(
    ("source", "function"),
    [
        (TWO_LAYER, "tanh"),
        (ONE_OUTPUT, "tanh"),
        (RENAMED, "softplus"),
        (ROWS, "relu"),
        (TURNED, "sigmoid"),
        (RESIDUAL, ""),
    ],
)
def test_the_numbers_in_the_table_are_true(source, function):
    text = section(sb.derive(sb.parse(source)).to_text(), 6)
    arrays = {row[0]: np.array(ast.literal_eval(row[1])) for row in table(text, "array")}
    names = list(arrays)
    if function:
        np.testing.assert_allclose(arrays["gp"], slopes(function, arrays[names[0]].astype(float)), atol=2e-3)
        np.testing.assert_allclose(arrays[names[2]], getattr(language, function)(arrays[names[0]]), atol=2e-3)
    candidates = table(text, "formula")
    assert candidates[0][2] == "right, in every entry"
    scale = max(float(np.max(np.abs(a))) for a in arrays.values())
    for formula, value, _ in candidates:
        if value == "cannot be multiplied":
            with pytest.raises(ValueError, match=r"matmul|mismatch|broadcast"):
                eval(formula, {}, arrays)
        else:
            shown = np.array(ast.literal_eval(value))
            np.testing.assert_allclose(eval(formula, {}, arrays), shown, atol=0.004 * max(1.0, scale))
    values = [row[1] for row in candidates if row[1] != "cannot be multiplied"]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("source", [TWO_LAYER, ONE_OUTPUT, RENAMED, ROWS, TURNED, SOFTMAX, RESIDUAL])
def test_the_objective_judges_for_the_first_line(source):
    text = " ".join(section(sb.derive(sb.parse(source)).to_text(), 6).split())
    found = re.search(
        rf"Move the entry ({NUMBER}) of (\w+), in row (\d) and column (\d), to ({NUMBER}) and to ({NUMBER}), and run "
        rf"the forward pass: \w+ becomes ({NUMBER}) and ({NUMBER})\. The slope is ({NUMBER})/0\.2 = ({NUMBER}).*? "
        rf"The other order says ({NUMBER})\.",
        text,
    )
    assert found is not None
    entry, _, i, j, up, down, above, below, rise, slope, other = (g.replace("−", "-") for g in found.groups())
    assert float(up) == pytest.approx(float(entry) + 0.1) and float(down) == pytest.approx(float(entry) - 0.1)
    assert float(above) - float(below) == pytest.approx(float(rise), abs=2e-5)
    assert float(rise) / 0.2 == pytest.approx(float(slope), abs=6e-4)
    body = section(sb.derive(sb.parse(source)).to_text(), 6)
    candidates = table(body, "formula")
    right = np.array(ast.literal_eval(candidates[0][1]))[int(i) - 1, int(j) - 1]
    assert right == pytest.approx(float(slope), abs=0.06 * abs(float(other) - right))
    wrong = np.broadcast_to(np.array(ast.literal_eval(candidates[1][1])), (2, 2))[int(i) - 1, int(j) - 1]
    assert wrong == pytest.approx(float(other), abs=1e-9)


def test_the_forward_pass_itself_gives_these_numbers():
    """The renamed network, written here a second time in plain NumPy, with the arrays that the page shows."""
    problem = sb.parse(RENAMED)
    from symback.writeup.crossing import crossings, main_crossing
    from symback.writeup.document import Writer
    from symback.writeup.why.trial import try_numbers

    derivation = sb.derive(problem)
    trial = try_numbers(main_crossing(problem, crossings(problem, derivation.gradients)), Writer(derivation).runner)
    arrays = dict(trial.arrays)
    weight, pre = arrays["Beta_out"], arrays["Pre"]
    # dOut = (Out - T) / b, so Out - T = 2 dOut, and the loss is the sum of its squares over 4
    gap = 2 * arrays["dOut"]

    def loss(z: np.ndarray) -> float:
        change = weight @ (np.log1p(np.exp(z)) - np.log1p(np.exp(pre)))
        return float(np.sum((gap + change) ** 2) / 4)

    moved = pre.copy()
    moved[trial.entry] += 0.1
    assert loss(moved) == pytest.approx(trial.up)
    moved[trial.entry] -= 0.2
    assert loss(moved) == pytest.approx(trial.down)
    sigma = 1 / (1 + np.exp(-pre))
    np.testing.assert_allclose(trial.candidates[0].value, weight.T @ arrays["dOut"] * sigma)
    np.testing.assert_allclose(trial.candidates[1].value, arrays["dOut"] @ weight.T * sigma)


def test_rows_and_columns_are_told_apart():
    rows, columns = (sb.derive(sb.parse(s)).to_text() for s in (ROWS, TWO_LAYER))
    assert "the second index of W2" in " ".join(rows.split()) and "the first index of W2" in " ".join(columns.split())
    assert "Examples are rows here" in " ".join(rows.split())
    assert "stored as a column" in " ".join(columns.split())


def test_a_transposed_weight_is_said_to_be_one():
    text = " ".join(sb.derive(sb.parse(TURNED)).to_text().split())
    assert "the first index of theta2" in text and "a transpose too many" in text and "So M = W;" in text


def test_a_broadcast_that_hides_the_mistake_is_named():
    text = " ".join(sb.derive(sb.parse(ONE_OUTPUT)).to_text().split())
    assert "other order; NumPy repeats a 1 by 1" in text


def test_where_there_is_no_such_product_nothing_is_asked():
    assert "Why" not in sb.derive(sb.parse(QUADRATIC)).to_text().split("Notation")[0]


@pytest.mark.parametrize("name", ALL)
def test_every_write_up_can_be_written(name):
    text = sb.derive(sb.parse(ALL[name])).to_text()
    assert "Summary" in text and "The check" in text
    assert max(len(line) for line in text.split("\n")) <= 130
