"""The command line: what it prints, its exit codes, and that it imports nothing heavy before it is needed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import symback.numpy as language
from symback.cli import main
from symback.language.shipped import shipped

RIGHT = """X: (n, m)
W: (k, n)
Y: (k, m)
Z = W @ X
J = sum((Z - Y) ** 2) / 2
dZ = Z - Y
dW = dZ @ X.T
"""


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(RIGHT, encoding="utf-8")
    return path


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a successful command prints."""
    code = main(arguments)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a refused command says."""
    code = main(arguments)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("symback: ") and "fault in symback" not in err
    return err


# --- derive --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_derivation_is_derived(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "derive", name).strip()


def test_an_expression_is_derived(capsys: pytest.CaptureFixture[str]) -> None:
    printed = output(capsys, "derive", "trace(A @ X)", "--shapes", "A:(m,n) X:(n,m)", "--wrt", "X", "--format", "json")
    assert json.loads(printed)["gradients"]["X"]["numpy"] == "A.T"


def test_an_expression_may_begin_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("-sum(X)", "-X.T @ X", "-(x.T @ x)", "-2 * sum(x)"):
        shapes = "X:(n,1) x:(n,1)"
        assert output(capsys, "derive", text, "--shapes", shapes)


def test_facts_are_used(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("derive", "x.T @ A @ x", "--shapes", "A:(n,n), x:(n,1)", "--wrt", "x", "--format", "json")
    free = json.loads(output(capsys, *arguments))["gradients"]["x"]["numpy"]
    symmetric = json.loads(output(capsys, *arguments, "--assume", "symmetric(A)"))["gradients"]["x"]["numpy"]
    assert symmetric == "2 * A @ x" != free


def test_json_has_what_is_promised(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(output(capsys, "derive", "two_layer", "--format", "json"))
    assert data["objective"] == "J"
    assert data["symbols"]["W1"]["shape"] == ["n_1", "n_0"]
    gradient = data["gradients"]["W1"]
    assert set(gradient) >= {"numpy", "latex", "shape", "steps", "check"}
    assert gradient["check"]["passed"] is True and gradient["check"]["max_relative_error"] < 1e-5
    assert set(gradient["steps"][0]) >= {"rule", "statement", "before", "after", "why"}


def test_numpy_code_gives_the_differences_of_the_objective(capsys: pytest.CaptureFixture[str]) -> None:
    space: dict[str, object] = {}
    exec(output(capsys, "derive", "two_layer_mse", "--format", "numpy"), space)
    rng = np.random.default_rng(1)
    sizes = {"n_0": 3, "n_1": 4, "n_2": 2, "m": 5}
    shapes = {"X": "n_0 m", "Y": "n_2 m", "W1": "n_1 n_0", "b1": "n_1 1", "W2": "n_2 n_1", "b2": "n_2 1"}
    inputs = {name: rng.normal(size=[sizes.get(s, 1) for s in shape.split()]) for name, shape in shapes.items()}
    inputs["lambda_"] = 0.3  # type: ignore[assignment]  # a number among the arrays

    def objective(values: dict[str, np.ndarray]) -> float:
        names = {name: getattr(language, name) for name in language.__all__} | sizes | values
        for line in shipped()["two_layer_mse"].read_text(encoding="utf-8").split('"""')[2].split("\n"):
            if " = " in line:
                exec(line, names)
        return float(names["J"])

    gradients = space["gradients"](**inputs)  # type: ignore[operator]  # the function that was printed
    direction = rng.normal(size=inputs["W1"].shape)
    h = 1e-5
    up = objective({**inputs, "W1": inputs["W1"] + h * direction})
    down = objective({**inputs, "W1": inputs["W1"] - h * direction})
    assert np.sum(gradients["W1"] * direction) == pytest.approx((up - down) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("form", ["latex", "markdown", "html", "json", "numpy", "text"])
def test_a_file_is_written(form: str, tmp_path: Path, network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out"
    assert output(capsys, "derive", str(network), "--format", form, "-o", str(path)) == ""
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n") and output(capsys, "derive", str(network), "--format", form) == text


def test_wrt_and_of_choose(network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(output(capsys, "derive", str(network), "--wrt", "W, Z", "--format", "json"))
    assert {"W", "Z"} <= set(data["gradients"])
    printed = output(
        capsys,
        "derive",
        "W @ X",
        "--shapes",
        "W:(k,n) X:(n,m) G:(k,m)",
        "--upstream",
        "G",
        "--wrt",
        "W",
        "--format",
        "json",
    )
    assert json.loads(printed)["gradients"]["W"]["numpy"] == "G @ X.T"


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["derive", "nothing_like_it"], "symback list"),
        (["derive", "W @ X"], "--shapes"),
        (["derive", "nothing.py"], "nothing.py"),
        (["derive", "/"], "/"),
        (["derive", "\0"], "--shapes"),
        (["derive", "a" * 5000], "--shapes"),
        (["derive", ""], "empty"),
        (["derive", "two_layer", "--wrt", "W9"], "W9"),
        (["derive", "two_layer", "--wrt", ""], "--wrt"),
        (["derive", "two_layer", "--wrt", "W1,,b1"], "--wrt"),
        (["derive", "two_layer", "--of", "Q"], "Q"),
        (["derive", "two_layer", "--of", "Z1"], "scalar"),
        (["derive", "two_layer", "--upstream", "Q"], "Q"),
        (["derive", "two_layer", "--upstream", "X"], "shape"),
        (["derive", "two_layer", "--assume", "symmetric(W1)"], "--assume"),
        (["derive", "two_layer", "-o", "/nowhere/at/all"], "/nowhere/at/all"),
        (["derive", "sum(W @ X)", "--shapes", "W:(k,n)"], "X"),
        (["derive", "sum(W)", "--shapes", "W:k,n"], "--shapes"),
        (["derive", "sum(W)", "--shapes", ""], "--shapes"),
        (["derive", "sum(W)", "--shapes", "W:(k,n) import os"], "--shapes"),
        (["derive", "sum(W)", "--shapes", "W:(k,n)", "--assume", "nice(W)"], "nice"),
        (["derive", "sum(W)\nimport os", "--shapes", "W:(k,n)"], "syntax"),
        (["derive", "__import__('os').system('touch pwned')", "--shapes", "W:(k,n)"], "not"),
        (["derive", "sum(W", "--shapes", "W:(k,n)"], "syntax"),
        (["derive", " \n", "--shapes", "W:(k,n)"], "empty"),
        (["derive", "sum(\udcff)", "--shapes", "W:(k,n)"], "U+DCFF"),
        (["derive", "(" * 300 + "W" + ")" * 300, "--shapes", "W:(k,n)"], "nested"),
        (["verify", "nothing.py"], "nothing.py"),
        (["verify", "two_layer"], "claim"),
        (["verify", "two_layer", "--claim", "W1"], "claim"),
        (["verify", "two_layer", "--claim", "dQ = X"], "Q"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    assert said in complaint(capsys, *arguments)
    assert time.process_time() - start < 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["derive"], ["derive", "two_layer", "--format", "doc"]])
def test_a_wrong_usage_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: symback" in capsys.readouterr().err


def test_a_place_is_pointed_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.py"
    path.write_text("X: (n, m)\nJ = sum(X @ X)\n", encoding="utf-8")
    assert complaint(capsys, "derive", str(path)).startswith(f"symback: {path}:2:9: X @ X")


# --- list, rules, verify -------------------------------------------------------------------------------


def test_list_has_a_name_first_on_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "list").splitlines()
    assert [line.split()[0] for line in lines] == sorted(shipped())
    assert any("binary cross-entropy" in line for line in lines)


