"""docs/rules.md is printed from the rules, and is current."""

from __future__ import annotations

from pathlib import Path

from symback.numpy import ELEMENTWISE
from symback.ops import RULES
from symback.writeup.rules_page import rules_page


def test_the_page_is_current(root: Path) -> None:
    """If not: ``python -m symback.writeup.rules_page docs/rules.md``."""
    assert (root / "docs" / "rules.md").read_text(encoding="utf-8") == rules_page()


def test_every_rule_is_on_it() -> None:
    page = rules_page()
    assert all(f"### {rule.title}\n" in page for op, rule in RULES.items() if op not in ELEMENTWISE)
    assert all(f"| `{name}` |" in page for name in ELEMENTWISE)
