"""The check accepts what is right, and finds what is not: a planted mistake in any rule, rewrite or formula."""

from dataclasses import replace

import numpy as np
import pytest

from symback.algebra.nodes import add, mul, number, symbol, transpose
from symback.calculus.derive import derive
from symback.checking.check import CheckError, check, with_checks
from symback.checking.run import Texts, namespace
from symback.checking.steps import StepChecker
from symback.language.read import parse
from symback.language.write import write
from symback.ops import RULES
from symback.records import Step

TWO_LAYER = """
X: (n_0, m)
Y: (n_2, m)
W1: (n_1, n_0)
b1: (n_1, 1)
W2: (n_2, n_1)
b2: (n_2, 1)
Z1 = W1 @ X + b1
A1 = relu(Z1)
Z2 = W2 @ A1 + b2
A2 = sigmoid(Z2)
J = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m
"""


def test_a_right_derivation_passes():
    derivation = derive(parse(TWO_LAYER))
    report = derivation.check(trials=3, seed=1)
    assert report.passed and report.max_relative_error < 1e-6 and report.trials == 3
    assert set(report.results) == set(derivation) == set(report.steps)
    for name, checks in report.steps.items():
        assert len(checks) == len(derivation[name].steps) and all(c.passed for c in checks)


def test_sizes_are_distinct_and_once_all_are_large():
    report = derive(parse(TWO_LAYER)).check(trials=3)
    assert all(len(set(sizes.values())) == len(sizes) for sizes in report.sizes)
    assert any(min(sizes.values()) >= 5 for sizes in report.sizes)


def test_the_same_seed_gives_the_same_report():
    derivation = derive(parse(TWO_LAYER))
    assert derivation.check(seed=3) == derivation.check(seed=3)
    assert derivation.check(seed=3).sizes != derivation.check(seed=4).sizes


def test_what_is_found_is_written_into_the_steps():
    derivation = derive(parse(TWO_LAYER))
    checked = with_checks(derivation, derivation.check())
    assert all(step.check is not None and step.check.passed for name in checked for step in checked[name].steps)
    assert all(step.check is None for step in derivation["W1"].steps)


# --- the truth is the user's text, not symback ----------------------------------------------------------------------


def test_the_truth_uses_no_derivative_of_symback(monkeypatch):
    derivation = derive(parse(TWO_LAYER))

    def refuse(*_args):
        raise AssertionError("the check asked symback for a derivative")

    for op, rule in list(RULES.items()):
        monkeypatch.setitem(RULES, op, replace(rule, adjoint=refuse, differential=refuse))
    monkeypatch.setattr("symback.calculus.sweep.sweep", refuse)
    assert derivation.check().passed


def test_the_truth_is_the_text_and_not_what_was_read_from_it():
    problem = parse("X: (n, m)\nJ = sum(X ** 2)\n")
    other = replace(problem, definitions=(replace(problem.definitions[0], text="sum(X ** 3)"),))
    assert not check(derive(other)).passed
    assert check(derive(problem)).passed


def test_a_wrong_result_is_found():
    derivation = derive(parse(TWO_LAYER))
    gradient = derivation.gradients["W1"]
    wrong = {**derivation.gradients, "W1": replace(gradient, named=mul(number(2), gradient.named))}
    report = replace(derivation, gradients=wrong, _inlined={}).check()
    assert not report.passed and not report.results["W1"].passed and report.results["W2"].passed
    assert "W1" in report.reason


def test_a_formula_that_is_right_at_size_two_only_is_found():
    # for 2 by 2 matrices X^2 = tr(X) X - det(X) I, so 3 X^2 has another form there, which is wrong for larger ones
    derivation = derive(parse("X: (n, n)\nJ = trace(matpow(X, 3))\n"))
    x = symbol("X", derivation.problem.shape("X"))
    text = "3 * (trace(X) * X - det(X) * eye(n)).T"
    from symback.language.read import read_in

    named = read_in(derivation.problem, text).node
    wrong = replace(derivation, gradients={"X": replace(derivation.gradients["X"], named=named)}, _inlined={})
    assert x in (x,) and not wrong.check().passed


def test_strict_raises_and_says_which_step():
    derivation = derive(parse(TWO_LAYER))
    gradient = derivation.gradients["b2"]
    step = replace(gradient.steps[-1], after=mul(number(2), gradient.steps[-1].after))
    tail = (*gradient.tail[:-1], step) if gradient.tail else ()
    paths = (
        gradient.paths if gradient.tail else (replace(gradient.paths[0], steps=(*gradient.paths[0].steps[:-1], step)),)
    )
    wrong = replace(derivation, gradients={**derivation.gradients, "b2": replace(gradient, tail=tail, paths=paths)})
    with pytest.raises(CheckError, match="the gradient by b2"):
        wrong.check(strict=True)


