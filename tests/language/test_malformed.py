"""Whatever is read, the answer is a problem or a sentence that points at its place; quickly, and nothing is run."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symback as sb
from symback.cli import main
from tests.language.malformed import HEADER, LINE, files

FILES = files()
IDS = [f"{i}: {text[-40:]!r}" for i, (text, _) in enumerate(FILES)]
SECOND = 1.0


def test_there_are_enough() -> None:
    assert len(FILES) >= 400


@pytest.mark.parametrize(("text", "line"), FILES, ids=IDS)
def test_malformed_text_is_refused_at_its_line(
    text: str, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    with pytest.raises(sb.SymbackError) as caught:
        sb.parse(text, file="net.py")
    assert time.process_time() - start < SECOND
    error = caught.value
    assert (error.file, error.line) == ("net.py", line), str(error)[:300]
    assert error.column is not None and error.column >= 1
    assert str(error).startswith(f"net.py:{line}:{error.column}: ")
    assert (len(str(error)) < 1000 and str(error).isprintable()) or "\n" in str(error)
    assert not list(tmp_path.iterdir()), "something was run"


@pytest.mark.parametrize(("text", "line"), FILES, ids=IDS)
def test_the_command_line_says_it_without_a_traceback(
    text: str, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.py"
    path.write_bytes(text.encode(errors="surrogatepass"))
    start = time.process_time()
    assert main(["derive", str(path)]) == 2
    assert time.process_time() - start < SECOND
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"symback: {path}:{line}:")
    assert "Traceback" not in err and "fault in symback" not in err
    assert [p.name for p in tmp_path.iterdir()] == ["net.py"], "something was run"


WORD = r"""X W x s S n m k J sum exp np . .T .sum axis = 0 1 2.5 1e9 ( ) [ ] , @ * ** / + - > >= < : := lambda if else
for in not and assume objective symmetric onehot dX # ' " \ { } ~ % é ²"""
WORDS = st.sampled_from([*WORD.split(), "\n", "\t", "\0"])


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_any_row_of_words_is_a_problem_or_a_sentence(text: str) -> None:
    _read(HEADER + text)


@given(st.text(max_size=200))
def test_any_text_is_a_problem_or_a_sentence(text: str) -> None:
    _read(text)


@given(st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_any_bytes_are_a_problem_or_a_sentence(text: str) -> None:
    _read(HEADER + "J = " + text)


GOOD = HEADER + "Z = tanh(W @ X + sum(S) * s)\nJ = -sum(Z * log(Z ** 2 + 1), axis=1).sum() / m\ndW = Z @ X.T\n"


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 12), st.text("()[]{}@*+-/.=,:#'\"\\\n\t XWxsSTn019_", max_size=4))
def test_a_damaged_file_is_a_problem_or_a_sentence(place: int, length: int, put: str) -> None:
    _read(GOOD[:place] + put + GOOD[place + length :])


def _read(text: str) -> None:
    start = time.process_time()
    try:
        problem = sb.parse(text)
    except sb.SymbackError as error:
        assert error.line is not None and 1 <= error.line <= len(re.split("\r\n|\r|\n", text))
        assert error.column is not None and error.text is not None
    else:
        assert problem.definitions
    assert time.process_time() - start < SECOND


def test_an_undamaged_file_is_read() -> None:
    problem = sb.parse(GOOD)
    assert (problem.objective, [c.wrt for c in problem.claims]) == ("J", ["W"])


@pytest.mark.parametrize("wrong", [None, 3, b"X: (n, m)", ["X"]])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(sb.SymbackError):
        sb.parse(wrong)  # type: ignore[arg-type]  # that is what is tested


def test_the_line_and_a_caret_are_shown() -> None:
    with pytest.raises(sb.SymbackError) as caught:
        sb.parse("X: (m, n_0)\nW1: (n_1, n_0)\nZ1 = tanh(W1 @ X)\n", file="net.py")
    assert str(caught.value).split("\n") == [
        "net.py:3:11: W1 @ X: (n_1, n_0) @ (m, n_0) do not multiply: n_0 ≠ m; did you mean W1 @ X.T ?",
        "  Z1 = tanh(W1 @ X)",
        "            ^",
    ]


def test_a_caret_counts_characters_not_bytes() -> None:
    with pytest.raises(sb.SymbackError) as caught:
        sb.parse("Θ: (n, m)\nJ = sum(Θ * ψ)\n")
    assert (caught.value.line, caught.value.column) == (2, 13)


def test_a_long_line_is_shown_around_its_place() -> None:
    with pytest.raises(sb.SymbackError) as caught:
        sb.parse("X: (n, m)\nJ = " + "X + " * 500 + "Y" + " + X" * 300 + "\n")
    shown, caret = str(caught.value).split("\n")[1:]
    assert len(shown) < 200 and shown[caret.index("^")] == "Y"


def test_line_number_below_the_header() -> None:
    assert HEADER.count("\n") + 1 == LINE
