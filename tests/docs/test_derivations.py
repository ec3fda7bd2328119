"""Beside every derivation stands its write-up, as it is written today (``python -m symback.writeup.shipped``)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symback.language.shipped import shipped
from symback.writeup.shipped import write_up

# The largest error of the check: its digits are the machine's.
ROUNDING = re.compile(r"\d(\.\d)?(e-\d\d| \\times 10\^\{-\d+\})")


@pytest.mark.parametrize("path", shipped().values(), ids=list(shipped()))
def test_the_write_up_is_that_of_the_derivation(path: Path) -> None:
    beside = path.with_suffix(".md")
    assert beside.is_file(), "write it with python -m symback.writeup.shipped"
    stored, fresh = (ROUNDING.sub("", text) for text in (beside.read_text(encoding="utf-8"), write_up(path)))
    assert stored == fresh