# --- every rule, with a mistake planted -----------------------------------------------------------------------------

SIZES = {"m": 3, "n": 3, "k": 3, "p": 3, "q": 3}  # all square, so that no mistake shows as a shape
CASES = [
    pytest.param(rule, example, i, id=f"{rule.op}-{example!r}-{i}")
    for rule in RULES.values()
    for example in rule.examples()
    for i in range(len(example.args))
    if rule.op not in ("sign", "step")  # whose slope is zero
]


def checker(example, seed=0):
    rng = np.random.default_rng(seed)
    values = {
        str(part.data): rng.uniform(0.5, 2, size=[d.value(SIZES) for d in part.shape])
        * (
            1
            if example.op in ("log", "power", "pow")
            else rng.choice([-1, 1], size=[d.value(SIZES) for d in part.shape])
        )
        for part in (*example.args, symbol("Ybar", example.shape))
        if part.op == "symbol"
    }
    return StepChecker(namespace({**SIZES, **values}), write, Texts(), rng)


def crossed(rule, example, i, after):
    before = symbol("Ybar", example.shape)
    return Step(rule.title, "", "X", before, after, rule.because, "rule", example, i)


@pytest.mark.parametrize(("rule", "example", "i"), CASES)
def test_a_right_crossing_passes(rule, example, i):
    after = rule.adjoint(example, example, i, symbol("Ybar", example.shape))
    assert checker(example).step(crossed(rule, example, i, after), ()).passed


@pytest.mark.parametrize(("rule", "example", "i"), CASES)
def test_a_wrong_crossing_is_found(rule, example, i):
    after = rule.adjoint(example, example, i, symbol("Ybar", example.shape))
    wrong = [mul(number(2), after), mul(number(-1), after), add(after, after, after)]
    if after.shape[0] == after.shape[1] and not after.is_scalar and rule.op not in ("diagonal", "trace"):
        wrong.append(transpose(after))  # a lost transpose
    upstream = symbol("Ybar", example.shape)
    if upstream.shape == after.shape and upstream is not after:
        wrong.append(upstream)  # a lost slope
    for value in wrong:
        found = checker(example).step(crossed(rule, example, i, value), ())
        assert not found.passed, value


def test_swapped_factors_are_found():
    n = parse("W: (n, n)\nZ: (n, n)\nJ = sum(W @ Z)\n").shape("W")
    w, z, g = symbol("W", n), symbol("Z", n), symbol("Ybar", n)
    from symback.algebra.nodes import matmul

    step = Step("", "", "Z", g, matmul(g, transpose(w)), "", "rule", matmul(w, z), 1)
    assert not checker(matmul(w, z)).step(step, ()).passed
    assert checker(matmul(w, z)).step(replace(step, after=matmul(transpose(w), g)), ()).passed


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        ("(A @ B).T", "B.T @ A.T", True), ("(A @ B).T", "A.T @ B.T", False),
        ("sum(A, axis=1)", "A @ ones(n, 1)", True), ("sum(A, axis=0)", "A @ ones(n, 1)", False),
        ("1 - tanh(A) ** 2", "(1 - tanh(A)) * (1 + tanh(A))", True), ("sqrt(A ** 2)", "A", False),
        ("trace(A @ B)", "sum(A.T * B)", True), ("trace(A @ B)", "sum(A * B)", False),
    ],
)  # fmt: skip
def test_a_wrong_rewrite_is_found(before, after, right):
    problem = parse("A: (n, n)\nB: (n, n)\nJ = sum(A @ B)\n")
    from symback.language.read import read_in

    rng = np.random.default_rng(0)
    values = {"n": 4, "A": rng.normal(size=(4, 4)), "B": rng.normal(size=(4, 4))}
    steps = StepChecker(namespace(values), write, Texts(), rng)
    step = Step("", "", "A", read_in(problem, before).node, read_in(problem, after).node, "")
    assert steps.step(step, ()).passed is right


def test_a_lost_path_is_found():
    derivation = derive(parse("A: (n, n)\nB = A @ A\nC = A * 2\nJ = sum(B * C)\n"))
    gradient = derivation.gradients["A"]
    added = next(i for i, s in enumerate(gradient.tail) if s.kind == "sum")
    step = replace(gradient.tail[added], after=gradient.tail[added].before)
    tail = (*gradient.tail[:added], step, *gradient.tail[added + 1 :])
    wrong = replace(derivation, gradients={**derivation.gradients, "A": replace(gradient, tail=tail)})
    assert not wrong.check().steps["A"][len(gradient.steps) - len(gradient.tail) + added].passed


# --- kinds ----------------------------------------------------------------------------------------------------------

