"""The examples of docs/proof.md run."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_the_examples_run(root: Path) -> None:
    found = doctest.testfile(str(root / "docs" / "proof.md"), module_relative=False)
    assert found.attempted >= 6 and found.failed == 0
