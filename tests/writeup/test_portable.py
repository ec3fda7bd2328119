"""Markdown in the portable dialect: what GitHub, GitLab, VS Code, Jupyter, pandoc, MyST and MkDocs all read alike."""

from __future__ import annotations

import re

import pytest

import symback as sb
from tests.writeup.networks import ALL

FORBIDDEN = re.compile(
    r"\\(operatorname|mbox|h?phantom|vphantom|newcommand|def|DeclareMathOperator|tag|label|ref|cssId|class|href|unicode|style"
    r"|textcolor|boldsymbol|bm|coloneqq|thickspace|medspace|mathbb\{?1)\b"
)
ENVIRONMENTS = {"aligned", "gathered", "cases", "pmatrix", "bmatrix"}


def complaints(tex: str, display: bool = True) -> list[str]:
    """What is not portable in one formula."""
    found = []
    if re.search(r"\\[^A-Za-z]", tex):
        found.append("a control sequence that is no word")
    if re.search(r"(?<![A-Za-z0-9])_", tex):
        found.append("an underscore that is not straight behind a letter or digit")
    if FORBIDDEN.search(tex):
        found.append(f"the command {FORBIDDEN.search(tex)[0]}")
    if set(re.findall(r"\\begin\{(\w+)\}", tex)) - ENVIRONMENTS:
        found.append("an environment outside the list")
    if re.search(r"[~|`#%<>]", tex):
        found.append("a character that Markdown reads")
    if any(re.search(r"[^A-Za-z0-9 ,()]", words) for words in re.findall(r"\\text\{([^}]*)\}", tex)):
        found.append("signs inside \\text")
    if tex.count("\\color") > 49:
        found.append("too many colours")
    if display and re.search(r"(?m)^\s*([=+\->#]|\d+\.\s)", tex):
        found.append("a line that begins like Markdown")
    return found


def formulas(markdown: str) -> tuple[list[str], list[str]]:
    """The displayed formulas and the inline ones."""
    prose = re.sub(r"```.*?```", "", markdown, flags=re.S)
    displays = re.findall(r"^\$\$\n(.*?)\n\$\$$", prose, flags=re.S | re.M)
    prose = re.sub(r"^\$\$\n.*?\n\$\$$", "", prose, flags=re.S | re.M)
    prose = re.sub(r"`[^`]*`", "", prose)
    return displays, re.findall(r"(?<!\\)\$(.+?)(?<!\\)\$", prose)


@pytest.mark.parametrize("name", ALL)
def test_markdown_is_portable(name):
    markdown = sb.derive(sb.parse(ALL[name])).to_markdown()
    displays, inline = formulas(markdown)
    assert displays
    assert [(tex, c) for tex in displays if (c := complaints(tex))] == []
    assert [(tex, c) for tex in inline if (c := complaints(tex, display=False))] == []
    assert all("\n" not in tex and tex == tex.strip() for tex in inline)


@pytest.mark.parametrize("name", ALL)
def test_displays_stand_alone(name):
    lines = sb.derive(sb.parse(ALL[name])).to_markdown().split("\n")
    marks = [i for i, line in enumerate(lines) if line == "$$"]
    assert len(marks) % 2 == 0
    for start, end in zip(marks[::2], marks[1::2], strict=True):
        assert lines[start - 1] == "" and lines[end + 1] == ""
        assert "" not in lines[start:end]


@pytest.mark.parametrize("name", ALL)
def test_inline_formulas_are_where_readers_find_them(name):
    markdown = sb.derive(sb.parse(ALL[name])).to_markdown()
    prose = re.sub(r"```.*?```|^\$\$\n.*?\n\$\$$|`[^`]*`", "", markdown, flags=re.S | re.M)
    for found in re.finditer(r"(?<!\\)\$(.+?)(?<!\\)\$", prose):
        before, after = prose[found.start() - 1], prose[found.end() : found.end() + 1]
        assert not before.isalnum() and not after.isalnum(), prose[found.start() - 20 : found.end() + 20]


@pytest.mark.parametrize(
    "bad",
    [
        r"a\,b",
        r"\mathbf{1}_{m}",
        r"\operatorname{tr}",
        r"\begin{align}a\end{align}",
        "a | b",
        r"\text{a_b}",
        "= x",
        r"a \\ b",
    ],
)
def test_the_linter_can_fail(bad):
    assert complaints(bad)
