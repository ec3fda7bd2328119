"""Every output in docs/verify.md is what symback prints, and its lines are judged as the text says.

After a change of wording, ``python -m tests.verify.test_docs`` writes the outputs anew: read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import symback as sb
from symback.writeup.verdicts import write_verdicts

PATH = Path(__file__).resolve().parents[2] / "docs" / "verify.md"
PAGE = PATH.read_text(encoding="utf-8")
SHOWN = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
EXAMPLES = SHOWN.findall(PAGE)


def output(text: str) -> str:
    return write_verdicts("", sb.verify(sb.parse(text)))


def test_the_page_shows_ten_mistakes_and_two_that_are_none() -> None:
    assert len(EXAMPLES) == 12
    wrong = [any(not v.right for v in sb.verify(sb.parse(text))) for text, _ in EXAMPLES]
    assert wrong == [True] * 10 + [False] * 2


@pytest.mark.parametrize(("text", "shown"), EXAMPLES, ids=[f"example-{i}" for i in range(1, len(EXAMPLES) + 1)])
def test_the_output_is_what_is_printed(text: str, shown: str) -> None:
    assert output(text) == shown


if __name__ == "__main__":
    PATH.write_text(SHOWN.sub(lambda m: f"```python\n{m[1]}```\n\n```text\n{output(m[1])}```", PAGE), encoding="utf-8")