def test_rules_state_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "rules")
    assert "matrix product" in text and "because" in text and "tanh" in text


def test_right_claims_exit_0_and_wrong_ones_1(network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(network)]) == 0
    assert "proved" in capsys.readouterr().out
    assert main(["verify", str(network), "--claim", "dW = 2 * (Z - Y) @ X.T"]) == 1
    assert "wrong" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "json"])
def test_a_report_names_the_mistake(form: str, network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network.write_text(RIGHT.replace("dW = dZ @ X.T", "dW = -dZ @ X.T"), encoding="utf-8")
    assert main(["verify", str(network), "--format", form]) == 1
    out = capsys.readouterr().out
    assert "sign" in out
    if form == "json":
        rows = json.loads(out)["verdicts"]
        assert [row["status"] for row in rows] == ["proved", "wrong"] and rows[1]["mistake"] == "wrong_sign"


STEP = """import numpy as np


def step(X, Y, parameters):
    W, b = parameters["W"], parameters["b"]
    m = X.shape[1]
    A = np.tanh(np.dot(W, X) + b)
    cost = np.sum((A - Y) ** 2) / m
    dZ = 2 / m * (A - Y) * (1 - A ** 2)
    dW = np.dot(dZ, X.T)
    db = np.sum(dZ, axis=1, keepdims=True)
    return cost, {"dW": dW, "db": db}


if __name__ == "__main__":
    open("pwned", "w")
"""
SHAPES = "X:(n,m) Y:(k,m) parameters.W:(k,n) parameters.b:(k,1)"


def test_code_is_judged_at_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.py"
    path.write_text(STEP, encoding="utf-8")
    arguments = ["verify", str(path), "--code", "step", "--shapes", SHAPES, "--format", "json"]
    assert main(arguments) == 0
    assert {row["status"] for row in json.loads(capsys.readouterr().out)["verdicts"]} == {"proved"}
    path.write_text(STEP.replace("1 - A ** 2", "1 - A"), encoding="utf-8")
    assert main(arguments) == 1
    rows = json.loads(capsys.readouterr().out)["verdicts"]
    assert [(row["name"], row["line"]) for row in rows if row["status"] == "wrong"] == [("dZ", 9)]


def test_code_is_run_on_request_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.py"
    path.write_text(f"open({str(tmp_path / 'pwned')!r}, 'w')\n" + STEP, encoding="utf-8")
    assert complaint(capsys, "verify", str(path)).startswith(f"symback: {path}:1:1: ")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("code", "arguments", "said"),
    [
        (STEP, ["--code", "stop", "--shapes", SHAPES], "no function stop; there are step"),
        (STEP, ["--code", "step"], "--shapes"),
        (STEP, ["--code", "step", "--shapes", "X"], "--shapes"),
        (STEP, ["--code", "step", "--shapes", "X:(n+1,m)"], "n+1"),
        (STEP, ["--code", "step", "--shapes", "X:(n,m) X:(n,m)"], "twice"),
        (STEP, ["--code", "step", "--shapes", "X:(n,m) X.a:(n,m)"], "X"),
        (STEP, ["--code", "step", "--shapes", SHAPES, "--claim", "dW = dZ"], "--claim"),
        (STEP, ["--shapes", SHAPES], "--code"),
        ("raise ValueError('mine')\n", ["--code", "step", "--shapes", SHAPES], "ValueError: mine"),
        ("import sys; sys.exit(7)\n", ["--code", "step", "--shapes", SHAPES], "exit code 7"),
        ("def step(:\n", ["--code", "step", "--shapes", SHAPES], "invalid syntax"),
        ("def step(X, Y, parameters):\n    1 / 0\n", ["--code", "step", "--shapes", SHAPES], "ZeroDivisionError"),
    ],
)
def test_code_that_cannot_be_judged_is_refused(
    code: str, arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net.py"
    path.write_text(code, encoding="utf-8")
    assert said in complaint(capsys, "verify", str(path), *arguments)


# --- as a process --------------------------------------------------------------------------------------


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "symback", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )  # type: ignore[call-overload]  # the options are those of subprocess.run


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["derive", "--help"]])
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys, symback.cli as c\ntry: c.main({arguments!r})\nexcept SystemExit: pass\n"
    code += "print([n for n in ('sympy', 'numpy', 'jinja2', 'symback.language.read') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip().endswith("[]")


