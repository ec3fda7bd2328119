"""The operations: one file, one rule; the elementwise ones are a table. Presence in this folder is registration."""

from __future__ import annotations

import importlib
import pkgutil

from symback.ops.rule import Rule


def _collect() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if module.name == "rule":
            continue
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for rule in getattr(loaded, "RULES", None) or (loaded.RULE,):  # a file without a rule fails here, at import
            rules[rule.op] = rule
    return rules


RULES = _collect()
LEAVES = frozenset({"symbol", "number", "size", "pi", "ones", "zeros", "eye", "commutation"})
