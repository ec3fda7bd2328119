"""What the README says is so: its input, its formulas, its commands, its Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import symback as sb
from symback.language.shipped import shipped

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def written() -> str:
    """The write-up of the two-layer network, in which a reader finds what the README shows of it."""
    return sb.derive(sb.load(shipped()["two_layer"])).to_markdown()


def test_the_input_is_the_shipped_one() -> None:
    text = shipped()["two_layer"].read_text(encoding="utf-8")
    assert next(body for kind, body in BLOCKS if kind == "python") == text.split('"""\n', 1)[1]


def bare(tex: str) -> str:
    """The same without braces and spaces, which a reader does not see."""
    return re.sub(r"[{}\s]", "", tex)


def test_each_formula_stands_in_the_write_up(written: str) -> None:
    displays = re.findall(r"\$\$\n(.*?)\n\$\$", README, re.DOTALL)
    cells = re.findall(r"^\| (\$.*?\$) \| (`.*?`) \|$", README, re.MULTILINE)
    assert len(displays) == 2 and len(cells) == 7
    for part in (*displays, *(cell for row in cells for cell in row)):
        assert bare(part) in bare(written), part


def test_the_sentence_stands_in_the_write_up(written: str) -> None:
    sentence = re.search(r"^> (\*\*.*)$", README, re.MULTILINE)
    assert sentence is not None and sentence[1] in written


def test_the_python_runs_and_says_what_stands_beside_it() -> None:
    code = [body for kind, body in BLOCKS if kind == "python"][1]
    names: dict[str, object] = {}
    setup, lines = code.split("d = sb.derive(problem)\n")
    exec(setup + "d = sb.derive(problem)\n", names)
    said = [(line.split("  #")[0], line.split("# ", 1)[1]) for line in lines.strip().split("\n")]
    for text, value in said:
        shown = repr(eval(text, names))
        assert shown == value.split(":")[0] or "SymPy" in value, text


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    assert "pip install -e '.[test]' && pytest" in README
    assert "\npip install -e '.[test]' && pytest\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_folders_are_there() -> None:
    for name in re.findall(r"^\| `(.*?)`", README, re.MULTILINE):
        assert (ROOT / name).is_dir(), name
