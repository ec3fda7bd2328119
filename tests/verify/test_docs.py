"""Every output in docs/verify.md is what symback prints, and its lines are judged as the text says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import symback as sb
from symback.writeup.verdicts import write_verdicts

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "verify.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_ten_mistakes_and_two_that_are_none() -> None:
    assert len(SHOWN) == 12
    wrong = [any(not v.right for v in sb.verify(sb.parse(text))) for text, _ in SHOWN]
    assert wrong == [True] * 10 + [False] * 2


@pytest.mark.parametrize(("text", "output"), SHOWN, ids=[f"example-{i}" for i in range(1, len(SHOWN) + 1)])
def test_the_output_is_what_is_printed(text: str, output: str) -> None:
    assert write_verdicts("", sb.verify(sb.parse(text))) == output