def test_colour_is_for_terminals_only() -> None:
    assert "\033" not in run("derive", "two_layer").stdout
    assert "\033" in in_a_terminal({})
    assert "\033" not in in_a_terminal({"NO_COLOR": "1"})
    assert "\033" not in in_a_terminal({"TERM": "dumb"})


def in_a_terminal(variables: dict[str, str]) -> str:
    """What `symback rules` prints to a terminal."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"} | variables
    process = subprocess.Popen([sys.executable, "-m", "symback", "rules"], stdout=theirs, env=environment)
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal has been closed at its other end
            part = b""
        if not part:
            break
        seen += part
    os.close(ours)
    assert process.wait(60) == 0
    return seen.decode()


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m symback rules | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.count("\n") == 1 and done.stderr == ""


def test_a_terminal_without_unicode_gets_escapes() -> None:
    done = run("derive", "two_layer", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.isascii()


def test_the_shell_has_everything_imported() -> None:
    asked = "print(derive(parse('X: (n, m)\\nJ = sum(X ** 2)'))['X'].to_numpy(), sympy.__name__, np.__name__)\n"
    done = run("shell", input=asked)
    assert done.returncode == 0 and "2 * X sympy numpy" in done.stdout


def test_an_objective_that_is_no_scalar_is_pointed_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.py"
    path.write_text("X: (n, m)\nW: (k, n)\nZ = W @ X\n", encoding="utf-8")
    said = complaint(capsys, "derive", str(path))
    assert said.startswith(f"symback: {path}:3:1: ") and "(k, m)" in said and "sum(Z)" in said
