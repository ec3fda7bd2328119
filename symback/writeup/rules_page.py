"""The page of all rules, written from the rules themselves: nothing on it is typed by hand.

``python -m symback.writeup.rules_page docs/rules.md`` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from symback.algebra.nodes import Node, symbol
from symback.algebra.walk import symbols
from symback.calculus.index import gradient_by_entries
from symback.calculus.sweep import statement
from symback.errors import RefusedError
from symback.numpy import ELEMENTWISE
from symback.ops import RULES
from symback.ops.rule import Rule

HEAD = """# The rules

Every operation states its differential and its adjoint; this page is printed from them. G is the gradient by the
value F of the operation. The differential says how F changes when one argument changes; the adjoint is what stands
beside dX when ⟨G, dF⟩ is written as ⟨…, dX⟩ with ⟨A, B⟩ = tr(AᵀB), so it is the gradient that the operation sends to X.
The last column is the same gradient found without the adjoint, entry by entry.
"""


def rules_page() -> str:
    """The page as Markdown."""
    matrix = [rule for op, rule in RULES.items() if op not in ELEMENTWISE]
    parts = [HEAD, "## Matrix operations\n", *(_section(rule) for rule in matrix), _elementwise()]
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    example = rule.examples()[0]
    gradient = symbol("H" if "G" in symbols(example) else "G", example.shape)
    lines = [f"### {rule.title}\n", f"`{statement(rule)}`\n", f"{_sentence(rule.because)}\n"]
    lines += ["| argument | adjoint | entry (p, q) |", "|---|---|---|"]
    for i, argument in enumerate(example.args):
        adjoint = rule.adjoint(example, symbol("F", example.shape), i, gradient)
        lines.append(f"| {_code(argument)} | {_code(adjoint)} | {_entry(example, argument, gradient)} |")
    lines.append(f"\nReference: {rule.reference}.\n")
    return "\n".join(lines)


def _entry(example: Node, argument: Node, gradient: Node) -> str:
    if argument.op != "symbol" or str(argument.data) not in symbols(example):
        return ""
    value = symbol("F", example.shape)
    try:
        return f"`{gradient_by_entries(example, value, argument, gradient)[1]}`"
    except RefusedError:  # what stacks or repeats blocks has no two indices to be written with
        return ""


def _elementwise() -> str:
    lines = [
        "## Elementwise functions\n",
        "The Jacobian of an elementwise function is diagonal, so that its slope crosses the inner product unchanged:",
        "the gradient by the argument is `G * f'(x)`. Slopes are written in the argument `x` (and `a`) and the value",
        "`y`.\n",
        "| function | slope | kink | convention there |",
        "|---|---|---|---|",
    ]
    for name, function in ELEMENTWISE.items():
        slopes = "; ".join(f"`{slope}`" for slope in function.slopes)
        kinks = ", ".join(f"`{kink} = 0`" for kink in function.kinks)
        lines.append(f"| `{name}` | {slopes} | {kinks} | {function.at_kink} |")
    return "\n".join(lines) + "\n"


def _code(node: Node) -> str:
    return f"`{node!r}`"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(rules_page(), encoding="utf-8")