KINDS = [
    ("x: (n, 1)\nA: (m, n)\nF = tanh(A @ x)\n", {"wrt": "x", "kind": "jacobian"}),
    ("X: (m, n)\nF = X @ X.T\n", {"wrt": "X", "kind": "jacobian_vec"}),
    ("x: (n, 1)\nX: (m, n)\nf = sum(softplus(X @ x))\n", {"wrt": "x", "kind": "hessian"}),
    ("S: (n, n)\nA: (n, n)\nassume(spd(S))\nf = trace(A @ inv(S))\n", {"wrt": "S", "structured": True}),
    ("S: (n, n)\nA: (n, n)\nassume(diagonal(S))\nf = sum((A @ S) ** 2)\n", {"wrt": "S", "structured": True}),
    ("X: (m, n)\nW: (k, m)\nG: (k, n)\nO = relu(W @ X)\n", {"wrt": "X", "of": "O", "upstream": "G"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "asked"), KINDS)
def test_all_kinds_are_checked(text, asked):
    derivation = derive(parse(text), **asked)
    assert derivation.check().passed
    name = asked["wrt"]
    gradient = derivation.gradients[name]
    for factor in (number(2), number(-1)):
        wrong = replace(derivation, gradients={name: replace(gradient, named=mul(factor, gradient.named))}, _inlined={})
        assert not wrong.check().results[name].passed


def test_a_structured_derivative_is_not_the_plain_one():
    text = "S: (n, n)\nA: (n, n)\nassume(symmetric(S))\nf = trace(A @ S)\n"
    plain, structured = derive(parse(text), wrt="S"), derive(parse(text), wrt="S", structured=True)
    assert plain.check().passed and structured.check().passed
    assert not replace(plain, structured=True).check().passed
    assert not replace(structured, structured=False, _inlined={}).check().passed


# --- points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "X: (m, n)\nJ = sum(log(X))\n",
        "p: (n, 1)\nJ = sum(log(p) * p + log(1 - p))\n",
        "x: ()\nJ = log(x - 1) + sqrt(x - 1.5)\n",
        "X: (m, n)\nJ = sum(X ** 0.5 * log(-log(X)))\n",
        "A: (n, n)\nJ = logdet(A) + log(det(A) ** 2)\n",
        "Z: (n, m)\nJ = sum(relu(Z) * (Z > 1))\n",
        "x: (n,)\nc: ()\nJ = x @ x * c + np.sum(np.maximum(0, x))\n",
    ],
)
def test_a_point_is_found_where_the_function_is_real(text):
    assert derive(parse(text)).check().passed


def test_where_there_is_no_point_the_report_says_so():
    report = derive(parse("X: (m, n)\nJ = sum(log(-X ** 2))\n")).check()
    assert not report.passed and "no point" in report.reason


def test_a_gradient_that_is_zero_passes():
    assert derive(parse("Z: (n, m)\nY: (n, m)\nJ = sum(softmax(Z, axis=0))\n")).check().passed
    assert derive(parse("Z: (n, m)\nY: (n, m)\nJ = sum(Y ** 2)\n"), wrt="Z").check().passed


def test_a_definition_in_brackets_over_several_lines_runs():
    assert derive(parse("X: (m, n)\nJ = (sum(X ** 2)\n     + sum(X))  # a remark\n")).check().passed


def test_deep_networks_are_checked_along_directions():
    layers = "\n".join(f"A{i} = tanh(W @ A{i - 1} + A{i - 1})" for i in range(1, 33))
    report = derive(parse(f"W: (n, n)\nA0: (n, m)\n{layers}\nJ = sum(A32)\n"), wrt="W").check(trials=1)
    assert report.passed


@pytest.mark.parametrize(("method", "kinds"), [("index", {"index"}), ("jacobian", {"row", "turn"})])
def test_the_steps_of_every_method_are_checked(method, kinds):
    derivation = derive(parse(TWO_LAYER), method=method)
    assert derivation.check().passed
    found = []
    for name, gradient in derivation.gradients.items():
        for p, path in enumerate(gradient.paths):
            for i, step in enumerate(path.steps):
                if step.kind in kinds and found.count(step.kind) < 3:
                    found.append(step.kind)
                    steps = (*path.steps[:i], replace(step, after=mul(number(2), step.after)), *path.steps[i + 1 :])
                    paths = (*gradient.paths[:p], replace(path, steps=steps), *gradient.paths[p + 1 :])
                    gradients = {**derivation.gradients, name: replace(gradient, paths=paths)}
                    place = sum(len(q.steps) for q in gradient.paths[:p]) + i
                    assert not replace(derivation, gradients=gradients).check(trials=1).steps[name][place].passed
    assert set(found) == kinds
